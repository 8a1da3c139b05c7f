/**
 * Full screen of one element, where the browser has it; where it has none for pages (iPhones), the element covers
 * the window instead. Always from a gesture.
 */
import { createSubscriber } from 'svelte/reactivity'

export const createFullScreen = (element: () => HTMLElement | undefined) => {
	let isCovering = $state(false)
	const subscribe = createSubscriber((update) => {
		document.addEventListener('fullscreenchange', update)
		return () => {
			document.removeEventListener('fullscreenchange', update)
		}
	})
	const isNative = (): boolean => {
		const target = element()
		return target !== undefined && document.fullscreenElement === target
	}
	return {
		get isOn() {
			subscribe()
			return isCovering || isNative()
		},
		/** The window is covered by style, not by the browser. */
		get isCovering() {
			return isCovering
		},
		async toggle(): Promise<void> {
			if (isCovering) {
				isCovering = false
				return
			}
			if (isNative()) return document.exitFullscreen()
			try {
				const target = element()
				if (target && 'requestFullscreen' in target) await target.requestFullscreen()
				else isCovering = true
			} catch {
				// Refused (an embedding page, an odd browser): covering the window is the next best thing.
				isCovering = true
			}
		},
		/** Escape, where the browser does not do it itself. */
		leave(): void {
			isCovering = false
			if (isNative()) void document.exitFullscreen()
		},
	}
}
