/**
 * Where a box of ours lies in the window. It keeps its distance to the edges that it is nearest to, so that it stays in
 * its corner when the window or it itself changes its size, and it never leaves the window. Pure.
 */
import type { Place } from './mount-messages.ts'

export interface Size {
	readonly width: number
	readonly height: number
}
export interface Spot {
	readonly left: number
	readonly top: number
}

/** As close as it comes to an edge. */
export const MARGIN = 8
export const FIRST_PLACE: Place = { isAtEnd: true, x: 16, isAtFoot: true, y: 16 }
/** Above the controls that sites show at the foot of a full screen. */
export const FULL_PLACE: Place = { isAtEnd: false, x: 24, isAtFoot: true, y: 96 }

const within = (at: number, length: number, all: number): number =>
	Math.round(Math.max(MARGIN, Math.min(at, all - length - MARGIN)))

/** What is larger than the window begins at its edge. */
export const spotOf = (place: Place, size: Size, screen: Size): Spot => ({
	left: within(place.isAtEnd ? screen.width - size.width - place.x : place.x, size.width, screen.width),
	top: within(place.isAtFoot ? screen.height - size.height - place.y : place.y, size.height, screen.height),
})

export const placeOf = (spot: Spot, size: Size, screen: Size): Place => {
	const left = within(spot.left, size.width, screen.width)
	const top = within(spot.top, size.height, screen.height)
	const right = screen.width - size.width - left
	const foot = screen.height - size.height - top
	const isAtEnd = right < left
	const isAtFoot = foot < top
	return { isAtEnd, x: Math.max(0, isAtEnd ? right : left), isAtFoot, y: Math.max(0, isAtFoot ? foot : top) }
}
