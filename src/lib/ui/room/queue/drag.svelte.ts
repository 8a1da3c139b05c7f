/**
 * Dragging a row to another place: by its grip or picture with a mouse or pen, by holding it with a finger. The list
 * scrolls while the pointer is near its edges; Escape puts the row back. Rows may come and go meanwhile.
 */
import type { Attachment } from 'svelte/attachments'
import { gapAt, isSamePlace } from '../reorder.ts'

/** A finger that rests so long lifts the row; one that moves before scrolls. */
const HOLD_MS = 350
const SLOP_PX = 8
/** From a mouse that moves so little it was a press. */
const MOUSE_SLOP_PX = 3
const EDGE_PX = 56
const SCROLL_MAX_PX = 16

export interface Dragged {
	readonly id: string
	/** Between which rows it would land: 0 is above the first. */
	readonly gap: number
	/** How far from its place it is drawn. */
	readonly shiftPx: number
	/** Where it would land, in pixels below the list's upper edge; null where it would stay. */
	readonly lineY: number | null
}

export interface QueueDrag {
	readonly dragged: Dragged | null
	/** For the list: its direct children carry `data-item`. */
	readonly attach: Attachment<HTMLElement>
	/** A pointer went down on the row of item `id`. */
	press(event: PointerEvent, id: string): void
}

interface Held {
	readonly id: string
	readonly pointerId: number
	readonly startY: number
	/** From the row's upper edge to the pointer. */
	offsetPx: number
	y: number
}

export interface QueueDragDeps {
	/** The gap nearest to the wanted one into which the row may go. */
	readonly allowed: (id: string, gap: number) => number
	/** The row was let go, counted over the rows of the list as they are then. */
	readonly ondrop: (id: string, gap: number) => void
}

export const createQueueDrag = ({ allowed, ondrop }: QueueDragDeps): QueueDrag => {
	let dragged = $state.raw<Dragged | null>(null)
	let list: HTMLElement | null = null
	let held: Held | null = null
	let stop: () => void = () => undefined

	const rows = (): HTMLElement[] =>
		Array.from(list?.querySelectorAll<HTMLElement>(':scope > [data-item]') ?? [])
	const rowOf = (id: string): HTMLElement | undefined => rows().find((row) => row.dataset['item'] === id)
	const scrollerOf = (node: HTMLElement): HTMLElement | null => {
		for (let up = node.parentElement; up !== null; up = up.parentElement)
			if (up.scrollHeight > up.clientHeight && /auto|scroll/.test(getComputedStyle(up).overflowY)) return up
		return null
	}

	/** Places are those of the layout: what is drawn elsewhere while it is dragged counts where it belongs. */
	const follow = (): void => {
		if (held === null || list === null) return
		const row = rowOf(held.id)
		if (row === undefined) {
			stop()
			return
		}
		const y = held.y - list.getBoundingClientRect().top
		const all = rows()
		const boxes = all.map((one) => ({ top: one.offsetTop, bottom: one.offsetTop + one.offsetHeight }))
		const gap = allowed(held.id, gapAt(boxes, y))
		const lineY = isSamePlace(all.indexOf(row), gap)
			? null
			: (boxes[gap]?.top ?? boxes.at(-1)?.bottom ?? null)
		dragged = { id: held.id, gap, shiftPx: y - held.offsetPx - row.offsetTop, lineY }
	}

	const lift = (): void => {
		const row = held === null ? undefined : rowOf(held.id)
		if (held === null || row === undefined || list === null) return
		held.offsetPx = held.startY - list.getBoundingClientRect().top - row.offsetTop
		follow()
		const scroller = scrollerOf(list)
		const step = (): void => {
			if (held === null || dragged === null) return
			if (scroller !== null) {
				const box = scroller.getBoundingClientRect()
				const above = Math.max(0, box.top + EDGE_PX - held.y)
				const below = Math.max(0, held.y - (box.bottom - EDGE_PX))
				const by = Math.round(((below - above) / EDGE_PX) * SCROLL_MAX_PX)
				if (by !== 0) {
					scroller.scrollTop += Math.max(-SCROLL_MAX_PX, Math.min(SCROLL_MAX_PX, by))
					follow()
				}
			}
			requestAnimationFrame(step)
		}
		requestAnimationFrame(step)
	}

	const press = (event: PointerEvent, id: string): void => {
		const at = event.target instanceof Element ? event.target : null
		const isTouch = event.pointerType === 'touch'
		const isHandle = at?.closest('[data-handle]') !== null
		if (held !== null || !event.isPrimary || event.button !== 0) return
		if (at?.closest('button') !== null || (!isTouch && !isHandle)) return
		// Else the browser drags the picture, or selects words.
		if (!isTouch) event.preventDefault()
		const { pointerId, clientY } = event
		held = { id, pointerId, startY: clientY, offsetPx: 0, y: clientY }
		const hold = isTouch ? setTimeout(lift, HOLD_MS) : undefined

		const onmove = (move: PointerEvent): void => {
			if (held === null || move.pointerId !== pointerId) return
			held.y = move.clientY
			if (dragged !== null) follow()
			else if (isTouch && Math.abs(move.clientY - clientY) > SLOP_PX) stop()
			else if (!isTouch && Math.abs(move.clientY - clientY) > MOUSE_SLOP_PX) lift()
		}
		const onup = (up: PointerEvent): void => {
			if (up.pointerId !== pointerId) return
			const landed = dragged
			stop()
			if (landed !== null) ondrop(landed.id, landed.gap)
		}
		const oncancel = (cancel: PointerEvent): void => {
			if (cancel.pointerId === pointerId) stop()
		}
		const onkeydown = (key: KeyboardEvent): void => {
			if (key.key !== 'Escape' || dragged === null) return
			key.preventDefault()
			key.stopPropagation()
			stop()
		}
		window.addEventListener('pointermove', onmove)
		window.addEventListener('pointerup', onup)
		window.addEventListener('pointercancel', oncancel)
		window.addEventListener('keydown', onkeydown, true)
		stop = () => {
			clearTimeout(hold)
			window.removeEventListener('pointermove', onmove)
			window.removeEventListener('pointerup', onup)
			window.removeEventListener('pointercancel', oncancel)
			window.removeEventListener('keydown', onkeydown, true)
			held = null
			dragged = null
			stop = () => undefined
		}
	}

	const attach: Attachment<HTMLElement> = (node) => {
		list = node
		// Once a row is lifted the finger moves it and no longer the page. It has to be there before the finger is.
		const keepStill = (event: TouchEvent): void => {
			if (dragged !== null && event.cancelable) event.preventDefault()
		}
		// Holding a picture opens its menu elsewhere.
		const onmenu = (event: Event): void => {
			if (held !== null) event.preventDefault()
		}
		node.addEventListener('touchmove', keepStill, { passive: false })
		node.addEventListener('contextmenu', onmenu)
		return () => {
			node.removeEventListener('touchmove', keepStill)
			node.removeEventListener('contextmenu', onmenu)
			stop()
			list = null
		}
	}

	return {
		get dragged() {
			return dragged
		},
		attach,
		press,
	}
}
