/**
 * How much of a phone's window is seen: its keyboard covers the page on some browsers and shrinks it on others.
 */
export const createSeenHeight = (isPhone: () => boolean) => {
	let height = $state<number | null>(null)
	$effect(() => {
		const view = window.visualViewport
		const measure = (): void => {
			height = view && view.scale === 1 && isPhone() ? Math.round(view.height) : null
		}
		measure()
		view?.addEventListener('resize', measure)
		return () => view?.removeEventListener('resize', measure)
	})
	return {
		/** In px; null where the screen needs not follow. */
		get current() {
			return height
		},
	}
}
