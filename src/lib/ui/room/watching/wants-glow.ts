/** Whether the glow was on when this browser was last here: asked before anything of it is fetched. */
export const wantsGlow = (): boolean => {
	try {
		return localStorage.getItem('matinee.watching')?.includes('"isAmbient":true') ?? false
	} catch {
		return false // storage refused: nothing was kept
	}
}
