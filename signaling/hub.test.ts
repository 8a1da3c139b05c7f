import { describe, expect, it } from 'vitest'
import type { DeviceId, PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import { SIGNALING_FRAME_MAX_BYTES, type RosterEntry } from '#lib/protocol/signaling.ts'
import { createHub, LEAVE_GRACE_MS, ROSTER_PART, type HubSend } from './hub.ts'

const room = 'room' as RoomId
const entry = (name: string, change: Partial<RosterEntry> = {}): RosterEntry => ({
	peer: `${name}-peer` as PeerId,
	device: `${name}-device` as DeviceId,
	subject: `g_${name}` as SubjectId,
	name,
	...change,
})
const alice = entry('alice')
const bob = entry('bob')
const charlie = entry('charlie')

const newHub = (limits = { rosterEntries: 2_000, socketsPerSubject: 20 }) => createHub(limits)
const messagesTo = (socket: number, sends: readonly HubSend[]) =>
	sends.flatMap((send) => (send.type === 'message' && send.to.includes(socket) ? [send.message] : []))

describe('a peer that loses its socket', () => {
	it('[SG6] stays for 10 s, then has left by timeout', () => {
		const hub = newHub()
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		hub.handle({ type: 'join', socket: 2, room, entry: bob }, 0)
		expect(hub.handle({ type: 'gone', socket: 2, why: 'lost' }, 1_000)).toEqual([])
		expect(hub.handle({ type: 'tick' }, 1_000 + LEAVE_GRACE_MS - 1)).toEqual([])
		expect(hub.stats()).toEqual({ rooms: 1, joined: 1, inGrace: 1 })
		expect(hub.handle({ type: 'tick' }, 1_000 + LEAVE_GRACE_MS)).toEqual([
			{ type: 'message', to: [1], message: { type: 'peer-left', peer: bob.peer, why: 'timeout' } },
		])
		expect(hub.stats()).toEqual({ rooms: 1, joined: 1, inGrace: 0 })
	})

	it('[SG6] that comes back in time has never left; the others are told its entry again', () => {
		const hub = newHub()
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		hub.handle({ type: 'join', socket: 2, room, entry: bob }, 0)
		hub.handle({ type: 'gone', socket: 2, why: 'lost' }, 1_000)
		const sends = hub.handle({ type: 'join', socket: 3, room, entry: bob }, 9_000)
		expect(messagesTo(3, sends)).toEqual([{ type: 'joined', self: bob, roster: [alice] }])
		expect(messagesTo(1, sends)).toEqual([{ type: 'peer-joined', entry: bob }])
		expect(hub.handle({ type: 'tick' }, 60_000)).toEqual([])
		expect(hub.stats()).toEqual({ rooms: 1, joined: 2, inGrace: 0 })
	})

	it('[SG4] cannot be brought a signal meanwhile, and a joiner is not sent after it', () => {
		const hub = newHub()
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		hub.handle({ type: 'join', socket: 2, room, entry: bob }, 0)
		hub.handle({ type: 'gone', socket: 2, why: 'lost' }, 0)
		const [send] = hub.handle({ type: 'signal', socket: 1, to: bob.peer, data: 'x' }, 1)
		expect(send).toMatchObject({ to: [1], message: { why: 'no-such-peer', peer: bob.peer } })
		const sends = hub.handle({ type: 'join', socket: 3, room, entry: charlie }, 1)
		expect(messagesTo(3, sends)).toEqual([{ type: 'joined', self: charlie, roster: [alice] }])
	})

	it('[SG12] because the server closed it for cause has left at once', () => {
		const hub = newHub()
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		hub.handle({ type: 'join', socket: 2, room, entry: bob }, 0)
		expect(hub.handle({ type: 'gone', socket: 2, why: 'closed' }, 0)).toEqual([
			{ type: 'message', to: [1], message: { type: 'peer-left', peer: bob.peer, why: 'closed' } },
		])
	})

	it('[SG10] people who come and go with ever new ids do not pile up', () => {
		const hub = newHub({ rosterEntries: 3, socketsPerSubject: 20 })
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		for (let socket = 2; socket < 50; socket++) {
			hub.handle({ type: 'join', socket, room, entry: entry(`guest${String(socket)}`) }, socket)
			hub.handle({ type: 'gone', socket, why: 'lost' }, socket)
		}
		expect(hub.stats()).toEqual({ rooms: 1, joined: 1, inGrace: 3 })
	})
})

describe('one peer id', () => {
	it('[SG7] joining again closes the old socket and nobody has left', () => {
		const hub = newHub()
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		hub.handle({ type: 'join', socket: 2, room, entry: bob }, 0)
		const sends = hub.handle({ type: 'join', socket: 3, room, entry: bob }, 1)
		expect(sends).toContainEqual({ type: 'close', socket: 2, close: 'replaced' })
		expect(messagesTo(1, sends)).toEqual([{ type: 'peer-joined', entry: bob }])
		expect(hub.handle({ type: 'gone', socket: 2, why: 'closed' }, 2)).toEqual([])
		expect(hub.stats()).toEqual({ rooms: 1, joined: 2, inGrace: 0 })
	})

	it('[SG7] cannot be taken by another device, neither while it is here nor in its grace', () => {
		const hub = newHub()
		hub.handle({ type: 'join', socket: 1, room, entry: bob }, 0)
		const thief = entry('mallory', { peer: bob.peer })
		for (const atMs of [1, 2]) {
			const sends = hub.handle({ type: 'join', socket: 9, room, entry: thief }, atMs)
			expect(messagesTo(9, sends)).toMatchObject([{ type: 'refused', why: 'bad-ticket' }])
			expect(sends).toContainEqual({ type: 'close', socket: 9, close: 'badTicket' })
			hub.handle({ type: 'gone', socket: 1, why: 'lost' }, atMs)
		}
	})

	it('in two rooms is two peers', () => {
		const hub = newHub()
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		const sends = hub.handle({ type: 'join', socket: 2, room: 'other' as RoomId, entry: alice }, 0)
		expect(messagesTo(2, sends)).toEqual([{ type: 'joined', self: alice, roster: [] }])
		expect(messagesTo(1, sends)).toEqual([])
		expect(hub.stats().rooms).toBe(2)
	})
})

describe('limits', () => {
	it('[SG10] a full room refuses one more, and takes one when somebody leaves', () => {
		const hub = newHub({ rosterEntries: 2, socketsPerSubject: 20 })
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		hub.handle({ type: 'join', socket: 2, room, entry: bob }, 0)
		const sends = hub.handle({ type: 'join', socket: 3, room, entry: charlie }, 0)
		expect(messagesTo(3, sends)).toMatchObject([{ type: 'refused', why: 'room-full' }])
		expect(sends).toContainEqual({ type: 'close', socket: 3, close: 'roomFull' })
		hub.handle({ type: 'leave', socket: 2 }, 1)
		expect(messagesTo(3, hub.handle({ type: 'join', socket: 3, room, entry: charlie }, 1))).toMatchObject([
			{ type: 'joined' },
		])
	})

	it('[SG10] a full room still takes its own member back', () => {
		const hub = newHub({ rosterEntries: 1, socketsPerSubject: 1 })
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		const sends = hub.handle({ type: 'join', socket: 2, room, entry: alice }, 0)
		expect(messagesTo(2, sends)).toMatchObject([{ type: 'joined' }])
	})

	it('[SG9] the sockets of one person count over all rooms, and leaving frees them', () => {
		const hub = newHub({ rosterEntries: 9, socketsPerSubject: 2 })
		const tab = (n: number) => entry('alice', { peer: `tab${String(n)}` as PeerId })
		hub.handle({ type: 'join', socket: 1, room, entry: tab(1) }, 0)
		hub.handle({ type: 'join', socket: 2, room: 'b' as RoomId, entry: tab(2) }, 0)
		const third = { type: 'join', socket: 3, room, entry: tab(3) } as const
		expect(messagesTo(3, hub.handle(third, 0))).toMatchObject([{ why: 'too-many-sockets' }])
		hub.handle({ type: 'gone', socket: 1, why: 'lost' }, 0)
		expect(messagesTo(3, hub.handle(third, 0))).toMatchObject([{ type: 'joined' }])
	})

	it('[SG11] a large roster comes in parts, each within a frame, together whole', () => {
		const hub = newHub()
		const count = 2 * ROSTER_PART + 3
		const longest = (n: number): RosterEntry => ({
			peer: String(n).padStart(22, 'p') as PeerId,
			device: 'd'.repeat(22) as DeviceId,
			subject: String(n).padStart(64, 's') as SubjectId,
			name: '\u4e00'.repeat(64),
		})
		for (let n = 0; n < count; n++) hub.handle({ type: 'join', socket: n, room, entry: longest(n) }, 0)
		const parts = messagesTo(9_999, hub.handle({ type: 'join', socket: 9_999, room, entry: alice }, 0))
		expect(parts).toHaveLength(3)
		for (const part of parts)
			expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(SIGNALING_FRAME_MAX_BYTES)
		const peers = parts.flatMap((part) => (part.type === 'joined' ? part.roster.map(({ peer }) => peer) : []))
		expect(new Set(peers).size).toBe(count)
	})
})

describe('events of sockets that are in no room', () => {
	it('[SG2] signals and clock pings are refused, going changes nothing', () => {
		const hub = newHub()
		expect(messagesTo(7, hub.handle({ type: 'signal', socket: 7, to: bob.peer, data: '' }, 0))).toMatchObject(
			[{ why: 'not-joined' }],
		)
		expect(
			messagesTo(7, hub.handle({ type: 'clock', socket: 7, id: 1, t0: 0, receivedMs: 0 }, 0)),
		).toMatchObject([{ why: 'not-joined' }])
		expect(hub.handle({ type: 'gone', socket: 7, why: 'lost' }, 0)).toEqual([])
		expect(hub.handle({ type: 'leave', socket: 7 }, 0)).toEqual([])
	})

	it('a second join on one socket is refused and changes nothing', () => {
		const hub = newHub()
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		const sends = hub.handle({ type: 'join', socket: 1, room: 'b' as RoomId, entry: bob }, 0)
		expect(messagesTo(1, sends)).toMatchObject([{ why: 'already-joined' }])
		expect(hub.stats()).toEqual({ rooms: 1, joined: 1, inGrace: 0 })
	})
})

it('[SG5] when the last one has left, nothing of the room is kept', () => {
	const hub = newHub()
	hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
	hub.handle({ type: 'join', socket: 2, room, entry: bob }, 0)
	hub.handle({ type: 'gone', socket: 2, why: 'lost' }, 0)
	hub.handle({ type: 'leave', socket: 1 }, 1)
	hub.handle({ type: 'tick' }, LEAVE_GRACE_MS)
	expect(hub.stats()).toEqual({ rooms: 0, joined: 0, inGrace: 0 })
})

describe('a removed person', () => {
	it('[SG46] is told so and closed in every tab; the others learn at once, the removed nothing more', () => {
		const hub = newHub()
		const other = { ...bob, peer: 'bob-tablet' as PeerId, device: 'bob-tablet' as DeviceId }
		for (const [socket, who] of [
			[1, alice],
			[2, bob],
			[3, other],
		] as const)
			hub.handle({ type: 'join', socket, room, entry: who }, 0)
		const sends = hub.handle({ type: 'expel', room, subject: bob.subject }, 1)
		for (const socket of [2, 3]) {
			expect(messagesTo(socket, sends)).toMatchObject([{ type: 'refused', why: 'removed' }])
			const own = sends.filter((send) =>
				send.type === 'message'
					? send.to.includes(socket)
					: send.type !== 'publish' && send.socket === socket,
			)
			expect(own.map(({ type }) => type)).toEqual(['message', 'close'])
		}
		expect(messagesTo(1, sends)).toEqual([
			{ type: 'peer-left', peer: bob.peer, why: 'closed' },
			{ type: 'peer-left', peer: other.peer, why: 'closed' },
		])
		expect(hub.stats()).toEqual({ rooms: 1, joined: 1, inGrace: 0 })
		expect(hub.handle({ type: 'gone', socket: 2, why: 'closed' }, 2)).toEqual([])
	})

	it('[SG46] whose socket was just lost has no grace left, and other rooms are not touched', () => {
		const hub = newHub()
		const elsewhere = 'elsewhere' as RoomId
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		hub.handle({ type: 'join', socket: 2, room, entry: bob }, 0)
		hub.handle({ type: 'join', socket: 3, room: elsewhere, entry: bob }, 0)
		hub.handle({ type: 'gone', socket: 2, why: 'lost' }, 0)
		expect(messagesTo(1, hub.handle({ type: 'expel', room, subject: bob.subject }, 1))).toEqual([
			{ type: 'peer-left', peer: bob.peer, why: 'closed' },
		])
		expect(hub.isJoined(3)).toBe(true)
		expect(hub.handle({ type: 'expel', room: 'nowhere' as RoomId, subject: bob.subject }, 1)).toEqual([])
	})
})

describe('relay frames', () => {
	const bytes = Uint8Array.of(1, 2, 3)
	const deliver = (...to: PeerId[]) => to.map((peer) => ({ to: peer, frame: bytes }))
	const inRoom = () => {
		const hub = newHub()
		hub.handle({ type: 'join', socket: 1, room, entry: alice }, 0)
		hub.handle({ type: 'join', socket: 2, room, entry: bob }, 0)
		hub.handle({ type: 'join', socket: 3, room: 'elsewhere' as RoomId, entry: charlie }, 0)
		return hub
	}

	it('[SG49] reach the members they are for, and nobody in another room or outside of one', () => {
		const hub = inRoom()
		expect(
			hub.handle({ type: 'relay', socket: 1, deliveries: deliver(bob.peer, charlie.peer, alice.peer) }, 0),
		).toMatchObject([
			{ type: 'bytes', socket: 2, bytes },
			{ type: 'message', to: [1], message: { why: 'no-such-peer', peer: charlie.peer } },
			{ type: 'message', to: [1], message: { why: 'no-such-peer', peer: alice.peer } },
		])
		expect(hub.handle({ type: 'relay', socket: 9, deliveries: deliver(bob.peer) }, 0)).toMatchObject([
			{ type: 'message', to: [9], message: { why: 'not-joined' } },
		])
	})

	it('[SG51] to somebody who is not connected are told of once a second, for sixteen at most', () => {
		const hub = inRoom()
		hub.handle({ type: 'gone', socket: 2, why: 'lost' }, 0)
		const refusals = (nowMs: number, ...to: PeerId[]) =>
			hub.handle({ type: 'relay', socket: 1, deliveries: deliver(...to) }, nowMs).length
		expect(refusals(100, bob.peer, bob.peer)).toBe(1)
		expect(refusals(1_099, bob.peer)).toBe(0)
		expect(refusals(1_100, bob.peer)).toBe(1)
		const strangers = Array.from({ length: 60 }, (_, i) => `stranger-${String(i)}` as PeerId)
		expect(refusals(1_200, ...strangers)).toBe(15)
		expect(refusals(2_200, ...strangers)).toBe(16)
	})
})
