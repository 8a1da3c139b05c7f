/**
 * Everybody's last two minutes as lines of a plot: whose lines are drawn, their paths, and where their numbers stand
 * at the right edge without covering each other. Pure.
 */
import type { MemberFigures, MemberPoint } from '#lib/core/room-figures.ts'
import { driftPlace } from '../step-plot.ts'

export type PlotOf = 'drift' | 'delay'

/** More cannot be told apart. */
export const LINES_MAX = 8
export const WINDOW_S = 120
/** Of the numbers at the right edge. */
const LINE_HEIGHT = 11
/** Beyond it a delay runs along the edge. */
const DELAY_MOST_MS = 2_000
const DELAY_LINEAR_MS = 10

/** 0 (at once) to 1 (2 s): 10 ms and 1 s can both be seen. */
export const delayPlace = (rttMs: number): number =>
	Math.log1p(Math.max(0, Math.min(DELAY_MOST_MS, rttMs)) / DELAY_LINEAR_MS) /
	Math.log1p(DELAY_MOST_MS / DELAY_LINEAR_MS)

/** The value of a point, null where there is none. */
export const valueOf = (point: Pick<MemberPoint, 'driftMs' | 'rttMs'>, of: PlotOf): number | null =>
	of === 'drift' ? point.driftMs : point.rttMs

/** 0 at the top to 1 at the bottom. Behind is up, as in one's own plot. */
export const placeOf = (value: number, of: PlotOf): number =>
	of === 'drift' ? (1 - driftPlace(value)) / 2 : 1 - delayPlace(value)

export interface PlotLine {
	readonly name: string
	readonly isMe: boolean
	/** 1 to 8: the number at its end, its colour and its dashes. */
	readonly number: number
	readonly path: string
	readonly now: number | null
	/** Of its number at the right edge. */
	readonly y: number
}

/** Those with anything to draw: the reader, then whoever is furthest off. */
export const membersToPlot = (members: readonly MemberFigures[], of: PlotOf): readonly MemberFigures[] =>
	members
		.filter(({ trail }) => trail.some((point) => valueOf(point, of) !== null))
		.toSorted(
			(a, b) =>
				Number(b.isMe) - Number(a.isMe) || Math.abs(valueOf(b, of) ?? 0) - Math.abs(valueOf(a, of) ?? 0),
		)
		.slice(0, LINES_MAX)

const pathOf = (trail: readonly MemberPoint[], of: PlotOf, width: number, height: number): string => {
	let path = ''
	let isDown = false
	for (const point of trail) {
		const value = valueOf(point, of)
		if (value === null || point.agoS > WINDOW_S) {
			isDown = false
			continue
		}
		const x = (1 - point.agoS / WINDOW_S) * width
		path += `${isDown ? 'L' : 'M'}${x.toFixed(1)} ${(placeOf(value, of) * height).toFixed(1)}`
		isDown = true
	}
	return path
}

/** Pushed apart from the top, then back from the bottom: each as near to its line as there is room. */
export const spread = (wanted: readonly number[], height: number): readonly number[] => {
	const order = wanted.map((_, at) => at).toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
	const places = [...wanted]
	let free = 0
	for (const at of order) {
		places[at] = Math.max(free, wanted[at] ?? 0)
		free = (places[at] ?? 0) + LINE_HEIGHT
	}
	free = height
	for (const at of order.toReversed()) {
		places[at] = Math.min(places[at] ?? 0, free)
		free = (places[at] ?? 0) - LINE_HEIGHT
	}
	return places
}

export const plotLines = (
	members: readonly MemberFigures[],
	of: PlotOf,
	width: number,
	height: number,
): readonly PlotLine[] => {
	const chosen = membersToPlot(members, of)
	const lastOf = ({ trail }: MemberFigures): number =>
		valueOf(trail.findLast((point) => valueOf(point, of) !== null) ?? { driftMs: 0, rttMs: 0 }, of) ?? 0
	const ys = spread(
		chosen.map((member) => placeOf(lastOf(member), of) * height),
		height,
	)
	return chosen.map((member, at) => ({
		name: member.name,
		isMe: member.isMe,
		number: at + 1,
		path: pathOf(member.trail, of, width, height),
		now: valueOf(member, of),
		y: ys[at] ?? 0,
	}))
}
