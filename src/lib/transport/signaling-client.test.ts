import { describe, expect, it } from 'vitest'
import type { DeviceId, PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import { CLOSE_CODES, type CloseName } from '#lib/protocol/close-codes.ts'
import {
	parseClientMessage,
	type ClientMessage,
	type RosterEntry,
	type ServerMessage,
} from '#lib/protocol/signaling.ts'
import type { ClockSample } from './clock-probes.ts'
import { createSeededRandom } from './seeded-random.ts'
import { SIGNALING_VERSION } from '#lib/protocol/signaling.ts'
import { createSignalingClient, type SocketLike } from './signaling-client.ts'
import type { SignalingEvent } from './signaling-port.ts'
import { createSimClock } from './sim-clock.ts'

const entryOf = (name: string): RosterEntry => ({
	peer: `${name.padEnd(21, 'x')}A` as PeerId,
	device: 'deviceAAAAAAAAAAAAAAAA' as DeviceId,
	subject: `g_${name}` as SubjectId,
	name,
})
const SELF = entryOf('self')
const ALICE = entryOf('alice')
const BOB = entryOf('bob')
const ROOM = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId

/** A server's end of one socket, played by the test. */
const createScriptedSocket = () => {
	const fns = { open: [], error: [], message: [], close: [] } as Record<string, ((event: never) => void)[]>
	const got: ClientMessage[] = []
	const binary: Uint8Array[] = []
	const state = { isClosed: false }
	const fire = (type: string, event: unknown) => fns[type]?.forEach((fn) => fn(event as never))
	const socket: SocketLike = {
		send: (data) => {
			if (typeof data !== 'string') {
				binary.push(data)
				return
			}
			const message = parseClientMessage(data)
			if (message === null) throw new Error(`the client sent rubbish: ${data}`)
			got.push(message)
		},
		close: () => (state.isClosed = true),
		addEventListener: (type: string, fn: (event: never) => void) => void fns[type]?.push(fn),
	}
	return {
		socket,
		got,
		binary,
		state,
		open: () => fire('open', {}),
		say: (message: ServerMessage) => fire('message', { data: JSON.stringify(message) }),
		sayRaw: (data: unknown) => fire('message', { data }),
		close: (code: number, reason = '') => fire('close', { code, reason }),
	}
}

const setUp = ({
	getTicket,
	isRelayOnly,
}: {
	getTicket?: () => Promise<string | null>
	isRelayOnly?: () => boolean
} = {}) => {
	const clock = createSimClock()
	const sockets: ReturnType<typeof createScriptedSocket>[] = []
	const events: SignalingEvent[] = []
	const samples: ClockSample[] = []
	const server: { ticket: string | null; url: string | null } = { ticket: 'ticket', url: 'ws://server/ws' }
	let wake: () => void = () => undefined
	const client = createSignalingClient({
		room: ROOM,
		self: SELF.peer,
		getUrl: async () => server.url,
		getTicket: getTicket ?? (async () => server.ticket),
		makeSocket: () => {
			const scripted = createScriptedSocket()
			sockets.push(scripted)
			return scripted.socket
		},
		secrets: {
			sealSignal: async (from, to, text) => Buffer.from(`${from}${to}${text}`).toString('base64url'),
			openSignal: async (from, to, sealed) => {
				const text = Buffer.from(sealed, 'base64url').toString()
				return text.startsWith(from + to) ? text.slice(44) : null
			},
		},
		timers: clock,
		random: createSeededRandom(1),
		localNowMs: () => clock.nowMs(),
		onWake: (fn) => {
			wake = fn
			return () => (wake = () => undefined)
		},
		onClockSample: (sample) => samples.push(sample),
		...(isRelayOnly && { isRelayOnly }),
	})
	client.on((event) => events.push(event))
	const last = () => {
		const socket = sockets.at(-1)
		if (socket === undefined) throw new Error('no socket yet')
		return socket
	}
	const join = async (...roster: RosterEntry[]) => {
		await clock.run(0)
		last().open()
		last().say({ type: 'joined', self: SELF, roster: [SELF, ...roster] })
		await clock.run(0)
		return last()
	}
	return { clock, client, sockets, events, samples, server, last, join, wake: () => wake() }
}

const close = (name: CloseName) => CLOSE_CODES[name].code

describe('joining', () => {
	it('[TR45] says on joining that no channels are made here, as long as that is so', async () => {
		let isRelayOnly = true
		const { client, join, wake, last } = setUp({ isRelayOnly: () => isRelayOnly })
		client.start()
		const socket = await join()
		expect(socket.got[0]).toMatchObject({ type: 'join', relayOnly: true })
		isRelayOnly = false
		socket.close(1006)
		wake()
		await join()
		expect(last()).not.toBe(socket)
		expect(last().got[0]).toMatchObject({ type: 'join' })
		expect(last().got[0]).not.toHaveProperty('relayOnly')
	})

	it('[TR22] joins with its ticket and keeps the roster as the server tells it', async () => {
		const { client, events, join, clock } = setUp()
		client.start()
		const socket = await join(ALICE)
		expect(socket.got[0]).toEqual({
			type: 'join',
			v: SIGNALING_VERSION,
			room: ROOM,
			peer: SELF.peer,
			ticket: 'ticket',
		})
		expect(events).toEqual([{ type: 'open', roster: [ALICE] }])
		socket.say({ type: 'peer-joined', entry: BOB })
		socket.say({ type: 'peer-left', peer: ALICE.peer, why: 'left' })
		expect(client.roster()).toEqual([BOB])
		expect(events.slice(1)).toEqual([
			{ type: 'peer-joined', entry: BOB },
			{ type: 'peer-left', peer: ALICE.peer },
		])
		// A roster in parts: the rest of it are newcomers.
		socket.say({ type: 'joined', self: SELF, roster: [ALICE] })
		expect(events.at(-1)).toEqual({ type: 'peer-joined', entry: ALICE })
		await clock.run(0)
	})

	it('[TR22] the socket comes up while the ticket is fetched, whichever is there first', async () => {
		for (const isSocketFirst of [true, false]) {
			let give: (ticket: string) => void = () => undefined
			const { client, clock, last } = setUp({ getTicket: () => new Promise((resolve) => (give = resolve)) })
			client.start()
			await clock.run(0)
			const first = isSocketFirst ? () => last().open() : () => give('ticket')
			const second = isSocketFirst ? () => give('ticket') : () => last().open()
			first()
			await clock.run(0)
			expect(last().got).toEqual([])
			second()
			await clock.run(0)
			expect(last().got).toMatchObject([{ type: 'join', ticket: 'ticket' }])
		}
	})

	it('[TR22] the socket comes up while the ticket is fetched, whichever is there first', async () => {
		for (const isSocketFirst of [true, false]) {
			let give: (ticket: string) => void = () => undefined
			const { client, clock, last } = setUp({ getTicket: () => new Promise((resolve) => (give = resolve)) })
			client.start()
			await clock.run(0)
			const first = isSocketFirst ? () => last().open() : () => give('ticket')
			const second = isSocketFirst ? () => give('ticket') : () => last().open()
			first()
			await clock.run(0)
			expect(last().got).toEqual([])
			second()
			await clock.run(0)
			expect(last().got).toMatchObject([{ type: 'join', ticket: 'ticket' }])
		}
	})

	it('[TR22] tells a listener that comes late what it missed', async () => {
		const { client, join, clock } = setUp()
		client.start()
		await join(ALICE)
		const late: SignalingEvent[] = []
		const off = client.on((event) => late.push(event))
		client.on(() => late.push({ type: 'peer-left', peer: BOB.peer }))()
		await clock.run(1)
		expect(late).toEqual([{ type: 'open', roster: [ALICE] }])
		off()
	})

	it('[TR22] ignores frames that are no message, and counts them', async () => {
		const { client, events, join } = setUp()
		client.start()
		const socket = await join()
		for (const data of ['x', '{}', '[]', new Blob(['x']), '{"type":"peer-left","peer":"short","why":"left"}'])
			socket.sayRaw(data)
		expect(events.length).toBe(1)
		expect(client.counts.badFrames).toBe(5)
	})
})

describe('signals', () => {
	it('[TR21] go out sealed for their receiver, in order, and come in opened', async () => {
		const { client, events, join, clock } = setUp()
		client.start()
		const socket = await join(ALICE)
		expect(client.send(ALICE.peer, 'one')).toBe(true)
		expect(client.send(ALICE.peer, 'two')).toBe(true)
		await clock.run(0)
		const sealed = socket.got.flatMap((message) => (message.type === 'signal' ? [message] : []))
		expect(sealed.map(({ to }) => to)).toEqual([ALICE.peer, ALICE.peer])
		expect(sealed.map(({ data }) => Buffer.from(data, 'base64url').toString().slice(44))).toEqual([
			'one',
			'two',
		])

		const data = Buffer.from(`${ALICE.peer}${SELF.peer}hello`).toString('base64url')
		socket.say({ type: 'signal', from: ALICE.peer, data })
		socket.say({ type: 'signal', from: BOB.peer, data })
		await clock.run(0)
		expect(events.at(-1)).toEqual({ type: 'signal', from: ALICE.peer, data: 'hello' })
		expect(client.counts.unopened).toBe(1)
	})

	it('[TR22] says what could not be delivered or sent', async () => {
		const { client, events, join, clock } = setUp()
		expect(client.send(ALICE.peer, 'too early')).toBe(false)
		client.start()
		const socket = await join(ALICE)
		expect(client.send(ALICE.peer, 'x'.repeat(30_000))).toBe(false)
		socket.say({ type: 'refused', why: 'no-such-peer', message: 'nobody there', peer: ALICE.peer })
		expect(events.at(-1)).toEqual({ type: 'undeliverable', peer: ALICE.peer })
		await clock.run(0)
	})
})

describe('binary frames', () => {
	it('[TR35] go out and come in unread while it is open, and not otherwise', async () => {
		const { client, events, clock, join, last } = setUp()
		client.start()
		await clock.run(0)
		expect(client.sendBytes(Uint8Array.of(1))).toBe(false)
		last().sayRaw(Uint8Array.of(7).buffer)
		const socket = await join()
		expect(client.sendBytes(Uint8Array.of(1, 2))).toBe(true)
		socket.sayRaw(Uint8Array.of(8, 9).buffer)
		expect(socket.binary).toEqual([Uint8Array.of(1, 2)])
		expect(events.filter(({ type }) => type === 'bytes')).toEqual([
			{ type: 'bytes', bytes: Uint8Array.of(8, 9) },
		])
		expect(client.bufferedBytes()).toBe(0)
	})
})

describe('coming back', () => {
	it('[TR23] keeps the roster while away and is back with growing, jittered waits of at most 2.5 s', async () => {
		const { client, events, sockets, clock, join, last } = setUp()
		client.start()
		await join(ALICE)
		await clock.run(6_000)
		last().close(1006)
		expect(events.at(-1)).toMatchObject({ type: 'closed', isFatal: false })
		expect(client.roster()).toEqual([ALICE])
		expect(client.isOpen()).toBe(false)

		const startedAtMs: number[] = []
		for (let i = 0; i < 12; i++) {
			const before = sockets.length
			expect(await clock.runUntil(() => sockets.length > before, 11_000)).toBe(true)
			startedAtMs.push(clock.nowMs())
			last().close(1006)
		}
		const waits = startedAtMs.slice(1).map((atMs, i) => atMs - (startedAtMs[i] ?? 0))
		expect(waits[0]).toBeLessThanOrEqual(1_000)
		expect(Math.max(...waits)).toBeGreaterThan(1_200)
		expect(Math.max(...waits)).toBeLessThanOrEqual(2_500)
		expect(events.filter((event) => event.type === 'closed').length).toBe(1)

		const before = sockets.length
		await clock.runUntil(() => sockets.length > before, 11_000)
		await join(BOB)
		expect(events.at(-1)).toEqual({ type: 'open', roster: [BOB] })
	})

	it('[TR23] tries at once when the network or the page is back', async () => {
		const { client, sockets, server, clock, wake } = setUp()
		server.ticket = null
		client.start()
		await clock.run(60_000)
		// The first one was opened while the first ticket was asked for.
		expect(sockets.map(({ state }) => state.isClosed)).toEqual([true])
		server.ticket = 'ticket'
		expect(client.state().type).toBe('waiting')
		wake()
		await clock.run(0)
		expect(sockets.length).toBe(2)
	})

	it('[TR23] fatal closes end it, with the reason; others do not', async () => {
		for (const name of Object.keys(CLOSE_CODES) as CloseName[]) {
			const { client, events, sockets, clock, join, last } = setUp()
			client.start()
			await join()
			last().close(close(name), 'because')
			await clock.run(30_000)
			const { isFatal } = CLOSE_CODES[name]
			expect(events.at(-1)).toMatchObject({
				type: 'closed',
				isFatal,
				why: 'because',
				close: isFatal ? name : null,
			})
			expect(sockets.length > 1).toBe(!isFatal)
			expect(client.state().type === 'stopped').toBe(isFatal)
			client.stop()
		}
	})

	it('[TR23] a server that accepts and says nothing, or falls silent, is given up', async () => {
		const { client, sockets, clock, join } = setUp()
		client.start()
		await clock.run(20_000)
		expect(sockets[0]?.state.isClosed).toBe(true)
		expect(sockets.length).toBeGreaterThan(1)
		const before = sockets.length
		if (sockets.at(-1)?.state.isClosed) await clock.runUntil(() => sockets.length > before, 15_000)
		const socket = await join()
		await clock.run(30_000)
		expect(socket.state.isClosed).toBe(true)
	})

	it('[TR8] stop says goodbye once, and nothing is told after it', async () => {
		const { client, events, sockets, clock, join } = setUp()
		client.start()
		const socket = await join(ALICE)
		client.stop()
		client.stop()
		expect(socket.got.filter((message) => message.type === 'leave').length).toBe(1)
		socket.say({ type: 'peer-joined', entry: BOB })
		socket.close(1000)
		await clock.run(60_000)
		expect(events.length).toBe(1)
		expect(sockets.length).toBe(1)
		expect(clock.pendingCount).toBe(0)
	})
})

describe('clock probes', () => {
	it('[TR24] sixteen in a burst, then one every two seconds, or as asked', async () => {
		const { client, clock, join } = setUp()
		client.start()
		const socket = await join()
		const probes = () => socket.got.filter((message) => message.type === 'clock').length
		const keepAlive = () => socket.say({ type: 'peer-left', peer: BOB.peer, why: 'left' })
		await clock.run(16 * 40)
		expect(probes()).toBe(16)
		for (let i = 0; i < 10; i++) {
			await clock.run(2_000)
			keepAlive()
		}
		expect(probes()).toBe(26)
		client.setProbeInterval(10_000)
		await clock.run(10_000)
		expect(probes()).toBe(27)
		keepAlive()
		client.setProbeInterval(2_000, 'burst')
		await clock.run(16 * 40)
		expect(probes()).toBe(43)
	})

	it('[TR24] gives the four stamps of each answer once, and of nothing else', async () => {
		const { client, samples, clock, join } = setUp()
		client.start()
		const socket = await join()
		const probe = socket.got.find((message) => message.type === 'clock')
		if (probe?.type !== 'clock') throw new Error('no probe')
		await clock.run(30)
		socket.say({ type: 'clock', id: probe.id, t0: probe.t0 + 1, t1: 1, t2: 2 })
		socket.say({ type: 'clock', id: probe.id + 500, t0: probe.t0, t1: 1, t2: 2 })
		socket.say({ type: 'clock', id: probe.id, t0: probe.t0, t1: 500, t2: 501 })
		socket.say({ type: 'clock', id: probe.id, t0: probe.t0, t1: 500, t2: 501 })
		expect(samples).toEqual([{ t0: probe.t0, t1: 500, t2: 501, t3: probe.t0 + 30 }])
	})
})
