import { describe, expect, it } from 'vitest'
import { closeNameOf, CLOSE_CODES } from './close-codes.ts'
import {
	joinVersionOf,
	parseClientMessage,
	parseServerMessage,
	serverVersionOf,
	SIGNAL_DATA_MAX_CHARS,
	SIGNALING_FRAME_MAX_BYTES,
	SIGNALING_VERSION,
	versionRefusal,
} from './signaling.ts'

const PEER = 'AAAAAAAAAAAAAAAAAAAAAA'
const ROOM = 'BBBBBBBBBBBBBBBBBBBBBA'
const join = { type: 'join', v: 1, room: ROOM, peer: PEER, ticket: 'a.b.c' }
const signal = { type: 'signal', to: PEER, data: 'c2VhbGVk' }
const parse = (message: unknown) => parseClientMessage(JSON.stringify(message))

describe('a message to the server', () => {
	it.each([join, signal, { type: 'clock', id: 1, t0: 12.5 }, { type: 'leave' }])('%j is one', (message) => {
		expect(parse(message)).toEqual(message)
	})

	it.each([
		['nothing', ''],
		['text', 'hello'],
		['null', 'null'],
		['a number', '5'],
		['a list', '[]'],
		['a string', '"join"'],
		['an unfinished object', '{"type":"join"'],
		['50,000 brackets', '['.repeat(50_000)],
	])('%s is none', (_name, frame) => {
		expect(parseClientMessage(frame)).toBeNull()
	})

	it.each([
		['no type', { ...join, type: undefined }],
		['an unknown type', { ...join, type: 'jion' }],
		['a key too many', { ...join, admin: true }],
		['a key too few', { ...join, ticket: undefined }],
		['a version that is no number', { ...join, v: '1' }],
		['version 0', { ...join, v: 0 }],
		['a room id of 21 characters', { ...join, room: ROOM.slice(1) }],
		['a room id that is not 16 bytes exactly', { ...join, room: `${ROOM.slice(0, 21)}B` }],
		['a peer id with a slash', { ...join, peer: `/${PEER.slice(1)}` }],
		['a ticket with a space', { ...join, ticket: 'a b' }],
		['a ticket over 2,048 characters', { ...join, ticket: 'a'.repeat(2_049) }],
		['a signal to nobody', { ...signal, to: null }],
		['a signal that is not sealed text', { ...signal, data: { sdp: '' } }],
		['a signal over its limit', { ...signal, data: 'a'.repeat(SIGNAL_DATA_MAX_CHARS + 1) }],
		['a clock id that is no whole number', { type: 'clock', id: 0.5, t0: 0 }],
		['a clock time of null (what JSON makes of NaN)', { type: 'clock', id: 1, t0: NaN }],
	])('%s is none', (_name, message) => {
		expect(parse(message)).toBeNull()
	})

	it('a __proto__ key is a key too many, and changes nothing', () => {
		expect(parseClientMessage('{"type":"leave","__proto__":{"isHost":true}}')).toBeNull()
		expect('isHost' in {}).toBe(false)
	})

	it('the longest signal fits in a frame', () => {
		const frame = JSON.stringify({ type: 'signal', from: PEER, data: 'a'.repeat(SIGNAL_DATA_MAX_CHARS) })
		expect(frame.length).toBeLessThan(SIGNALING_FRAME_MAX_BYTES)
		expect(parseServerMessage(frame)).not.toBeNull()
	})
})

it('[SG37] a join of another version is known as one, whatever else it holds', () => {
	expect(joinVersionOf('{"type":"join","v":2,"future":{}}')).toBe(2)
	expect(joinVersionOf('{"type":"signal","v":2}')).toBeNull()
	expect(joinVersionOf('{"type":"join"}')).toBeNull()
	expect(joinVersionOf('nonsense')).toBeNull()
})

it('every close code has one name, and back', () => {
	const codes = Object.values(CLOSE_CODES).map(({ code }) => code)
	expect(new Set(codes).size).toBe(codes.length)
	for (const [name, { code }] of Object.entries(CLOSE_CODES)) expect(closeNameOf(code)).toBe(name)
	expect(closeNameOf(1006)).toBeNull()
})

it('[XT83] a refusal says whether the server is newer or older than this program', () => {
	const refusalOf = (version: number) => versionRefusal().replace(String(SIGNALING_VERSION), String(version))
	expect(serverVersionOf(versionRefusal())).toBeNull()
	expect(serverVersionOf(refusalOf(SIGNALING_VERSION + 1))).toBe('newer')
	expect(serverVersionOf(refusalOf(SIGNALING_VERSION - 1))).toBe('older')
	expect(serverVersionOf('version too old or too new')).toBeNull()
})
