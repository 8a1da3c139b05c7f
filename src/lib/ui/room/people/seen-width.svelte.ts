/** How wide an element is on the screen, as reactive state; 0 where nothing measures it. */
import type { Attachment } from 'svelte/attachments'

export const createSeenWidth = (): { readonly current: number; readonly attach: Attachment<HTMLElement> } => {
	let width = $state(0)
	return {
		get current() {
			return width
		},
		attach: (node) => {
			if (typeof ResizeObserver !== 'function') return
			const observer = new ResizeObserver(() => (width = node.clientWidth))
			observer.observe(node)
			return () => {
				observer.disconnect()
			}
		},
	}
}
