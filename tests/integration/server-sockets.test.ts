/**
 * Who gets a socket and keeps it: tickets, origins, limits, deadlines, slow readers.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SIGNAL_DATA_MAX_CHARS, SIGNALING_VERSION } from '#lib/protocol/signaling.ts'
import {
	joinRoom,
	newPeerId,
	newPerson,
	newRoomId,
	newTicket,
	openSocket,
	type Person,
} from '../support/ws-client.ts'
import { openRaw, rawFrame } from '../support/ws-raw.ts'
import { startServer, type ConfigChange, type TestServer } from '../support/ws-server.ts'

let server: TestServer
/** Added to the server's clock. */
let skippedMs = 0
const nowMs = () => performance.timeOrigin + performance.now() + skippedMs
const restart = async (change: ConfigChange = {}) => {
	await server.close()
	server = await startServer(change, { nowMs })
}
const skip = (ms: number) => {
	skippedMs += ms
	server.app.sweep(nowMs())
}
beforeEach(async () => {
	skippedMs = 0
	server = await startServer({}, { nowMs })
})
afterEach(() => server.close())

describe('a join', () => {
	const room = newRoomId()
	const peer = newPeerId()
	let alice: Person
	beforeEach(async () => {
		alice = await newPerson(server.url)
	})
	const tryJoin = async (message: Record<string, unknown>) => {
		const socket = await openSocket(server.url)
		socket.send({ type: 'join', v: SIGNALING_VERSION, room, peer, ...message })
		const { why, message: text } = await socket.next('refused')
		return { why, text, code: (await socket.closed).code }
	}

	it('[TR45] that says it makes no channels has it in its roster entry, for who is here and who comes', async () => {
		const early = await joinRoom(server.url, room)
		const ticket = await newTicket(server.url, alice, room, peer)
		const shy = await openSocket(server.url)
		shy.send({ type: 'join', v: SIGNALING_VERSION, room, peer, ticket, relayOnly: true })
		expect(await shy.next('joined')).toMatchObject({ self: { peer, relayOnly: true } })
		expect(await early.next('peer-joined')).toMatchObject({ entry: { peer, relayOnly: true } })
		const late = await joinRoom(server.url, room)
		const told = new Map(late.joined.roster.map((entry) => [entry.peer, entry.relayOnly]))
		expect([told.get(peer), told.get(early.peer)]).toEqual([true, undefined])
	})

	it('[SG13] with a ticket used before is refused', async () => {
		const ticket = await newTicket(server.url, alice, room, peer)
		const first = await openSocket(server.url)
		first.send({ type: 'join', v: SIGNALING_VERSION, room, peer, ticket })
		await first.next('joined')
		expect(await tryJoin({ ticket })).toMatchObject({ why: 'bad-ticket', code: 4003 })
		expect(first.isOpen()).toBe(true)
	})

	it('[SG13] with one ticket on many sockets at once gets one of them in', async () => {
		const ticket = await newTicket(server.url, alice, room, peer)
		const sockets = await Promise.all(Array.from({ length: 8 }, () => openSocket(server.url)))
		for (const socket of sockets) socket.send({ type: 'join', v: SIGNALING_VERSION, room, peer, ticket })
		const outcomes = await Promise.all(
			sockets.map((socket) =>
				Promise.race([
					socket.next('joined').then(
						() => 'in',
						() => 'out',
					),
					socket.closed.then(() => 'out'),
				]),
			),
		)
		expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(1)
		expect(server.app.counters.count('bad-ticket')).toBe(7)
	})

	it('[SG13] with a ticket 30 s old is refused', async () => {
		const ticket = await newTicket(server.url, alice, room, peer)
		skip(30_000)
		expect(await tryJoin({ ticket })).toMatchObject({ why: 'bad-ticket', code: 4003 })
	})

	it('[SG13] with a ticket for another room, another peer, or none at all is refused', async () => {
		const ticket = await newTicket(server.url, alice, room, peer)
		expect(await tryJoin({ ticket, room: newRoomId() })).toMatchObject({ why: 'bad-ticket', code: 4003 })
		expect(await tryJoin({ ticket, peer: newPeerId() })).toMatchObject({ why: 'bad-ticket', code: 4003 })
		expect(await tryJoin({ ticket: 'none' })).toMatchObject({ why: 'bad-ticket', code: 4003 })
		expect(await tryJoin({ ticket: alice.token })).toMatchObject({ why: 'bad-ticket', code: 4003 })
	})

	it('[SG7] under the peer id of another device is refused, with a good ticket too', async () => {
		const bob = await joinRoom(server.url, room)
		const ticket = await newTicket(server.url, alice, room, bob.peer)
		expect(await tryJoin({ ticket, peer: bob.peer })).toMatchObject({ why: 'bad-ticket', code: 4003 })
		expect(bob.isOpen()).toBe(true)
	})

	it('[SG37] of another version is told so, also where it is not understood', async () => {
		const ticket = await newTicket(server.url, alice, room, peer)
		const told = { why: 'bad-version', code: 4004 }
		for (const v of [SIGNALING_VERSION - 1, SIGNALING_VERSION + 1])
			expect(await tryJoin({ ticket, v })).toMatchObject(told)
		expect(await tryJoin({ ticket, v: SIGNALING_VERSION + 1, future: {} })).toMatchObject(told)
	})

	it('[SG2] a first frame that is no message ends the socket', async () => {
		const socket = await openSocket(server.url)
		socket.send('hello')
		expect((await socket.next('refused')).why).toBe('bad-message')
		expect((await socket.closed).code).toBe(1008)
	})
})

