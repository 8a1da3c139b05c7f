/**
 * F15: a subset of RFC 6455 of our own, case by case, against our server: handshakes, frames, fragments, control
 * frames, closing, UTF-8. What stands here is what the server does on the wire, whatever library it does it with.
 */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRaw, openTcp, rawFrame, upgradeRequest, type RawSocket } from '../support/ws-raw.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'
import { createVerdict } from './verdict.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const TEXT = 1
const BINARY = 2
const CONTINUATION = 0
const CLOSE = 8
const PING = 9
const PONG = 10
const OURS = '{"type":"ping"}'
const THEIRS = '{"type":"pong"}'

interface Frame {
	readonly opcode: number
	readonly payload: Buffer
}

/** What the server has sent after its answer to the handshake: never masked, and here never fragmented. */
const framesIn = (bytes: Buffer): Frame[] => {
	const frames: Frame[] = []
	let at = bytes.indexOf('\r\n\r\n') + 4
	while (at + 2 <= bytes.length) {
		let length = (bytes[at + 1] ?? 0) & 0x7f
		let header = 2
		if (length === 126) {
			length = bytes.readUInt16BE(at + 2)
			header = 4
		}
		if (at + header + length > bytes.length) break
		frames.push({
			opcode: (bytes[at] ?? 0) & 0x0f,
			payload: bytes.subarray(at + header, at + header + length),
		})
		at += header + length
	}
	return frames
}

/** What a case has to bring about. */
type Outcome =
	/** A close frame with this code; null: one without a code. */
	| { readonly type: 'close'; readonly code: number | null }
	| { readonly type: 'pong'; readonly payload: string }
	/** The message was read: it is answered. */
	| { readonly type: 'answer' }
	/** Nothing: the socket is open, and answers to what comes then. */
	| { readonly type: 'quiet' }

interface Case {
	readonly name: string
	readonly send: readonly (Buffer | string)[]
	readonly outcome: Outcome
}

const close = (code: number | null): Outcome => ({ type: 'close', code })
const ANSWER: Outcome = { type: 'answer' }
const QUIET: Outcome = { type: 'quiet' }
const closeFrame = (code: number, reason: string | Buffer = ''): Buffer => {
	const head = Buffer.alloc(2)
	head.writeUInt16BE(code)
	return rawFrame(Buffer.concat([head, Buffer.from(reason)]), { opcode: CLOSE })
}

/** `text` in `count` frames. */
const fragments = (text: string | Buffer, count: number): Buffer[] => {
	const bytes = Buffer.from(text)
	const size = Math.max(1, Math.floor(bytes.length / count))
	return Array.from({ length: count }, (_, i) =>
		rawFrame(bytes.subarray(i * size, i === count - 1 ? bytes.length : (i + 1) * size), {
			opcode: i === 0 ? TEXT : CONTINUATION,
			isFinal: i === count - 1,
		}),
	)
}

const CASES: Case[] = []
const add = (name: string, send: Case['send'], outcome: Outcome) => CASES.push({ name, send, outcome })

// --- messages and how they are cut

add('a text message', [rawFrame(OURS)], ANSWER)
for (let count = 2; count <= 12; count++)
	add(`text in ${String(count)} frames`, fragments(OURS, count), ANSWER)
add('an empty first fragment', [rawFrame('', { isFinal: false }), rawFrame(OURS, { opcode: 0 })], ANSWER)
add('an empty last fragment', [rawFrame(OURS, { isFinal: false }), rawFrame('', { opcode: 0 })], ANSWER)
add('two messages in one packet', [Buffer.concat([rawFrame(OURS), rawFrame(OURS)])], ANSWER)
add(
	'a message byte by byte',
	Array.from(rawFrame(OURS), (byte) => Buffer.from([byte])),
	ANSWER,
)
add('a length in 2 bytes where 1 would do', [withLength16(OURS)], ANSWER)
add('a length in 8 bytes where 1 would do', [rawFrame(OURS, { claimedLength: BigInt(OURS.length) })], ANSWER)
for (const spaces of [109, 110, 111, 112, 200, 1_000])
	add(
		`a text of ${String(OURS.length + spaces)} bytes`,
		[rawFrame(OURS.slice(0, -1) + ' '.repeat(spaces) + '}')],
		ANSWER,
	)

