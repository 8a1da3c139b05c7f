import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeviceId, PeerId, SubjectId } from '#lib/core/units.ts'
import { encodeRoomFrame, parseRoomFrame } from '#lib/protocol/room-frames.ts'
import { createSimClock, type SimClock } from '#lib/transport/sim-clock.ts'
import type { Lane, LinkView, Transport, TransportEvent } from '#lib/transport/transport.ts'
import { createHearsay, encodeHearsay, parseHearsay, type Rumour } from './hearsay.ts'
import { encodeStatus, parseStatus, type MemberStatus } from './member-status.ts'
import { createPresence, STATUS_EVERY_MS } from './presence.ts'

const IDLE: MemberStatus = {
	doing: { type: 'idle' },
	isMuted: false,
	isAway: false,
	driftMs: null,
	stalledForMs: 0,
	isReady: true,
	isExempt: false,
	startLagMs: 0,
	liveLatencyMs: null,
	readyFor: null,
	oneWayP95Ms: null,
	deviceName: 'Firefox on Linux',
}

const peerOf = (name: string) => `${name.padEnd(21, '_')}A` as PeerId
const deviceOf = (name: string) => `${name.padEnd(21, '-')}A` as DeviceId
const entryOf = (name: string) => ({
	peer: peerOf(name),
	device: deviceOf(name),
	subject: `g_${name}` as SubjectId,
	name,
})

/** A room of presences whose links are named pairs; frames arrive after 10 ms. */
const createWorld = (...names: string[]) => {
	const clock: SimClock = createSimClock()
	const links = new Map<string, Set<string>>(names.map((name) => [name, new Set()]))
	const listeners = new Map<string, Set<(event: TransportEvent) => void>>(
		names.map((name) => [name, new Set()]),
	)
	const statuses = new Map<string, MemberStatus>(names.map((name) => [name, IDLE]))
	const sent: { from: string; to: PeerId; lane: Lane; frame: Uint8Array }[] = []
	const tell = (name: string, event: TransportEvent) => {
		for (const fn of listeners.get(name) ?? []) fn(event)
	}
	const nameOf = (peer: PeerId) => names.find((name) => peerOf(name) === peer) ?? ''
	const transportOf = (name: string): Transport => ({
		kind: 'memory',
		start: () => undefined,
		stop: () => undefined,
		drop: () => undefined,
		links: () =>
			[...(links.get(name) ?? [])].map((other): LinkView => ({
				peer: peerOf(other),
				device: deviceOf(other),
				path: 'direct',
				rttMs: 20,
			})),
		send: (frame, to, lane) => {
			sent.push({ from: name, to, lane, frame })
			clock.setTimeout(() => {
				if (links.get(name)?.has(nameOf(to)))
					tell(nameOf(to), { type: 'frame', peer: peerOf(name), lane, frame })
			}, 10)
			return 'sent'
		},
		on: (fn) => {
			listeners.get(name)?.add(fn)
			return () => void listeners.get(name)?.delete(fn)
		},
	})
	let changes = 0
	const presences = new Map(
		names.map((name) => [
			name,
			createPresence({
				transport: transportOf(name),
				timers: clock,
				self: { peer: peerOf(name), device: deviceOf(name) },
				status: () => statuses.get(name) ?? IDLE,
				onChange: () => changes++,
				loadHearsay: () => Promise.resolve(createHearsay),
			}),
		]),
	)
	const of = (name: string) => {
		const presence = presences.get(name)
		if (presence === undefined) throw new Error(name)
		return presence
	}
	return {
		clock,
		sent,
		of,
		changes: () => changes,
		setStatus: (name: string, change: Partial<MemberStatus>) => {
			statuses.set(name, { ...IDLE, ...change })
			of(name).changed()
		},
		changeUntold: (name: string, change: Partial<MemberStatus>) =>
			void statuses.set(name, { ...IDLE, ...change }),
		link: (a: string, b: string) => {
			for (const [from, to] of [
				[a, b],
				[b, a],
			] as const) {
				links.get(from)?.add(to)
				tell(from, { type: 'peer-up', peer: peerOf(to), device: deviceOf(to), path: 'direct' })
			}
		},
		unlink: (a: string, b: string) => {
			for (const [from, to] of [
				[a, b],
				[b, a],
			] as const) {
				links.get(from)?.delete(to)
				tell(from, { type: 'peer-down', peer: peerOf(to), reason: 'timeout' })
			}
		},
		push: (from: string, to: string, frame: Uint8Array) =>
			tell(to, { type: 'frame', peer: peerOf(from), lane: 'ordered', frame }),
		see: (name: string, other: string) =>
			of(name)
				.list()
				.find((one) => one.peer === peerOf(other)),
	}
}

