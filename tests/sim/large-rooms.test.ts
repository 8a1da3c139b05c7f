/**
 * Rooms far beyond a full mesh, in simulation. `LARGE_ROOM=1000 npx vitest run --project unit tests/sim/large` is the
 * size that is promised; CI has time for fewer.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LINKS_MAX } from '#lib/transport/overlay.ts'
import { createLargeRoom, type LargeRoom, type LargeRoomMember } from './large-room.ts'

const SIZE = Number(process.env['LARGE_ROOM'] ?? 100)
const LIMIT_MS = 60_000 + SIZE * 3_000
const HOPS_MAX = 6
/** One after another, half of them; the others within a moment. */
const JOIN_EVERY_MS = 50
const MINUTE_MS = 60_000
const LOOKED_AT_MS = 20_000

const speakerOf = async (room: LargeRoom): Promise<LargeRoomMember> => {
	const [first] = room.members
	if (first === undefined) throw new Error('nobody is here')
	await first.room.introduce({ name: 'Robin', token: null })
	await room.clock.run(2_000)
	return first
}

/** Of sealed frames the real ones are made here: 40 take longer than 100 without. */
const RELAYED_SIZE = Math.min(SIZE, process.env['LARGE_ROOM'] === undefined ? 40 : 200)
const RELAY_ONLY_PERCENT = 75

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe(`a room of ${String(SIZE)}`, () => {
	let room: LargeRoom
	let speaker: LargeRoomMember
	beforeAll(async () => {
		room = createLargeRoom(SIZE)
		await room.join(SIZE / 2, JOIN_EVERY_MS)
		await room.join(SIZE / 2, 0)
	}, LIMIT_MS)
	afterAll(() => room.stop())

	it(
		'[TR38] whole soon after half of it came at once: at most 14 links each, 6 hops, few signals',
		async () => {
			expect(await room.untilWhole(20_000)).toBeLessThan(10_000)
			await room.clock.run(15_000)
			const degrees = room.degrees()
			expect(Math.max(...degrees)).toBeLessThanOrEqual(LINKS_MAX)
			expect(Math.min(...degrees)).toBeGreaterThanOrEqual(4)
			expect(room.hops().reached).toBe(SIZE)
			expect(room.hops().hops).toBeLessThanOrEqual(HOPS_MAX)
			const attempts = sum(room.members.map(({ at }) => at.mesh.counts.attempts))
			expect(attempts / SIZE).toBeLessThan(40)
			speaker = await speakerOf(room)
		},
		LIMIT_MS,
	)

	it(
		'[TR38] what somebody says is with everybody within a second, in at most ten sends a member',
		async () => {
			const spread = await room.say(speaker, 'Hello to all of you.', 5_000)
			expect(spread.reached).toBe(SIZE)
			expect(spread.tookMs).toBeLessThanOrEqual(1_000)
			expect(spread.sends / SIZE).toBeLessThanOrEqual(10)
		},
		LIMIT_MS,
	)

	it(
		'[TR39] presence costs a member less than 100 KB a minute, and everybody sees everybody',
		async () => {
			// What everybody said on coming goes round first, and what each says again.
			await room.clock.run(SIZE * 250)
			const sent = await room.count(LOOKED_AT_MS)
			const perMinute = (sent.presenceBytes / SIZE) * (MINUTE_MS / LOOKED_AT_MS)
			expect(perMinute).toBeLessThan(100_000)
			expect(perMinute).toBeGreaterThan(10_000)
			for (const member of [room.members[0], room.members[SIZE - 1]]) {
				const list = member?.presence.list() ?? []
				expect(list).toHaveLength(SIZE)
				expect(list.every(({ isLeaving }) => !isLeaving)).toBe(true)
			}
			// Whoever is far off has been heard of by now, but for a few.
			const known = room.members.map(
				({ presence }) => presence.list().filter(({ status }) => status !== null).length,
			)
			expect(sum(known) / SIZE / SIZE).toBeGreaterThan(SIZE <= 200 ? 0.98 : 0.5)
		},
		LIMIT_MS,
	)

	it(
		'[TR38] one more finds its place with few signals, and none for whom it does not dial',
		async () => {
			const before = room.switchboard.counts.framesIn
			await room.join(1, 0)
			await room.clock.run(5_000)
			const newcomer = room.members.at(-1)
			expect(newcomer?.at.linked().length).toBeGreaterThanOrEqual(4)
			expect(room.switchboard.counts.framesIn - before).toBeLessThanOrEqual(60)
		},
		LIMIT_MS,
	)

	it(
		'[TR38] three in ten are off from one moment to the next: nearly all hear what is said at once, then all',
		async () => {
			room.kill(0.3)
			const left = room.alive.size
			expect(left).toBeLessThan(SIZE * 0.8)
			const atOnce = await room.say(speaker, 'Who is still here?', 3_000)
			expect(atOnce.reached / left).toBeGreaterThanOrEqual(0.99)
			await room.clock.run(40_000)
			expect(room.hops().reached).toBe(left)
			expect(room.hops().hops).toBeLessThanOrEqual(HOPS_MAX)
			expect(Math.min(...room.degrees())).toBeGreaterThanOrEqual(4)
			const healed = await room.say(speaker, 'Well again.', 5_000)
			expect(healed.reached).toBe(left)
			expect(sum(room.members.map(({ strikes }) => strikes))).toBe(0)
			const list = speaker.presence.list().filter(({ isLeaving }) => !isLeaving)
			expect(list).toHaveLength(left)
		},
		LIMIT_MS,
	)
})