function withLength16(text: string): Buffer {
	const frame = rawFrame(text)
	const length = Buffer.alloc(2)
	length.writeUInt16BE(text.length)
	return Buffer.concat([Buffer.from([frame[0] ?? 0, 0x80 | 126]), length, frame.subarray(2)])
}

// --- control frames

for (const size of [0, 1, 2, 60, 124, 125])
	add(`a ping of ${String(size)} bytes`, [rawFrame('p'.repeat(size), { opcode: PING })], {
		type: 'pong',
		payload: 'p'.repeat(size),
	})
add(
	'ten pings',
	Array.from({ length: 10 }, () => rawFrame('10', { opcode: PING })),
	{
		type: 'pong',
		payload: '10',
	},
)
add('a ping in bytes that are no text', [rawFrame(Buffer.from([0, 255, 254, 0x80]), { opcode: PING })], {
	type: 'pong',
	payload: Buffer.from([0, 255, 254, 0x80]).toString('latin1'),
})
add('a pong nobody asked for', [rawFrame('x', { opcode: PONG })], QUIET)
add('an empty pong nobody asked for', [rawFrame('', { opcode: PONG })], QUIET)
const [firstHalf = '', secondHalf = ''] = [OURS.slice(0, 7), OURS.slice(7)]
add(
	'a ping between two fragments',
	[
		rawFrame(firstHalf, { isFinal: false }),
		rawFrame('in between', { opcode: PING }),
		rawFrame(secondHalf, { opcode: CONTINUATION }),
	],
	{ type: 'pong', payload: 'in between' },
)
add(
	'a message around a ping',
	[
		rawFrame(firstHalf, { isFinal: false }),
		rawFrame('', { opcode: PING }),
		rawFrame(secondHalf, { opcode: CONTINUATION }),
	],
	ANSWER,
)
for (const [name, opcode] of [
	['ping', PING],
	['pong', PONG],
	['close', CLOSE],
] as const) {
	add(`a ${name} in fragments`, [rawFrame('', { opcode, isFinal: false })], close(1002))
	add(`a ${name} of 126 bytes`, [rawFrame('x'.repeat(126), { opcode })], close(1002))
	add(`a ${name} without a mask`, [rawFrame('', { opcode, isMasked: false })], close(1002))
}

// --- what the protocol forbids

for (let bits = 1; bits <= 7; bits++) {
	add(`reserved bits ${bits.toString(2)} on text`, [rawFrame(OURS, { reservedBits: bits })], close(1002))
	add(
		`reserved bits ${bits.toString(2)} on a ping`,
		[rawFrame('', { opcode: PING, reservedBits: bits })],
		close(1002),
	)
}
for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
	add(`the reserved opcode ${String(opcode)}`, [rawFrame('', { opcode })], close(1002))
	add(`the reserved opcode ${String(opcode)}, not empty`, [rawFrame('x', { opcode })], close(1002))
}
add('text without a mask', [rawFrame(OURS, { isMasked: false })], close(1002))
add('a continuation of nothing', [rawFrame('x', { opcode: CONTINUATION })], close(1002))
add(
	'a continuation of nothing, with more to come',
	[rawFrame('x', { opcode: CONTINUATION, isFinal: false })],
	close(1002),
)
add(
	'a continuation of what is over',
	[...fragments(OURS, 2), rawFrame('x', { opcode: CONTINUATION })],
	close(1002),
)
add('text inside a text', [rawFrame('{', { isFinal: false }), rawFrame(OURS)], close(1002))
add(
	'bytes inside a text',
	[rawFrame('{', { isFinal: false }), rawFrame('x', { opcode: BINARY })],
	close(1002),
)

// --- too much

add('17 fragments', fragments(OURS.padEnd(34), 17), close(1008))
add('a frame of 64 KiB and a byte', [rawFrame('x'.repeat(65_537))], close(1009))
add('a length of 2^31', [rawFrame('', { claimedLength: 2n ** 31n })], close(1009))
add('a length of 2^63', [rawFrame('', { claimedLength: 2n ** 63n })], close(1009))
add(
	'fragments that are too much together',
	[
		rawFrame('x'.repeat(40_000), { isFinal: false }),
		rawFrame('x'.repeat(40_000), { opcode: CONTINUATION, isFinal: false }),
	],
	close(1009),
)

