/**
 * How much of a touch screen's window is seen, and from where: its keyboard covers the page on some browsers, pans it
 * on others and shrinks it on the rest.
 */
/** A keyboard takes at least so much; what a browser's own bars take when they come and go is less. */
const KEYBOARD_PART = 0.22

export const createSeenHeight = (isFollowed: () => boolean) => {
	let height = $state<number | null>(null)
	let top = $state(0)
	let hasKeyboard = $state(false)
	// A keyboard is told by what it leaves of the tallest window of this width.
	let tallest = 0
	let width = 0
	$effect(() => {
		const view = window.visualViewport
		const measure = (): void => {
			if (!view || view.scale !== 1 || !isFollowed()) {
				height = null
				top = 0
				hasKeyboard = false
				return
			}
			if (view.width !== width) {
				width = view.width
				tallest = 0
			}
			tallest = Math.max(tallest, view.height, window.innerHeight)
			height = Math.round(view.height)
			top = Math.round(view.offsetTop)
			hasKeyboard = view.height < tallest * (1 - KEYBOARD_PART)
		}
		// With the next frame, whose layout it asks for: now it would have the page laid out twice.
		const first = requestAnimationFrame(measure)
		view?.addEventListener('resize', measure)
		view?.addEventListener('scroll', measure)
		return () => {
			cancelAnimationFrame(first)
			view?.removeEventListener('resize', measure)
			view?.removeEventListener('scroll', measure)
		}
	})
	return {
		/** In px; null where the screen needs not follow. */
		get current() {
			return height
		},
		/** How far the page was panned, in px. */
		get top() {
			return top
		},
		get hasKeyboard() {
			return hasKeyboard
		},
	}
}
