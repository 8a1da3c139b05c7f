/**
 * The part of the panel by which it is dragged. It lies over the frame, in the page, so that a pointer is followed in
 * the page's own pixels, wherever it goes.
 */
import type { Spot } from './mount-place.ts'
import { GRIP, wear } from './mount-style.ts'

export interface Grip {
	readonly element: HTMLElement
	/** Idempotent. */
	dispose(): void
}

export interface GripDeps {
	readonly document: Document
	/** Where the frame lies now. */
	readonly spot: () => Spot
	readonly onDrag: (spot: Spot) => void
	readonly onDrop: () => void
}

export const createGrip = ({ document, spot, onDrag, onDrop }: GripDeps): Grip => {
	const element = document.createElement('div')
	wear(element, GRIP)
	let from: { readonly id: number; readonly x: number; readonly y: number; readonly spot: Spot } | null = null

	const onDown = (event: PointerEvent): void => {
		// Events that the page's scripts make move nothing.
		if (!event.isTrusted || event.button !== 0) return
		event.preventDefault()
		event.stopPropagation()
		from = { id: event.pointerId, x: event.clientX, y: event.clientY, spot: spot() }
		element.setPointerCapture(event.pointerId)
		wear(element, { cursor: 'grabbing' })
	}
	const onMove = (event: PointerEvent): void => {
		if (from?.id !== event.pointerId || !event.isTrusted) return
		event.stopPropagation()
		onDrag({
			left: from.spot.left + event.clientX - from.x,
			top: from.spot.top + event.clientY - from.y,
		})
	}
	const onUp = (event: PointerEvent): void => {
		if (from?.id !== event.pointerId || !event.isTrusted) return
		event.stopPropagation()
		from = null
		wear(element, { cursor: 'grab' })
		onDrop()
	}
	const listeners = [
		['pointerdown', onDown],
		['pointermove', onMove],
		['pointerup', onUp],
		['pointercancel', onUp],
	] as const
	for (const [name, fn] of listeners) element.addEventListener(name, fn)
	return {
		element,
		dispose: () => {
			for (const [name, fn] of listeners) element.removeEventListener(name, fn)
			element.remove()
		},
	}
}