describe('origins', () => {
	const statusFor = async (origin: string | undefined, path = '/ws'): Promise<string> => {
		try {
			const socket = await openSocket(server.url, path, origin === undefined ? {} : { origin })
			socket.close()
			return 'open'
		} catch (error) {
			return String(error)
		}
	}

	it('[SG18] a page from elsewhere gets 403 and no socket', async () => {
		const port = String(server.port)
		const wrong = [
			'null',
			'https://evil.example',
			`http://sub.127.0.0.1:${port}`,
			'http://127.0.0.1:1',
			`http://127.0.0.1:${port}.evil.example`,
			`http://evil127.0.0.1:${port}`,
			`http://user@127.0.0.1:${port}`,
			`HTTP://127.0.0.1:${port}`,
			'file://',
		]
		for (const origin of wrong)
			for (const path of ['/ws', '/y-webrtc']) expect(await statusFor(origin, path)).toContain('403')
		expect(server.app.counters.count('upgrade-origin')).toBe(2 * wrong.length)
		expect(await statusFor(server.url)).toBe('open')
	})

	it('[SG18] no Origin gets in, unless it is required', async () => {
		expect(await statusFor(undefined)).toBe('open')
		await restart({ isOriginRequired: true })
		expect(await statusFor(undefined)).toContain('403')
		expect(await statusFor(server.url)).toBe('open')
	})

	it('[SG18] allowed origins get in beside the public one, and the Host header then counts for nothing', async () => {
		await restart({ publicOrigin: 'https://watch.example', allowedOrigins: ['https://pages.example'] })
		expect(await statusFor('https://watch.example')).toBe('open')
		expect(await statusFor('https://pages.example')).toBe('open')
		expect(await statusFor(server.url)).toContain('403')
	})

	it('an unknown path gets 404', async () => {
		expect(await statusFor(server.url, '/nothing')).toContain('404')
		await restart({ hasYWebrtc: false })
		expect(await statusFor(server.url, '/y-webrtc')).toContain('404')
	})
})

describe('frames', () => {
	it('[SG19] over 64 KiB end the socket with 1009', async () => {
		const alice = await joinRoom(server.url, newRoomId())
		alice.send('x'.repeat(64 * 1024 + 1))
		expect((await alice.closed).code).toBe(1009)
		expect(server.app.counters.count('frame-too-big')).toBe(1)
	})

	it('[SG19] in more than 16 fragments end the socket', async () => {
		const raw = await openRaw(server.port, '/ws')
		raw.write(rawFrame('{', { isFinal: false }))
		for (let i = 0; i < 20; i++) raw.write(rawFrame('', { opcode: 0, isFinal: false }))
		await raw.ended
		expect(server.app.counters.count('frame')).toBe(1)
	})

	it('[SG19] in 16 fragments are one message', async () => {
		const raw = await openRaw(server.port, '/y-webrtc')
		const pieces = '{"type":"ping" }'.split('')
		pieces.forEach((piece, at) =>
			raw.write(rawFrame(piece, { opcode: at === 0 ? 1 : 0, isFinal: at === pieces.length - 1 })),
		)
		await raw.until('{"type":"pong"}')
		raw.reset()
	})

	it('[SG19] are never compressed, also where the client offers it', async () => {
		const socket = await openSocket(server.url, '/ws', { origin: server.url, perMessageDeflate: true })
		expect(socket.ws.extensions).toBe('')
	})

	it('[SG19] of bytes are no messages', async () => {
		const alice = await joinRoom(server.url, newRoomId())
		alice.ws.send(Buffer.from('{"type":"leave"}'), { binary: true })
		expect((await alice.next('refused')).why).toBe('bad-message')
		expect(alice.isOpen()).toBe(true)
	})

	it('[SG19] that are no messages are refused ten times, then the socket ends', async () => {
		const alice = await joinRoom(server.url, newRoomId())
		for (let i = 0; i < 20; i++) alice.send('nonsense')
		expect((await alice.closed).code).toBe(1008)
		expect(server.app.counters.count('bad-message')).toBe(11)
	})
})

