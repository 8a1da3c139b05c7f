import { describe, expect, it } from 'vitest'
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import type { Presence } from '#lib/sync/presence.ts'
import type { LinkView, TransportEvent } from '#lib/transport/transport.ts'
import { createMemberTrails, TRAIL_POINTS, TRAILS_MAX } from './member-trails.ts'
import { createRoomFigures, type RoomFiguresDeps } from './room-figures.ts'

const id = (name: string): string => `${name}${'x'.repeat(22)}`.slice(0, 22)
const peer = (name: string) => id(`peer-${name}`) as PeerId
const device = (name: string) => id(`device-${name}`) as DeviceId

const presence = (name: string, more: Partial<Presence> = {}): Presence => ({
	peer: peer(name),
	device: device(name),
	subject: `g_${name}` as Presence['subject'],
	name: null,
	isLeaving: false,
	isAway: false,
	doing: { type: 'playing' },
	isMuted: false,
	driftMs: 4.04,
	path: 'direct',
	rttMs: 20.26,
	toldBy: null,
	status: null,
	...more,
})
const link = (name: string, path: LinkView['path'], rttMs: number | null): LinkView => ({
	peer: peer(name),
	device: device(name),
	path,
	rttMs,
})
/** Nothing of these may be copied. */
const SECRETS = {
	roomId: id('room'),
	code: 'K7QX-3M9R-T2VH-8WPC-5NDA',
	url: 'https://films.example/saltmarsh.webm',
	subject: 'a_google_123456',
	rev: 'r-Ana-17',
}

const open = () => {
	let nowMs = 1_000_000
	const waiting: { atMs: Millis; fn: () => void }[] = []
	const hearers: ((event: TransportEvent) => void)[] = []
	const presences = [
		presence('Zoe', { path: 'relayed', rttMs: 90, toldBy: null }),
		presence('Me', { path: 'self', rttMs: null, driftMs: 1 }),
		presence('Ana'),
		presence('Far', { path: 'through-others', rttMs: null, toldBy: peer('Ana'), isAway: true }),
		presence('Gone', { isLeaving: true }),
	]
	const members = ['Me', 'Ana', 'Zoe', 'Far'].map((name) => ({ device: device(name), name }))
	const keeper = createRoomFigures({
		state: () => ({
			members: members.map((one) => ({ ...one, subject: SECRETS.subject })),
			title: SECRETS.code,
			playback: { rate: 1.5, rev: SECRETS.rev },
			queue: { current: { media: { kind: 'file', url: SECRETS.url } } },
		}),
		presences: () => presences,
		transport: {
			links: () => [link('Ana', 'direct', 20.26), link('Zoe', 'relayed', 90), link('Tab', 'local', 1)],
			on: (fn: (event: TransportEvent) => void) => {
				hearers.push(fn)
				return () => void hearers.splice(hearers.indexOf(fn), 1)
			},
		},
		clock: () => ({ errorMs: 0.84, offByMs: 0.21, nodes: 2, oneWayP95Ms: 31.07 }),
		stats: () => ({ player: null, readings: [] }),
		sync: () => ({
			sent: { update: 3 },
			received: { update: 4 },
			sentBytes: 512,
			repairs: 1,
			strikes: 2,
			digests: null,
		}),
		ledger: () => ({ records: 12, bytes: 2_048, waiting: 1, quarantined: 0, rejections: { signature: 2 } }),
		roomNow: () => nowMs - 412.44,
		wallNow: () => nowMs,
		localNow: () => nowMs,
		timers: {
			after: (ms: Millis, fn: () => void) => {
				const entry = { atMs: nowMs + ms, fn }
				waiting.push(entry)
				return () => void waiting.splice(waiting.indexOf(entry), 1)
			},
		},
	} as unknown as RoomFiguresDeps)
	return {
		keeper,
		waiting,
		hearers,
		tell: (type: TransportEvent['type']) => {
			for (const fn of hearers) fn({ type, peer: peer('Ana') } as TransportEvent)
		},
		pass: (seconds: number) => {
			for (let i = 0; i < seconds; i++) {
				nowMs += 1_000
				for (const { fn } of waiting.splice(0)) fn()
			}
		},
	}
}

