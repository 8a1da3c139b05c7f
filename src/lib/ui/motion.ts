/**
 * Whether things move on the screen: the system decides until the person asks for stillness. The choice is kept in
 * this browser and set on the root element, where app.css and tokens.css read it.
 */
export type Motion = 'system' | 'still'

export const MOTION_KEY = 'matinee.motion'
const listeners = new Set<() => void>()

export const readMotion = (): Motion => {
	try {
		return localStorage.getItem(MOTION_KEY) === 'still' ? 'still' : 'system'
	} catch {
		// A browser that refuses storage has a system all the same.
		return 'system'
	}
}

const put = (motion: Motion): void => {
	if (motion === 'still') document.documentElement.dataset['motion'] = 'still'
	else delete document.documentElement.dataset['motion']
	for (const fn of [...listeners]) fn()
}

/** Sets the kept choice on the page; call it once, before anything moves, and when another page has changed it. */
export const applyKeptMotion = (): void => {
	put(readMotion())
}

/** Changes the page and keeps the choice. */
export const chooseMotion = (motion: Motion): void => {
	put(motion)
	try {
		if (motion === 'system') localStorage.removeItem(MOTION_KEY)
		else localStorage.setItem(MOTION_KEY, motion)
	} catch {
		// Not kept, then: the page has changed, which is what was asked for.
		return
	}
}

/** Nothing is to move here: by the person's choice, or by the system's. */
export const isStill = (): boolean =>
	document.documentElement.dataset['motion'] === 'still' ||
	(typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches)

/** Called after each change of the choice. Returns the function that ends it. */
export const onMotion = (fn: () => void): (() => void) => {
	listeners.add(fn)
	return () => void listeners.delete(fn)
}
