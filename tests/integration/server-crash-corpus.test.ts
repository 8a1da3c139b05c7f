/**
 * Fifteen single inputs that end other signaling servers, each against a live server: an innocent on either path must
 * keep its socket.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIGNALING_VERSION } from '#lib/protocol/signaling.ts'
import { joinRoom, newPeerId, newPerson, newRoomId, newTicket, type Joined } from '../support/ws-client.ts'
import { openRaw, openTcp, rawFrame, upgradeRequest, type RawSocket } from '../support/ws-raw.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'

/** What is done to an open WebSocket. */
const ON_A_SOCKET: Readonly<Record<string, (raw: RawSocket) => void>> = {
	'text that is not JSON': (raw) => raw.write(rawFrame('x')),
	'the text null': (raw) => raw.write(rawFrame('null')),
	'topics that are a number': (raw) => raw.write(rawFrame('{"type":"subscribe","topics":5}')),
	'join and unsubscribe with null': (raw) => {
		raw.write(rawFrame('{"type":"join","room":null,"peer":null,"ticket":null}'))
		raw.write(rawFrame('{"type":"unsubscribe","topics":null}'))
	},
	'50,000 brackets': (raw) => raw.write(rawFrame('['.repeat(50_000))),
	'the reserved opcode 3': (raw) => raw.write(rawFrame('x', { opcode: 3 })),
	'the reserved bit 2': (raw) => raw.write(rawFrame('x', { reservedBits: 2 })),
	'an unmasked frame': (raw) => raw.write(rawFrame('{"type":"leave"}', { isMasked: false })),
	'text that is not UTF-8': (raw) => raw.write(rawFrame(Buffer.from([0xc3, 0x28, 0xff]))),
	'a length over 2^53': (raw) => raw.write(rawFrame('', { claimedLength: 2n ** 53n + 1n })),
	'the close code 999': (raw) => raw.write(rawFrame(Buffer.from([0x03, 0xe7]), { opcode: 8 })),
	'a ping of 126 bytes': (raw) => raw.write(rawFrame(randomBytes(126), { opcode: 9 })),
	'a reset in mid-frame': (raw) => {
		raw.write(rawFrame('x'.repeat(1_000)).subarray(0, 500))
		raw.reset()
	},
}

/** What is done to a TCP connection. */
const ON_TCP: Readonly<Record<string, (raw: RawSocket, port: number) => void>> = {
	'2,000 headers': (raw, port) =>
		raw.write(
			upgradeRequest(port, '/ws', Array.from({ length: 2_000 }, (_, n) => `X-${String(n)}: 1\r\n`).join('')),
		),
	'4,096 random bytes before HTTP': (raw) => raw.write(randomBytes(4_096)),
	'an upgrade without a key': (raw, port) =>
		raw.write(upgradeRequest(port, '/ws').replace(/Sec-WebSocket-Key.*\r\n/, '')),
	'an upgrade of version 99': (raw, port) => raw.write(upgradeRequest(port, '/ws').replace(': 13', ': 99')),
	'an upgrade to an address that is none': (raw, port) => raw.write(upgradeRequest(port, '//[::bad/%ff')),
	'an upgrade reset at once': (raw, port) => {
		raw.write(upgradeRequest(port, '/ws'))
		raw.reset()
	},
	'a tab in the content-type': (raw) =>
		raw.write(
			'POST /api/identity HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\ta\r\nContent-Length: 2\r\n\r\n{}',
		),
}

let server: TestServer
let member: Joined
let listener: RawSocket
let asked = 0

const expectInnocentsUnharmed = async (): Promise<void> => {
	await member.clock()
	listener.write(rawFrame('{"type":"ping"}'))
	asked++
	await expect
		.poll(() => listener.received().toString('latin1').split('{"type":"pong"}').length - 1)
		.toBe(asked)
	expect(member.isOpen()).toBe(true)
}

beforeAll(async () => {
	server = await startServer({ limits: { socketsPerAddress: 1_000 } })
	member = await joinRoom(server.url, newRoomId())
	listener = await openRaw(server.port, '/y-webrtc')
	listener.write(rawFrame('{"type":"subscribe","topics":["innocent"]}'))
})
afterAll(() => server.close())

/** Long enough for the server to have read it, short enough not to wait for deadlines. */
const settle = (raw: RawSocket): Promise<unknown> =>
	Promise.race([raw.ended, new Promise((resolve) => setTimeout(resolve, 100))])

describe.each(['/ws', '/y-webrtc'])('on %s', (path) => {
	it.each(Object.keys(ON_A_SOCKET))('[SG26] %s ends no other socket', async (name) => {
		const raw = await openRaw(server.port, path)
		ON_A_SOCKET[name]?.(raw)
		await settle(raw)
		await expectInnocentsUnharmed()
		raw.reset()
	})
})

describe('in a room', () => {
	it.each(Object.keys(ON_A_SOCKET))('[SG26] %s ends no other socket', async (name) => {
		const peer = newPeerId()
		const ticket = await newTicket(server.url, await newPerson(server.url), member.room, peer)
		const raw = await openRaw(server.port, '/ws')
		raw.write(
			rawFrame(JSON.stringify({ type: 'join', v: SIGNALING_VERSION, room: member.room, peer, ticket })),
		)
		await raw.until('"joined"')
		ON_A_SOCKET[name]?.(raw)
		await settle(raw)
		await expectInnocentsUnharmed()
		raw.reset()
	})
})

describe('before there is a socket', () => {
	it.each(Object.keys(ON_TCP))('[SG26] %s ends no other socket', async (name) => {
		const raw = await openTcp(server.port)
		ON_TCP[name]?.(raw, server.port)
		await settle(raw)
		await expectInnocentsUnharmed()
		raw.reset()
	})
})

it('[SG26, SG27] nothing of this was a fault of ours, and each kind was counted', () => {
	const counts = server.app.counters.all()
	expect(counts.internal ?? 0).toBe(0)
	expect(counts.frame).toBeGreaterThanOrEqual(15)
	expect(counts['frame-too-big']).toBeGreaterThanOrEqual(3)
	expect(counts['bad-message']).toBeGreaterThanOrEqual(9)
	expect(counts['y-bad-message']).toBeGreaterThanOrEqual(5)
	expect(counts['http-malformed']).toBeGreaterThanOrEqual(2)
	expect(counts['upgrade-malformed']).toBeGreaterThanOrEqual(2)
})