describe('what lies beneath a room', () => {
	it('[PS6] tells of everybody, of the clock, the counters and the records', () => {
		const { keeper, tell, pass } = open()
		tell('peer-up')
		tell('path-changed')
		tell('peer-down')
		pass(3)
		const figures = keeper.figures()
		expect(figures.members.map(({ name, isMe, isAway }) => [name, isMe, isAway])).toEqual([
			['Me', true, false],
			['Ana', false, false],
			['Far', false, true],
			['Zoe', false, false],
		])
		expect(figures.members[1]).toMatchObject({ driftMs: 4, rttMs: 20.3 })
		expect(figures.members[1]?.trail).toHaveLength(4)
		expect(figures.members[1]?.trail[0]).toEqual({ agoS: 3, driftMs: 4, rttMs: 20.3 })
		expect(figures.clock).toEqual({
			offsetMs: -412.4,
			errorMs: 0.8,
			offByMs: 0.2,
			neighbours: 2,
			oneWayP95Ms: 31.1,
		})
		expect(figures.rates).toEqual({ room: 1.5, player: null })
		expect(figures.counters).toMatchObject({
			linksUp: 4,
			linksDown: 1,
			pathChanges: 1,
			sentBytes: 512,
			strikes: 2,
		})
		expect(figures.records).toMatchObject({ count: 12, bytes: 2_048, rejected: { signature: 2 } })
	})

	it('[PS7] the links are our own, and who told us of those whom we have none to', () => {
		expect(open().keeper.figures().links).toEqual([
			{ from: 0, to: 1, way: 'direct', rttMs: 20.3 },
			{ from: 0, to: 3, way: 'relayed', rttMs: 90 },
			{ from: 1, to: 2, way: 'through-others', rttMs: null },
		])
	})

	it('[PS8] holds no code, key, id or address of anybody or of the room', () => {
		const { keeper, pass } = open()
		pass(2)
		const json = JSON.stringify(keeper.figures())
		for (const secret of Object.values(SECRETS)) expect(json).not.toContain(secret)
		expect(json).not.toMatch(/peer-|device-|g_|https?:/)
		// Ids and keys are long words without a space; nothing of that kind is in there.
		expect(json).not.toMatch(/[A-Za-z0-9_-]{20,}/)
	})

	it('[PS6] ends with the room', () => {
		const { keeper, waiting, hearers } = open()
		expect([waiting.length, hearers.length]).toEqual([1, 1])
		keeper.stop()
		expect([waiting.length, hearers.length]).toEqual([0, 0])
	})
})

describe('the trail of a member', () => {
	const note = (name: string, driftMs: number | null) => ({ peer: peer(name), driftMs, rttMs: 10 })

	it('[PS5] holds two minutes and forgets who has been away for as long', () => {
		const trails = createMemberTrails()
		for (let i = 0; i < 200; i++) trails.note(i * 1_000, [note('Ana', i), ...(i < 3 ? [note('Bo', i)] : [])])
		const ana = trails.of(peer('Ana'), 199_000)
		expect(ana).toHaveLength(TRAIL_POINTS)
		expect(ana[0]).toEqual({ agoS: 119, driftMs: 80, rttMs: 10 })
		expect(ana.at(-1)).toEqual({ agoS: 0, driftMs: 199, rttMs: 10 })
		expect(trails.of(peer('Bo'), 199_000)).toEqual([])
	})

	it('[PS5] has a gap while somebody was away or nothing was known', () => {
		const trails = createMemberTrails()
		trails.note(0, [note('Ana', 1)])
		trails.note(1_000, [])
		trails.note(2_000, [note('Ana', null)])
		trails.note(3_000, [note('Ana', 2)])
		expect(trails.of(peer('Ana'), 3_000).map(({ driftMs, rttMs }) => [driftMs, rttMs])).toEqual([
			[1, 10],
			[null, null],
			[null, 10],
			[2, 10],
		])
	})

	it('[PS5] is kept of so many members and no more', () => {
		const trails = createMemberTrails()
		const crowd = Array.from({ length: TRAILS_MAX + 5 }, (_, i) => note(String(i), 1))
		trails.note(0, crowd)
		expect(trails.of(peer(String(TRAILS_MAX - 1)), 0)).toHaveLength(1)
		expect(trails.of(peer(String(TRAILS_MAX)), 0)).toEqual([])
	})
})
