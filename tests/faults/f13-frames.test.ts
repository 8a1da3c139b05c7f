/**
 * F13: frames nobody should send, from a seed, at the server as people run it: messages bent in structure and in bytes
 * and relay frames, on a socket in a room and on `/y-webrtc`; and frames and requests broken on the wire. The process
 * stays, no frame holds it up, and innocents keep their sockets. Repeat a run with FUZZ_SEED; FUZZ_FRAMES is its length.
 */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import { joinVersionOf, SIGNALING_VERSION } from '#lib/protocol/signaling.ts'
import { startApp, type AppServer } from '../support/app.ts'
import {
	ask,
	joinRoom,
	newPeerId,
	newPerson,
	newRoomId,
	newTicket,
	type Joined,
} from '../support/ws-client.ts'
import { openTcp, rawFrame, upgradeRequest } from '../support/ws-raw.ts'
import { AN_ID, createFuzz, type Message } from './fuzz.ts'
import { cpuMsOf, MIB, rssOf } from './process.ts'
import { seedOf, sizeOf } from './sizes.ts'
import { createVerdict } from './verdict.ts'

const FRAMES = sizeOf('FUZZ_FRAMES', 100_000, 1_000_000)
const SEED = seedOf('FUZZ_SEED')
const ON_THE_WIRE = Math.floor(FRAMES / 20)
const FRAMES_PER_CONNECTION = 5
const BATCH = 500
/** No frame may keep the server from its other work for longer. */
const HANG_MS = 50
/** A batch that cost this much more than others is sent again, frame by frame. */
const SUSPECT_MS = 150

let app: AppServer
beforeAll(async () => {
	const limits = [
		'MESSAGES_PER_SECOND',
		'MESSAGE_BURST',
		'BYTES_PER_SECOND',
		'BYTE_BURST',
		'RELAY_BYTES_PER_SECOND',
		'RELAY_BYTE_BURST',
		'BAD_MESSAGE_BURST',
		'MAX_SOCKETS_PER_ADDRESS',
		'IDENTITIES_PER_MINUTE',
		'TICKETS_PER_MINUTE',
		'READS_PER_MINUTE',
	]
	app = await startApp({
		MATINEE_CLIENT: 'none',
		LOG_LEVEL: 'fatal',
		...Object.fromEntries(limits.map((name) => [name, '1000000000'])),
	})
}, 60_000)
afterAll(() => app.close())

const until = (isSo: () => boolean) => expect.poll(isSo, { timeout: 60_000, interval: 5 }).toBe(true)

