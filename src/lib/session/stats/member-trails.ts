/**
 * How far off and how far away each member was in the last two minutes, once a second: rings of plain numbers, since
 * they are written whether or not anybody looks.
 */
import type { MemberPoint } from '#lib/core/room-figures.ts'
import type { Millis, PeerId } from '#lib/core/units.ts'

/** At one a second. */
export const TRAIL_POINTS = 120
/** Members of whom a trail is kept, those first who came first: 2,000 would cost 2 MB for a plot of eight. */
export const TRAILS_MAX = 128

export interface TrailNote {
	readonly peer: PeerId
	readonly driftMs: Millis | null
	readonly rttMs: Millis | null
}

interface Trail {
	readonly driftMs: Float32Array
	readonly rttMs: Float32Array
	/** Which note was its first, and which its last. */
	readonly first: number
	last: number
}

export interface MemberTrails {
	/** One look at everybody who is here. */
	note(atMs: Millis, members: readonly TrailNote[]): void
	/** Oldest first; empty for somebody of whom none is kept. */
	of(peer: PeerId, nowMs: Millis): readonly MemberPoint[]
}

const orNull = (value: number | undefined): number | null =>
	value === undefined || Number.isNaN(value) ? null : Math.round(value * 10) / 10

export const createMemberTrails = (): MemberTrails => {
	const times = new Float64Array(TRAIL_POINTS)
	const trails = new Map<PeerId, Trail>()
	let count = 0

	const trailOf = (peer: PeerId): Trail | null => {
		const known = trails.get(peer)
		if (known !== undefined) return known
		if (trails.size >= TRAILS_MAX) return null
		const trail: Trail = {
			driftMs: new Float32Array(TRAIL_POINTS).fill(Number.NaN),
			rttMs: new Float32Array(TRAIL_POINTS).fill(Number.NaN),
			first: count,
			last: count,
		}
		trails.set(peer, trail)
		return trail
	}

	return {
		note: (atMs, members) => {
			const at = count % TRAIL_POINTS
			times[at] = atMs
			for (const [peer, trail] of trails) {
				// Of somebody who is away nothing is known, and after two minutes nothing is left.
				trail.driftMs[at] = Number.NaN
				trail.rttMs[at] = Number.NaN
				if (count - trail.last >= TRAIL_POINTS) trails.delete(peer)
			}
			for (const { peer, driftMs, rttMs } of members) {
				const trail = trailOf(peer)
				if (trail === null) continue
				trail.driftMs[at] = driftMs ?? Number.NaN
				trail.rttMs[at] = rttMs ?? Number.NaN
				trail.last = count
			}
			count += 1
		},
		of: (peer, nowMs) => {
			const trail = trails.get(peer)
			if (trail === undefined) return []
			const points: MemberPoint[] = []
			for (let i = Math.max(trail.first, count - TRAIL_POINTS); i < count; i++) {
				const at = i % TRAIL_POINTS
				points.push({
					agoS: Math.round((nowMs - (times[at] ?? 0)) / 100) / 10,
					driftMs: orNull(trail.driftMs[at]),
					rttMs: orNull(trail.rttMs[at]),
				})
			}
			return points
		},
	}
}
