/**
 * 100,000 frames nobody should send, from a seed: messages bent in structure and in bytes, on sockets in a room and on
 * `/y-webrtc`, and frames and requests broken on the wire. The server stays, and innocents keep their sockets.
 * A run is repeated with FUZZ_SEED; FUZZ_FRAMES makes it longer.
 */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { joinVersionOf, SIGNALING_VERSION } from '#lib/protocol/signaling.ts'
import { joinRoom, newPeerId, newPerson, newRoomId, newTicket } from '../support/ws-client.ts'
import { openTcp, rawFrame, upgradeRequest } from '../support/ws-raw.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'

const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 100_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 0xffff_ffff)
const ON_THE_WIRE = Math.floor(FRAMES / 20)
const FRAMES_PER_CONNECTION = 5
const BATCH = 250

/** mulberry32 */
const createRandom = (seed: number) => {
	let state = seed >>> 0
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0
		let t = state
		t = Math.imul(t ^ (t >>> 15), t | 1)
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
	}
	const below = (limit: number): number => Math.floor(next() * limit)
	return {
		below,
		chance: (odds: number): boolean => next() < odds,
		pick: <T>(values: readonly [T, ...T[]]): T => values[below(values.length)] ?? values[0],
		bytes: (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => below(256))),
	}
}
type Random = ReturnType<typeof createRandom>

const ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const NASTY = [
	null,
	true,
	0,
	-1,
	-0,
	1.5,
	2 ** 53,
	1e308,
	'',
	'x',
	'\u0000',
	'\ud800',
	'\u202e',
	'__proto__',
	'constructor',
	ID,
	'x'.repeat(3_000),
	[],
	[[]],
	{},
	{ __proto__: { isHost: true } },
	{ constructor: { prototype: { isHost: true } } },
	{ toString: null, valueOf: 1 },
	Array(100).fill(null),
] as const satisfies readonly unknown[]

type Message = Record<string, unknown>

/** Some change of structure: a field of the wrong kind, one too few, one too many, an unknown type. */
const bend = (random: Random, message: Message): Message => {
	const copy: Message = { ...message }
	const keys = Object.keys(copy) as [string, ...string[]]
	switch (random.below(5)) {
		case 0:
			delete copy[random.pick(keys)]
			return copy
		case 1:
			copy[random.pick(['admin', '__proto__', 'constructor', 'then', 'toJSON', 'length'])] = random.pick([
				...NASTY,
			])
			return copy
		case 2:
			copy['type'] = random.pick(['', 'JOIN', 'joined', 'toString', '__proto__', ...NASTY])
			return copy
		default:
			copy[random.pick(keys)] = random.pick([...NASTY])
			return copy
	}
}

/** Some change of text: bytes flipped, cut, doubled, or something else altogether. */
const garble = (random: Random, text: string): string => {
	const at = random.below(text.length + 1)
	switch (random.below(6)) {
		case 0:
			return text.slice(0, at)
		case 1:
			return text.slice(at)
		case 2:
			return text.slice(0, at) + String.fromCharCode(random.below(0x3000)) + text.slice(at + 1)
		case 3:
			return text + text
		case 4:
			return random.pick(['[', '{"a":', '"', '-', '\\u', ' ']).repeat(random.below(2_000))
		default:
			return random.bytes(random.below(200)).toString('latin1')
	}
}

const fuzzedText = (random: Random, samples: readonly [Message, ...Message[]]): string => {
	const message = random.pick(samples)
	if (random.chance(0.1)) return JSON.stringify(message)
	const bent = random.chance(0.6) ? bend(random, message) : message
	const text = JSON.stringify(bent)
	return random.chance(0.4) ? garble(random, text) : text
}

/** A frame with something wrong in its header, or its bytes. */
const fuzzedFrame = (random: Random, text: string): Buffer => {
	const frame = rawFrame(random.chance(0.3) ? random.bytes(random.below(300)) : text, {
		opcode: random.chance(0.5) ? 1 : random.below(16),
		isFinal: random.chance(0.8),
		reservedBits: random.chance(0.8) ? 0 : random.below(8),
		isMasked: random.chance(0.9),
		...(random.chance(0.9)
			? {}
			: { claimedLength: BigInt(random.below(2 ** 31)) << BigInt(random.below(32)) }),
	})
	if (random.chance(0.3)) frame[random.below(frame.length)] = random.below(256)
	return random.chance(0.1) ? frame.subarray(0, random.below(frame.length)) : frame
}

let server: TestServer
beforeAll(async () => {
	const much = 1_000_000_000
	server = await startServer({
		limits: {
			messagesPerSecond: much,
			messageBurst: much,
			bytesPerSecond: much,
			byteBurst: much,
			badMessageBurst: much,
			socketsPerAddress: much,
			readsPerMinute: much,
		},
	})
})
afterAll(() => server.close())

const until = (isSo: () => boolean) => expect.poll(isSo, { timeout: 20_000, interval: 5 }).toBe(true)