// --- closing

for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 3000, 3999, 4000, 4999])
	add(`close ${String(code)}`, [closeFrame(code)], close(code))
for (const code of [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])
	add(`close ${String(code)}, which is none`, [closeFrame(code)], close(1002))
add('close without a code', [rawFrame('', { opcode: CLOSE })], close(null))
add('close with half a code', [rawFrame('\u0003', { opcode: CLOSE })], close(1002))
add('close with a reason', [closeFrame(1000, 'good night')], close(1000))
add('close with a reason of 123 bytes', [closeFrame(1000, 'x'.repeat(123))], close(1000))
add('close with a reason of 124 bytes', [closeFrame(1000, 'x'.repeat(124))], close(1002))
add('close with a reason that is no text', [closeFrame(1000, Buffer.from([0xc3, 0x28]))], close(1007))
add('a message after close', [closeFrame(1000), rawFrame(OURS)], close(1000))
add('a ping after close', [closeFrame(1001), rawFrame('late', { opcode: PING })], close(1001))

// --- UTF-8

const NOT_UTF8: Readonly<Record<string, readonly number[]>> = {
	'a lone continuation byte': [0x80],
	'a start without its rest': [0xc3],
	'a wrong second byte': [0xc3, 0x28],
	'an overlong slash': [0xc0, 0xaf],
	'an overlong NUL': [0xe0, 0x80, 0x80],
	'a surrogate': [0xed, 0xa0, 0x80],
	'beyond the last character': [0xf4, 0x90, 0x80, 0x80],
	'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
	'0xff': [0xff],
	'four bytes cut to three': [0xf0, 0x9f, 0x98],
}
for (const [name, bytes] of Object.entries(NOT_UTF8)) {
	add(`text with ${name}`, [rawFrame(Buffer.from(bytes))], close(1007))
	add(`fragments with ${name}`, fragments(Buffer.from([0x20, ...bytes, 0x20]), 2), close(1007))
}
add(
	'a character cut between fragments',
	fragments(Buffer.from('{"type":"ping","_":"🎬"}').subarray(0, -1), 2).slice(0, 1),
	QUIET,
)

let server: TestServer
beforeAll(async () => {
	const much = 1_000_000_000
	server = await startServer({
		limits: { socketsPerAddress: much, messagesPerSecond: much, badMessageBurst: much, readsPerMinute: much },
	})
})
afterAll(() => server.close())

const settled = async (raw: RawSocket, isDone: (frames: readonly Frame[]) => boolean): Promise<Frame[]> => {
	const untilMs = performance.now() + 5_000
	for (;;) {
		const frames = framesIn(raw.received())
		if (isDone(frames) || performance.now() > untilMs) return frames
		await new Promise((resolve) => setTimeout(resolve, 2))
	}
}
const codeOf = (frame: Frame): number | null =>
	frame.payload.length === 0 ? null : frame.payload.readUInt16BE(0)