describe('before joining', () => {
	it('[SG20] there are 10 s, whatever is said meanwhile', async () => {
		const silent = await openSocket(server.url)
		const chatty = await openSocket(server.url)
		const listener = await openSocket(server.url, '/y-webrtc')
		for (let second = 0; second < 9; second++) {
			chatty.send({ type: 'clock', id: second, t0: 0 })
			await chatty.next('refused')
			skip(1_000)
		}
		expect([silent.isOpen(), chatty.isOpen(), listener.isOpen()]).toEqual([true, true, true])
		skip(1_000)
		for (const socket of [silent, chatty, listener]) expect((await socket.closed).code).toBe(4001)
		expect(server.app.counters.count('join-timeout')).toBe(3)
	})

	it('[SG20] who has joined has all the time', async () => {
		const alice = await joinRoom(server.url, newRoomId())
		skip(11_000)
		await alice.clock()
		expect(server.app.counters.count('join-timeout')).toBe(0)
	})

	it('[SG20] there are 64 KiB', async () => {
		const socket = await openSocket(server.url)
		const big = { type: 'signal', to: newPeerId(), data: 'x'.repeat(30_000) }
		for (let i = 0; i < 3; i++) socket.send(big)
		expect((await socket.closed).code).toBe(1009)
		expect(server.app.counters.count('pre-join-bytes')).toBe(1)
	})
})

describe('floods', () => {
	it('[SG21] of messages: 100 get through, the rest is refused, then the socket ends; others notice nothing', async () => {
		const room = newRoomId()
		const bob = await joinRoom(server.url, room)
		const alice = await joinRoom(server.url, room)
		const charlie = await joinRoom(server.url, room)
		for (let i = 0; i < 2_000; i++) alice.send({ type: 'signal', to: bob.peer, data: String(i) })
		expect((await alice.closed).code).toBe(4008)
		await bob.clock()
		const delivered = bob.inbox.filter((message) => message.type === 'signal').length
		expect(delivered).toBeGreaterThanOrEqual(100)
		expect(delivered).toBeLessThanOrEqual(120)
		expect(server.app.counters.count('rate-limited')).toBeGreaterThanOrEqual(200)
		const { why, retryAfterMs } = await alice.next('refused')
		expect(why).toBe('rate-limited')
		expect(retryAfterMs).toBeGreaterThan(0)
		expect(retryAfterMs).toBeLessThanOrEqual(20)
		expect((await bob.next('peer-left')).why).toBe('closed')
		expect([bob.isOpen(), charlie.isOpen()]).toEqual([true, true])
	})

	it('[SG21] a little too many are only refused, and a second later all is well', async () => {
		const alice = await joinRoom(server.url, newRoomId())
		for (let id = 0; id < 150; id++) alice.send({ type: 'clock', id, t0: 0 })
		await alice.next('refused')
		skip(2_000)
		await alice.clock()
		expect(alice.isOpen()).toBe(true)
	})

	it('[SG21] of bytes: 1 MiB at once, then 256 KiB a second', async () => {
		const room = newRoomId()
		const bob = await joinRoom(server.url, room)
		const alice = await joinRoom(server.url, room)
		const data = 'x'.repeat(SIGNAL_DATA_MAX_CHARS)
		for (let i = 0; i < 80; i++) alice.send({ type: 'signal', to: bob.peer, data })
		await alice.next('refused')
		skip(5_000)
		await alice.clock()
		const delivered = bob.inbox.filter((message) => message.type === 'signal').length
		expect(delivered).toBeGreaterThanOrEqual(31)
		expect(delivered).toBeLessThanOrEqual(40)
	})

	it('[SG21] of pings count like messages', async () => {
		const alice = await joinRoom(server.url, newRoomId())
		for (let i = 0; i < 1_000; i++) alice.ws.ping()
		// 4008 from us, or cut off by ws where more pongs wait to be sent than it allows.
		expect([4008, 1006]).toContain((await alice.closed).code)
		expect(server.app.counters.count('rate-limited')).toBeGreaterThan(0)
	})

	it('[SG22] of sockets: 40 of one address, one more gets 429, and one that ends makes room', async () => {
		const sockets = []
		for (let i = 0; i < 40; i++) sockets.push(await openSocket(server.url))
		await expect(openSocket(server.url)).rejects.toThrow('429')
		expect(server.app.counters.count('address-sockets')).toBe(1)
		sockets[0]?.close()
		await expect.poll(() => server.app.stats().sockets).toBe(39)
		await openSocket(server.url)
	})

	it('[SG25] of upgrades are counted like requests', async () => {
		await restart({ limits: { readsPerMinute: 5 } })
		const outcomes = []
		for (let i = 0; i < 8; i++) outcomes.push(await openSocket(server.url).then(() => 'open', String))
		expect(outcomes.filter((outcome) => outcome === 'open')).toHaveLength(5)
		expect(outcomes.filter((outcome) => outcome.includes('429'))).toHaveLength(3)
	})
})