describe(`a room of ${String(RELAYED_SIZE)}, three in four of them over the relay alone`, () => {
	let room: LargeRoom
	let speaker: LargeRoomMember
	beforeAll(async () => {
		room = createLargeRoom(7, { relayOnlyPercent: RELAY_ONLY_PERCENT })
		await room.join(RELAYED_SIZE / 2, JOIN_EVERY_MS)
		await room.join(RELAYED_SIZE / 2, 0)
	}, LIMIT_MS)
	afterAll(() => room.stop())

	const pathsOf = ({ at }: LargeRoomMember) => at.mesh.links().map(({ path }) => path)

	it(
		'[TR44] whole within seconds: at most 14 links each and 6 hops, two or three links through the server for each',
		async () => {
			expect(await room.untilWhole(20_000)).toBeLessThan(5_000)
			await room.clock.run(20_000)
			expect(room.hops(20).reached).toBe(RELAYED_SIZE)
			expect(room.hops(20).hops).toBeLessThanOrEqual(HOPS_MAX)
			expect(Math.max(...room.degrees())).toBeLessThanOrEqual(LINKS_MAX)
			const without = room.members.filter(({ isRelayOnly }) => isRelayOnly)
			expect(without.length).toBeGreaterThanOrEqual(RELAYED_SIZE * 0.7)
			for (const member of without) {
				const paths = pathsOf(member)
				expect(new Set(paths)).toEqual(new Set(['relayed']))
				expect(paths.length).toBeGreaterThanOrEqual(2)
				expect(paths.length).toBeLessThanOrEqual(4)
			}
			for (const member of room.members)
				expect(pathsOf(member).filter((path) => path === 'relayed').length).toBeLessThanOrEqual(8)
			const attempts = sum(room.members.map(({ at }) => at.mesh.counts.attempts))
			expect(attempts / RELAYED_SIZE).toBeLessThan(25)
			speaker = await speakerOf(room)
		},
		LIMIT_MS,
	)

	it(
		'[TR44] at rest the server brings at most three frames a second for each member, and hardly a signal',
		async () => {
			await room.clock.run(5_000)
			const before = { ...room.switchboard.counts }
			await room.clock.run(LOOKED_AT_MS)
			const { relayed, relayFramesIn, framesIn } = room.switchboard.counts
			const perSecond = (count: number) => count / RELAYED_SIZE / (LOOKED_AT_MS / 1_000)
			expect(perSecond(relayed - before.relayed)).toBeLessThan(3)
			expect(perSecond(relayed - before.relayed)).toBeGreaterThan(0.2)
			const signals = framesIn - relayFramesIn - (before.framesIn - before.relayFramesIn)
			expect(perSecond(signals)).toBeLessThan(0.1)
		},
		LIMIT_MS,
	)

	it(
		'[TR44] what somebody says is with everybody within a second, by at most four frames a member through the server',
		async () => {
			const before = room.switchboard.counts.relayed
			const spread = await room.say(speaker, 'Hello to all of you.', 5_000)
			expect(spread.reached).toBe(RELAYED_SIZE)
			expect(spread.tookMs).toBeLessThanOrEqual(1_000)
			expect((room.switchboard.counts.relayed - before) / RELAYED_SIZE).toBeLessThan(4)
			expect(room.switchboard.counts.relayRefused).toBe(0)
		},
		LIMIT_MS,
	)

	it(
		'[TR44] three in ten are off from one moment to the next: the others are whole again and miss nothing',
		async () => {
			room.kill(0.3)
			const left = room.alive.size
			expect(left).toBeLessThan(RELAYED_SIZE * 0.85)
			await room.say(speaker, 'Who is still here?', 1_000)
			expect(await room.untilWhole(30_000)).toBeLessThan(25_000)
			await room.clock.run(30_000)
			expect(room.hops(20).reached).toBe(left)
			expect(room.hops(20).hops).toBeLessThanOrEqual(HOPS_MAX)
			const healed = await room.say(speaker, 'Well again.', 5_000)
			expect(healed.reached).toBe(left)
			const chats = [...room.alive].map((member) => member.room.state().chat.length)
			expect(new Set(chats)).toEqual(new Set([3]))
			expect(sum(room.members.map(({ strikes }) => strikes))).toBe(0)
		},
		LIMIT_MS,
	)
})

describe('a room of 40, most of them over the relay alone, on a server that lost every fourth frame for a while', () => {
	it(
		'[TR46] is whole soon after, and the ends of a step in the ring send each other away no more',
		async () => {
			const room = createLargeRoom(11, { relayOnlyPercent: 85 })
			const { tamper } = room.switchboard
			room.switchboard.tamper = (frame) => (room.random.unit() < 0.25 ? [] : [frame])
			await room.join(40, 200)
			await room.clock.run(60_000)
			room.switchboard.tamper = tamper
			expect(await room.untilWhole(60_000)).toBeLessThan(20_000)
			const redirected = () => sum(room.members.map(({ at }) => at.mesh.counts.redirected))
			const before = redirected()
			await room.clock.run(60_000)
			expect((redirected() - before) / 40).toBeLessThan(15)
			expect(room.hops(40).reached).toBe(40)
			room.stop()
		},
		LIMIT_MS,
	)
})