const statusFrame = (
	name: string,
	count: number,
	change: Partial<MemberStatus> = {},
	hops = 0,
): Uint8Array => {
	const message = { peer: peerOf(name), device: deviceOf(name), count, status: { ...IDLE, ...change } }
	return encodeRoomFrame({ type: 'status', hops, payload: encodeStatus(message) ?? new Uint8Array(1) })
}

const rumourOf = (name: string, count: number, change: Partial<MemberStatus> = {}): Rumour => ({
	peer: peerOf(name),
	count,
	status: { ...IDLE, deviceName: null, ...change },
})
const hearsayFrame = (...rumours: Rumour[]): Uint8Array =>
	encodeRoomFrame({ type: 'hearsay', payload: encodeHearsay(rumours).payloads[0] ?? new Uint8Array(1) })
/** Who is told of by `from` to `to`, of all that was sent from `since` on. */
const toldOf = (sent: readonly { from: string; to: PeerId; frame: Uint8Array }[], from: string, to: string) =>
	sent.flatMap((one) => {
		const frame = parseRoomFrame(one.frame)
		if (one.from !== from || one.to !== peerOf(to) || frame?.type !== 'hearsay') return []
		return (parseHearsay(frame.payload) ?? []).map(({ peer }) => peer)
	})

describe('a status', () => {
	it('[SY10] comes back as it was written, to a tenth of a millisecond', () => {
		const status: MemberStatus = {
			...IDLE,
			doing: { type: 'buffering', percent: 40 },
			driftMs: -12.34,
			oneWayP95Ms: 30,
		}
		const bytes = encodeStatus({ peer: peerOf('bo'), device: deviceOf('bo'), count: 3, status })
		expect(parseStatus(bytes ?? new Uint8Array())).toEqual({
			peer: peerOf('bo'),
			device: deviceOf('bo'),
			count: 3,
			status: { ...status, driftMs: -12.3 },
		})
	})

	it('[SY10] that holds anything else, or too much, is none', () => {
		const good = { peer: peerOf('bo'), device: deviceOf('bo'), count: 3, status: IDLE }
		const bad: unknown[] = [
			null,
			[],
			{ ...good, more: 1 },
			{ ...good, peer: 'bo' },
			{ ...good, count: -1 },
			{ ...good, status: { ...IDLE, driftMs: 1e12 } },
			{ ...good, status: { ...IDLE, doing: { type: 'dancing' } } },
			{ ...good, status: { ...IDLE, deviceName: 'x'.repeat(49) } },
		]
		for (const value of bad) expect(parseStatus(new TextEncoder().encode(JSON.stringify(value)))).toBeNull()
		for (const bytes of [Uint8Array.of(0xff, 0xfe), new TextEncoder().encode('{"__proto__":1')])
			expect(parseStatus(bytes)).toBeNull()
		expect(encodeStatus({ ...good, status: { ...IDLE, deviceName: 'x'.repeat(49) } })).toBeNull()
	})
})