it('[SG23] who does not read is closed at 1 MiB unread; the others go on meanwhile', async () => {
	await restart({
		limits: { messagesPerSecond: 1e6, messageBurst: 1e6, bytesPerSecond: 1e9, byteBurst: 1e9 },
	})
	const room = newRoomId()
	const alice = await joinRoom(server.url, room)
	const bob = await joinRoom(server.url, room)
	const charlie = await joinRoom(server.url, room)
	alice.ws.pause()
	const data = 'x'.repeat(SIGNAL_DATA_MAX_CHARS)
	// What the kernel's buffers swallow is not ours to count: up to some 10 MB.
	for (let i = 0; i < 1_000 && server.app.counters.count('too-slow') === 0; i++) {
		bob.send({ type: 'signal', to: alice.peer, data })
		if (i % 20 === 0) await charlie.clock()
	}
	expect(await charlie.next('peer-left')).toMatchObject({ peer: alice.peer, why: 'closed' })
	expect(server.app.counters.count('too-slow')).toBe(1)
	alice.ws.resume()
	expect((await alice.closed).code).toBe(1013)
	await bob.clock()
})

describe('a heartbeat', () => {
	it('[SG24] a socket that answers no ping for 30 s is gone; one that answers stays', async () => {
		const room = newRoomId()
		const dead = await joinRoom(server.url, room, { socket: { autoPong: false } })
		const alive = await joinRoom(server.url, room)
		for (let step = 0; step < 3; step++) {
			skip(15_000)
			await new Promise<void>((resolve) => {
				alive.ws.once('ping', () => resolve())
			})
			// The pong travels behind this answer.
			await alive.clock()
		}
		expect((await dead.closed).code).toBe(1006)
		expect(alive.isOpen()).toBe(true)
		expect(server.app.counters.count('heartbeat')).toBe(1)
		skip(10_000)
		expect(await alive.next('peer-left')).toEqual({ type: 'peer-left', peer: dead.peer, why: 'timeout' })
	})
})

it('[SG6] who comes back within 10 s has not left', async () => {
	const room = newRoomId()
	const alice = await joinRoom(server.url, room)
	const bob = await joinRoom(server.url, room)
	bob.close()
	await expect.poll(() => server.app.stats().inGrace).toBe(1)
	skip(9_000)
	const again = await joinRoom(server.url, room, { person: bob.person, peer: bob.peer })
	skip(20_000)
	await alice.clock()
	expect(alice.inbox.map(({ type }) => type)).not.toContain('peer-left')
	alice.send({ type: 'signal', to: bob.peer, data: 'x' })
	await again.next('signal')
})

it('[SG31] stopping closes every socket with 1012 and refuses new ones', async () => {
	const alice = await joinRoom(server.url, newRoomId())
	const listener = await openSocket(server.url, '/y-webrtc')
	await server.app.close('restart')
	expect((await alice.closed).code).toBe(1012)
	expect((await listener.closed).code).toBe(1012)
	await expect(openSocket(server.url)).rejects.toThrow()
})