it(`[SG26] ${String(FRAMES)} fuzzed frames end no process and no socket of others`, async () => {
	console.log(`fuzz: FUZZ_SEED=${String(SEED)} FUZZ_FRAMES=${String(FRAMES)}`)
	const random = createRandom(SEED)
	const startedMs = performance.now()
	const rssBefore = process.memoryUsage().rss

	const room = newRoomId()
	const innocent = await joinRoom(server.url, room)
	// Answers are counted and dropped: nothing of what is fuzzed is kept.
	const listener = new WebSocket(`${server.url.replace('http', 'ws')}/y-webrtc`, { origin: server.url })
	let pongs = 0
	listener.on('message', (data: Buffer) => (pongs += data.toString() === '{"type":"pong"}' ? 1 : 0))
	await once(listener, 'open')
	listener.send('{"type":"subscribe","topics":["a"]}')

	const member = await joinRoom(server.url, room)
	const publisher = new WebSocket(`${server.url.replace('http', 'ws')}/y-webrtc`, { origin: server.url })
	let published = 0
	publisher.on('message', () => published++)
	await once(publisher, 'open')
	publisher.send('{"type":"subscribe","topics":["a"]}')

	const toHub: [Message, ...Message[]] = [
		{ type: 'join', v: SIGNALING_VERSION, room, peer: innocent.peer, ticket: 'a.b.c' },
		{ type: 'signal', to: innocent.peer, data: 'c2VhbGVk' },
		{ type: 'signal', to: ID, data: '' },
		{ type: 'clock', id: 1, t0: 1.5 },
	]
	const toTopics: [Message, ...Message[]] = [
		{ type: 'subscribe', topics: ['a', 'b'] },
		{ type: 'unsubscribe', topics: ['b'] },
		{ type: 'publish', topic: 'a', data: { type: 'announce', from: ID } },
		{ type: 'publish', topic: 'a', data: 'c2VhbGVk' },
		{ type: 'ping' },
	]

	let sent = 0
	while (sent < FRAMES - ON_THE_WIRE) {
		for (let n = 0; n < BATCH; n++, sent += 2) {
			let text = fuzzedText(random, toHub)
			// A join of another version rightly ends the socket, and what follows would not be read.
			while ((joinVersionOf(text) ?? SIGNALING_VERSION) !== SIGNALING_VERSION)
				text = fuzzedText(random, toHub)
			member.ws.send(text)
			publisher.send(fuzzedText(random, toTopics))
		}
		// Answered in order: all of the batch has been read.
		await member.clock()
		member.inbox.length = 0
		innocent.inbox.length = 0
		expect(member.isOpen()).toBe(true)
		expect(publisher.readyState).toBe(WebSocket.OPEN)
	}
	const processedMs = performance.now() - startedMs
	const counts = server.app.counters.all()

	const person = await newPerson(server.url)
	const everything: [Message, ...Message[]] = [...toHub, ...toTopics, { type: 'leave' }]
	for (let connection = 0; connection * FRAMES_PER_CONNECTION < ON_THE_WIRE; connection++) {
		const raw = await openTcp(server.port)
		const path = random.pick(['/ws', '/ws', '/ws', '/y-webrtc', '/y-webrtc', '/y-webrtc', '/', '/api/x'])
		let request: Buffer = Buffer.from(upgradeRequest(server.port, path))
		if (random.chance(0.2)) request[random.below(request.length)] = random.below(256)
		if (random.chance(0.05)) request = random.bytes(random.below(2_000))
		const pieces: Buffer[] = [request]
		if (path === '/ws' && random.chance(0.1)) {
			const peer = newPeerId()
			const ticket = await newTicket(server.url, person, room, peer)
			pieces.push(rawFrame(JSON.stringify({ type: 'join', v: SIGNALING_VERSION, room, peer, ticket })))
		}
		for (let n = 0; n < FRAMES_PER_CONNECTION; n++, sent++)
			pieces.push(fuzzedFrame(random, fuzzedText(random, everything)))
		raw.write(Buffer.concat(pieces))
		if (random.chance(0.5)) raw.tcp.end()
		if (random.chance(0.1)) raw.reset()
		if (connection % 50 === 0) await innocent.clock()
		else await Promise.race([raw.ended, new Promise((resolve) => setTimeout(resolve, 5))])
		raw.reset()
		innocent.inbox.length = 0
	}

	const pongsBefore = pongs
	listener.send('{"type":"ping"}')
	await until(() => pongs > pongsBefore)
	await innocent.clock()
	expect(innocent.isOpen()).toBe(true)
	expect(listener.readyState).toBe(WebSocket.OPEN)
	expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
	expect(sent).toBeGreaterThanOrEqual(FRAMES)
	expect(published).toBeGreaterThan(0)
	// They were all read: most were refused, by name.
	expect((counts['bad-message'] ?? 0) + (counts['y-bad-message'] ?? 0)).toBeGreaterThan(FRAMES / 2)
	expect(server.app.counters.count('internal')).toBe(0)
	publisher.terminate()
	listener.terminate()
	const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
	const growth = ((process.memoryUsage().rss - rssBefore) / 1024 / 1024).toFixed(0)
	console.log(
		`fuzz: ${String(sent)} frames in ${seconds} s (messages ${(processedMs / 1000).toFixed(1)} s), ` +
			`RSS ${growth} MB more with client and server in one process`,
		server.app.counters.all(),
	)
}, 120_000)