describe('hearsay', () => {
	it('[SY12] comes back as it was said, drift and lag to the millisecond', () => {
		const rumours = [
			rumourOf('ann', 0),
			rumourOf('bo', 0xffff_ffff, { doing: { type: 'buffering', percent: 40 }, driftMs: -12, isMuted: true }),
			rumourOf('cy', 3, { isAway: true, isReady: false, isExempt: true, startLagMs: 74, driftMs: 32_767 }),
			rumourOf('dee', 4, { liveLatencyMs: 3_600_000, readyFor: 'ä'.repeat(24) }),
			rumourOf('eve', 5, { doing: { type: 'ad' }, readyFor: '' }),
		]
		const { payloads, rest } = encodeHearsay(rumours)
		expect(rest).toEqual([])
		expect(payloads.flatMap((payload) => parseHearsay(payload) ?? [])).toEqual(rumours)
	})

	it('[SY12] that is cut short, goes on, or holds what no status may, is none', () => {
		const [good] = encodeHearsay([
			rumourOf('ann', 1, { driftMs: 5, readyFor: 'abc', liveLatencyMs: 9 }),
		]).payloads
		if (good === undefined) throw new Error('none')
		expect(parseHearsay(good)).toHaveLength(1)
		for (let length = 0; length < good.length; length++)
			expect(parseHearsay(good.subarray(0, length)), String(length)).toBeNull()
		expect(parseHearsay(Uint8Array.of(...good, 0))).toBeNull()
		for (const [at, byte] of [
			[20, 8],
			[21, 1],
			[22, 255],
			[27, 255],
			[31, 49],
			[32, 0xff],
		] as const) {
			const bent = good.slice()
			bent[at] = byte
			expect(parseHearsay(bent), String(at)).toBeNull()
		}
	})

	it('[SY12] no bytes make the parser throw, and what it takes is what it would write', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 20, maxLength: 90 }), fc.boolean(), (bytes, isPlausible) => {
				if (isPlausible) {
					bytes[20] = (bytes[20] ?? 0) % 8
					bytes[21] = 0
					bytes[22] = (bytes[22] ?? 0) & 31
				}
				const rumours = parseHearsay(bytes)
				if (rumours === null) return
				expect(encodeHearsay(rumours).payloads).toEqual([bytes])
			}),
			{ numRuns: 2_000 },
		)
	})

	it('[SY12] of too many fills two frames; the others stay for later, and made-up counts are left out', () => {
		const many = Array.from({ length: 100 }, (_, i) => rumourOf(`far${String(i)}`, i))
		const { payloads, rest } = encodeHearsay([rumourOf('liar', Number.MAX_SAFE_INTEGER), ...many])
		expect(payloads).toHaveLength(2)
		const told = payloads.flatMap((payload) => parseHearsay(payload) ?? []).map(({ peer }) => peer)
		expect([...told, ...rest]).toEqual(many.map(({ peer }) => peer))
		expect(told.length).toBeGreaterThanOrEqual(70)
	})
})

