/**
 * Whether a person has touched the page a moment ago: only then is what a site's video does anybody's act. Events that
 * scripts make do not count, nor does typing, nor a click that leads to another page of the site.
 */
import type { Millis } from '#lib/core/units.ts'
import { doesMatch } from './page-dom.ts'

export interface Gestures {
	/** A person presses something, or did within the last second. */
	isRecent(): boolean
	/** Something is pressed right now: a bar may be on its way. */
	isHeld(): boolean
	/** Idempotent; takes every listener away. */
	dispose(): void
}

const RECENT_MS: Millis = 1_000
const PRESSES = ['pointerdown', 'keydown', 'touchstart'] as const
const RELEASES = ['pointerup', 'pointercancel', 'touchend', 'click'] as const

const FIELDS = 'input:not([type=range]), textarea, select, [contenteditable]:not([contenteditable=false])'
const isTyping = (event: Event): boolean => {
	const target = event.composedPath()[0]
	return event.type === 'keydown' && target instanceof Element && doesMatch(target, FIELDS)
}
/** The page without the place in it. */
const pageOf = (address: string): string => address.split('#', 1)[0] ?? ''
/** Sites stop their film on the way to another one: that is nobody's pause. Buttons made of links stay where they are. */
const doesLeave = (event: Event): boolean =>
	event
		.composedPath()
		.some(
			(node) =>
				node instanceof HTMLAnchorElement &&
				/^https?:/.test(node.href) &&
				pageOf(node.href) !== pageOf(node.ownerDocument.URL),
		)

export const createGestures = (page: EventTarget, local: () => Millis): Gestures => {
	let atMs: Millis = -Infinity
	let isHeld = false
	const onPress = (event: Event): void => {
		if (!event.isTrusted || isTyping(event) || doesLeave(event)) return
		atMs = local()
		if (event.type !== 'keydown') isHeld = true
	}
	const onRelease = (event: Event): void => {
		if (!event.isTrusted) return
		isHeld = false
		if (!doesLeave(event)) atMs = local()
	}
	const options = { capture: true, passive: true }
	for (const name of PRESSES) page.addEventListener(name, onPress, options)
	for (const name of RELEASES) page.addEventListener(name, onRelease, options)
	return {
		isRecent: () => isHeld || local() - atMs <= RECENT_MS,
		isHeld: () => isHeld,
		dispose: () => {
			for (const name of PRESSES) page.removeEventListener(name, onPress, options)
			for (const name of RELEASES) page.removeEventListener(name, onRelease, options)
		},
	}
}
