import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import {
	encodeLinkMessage,
	LINK_MESSAGE_MAX_BYTES,
	parseLinkMessage,
	LINK_VERSION,
	parseSignalMessage,
	signalMessage,
	type LinkMessage,
} from './peer.ts'

const bytes = (min: number, max = min) => fc.uint8Array({ minLength: min, maxLength: max })
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const peerId = bytes(16).map((id) => Buffer.from(id).toString('base64url') as PeerId)

const linkMessage: fc.Arbitrary<LinkMessage> = fc.oneof(
	fc.record({
		type: fc.constant('hello' as const),
		version: fc.integer({ min: 0, max: 255 }),
		nonce: bytes(32),
		publicKey: bytes(32),
	}),
	fc.record({ type: fc.constant('proof' as const), signature: bytes(64), mac: bytes(32) }),
	fc.constant({ type: 'ready' as const }),
	fc.record({ type: fc.constant('ping' as const), id: uint32 }),
	fc.record({ type: fc.constant('pong' as const), id: uint32 }),
	fc.record({ type: fc.constant('whole' as const), payload: bytes(0, 200) }),
	fc.record({ type: fc.constant('first' as const), totalBytes: uint32, payload: bytes(1, 200) }),
	fc.record({ type: fc.constant('more' as const), payload: bytes(1, 200) }),
	fc.record({ type: fc.constant('want' as const), isWanted: fc.boolean(), hasDirect: fc.boolean() }),
	fc.constant({ type: 'moved' as const }),
	fc.constant({ type: 'arrived' as const }),
	fc.record({
		type: fc.constant('bye' as const),
		reason: fc.constantFrom('left', 'redirected', 'misbehaved', 'proof-failed', 'error', 'removed'),
		others: fc.array(peerId, { maxLength: 3 }),
	}),
)

describe('messages on a link', () => {
	it('[TR18] every message comes back as it was written', () => {
		fc.assert(
			fc.property(linkMessage, (message) => {
				expect(parseLinkMessage(encodeLinkMessage(message))).toEqual(message)
			}),
		)
	})

	it('[TR18] any other bytes are null or one known message, and never throw', () => {
		fc.assert(
			fc.property(bytes(0, 300), (input) => {
				const message = parseLinkMessage(input)
				if (message !== null) expect(encodeLinkMessage(message)).toEqual(input)
			}),
			{ numRuns: 2_000 },
		)
	})

	it('[TR18] a message above 16 KiB is none', () => {
		expect(parseLinkMessage(new Uint8Array(LINK_MESSAGE_MAX_BYTES).fill(6))?.type).toBe('whole')
		expect(parseLinkMessage(new Uint8Array(LINK_MESSAGE_MAX_BYTES + 1).fill(6))).toBeNull()
	})
})

describe('messages in sealed signals', () => {
	const id = 'AAAAAAAAAAAAAAAAAAAAAA'

	it('[TR18] have the shape that goes with this link version', () => {
		// Peers of two builds meet: when this changes, decide whether they can still talk, and raise LINK_VERSION if not.
		const id = 'text(22,^[A-Za-z0-9_-]{21}[AQgw]$)'
		expect([LINK_VERSION, signalMessage.describe]).toEqual([
			2,
			`union({type:"parcel",id:${id},signals:list(text(16384),64),path?:"relayed",over?:${id}}|{type:"call",path?:"relayed"}|{type:"redirect",others:list(${id},3)})`,
		])
	})

	it('[TR18] known ones are read', () => {
		expect(parseSignalMessage('{"type":"call"}')).toEqual({ type: 'call' })
		expect(parseSignalMessage(`{"type":"parcel","id":"${id}","signals":["a","b"]}`)).toEqual({
			type: 'parcel',
			id,
			signals: ['a', 'b'],
		})
		expect(parseSignalMessage(`{"type":"redirect","others":["${id}"]}`)).toEqual({
			type: 'redirect',
			others: [id],
		})
	})

	it.each([
		'',
		'{',
		'null',
		'[]',
		'{"type":"parcel"}',
		`{"type":"parcel","id":"short","signals":[]}`,
		`{"type":"parcel","id":"${id}","signals":[1]}`,
		`{"type":"parcel","id":"${id}","signals":[],"more":1}`,
		`{"type":"parcel","id":"${id}","signals":${JSON.stringify(Array.from({ length: 65 }, () => 'x'))}}`,
		`{"type":"redirect","others":["${id}","${id}","${id}","${id}"]}`,
		'{"type":"call","__proto__":{"x":1}}',
		'['.repeat(100_000),
	])('[TR18] %.40s is none', (data) => {
		expect(parseSignalMessage(data)).toBeNull()
	})
})
