/** For tests and the playground: two minutes of a made-up room of five, and of as many as are asked for. */
import type { LinkFigures, MemberFigures, RoomFigures } from '#lib/core/room-figures.ts'
import { people, stats } from '../../made-up.ts'

const trailOf = (driftMs: number | null, rttMs: number | null, at: number): MemberFigures['trail'] =>
	Array.from({ length: 120 }, (_, i) => ({
		agoS: 119 - i,
		driftMs:
			driftMs === null || (at === 2 && i > 40 && i < 52)
				? null
				: driftMs * (1 + 0.4 * Math.sin(i / (7 + at))) + 4 * Math.sin(i / 3 + at),
		rttMs: rttMs === null ? null : rttMs * (1 + 0.2 * Math.sin(i / 9 + at)),
	}))

/** `extra`: people beside the five, reached through one of them. */
export const madeUpFigures = (extra = 0): RoomFigures => {
	const known = people
		.toSorted((a, b) => Number(b.isMe) - Number(a.isMe))
		.map((one, at): MemberFigures => {
			const driftMs = one.driftS === null ? null : -one.driftS * 1000
			return {
				name: one.name,
				isMe: one.isMe,
				doing: one.doing.type,
				isAway: one.presence === 'away',
				path: one.path,
				driftMs,
				rttMs: one.rttMs,
				startLagMs: 60 + at,
				oneWayP95Ms: one.rttMs === null ? null : one.rttMs * 0.6,
				trail: trailOf(driftMs, one.rttMs, at),
			}
		})
	const others = Array.from({ length: extra }, (_, i): MemberFigures => ({
		...known[1]!,
		name: `Wren ${String(i).padStart(3, '0')}`,
		path: 'through-others',
		driftMs: i,
		rttMs: null,
		trail: trailOf(i, null, i),
	}))
	const links = known.flatMap((one, to): LinkFigures[] =>
		one.path === 'self' ? [] : [{ from: 0, to, way: one.path, rttMs: one.rttMs }],
	)
	const told = others.map((_, i): LinkFigures => ({
		from: 1 + (i % 4),
		to: known.length + i,
		way: 'through-others',
		rttMs: null,
	}))
	return {
		members: [...known, ...others],
		links: [...links, ...told],
		clock: { offsetMs: -412.4, errorMs: 0.8, offByMs: 0.2, neighbours: 3, oneWayP95Ms: 31 },
		player: stats().player,
		rates: { room: 1, player: 1.004 },
		counters: {
			linksUp: 5,
			linksDown: 1,
			pathChanges: 1,
			sent: { 'state-vector': 14, update: 122 },
			received: { 'state-vector': 11, update: 340 },
			sentBytes: 48_210,
			repairs: 0,
			strikes: 0,
		},
		records: {
			count: 412,
			bytes: 96_440,
			waiting: 0,
			quarantined: 0,
			rejected: { 'bad-signature': 0, late: 2 },
		},
	}
}