/** Null where it came out as it should. */
const runCase = async ({ name, send, outcome }: Case): Promise<string | null> => {
	const raw = await openRaw(server.port, '/y-webrtc')
	for (const bytes of send) {
		raw.write(bytes)
		// Pieces stay pieces on the wire.
		if (bytes.length === 1) await new Promise((resolve) => setImmediate(resolve))
	}
	const isClose = ({ opcode }: Frame) => opcode === CLOSE
	const isAnswer = ({ opcode, payload }: Frame) => opcode === TEXT && payload.toString() === THEIRS
	const isPong = ({ opcode, payload }: Frame) =>
		opcode === PONG && outcome.type === 'pong' && payload.toString('latin1') === outcome.payload
	let found: string | null = null
	if (outcome.type === 'close') {
		const last = (await settled(raw, (frames) => frames.some(isClose))).find(isClose)
		const code = last === undefined ? 'no close' : codeOf(last)
		if (code !== outcome.code) found = `${name}: ${String(code)} instead of ${String(outcome.code)}`
		// Nothing is said after that, and the connection ends.
		const isOver = await Promise.race([
			raw.ended.then(() => true),
			new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 5_000)),
		])
		if (found === null && !isOver) found = `${name}: the connection stays`
		const after = framesIn(raw.received())
		if (found === null && !isClose(after.at(-1) ?? { opcode: -1, payload: Buffer.alloc(0) }))
			found = `${name}: something was said after the close`
	} else if (outcome.type === 'quiet') {
		// A control frame may come in mid-message: its answer shows that the socket is well.
		raw.write(rawFrame('still there', { opcode: PING }))
		const frames = await settled(raw, (all) => all.some(({ opcode }) => opcode === PONG))
		if (frames.length !== 1 || frames[0]?.payload.toString() !== 'still there') found = `${name}: not quiet`
	} else {
		const isIt = outcome.type === 'pong' ? isPong : isAnswer
		const frames = await settled(raw, (all) => all.some((frame) => isIt(frame) || isClose(frame)))
		if (!frames.some(isIt)) found = `${name}: ${frames.map((one) => String(one.opcode)).join()} instead`
	}
	raw.reset()
	return found
}

it(`[FA15, SG26] ${String(CASES.length)} cases of frames come out as RFC 6455 has it`, async () => {
	const wrong: string[] = []
	for (let from = 0; from < CASES.length; from += 8) {
		const results = await Promise.all(CASES.slice(from, from + 8).map(runCase))
		for (const result of results) if (result !== null) wrong.push(result)
	}
	const verdict = createVerdict('F15 RFC 6455, our subset')
	verdict.atLeast('cases', CASES.length, 120)
	verdict.is('not as it should be', wrong.length, 0)
	verdict.is('faults of ours', server.app.counters.count('internal'), 0)
	expect(verdict.end(), wrong.join('\n')).toEqual([])
}, 120_000)

/** The head of what the server answers to `request`. */
const answerTo = async (request: string): Promise<string> => {
	const raw = await openTcp(server.port)
	raw.write(request)
	const untilMs = performance.now() + 5_000
	while (!raw.received().includes('\r\n\r\n') && performance.now() < untilMs)
		await new Promise((resolve) => setTimeout(resolve, 2))
	const head = raw.received().toString('latin1').split('\r\n\r\n')[0] ?? ''
	raw.reset()
	return head
}

it('[FA15] handshakes are accepted with the right key, or refused before anything is upgraded', async () => {
	const good = upgradeRequest(server.port, '/y-webrtc')
	const key = /Sec-WebSocket-Key: (.*)\r\n/.exec(good)?.[1] ?? ''
	const accepted = await answerTo(good)
	expect(accepted).toMatch(/^HTTP\/1\.1 101 /)
	expect(accepted).toContain(
		`Sec-WebSocket-Accept: ${createHash('sha1')
			.update(key + GUID)
			.digest('base64')}`,
	)
	// Compression is offered by every browser, and taken by nobody here.
	const offering = await answerTo(
		upgradeRequest(server.port, '/y-webrtc', 'Sec-WebSocket-Extensions: permessage-deflate\r\n'),
	)
	expect(offering).toMatch(/^HTTP\/1\.1 101 /)
	expect(offering).not.toMatch(/Sec-WebSocket-Extensions/i)

	const statuses = await Promise.all(
		[
			good.replace('Upgrade: websocket', 'UPGRADE: WebSocket').replace('Upgrade\r\n', 'upgrade\r\n'),
			good.replace(/Sec-WebSocket-Key: .*\r\n/, ''),
			good.replace(/Sec-WebSocket-Key: .*\r\n/, 'Sec-WebSocket-Key: c2hvcnQ=\r\n'),
			good.replace(': 13', ': 12'),
			good.replace(/Sec-WebSocket-Version: 13\r\n/, ''),
			good.replace('GET', 'POST'),
			good.replace('Upgrade: websocket', 'Upgrade: h2c'),
			upgradeRequest(server.port, '/elsewhere'),
		].map(async (request) => (await answerTo(request)).slice(9, 12)),
	)
	const [relaxed, ...refused] = statuses
	expect(relaxed).toBe('101')
	for (const status of refused) expect(status).toMatch(/^(400|404|405|426)$/)
})