describe('presence', () => {
	it('[SY10] neighbours know each other’s status at once, and a change within a quarter of a second', async () => {
		const world = createWorld('ann', 'bo')
		world.link('ann', 'bo')
		await world.clock.run(50)
		expect(world.see('ann', 'bo')).toMatchObject({ doing: { type: 'idle' }, path: 'direct', rttMs: 20 })
		world.setStatus('bo', { doing: { type: 'playing' }, driftMs: 4, isMuted: true })
		await world.clock.run(300)
		expect(world.see('ann', 'bo')).toMatchObject({ doing: { type: 'playing' }, driftMs: 4, isMuted: true })
		expect(world.see('bo', 'bo')).toMatchObject({ path: 'self', doing: { type: 'playing' } })
	})

	it('[SY10] what somebody does is told within a second also where nobody says that it has changed', async () => {
		const world = createWorld('ann', 'bo')
		world.link('ann', 'bo')
		for (let at = 0; at < 5; at++) {
			await world.clock.run(1_130)
			const doing = { type: at % 2 === 0 ? 'playing' : 'paused' } as const
			world.changeUntold('bo', { doing })
			await world.clock.run(1_100)
			expect(world.see('ann', 'bo')).toMatchObject({ doing })
		}
	})

	it('[SY10] a status goes out every 2 s, and at most four times a second however often it changes', async () => {
		const world = createWorld('ann', 'bo')
		world.link('ann', 'bo')
		await world.clock.run(100)
		const before = world.sent.length
		await world.clock.run(5 * STATUS_EVERY_MS)
		expect(world.sent.length - before).toBe(2 * 5)
		const calm = world.sent.length
		for (let i = 0; i < 100; i++) {
			world.setStatus('bo', { driftMs: i })
			await world.clock.run(10)
		}
		expect(world.sent.slice(calm).filter(({ from }) => from === 'bo').length).toBeLessThanOrEqual(5)
	})

	it('[SY10] in a room of many a drift that only changes is told in its turn, every 5 s; what somebody does, at once', async () => {
		const far = Array.from({ length: 60 }, (_, i) => `far${String(i)}`)
		const world = createWorld('ann', 'bo')
		for (const name of ['ann', 'bo'])
			world.of(name).signaling({ type: 'open', roster: [...far, 'ann', 'bo'].map(entryOf) })
		world.link('ann', 'bo')
		await world.clock.run(6_000)
		const fromBo = () =>
			world.sent.filter(({ from, frame }) => from === 'bo' && parseRoomFrame(frame)?.type === 'status').length
		const before = fromBo()
		for (let i = 0; i < 200; i++) {
			world.setStatus('bo', { driftMs: i })
			await world.clock.run(100)
		}
		expect(fromBo() - before).toBe(4)
		world.setStatus('bo', { doing: { type: 'blocked' } })
		await world.clock.run(300)
		expect(world.see('ann', 'bo')).toMatchObject({ doing: { type: 'blocked' } })
	})

	it('[SY11] who is neither linked nor heard of leaves, and is forgotten after 10 s of grace', async () => {
		const world = createWorld('ann', 'bo')
		world.link('ann', 'bo')
		await world.clock.run(1_000)
		world.unlink('ann', 'bo')
		expect(world.see('ann', 'bo')).toMatchObject({ isLeaving: true, doing: { type: 'unknown' } })
		await world.clock.run(9_000)
		expect(world.see('ann', 'bo')).toMatchObject({ isLeaving: true })
		await world.clock.run(2_500)
		expect(world.see('ann', 'bo')).toBeUndefined()
	})

	it('[SY11] who comes back within the grace was never gone', async () => {
		const world = createWorld('ann', 'bo')
		world.link('ann', 'bo')
		world.unlink('ann', 'bo')
		await world.clock.run(5_000)
		world.link('ann', 'bo')
		await world.clock.run(20_000)
		expect(world.see('ann', 'bo')).toMatchObject({ isLeaving: false, path: 'direct' })
	})

	it('[SY11] who says goodbye is gone at once, and an overtaken status does not bring it back', async () => {
		const world = createWorld('ann', 'bo')
		world.link('ann', 'bo')
		await world.clock.run(100)
		world.of('bo').sayBye()
		await world.clock.run(20)
		expect(world.see('ann', 'bo')).toBeUndefined()
		world.push('bo', 'ann', statusFrame('bo', 1_000))
		expect(world.see('ann', 'bo')).toBeUndefined()
	})

	it('[SY11] the server’s roster names people before a link does; with the server away links alone count', async () => {
		const world = createWorld('ann', 'bo', 'cy')
		world.of('ann').signaling({ type: 'open', roster: [entryOf('bo'), entryOf('cy')] })
		world.link('ann', 'bo')
		await world.clock.run(15_000)
		expect(world.see('ann', 'cy')).toMatchObject({
			name: 'cy',
			subject: 'g_cy',
			path: 'through-others',
			isLeaving: false,
		})
		world.of('ann').signaling({ type: 'closed', isFatal: false, why: 'server stopping', close: null })
		expect(world.see('ann', 'cy')).toMatchObject({ isLeaving: true })
		await world.clock.run(12_000)
		expect(world.see('ann', 'cy')).toBeUndefined()
		expect(world.see('ann', 'bo')).toMatchObject({ isLeaving: false })
		world.of('ann').signaling({ type: 'open', roster: [entryOf('bo')] })
		world.of('ann').signaling({ type: 'peer-joined', entry: entryOf('cy') })
		expect(world.see('ann', 'cy')).toMatchObject({ isLeaving: false })
		world.of('ann').signaling({ type: 'peer-left', peer: peerOf('cy') })
		expect(world.see('ann', 'cy')).toMatchObject({ isLeaving: true })
	})

	it('[SY12] what somebody far off does is known within seconds in rooms where not everybody is linked', async () => {
		const chain = ['a1', 'b2', 'c3', 'd4', 'e5']
		const world = createWorld(...chain)
		const roster = chain.map(entryOf)
		for (const name of chain) world.of(name).signaling({ type: 'open', roster })
		for (let i = 1; i < chain.length; i++) world.link(chain[i - 1] ?? '', chain[i] ?? '')
		await world.clock.run(10_000)
		const doing = { type: 'buffering', percent: 40 } as const
		world.setStatus('a1', { doing, driftMs: -12, readyFor: 'a-vector', liveLatencyMs: 4_000 })
		await world.clock.run(500)
		expect(world.see('b2', 'a1')).toMatchObject({ doing })
		await world.clock.run(10_000)
		for (const name of ['c3', 'd4', 'e5'])
			expect(world.see(name, 'a1')).toMatchObject({
				doing,
				driftMs: -12,
				path: 'through-others',
				status: { readyFor: 'a-vector', liveLatencyMs: 4_000, isReady: true },
			})
		await world.clock.run(60_000)
		expect(world.see('e5', 'a1')).toMatchObject({ doing })
	})

	it('[SY12] a link carries at most two frames of hearsay in 2 s, whatever is said of however many', async () => {
		const far = Array.from({ length: 300 }, (_, i) => `far${String(i)}`)
		const world = createWorld('ann', 'bo', 'cy')
		const roster = [...far, 'ann', 'cy'].map(entryOf)
		world.of('bo').signaling({ type: 'open', roster })
		world.link('ann', 'bo')
		world.link('bo', 'cy')
		await world.clock.run(2_500)
		const before = world.sent.length
		for (let round = 1; round <= 20; round++) {
			for (let i = 0; i < far.length; i += 30)
				world.push('ann', 'bo', hearsayFrame(...far.slice(i, i + 30).map((name) => rumourOf(name, round))))
			await world.clock.run(1_000)
		}
		const frames = world.sent
			.slice(before)
			.filter(({ from, frame }) => from === 'bo' && parseRoomFrame(frame)?.type === 'hearsay')
		expect(frames.every(({ to }) => to === peerOf('cy'))).toBe(true)
		expect(frames.length).toBeLessThanOrEqual(2 * 11)
		expect(frames.every(({ frame }) => frame.length <= 1_001)).toBe(true)
		expect(new Set(toldOf(world.sent.slice(before), 'bo', 'cy')).size).toBe(far.length)
	})

	it('[SY12] what a neighbour is known to know, or would hear itself, it is not told', async () => {
		const world = createWorld('ann', 'bo', 'cy')
		world.of('bo').signaling({ type: 'open', roster: ['ann', 'cy', 'far'].map(entryOf) })
		world.link('ann', 'bo')
		world.link('bo', 'cy')
		await world.clock.run(2_500)
		const before = world.sent.length
		world.push('ann', 'bo', hearsayFrame(rumourOf('far', 7), rumourOf('cy', 9_999)))
		world.push('cy', 'bo', hearsayFrame(rumourOf('far', 7)))
		await world.clock.run(3_000)
		expect(toldOf(world.sent.slice(before), 'bo', 'cy')).not.toContain(peerOf('far'))
		expect(toldOf(world.sent.slice(before), 'bo', 'ann')).not.toContain(peerOf('far'))
		expect(world.see('bo', 'cy')).toMatchObject({ doing: { type: 'idle' }, path: 'direct' })
	})

	it('[SY12] a new neighbour is told of those beyond', async () => {
		const world = createWorld('ann', 'bo', 'cy')
		for (const name of ['bo', 'cy'])
			world.of(name).signaling({ type: 'open', roster: ['ann', 'bo', 'cy', 'far'].map(entryOf) })
		world.link('ann', 'bo')
		await world.clock.run(2_500)
		world.push('ann', 'bo', hearsayFrame(rumourOf('far', 7, { isAway: true })))
		world.link('bo', 'cy')
		await world.clock.run(3_000)
		expect(world.see('cy', 'far')).toMatchObject({ isAway: true })
	})

	it('[SY12] in a full mesh nothing is forwarded', async () => {
		const world = createWorld('ann', 'bo', 'cy')
		world.link('ann', 'bo')
		world.link('bo', 'cy')
		world.link('ann', 'cy')
		await world.clock.run(1_000)
		const before = world.sent.length
		await world.clock.run(4 * STATUS_EVERY_MS)
		const statuses = world.sent.slice(before).map(({ frame }) => parseRoomFrame(frame))
		expect(statuses).toHaveLength(4 * 6)
		expect(statuses.every((frame) => frame?.type === 'status' && frame.hops === 0)).toBe(true)
	})

	it('[SY12] nobody can speak for a neighbour, for us, or for somebody the server does not know', async () => {
		const world = createWorld('ann', 'bo', 'cy')
		world.of('ann').signaling({ type: 'open', roster: [entryOf('bo'), entryOf('cy')] })
		world.link('ann', 'bo')
		world.link('ann', 'cy')
		await world.clock.run(100)
		world.push('bo', 'ann', statusFrame('cy', 1_000, { doing: { type: 'failed' } }))
		world.of('ann').signaling({ type: 'peer-joined', entry: entryOf('far') })
		world.push('bo', 'ann', statusFrame('far', 1_000, { doing: { type: 'failed' } }))
		expect(world.see('ann', 'far')).toMatchObject({ doing: { type: 'unknown' } })
		await world.clock.run(1_500)
		const lie = { doing: { type: 'failed' } } as const
		world.push('bo', 'ann', hearsayFrame(rumourOf('far', 2)))
		expect(world.see('ann', 'far')).toMatchObject({ doing: { type: 'idle' } })
		for (const name of ['cy', 'bo', 'ann', 'ghost'])
			world.push('bo', 'ann', hearsayFrame(rumourOf(name, 1_000, lie)))
		expect(world.see('ann', 'cy')).toMatchObject({ doing: { type: 'idle' } })
		expect(world.see('ann', 'bo')).toMatchObject({ doing: { type: 'idle' } })
		world.push('bo', 'ann', statusFrame('ghost', 1_000))
		world.push('bo', 'ann', statusFrame('ann', 1_000, { doing: { type: 'failed' } }))
		expect(world.of('ann').list()).toHaveLength(4)
		expect(world.see('ann', 'ann')).toMatchObject({ doing: { type: 'idle' } })
	})

	it('[SY12] an older status never replaces a newer one, and a flood of them is cut off', async () => {
		const world = createWorld('ann', 'bo')
		world.link('ann', 'bo')
		await world.clock.run(100)
		world.push('bo', 'ann', statusFrame('bo', 500, { driftMs: 5 }))
		world.push('bo', 'ann', statusFrame('bo', 499, { driftMs: 4 }))
		expect(world.see('ann', 'bo')).toMatchObject({ driftMs: 5 })
		const before = world.changes()
		for (let i = 0; i < 2_000; i++) world.push('bo', 'ann', statusFrame('bo', 1_000 + i))
		expect(world.changes() - before).toBeLessThanOrEqual(400)
	})

	it('[SY12] hearsay under the highest count does not lock out whom it is about, once they are linked', async () => {
		const world = createWorld('ann', 'bo', 'cy')
		world.of('ann').signaling({ type: 'open', roster: [entryOf('bo'), entryOf('cy')] })
		world.link('ann', 'bo')
		await world.clock.run(1_500)
		world.push('bo', 'ann', hearsayFrame(rumourOf('cy', 0xffff_ffff, { doing: { type: 'failed' } })))
		expect(world.see('ann', 'cy')).toMatchObject({ doing: { type: 'failed' } })
		// Nor once its time is over, for others who tell of them.
		await world.clock.run(10_500)
		expect(world.see('ann', 'cy')).toMatchObject({ doing: { type: 'unknown' } })
		world.push('bo', 'ann', hearsayFrame(rumourOf('cy', 12, { doing: { type: 'playing' } })))
		expect(world.see('ann', 'cy')).toMatchObject({ doing: { type: 'playing' } })
		world.link('ann', 'cy')
		await world.clock.run(100)
		expect(world.see('ann', 'cy')).toMatchObject({ doing: { type: 'idle' }, path: 'direct' })
	})

	it('[SY12] with the server away only those come back by hearsay whom it had named', async () => {
		const world = createWorld('ann', 'bo', 'cy')
		world.of('ann').signaling({ type: 'open', roster: [entryOf('bo'), entryOf('cy')] })
		world.link('ann', 'bo')
		await world.clock.run(1_500)
		world.of('ann').signaling({ type: 'closed', isFatal: false, why: 'server stopping', close: null })
		await world.clock.run(25_000)
		expect(world.see('ann', 'cy')).toBeUndefined()
		world.push('bo', 'ann', hearsayFrame(rumourOf('ghost', 1)))
		expect(world.see('ann', 'ghost')).toBeUndefined()
		world.push('bo', 'ann', hearsayFrame(rumourOf('cy', 1)))
		expect(world.see('ann', 'cy')).toMatchObject({ doing: { type: 'idle' }, isLeaving: false })
	})

	it('[SY11] whom the server saw leave is gone, whatever others say of them, until they are back', async () => {
		const world = createWorld('ann', 'bo')
		world.of('ann').signaling({ type: 'open', roster: ['bo', 'far'].map(entryOf) })
		world.link('ann', 'bo')
		await world.clock.run(1_500)
		world.push('bo', 'ann', hearsayFrame(rumourOf('far', 7)))
		world.of('ann').signaling({ type: 'peer-left', peer: peerOf('far') })
		world.push('bo', 'ann', hearsayFrame(rumourOf('far', 7)))
		expect(world.see('ann', 'far')).toMatchObject({ isLeaving: true })
		world.push('bo', 'ann', hearsayFrame(rumourOf('far', 8)))
		expect(world.see('ann', 'far')).toMatchObject({ isLeaving: true })
		world.of('ann').signaling({ type: 'peer-joined', entry: entryOf('far') })
		world.push('bo', 'ann', hearsayFrame(rumourOf('far', 9)))
		expect(world.see('ann', 'far')).toMatchObject({ isLeaving: false, toldBy: peerOf('bo') })
	})

	it('[SY12] of what nobody needs to know at once, the larger the room the less goes beyond the neighbours', async () => {
		const farIn = async (size: number): Promise<number> => {
			const far = Array.from({ length: size - 2 }, (_, i) => `far${String(i)}`)
			const world = createWorld('ann', 'bo')
			for (const name of ['ann', 'bo'])
				world.of(name).signaling({ type: 'open', roster: [...far, 'ann', 'bo'].map(entryOf) })
			world.link('ann', 'bo')
			await world.clock.run(5_000)
			const before = world.sent.length
			await world.clock.run(120_000)
			return world.sent.slice(before).filter(({ from, frame }) => {
				const parsed = parseRoomFrame(frame)
				return from === 'ann' && parsed?.type === 'status' && parsed.hops > 0
			}).length
		}
		expect(await farIn(20)).toBeGreaterThanOrEqual(19)
		expect(await farIn(100)).toBeLessThanOrEqual(6)
		expect(await farIn(500)).toBeLessThanOrEqual(2)
	})

	it('[SY11] stopped, it sends nothing more', async () => {
		const world = createWorld('ann', 'bo')
		world.link('ann', 'bo')
		await world.clock.run(100)
		world.of('ann').stop()
		world.of('ann').stop()
		world.of('ann').changed()
		const before = world.sent.filter(({ from }) => from === 'ann').length
		await world.clock.run(10_000)
		expect(world.sent.filter(({ from }) => from === 'ann').length).toBe(before)
	})
})