it(`[FA13, SG26] ${String(FRAMES)} fuzzed frames end no process, hold nothing up and cost others nothing`, async () => {
	console.log(`F13: FUZZ_SEED=${String(SEED)} FUZZ_FRAMES=${String(FRAMES)}`)
	const fuzz = createFuzz(SEED)
	const pid = app.pid() ?? 0
	const url = app.url
	const port = Number(new URL(url).port)

	const room = newRoomId()
	const innocent = await joinRoom(url, room)
	const openTopics = async (onMessage: (text: string) => void): Promise<WebSocket> => {
		const ws = new WebSocket(`${url.replace('http', 'ws')}/y-webrtc`, { origin: url })
		ws.on('message', (data: Buffer) => onMessage(data.toString()))
		await once(ws, 'open')
		ws.send('{"type":"subscribe","topics":["a"]}')
		return ws
	}
	let pongs = 0
	let published = 0
	const listener = await openTopics((text) => (pongs += text === '{"type":"pong"}' ? 1 : 0))
	const publisher = await openTopics(() => published++)
	const member = await joinRoom(url, room)

	const toHub: [Message, ...Message[]] = [
		{ type: 'join', v: SIGNALING_VERSION, room, peer: innocent.peer, ticket: 'a.b.c' },
		{ type: 'signal', to: innocent.peer, data: 'c2VhbGVk' },
		{ type: 'signal', to: AN_ID, data: '' },
		{ type: 'clock', id: 1, t0: 1.5 },
	]
	const toTopics: [Message, ...Message[]] = [
		{ type: 'subscribe', topics: ['a', 'b'] },
		{ type: 'unsubscribe', topics: ['b'] },
		{ type: 'publish', topic: 'a', data: { type: 'announce', from: AN_ID } },
		{ type: 'publish', topic: 'a', data: 'c2VhbGVk' },
		{ type: 'ping' },
	]
	const peers: [PeerId, ...PeerId[]] = [innocent.peer, member.peer, AN_ID as PeerId]

	/** A frame for the member's socket. A join of another version rightly ends it, so that is left out. */
	const frameForHub = (): string | Uint8Array => {
		if (fuzz.chance(0.2)) return fuzz.relay(peers)
		for (;;) {
			const text = fuzz.text(toHub)
			if ((joinVersionOf(text) ?? SIGNALING_VERSION) === SIGNALING_VERSION) return text
		}
	}
	const forget = (one: Joined) => {
		one.inbox.length = 0
		one.deliveries.length = 0
	}

	let hangs = 0
	let worstMs = 0
	/** The server's own time, not the clock's: other work on the machine does not count. */
	const costOf = async (send: () => void): Promise<number> => {
		const beforeMs = cpuMsOf(pid)
		send()
		await member.clock() // answered in order: all before it has been read
		return cpuMsOf(pid) - beforeMs
	}
	const search = async (batch: readonly (() => void)[]) => {
		for (const send of batch) {
			const [first, second] = [await costOf(send), await costOf(send)]
			const lastingMs = Math.min(first, second)
			worstMs = Math.max(worstMs, lastingMs)
			if (lastingMs > HANG_MS) hangs++
		}
	}

	let sent = 0
	let rssEarly = 0
	const batchCosts: number[] = []
	while (sent < FRAMES - ON_THE_WIRE) {
		const batch: (() => void)[] = []
		for (let n = 0; n < BATCH; n += 2) {
			const frame = frameForHub()
			const text = fuzz.text(toTopics)
			batch.push(
				() => member.ws.send(frame),
				() => publisher.send(text),
			)
		}
		const costMs = await costOf(() => {
			for (const send of batch) send()
		})
		sent += BATCH
		batchCosts.push(costMs)
		const usualMs = batchCosts.toSorted((a, b) => a - b)[Math.floor(batchCosts.length / 2)] ?? 0
		if (costMs > usualMs + SUSPECT_MS) await search(batch)
		forget(member)
		forget(innocent)
		if (!member.isOpen() || publisher.readyState !== WebSocket.OPEN) break
		if (rssEarly === 0 && sent > FRAMES / 2) rssEarly = rssOf(pid)
	}
	const rssLate = rssOf(pid)

	const person = await newPerson(url)
	const everything: [Message, ...Message[]] = [...toHub, ...toTopics, { type: 'leave' }]
	for (let connection = 0; connection * FRAMES_PER_CONNECTION < ON_THE_WIRE; connection++) {
		const raw = await openTcp(port)
		const path = fuzz.pick(['/ws', '/ws', '/ws', '/y-webrtc', '/y-webrtc', '/y-webrtc', '/', '/api/x'])
		let request: Buffer = Buffer.from(upgradeRequest(port, path))
		if (fuzz.chance(0.2)) request[fuzz.random.integer(request.length)] = fuzz.random.integer(256)
		if (fuzz.chance(0.05)) request = Buffer.from(fuzz.random.bytes(fuzz.random.integer(2_000)))
		const pieces: Buffer[] = [request]
		if (path === '/ws' && fuzz.chance(0.1)) {
			const peer = newPeerId()
			const ticket = await newTicket(url, person, room, peer)
			pieces.push(rawFrame(JSON.stringify({ type: 'join', v: SIGNALING_VERSION, room, peer, ticket })))
		}
		for (let n = 0; n < FRAMES_PER_CONNECTION; n++, sent++) pieces.push(fuzz.frame(fuzz.text(everything)))
		raw.write(Buffer.concat(pieces))
		if (fuzz.chance(0.5)) raw.tcp.end()
		if (fuzz.chance(0.1)) raw.reset()
		if (connection % 50 === 0) await innocent.clock()
		else await Promise.race([raw.ended, new Promise((resolve) => setTimeout(resolve, 5))])
		raw.reset()
		forget(innocent)
	}

	const pongsBefore = pongs
	listener.send('{"type":"ping"}')
	await until(() => pongs > pongsBefore)
	await innocent.clock()
	const { status, body } = await ask(`${url}/healthz`)
	const refused = body['refused'] as Readonly<Record<string, number>>
	const count = (why: string): number => refused[why] ?? 0

	const verdict = createVerdict(`F13 fuzzed frames at the server (seed ${String(SEED)})`)
	verdict.atLeast('frames', sent, FRAMES)
	verdict.is('exits', app.pid() === pid ? 0 : 1, 0)
	verdict.is(`frames over ${String(HANG_MS)} ms`, hangs, 0)
	verdict.note('dearest frame tried alone', `${String(worstMs)} ms`)
	const innocentsLost = [innocent.isOpen(), listener.readyState === WebSocket.OPEN].filter(
		(isOpen) => !isOpen,
	)
	verdict.is('innocents lost', innocentsLost.length, 0)
	verdict.is('member that sent them lost', member.isOpen() ? 0 : 1, 0)
	verdict.is('faults of ours', count('internal') + (status === 200 ? 0 : 1), 0)
	verdict.atMost('memory in the second half', (rssLate - rssEarly) / MIB, 32, ' MiB more')
	verdict.note('refused as no message', count('bad-message') + count('y-bad-message'))
	verdict.note('as no relay frame', count('relay-bad'))
	expect(verdict.end()).toEqual([])
	// They were all read: most were refused, by name.
	expect(count('bad-message') + count('y-bad-message')).toBeGreaterThan(FRAMES / 2)
	expect(count('relay-bad')).toBeGreaterThan(FRAMES / 50)
	expect(published).toBeGreaterThan(0)
	publisher.terminate()
	listener.terminate()
	innocent.close()
	member.close()
}, 3_600_000)
