import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeSigner } from './fake-crypto.ts'
import { makeHlc } from './hlc.ts'
import { KINDS, SEQ_MAX, SUBTITLE_PART_BYTES, SUBTITLE_UNPACKED_MAX_BYTES, type Kind } from './kinds.ts'
import {
	encodeUnsigned,
	HEAD_BYTES,
	keyOf,
	parseKey,
	parseRecord,
	RECORD_OVERHEAD_BYTES,
	signaturePart,
	unsignedPart,
} from './records.ts'
import { idBody, makeRecord, TEST_START_MS } from './test-room.ts'
import type { BodyValue } from './body.ts'

const alice = createFakeSigner('alice')
const withByte = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
	const copy = bytes.slice()
	copy[at] = value
	return copy
}
const parsed = async (kind: Kind, body: BodyValue, slot = 0) =>
	parseRecord((await makeRecord(alice, kind, slot, 5, body)).bytes)

const vector = { item: null, pos: 0, rate: 1, on: false, at: TEST_START_MS, cause: { type: 'user' } }
const item = `${alice.device}.abcdefghijk`

describe('the bytes of a record', () => {
	it('[RC1] stand where the format says, big-endian, 102 bytes around the body', () => {
		const hlc = makeHlc(0x0123456789ab, 0xcdef)
		const bytes = encodeUnsigned(
			{ kind: 'chat', slot: 0x00ff, seq: 0x010203040506, hlc, author: alice.device },
			null,
		)
		expect(RECORD_OVERHEAD_BYTES).toBe(102)
		expect(bytes).toHaveLength(HEAD_BYTES)
		expect([...bytes.subarray(0, 18)]).toEqual([
			...[1, 8, 0x00, 0xff],
			...[0x01, 0x02, 0x03, 0x04, 0x05, 0x06],
			...[0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef],
		])
		expect([...bytes.subarray(34)]).toEqual([0, 0, 0, 1])
	})

	it('[RC1] come back as they were written', async () => {
		const { bytes } = await makeRecord(alice, 'chat', 7, SEQ_MAX, { text: 'hello' }, { ms: 12_345 })
		const record = parseRecord(bytes)
		expect(record).toMatchObject({
			kind: 'chat',
			slot: 7,
			seq: SEQ_MAX,
			ms: 12_345,
			counter: 0,
			author: alice.device,
			body: { text: 'hello' },
			isDeleted: false,
			ref: `${alice.device}.${SEQ_MAX}`,
		})
		expect(unsignedPart(bytes).length + signaturePart(bytes).length).toBe(bytes.length)
	})

	it('[RC1] say when a slot is empty, and an id slot never is', async () => {
		expect(await parsed('chat', null)).toMatchObject({ isDeleted: true, body: null })
		expect(await parsed('id', null)).toBe('bad-record')
	})

	it('[RC1] with another version, kind, flag or length are no record', async () => {
		const { bytes } = await makeRecord(alice, 'chat', 0, 5, { text: 'hello' })
		for (const [at, value] of [
			[0, 2],
			[1, 0],
			[1, 99],
			[2, 1],
			[35, 200],
			[36, 1],
			[37, 2],
			[37, 1],
		] as const)
			expect(parseRecord(withByte(bytes, at, value))).toBe('bad-record')
		expect(parseRecord(bytes.subarray(1))).toBe('bad-record')
		expect(parseRecord(new Uint8Array(0))).toBe('bad-record')
	})

	it('[RC1] never make the reader throw', async () => {
		const { bytes } = await makeRecord(alice, 'chat', 0, 5, { text: 'hello' })
		fc.assert(
			fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(40), (at, value, cut) => {
				const result = parseRecord(withByte(bytes, at, value).subarray(0, bytes.length - cut))
				expect(['string', 'object']).toContain(typeof result)
			}),
		)
	})
})

describe('keys', () => {
	it('[RC2] name kind, author and slot in one spelling', () => {
		expect(parseKey(keyOf('queue', alice.device, 255))).toEqual({
			kind: 'queue',
			author: alice.device,
			slot: 255,
		})
		const bad = ['', 'queue', `queue/${alice.device}`, `film/${alice.device}/0`, `queue/${alice.device}/01`]
		bad.push(
			`queue/${alice.device}/-1`,
			`queue/${alice.device}/1/2`,
			`queue/short/1`,
			`queue/${alice.device}/1e1`,
		)
		bad.push(`__proto__/${alice.device}/0`, `queue/${alice.device.slice(0, 21)}B/0`)
		for (const key of bad) expect(parseKey(key)).toBe('bad-key')
	})

	it('[RC2] name only slots that a device has', () => {
		for (const kind of Object.keys(KINDS) as Kind[]) {
			expect(parseKey(keyOf(kind, alice.device, KINDS[kind].slots - 1))).toMatchObject({ kind })
			expect(parseKey(keyOf(kind, alice.device, KINDS[kind].slots))).toBe('bad-slot')
		}
	})
})

describe('the body of each kind', () => {
	const good: [Kind, BodyValue][] = [
		['id', idBody(alice, 'Alice', 'a.b.c')],
		['playback', vector],
		['playback', { ...vector, item, cause: { type: 'wait', device: alice.device } }],
		[
			'settings',
			{
				limits: { control: [{ a: 5 }] },
				waits: true,
				rulesAt: 5,
				what: 'settings',
				prev: { control: 'everyone', add: 'everyone', reorder: 'everyone', chat: 'everyone', waits: true },
			},
		],
		[
			'grant',
			{ subject: 'g_1', role: 'viewer', devices: [{ d: alice.device, s: [{ r: 'viewer', a: 3, b: 9 }] }] },
		],
		['queue', { nonce: 'abcdefghijk', media: { kind: 'youtube', id: 'x' }, title: 'Film', pos: 'V' }],
		['qmod', { t: 'pos', item, pos: 'V', from: 'W' }],
		['qmod', { t: 'clear', nonce: 'abcdefghijk', covers: [{ d: alice.device, s: 4 }], count: 1 }],
		['vote', { item }],
		['chat', { text: 'hi', item, pos: 1.5, reply: `${alice.device}.7` }],
		['chat', { text: 'ho', edit: `${alice.device}.7` }],
		['reaction', { m: `${alice.device}.${SEQ_MAX}`, e: '👨‍👩‍👧‍👦', on: true }],
		['mod', { t: 'hide', message: `${alice.device}.7` }],
		['subtitle', { f: 'abcdefghijk', item, i: 15, n: 16, data: new Uint8Array(SUBTITLE_PART_BYTES) }],
		[
			'subtitle',
			{
				...{
					f: 'abcdefghijklmnop',
					item: `${item}lmnop`,
					i: 0,
					n: 16,
					data: new Uint8Array(SUBTITLE_PART_BYTES),
				},
				...{ name: '字'.repeat(80), lang: 'zh-Hans-CN', form: 'srt', size: SUBTITLE_UNPACKED_MAX_BYTES },
			},
		],
	]
	it.each(good)('[RC3] is taken where it fits: %s', async (kind, body) => {
		expect(await parsed(kind, body)).toMatchObject({ kind })
	})

	const bad: [string, Kind, BodyValue][] = [
		['a missing key', 'chat', {}],
		['not an object', 'chat', 'hi'],
		['a list', 'vote', [item]],
		['a prototype in disguise', 'vote', JSON.parse(`{"item":"${item}","__proto__":{"x":1}}`) as BodyValue],
		['a key that no version would have', 'chat', { text: 'hi', 'Not a key': 1 }],
		['a key that objects have a meaning for', 'chat', { text: 'hi', constructor: { prototype: {} } }],
		['an empty part', 'subtitle', { f: 'abcdefghijk', item, i: 0, n: 1, data: new Uint8Array(0) }],
		['a seventeenth part', 'subtitle', { f: 'abcdefghijk', item, i: 16, n: 16, data: new Uint8Array(1) }],
		[
			'what would unpack to more than 1 MiB',
			'subtitle',
			{ f: 'abcdefghijk', item, i: 0, n: 1, data: new Uint8Array(1), size: 2 ** 20 + 1 },
		],
		['a reaction with words', 'reaction', { m: `${alice.device}.7`, e: 'lol', on: true }],
		['a change of no sort', 'qmod', { item, is: true }],
		['a change of a sort known here that does not fit', 'qmod', { t: 'rm', item }],
		['a sort that is no word', 'mod', { t: 'Not one', message: `${alice.device}.7` }],
		['a name that hides', 'id', { ...(idBody(alice, 'x') as object), name: 'a\u202eb' }],
		['a rate of nought', 'playback', { ...vector, rate: 0 }],
		['a negative position', 'playback', { ...vector, pos: -1 }],
		['an item id that is none', 'playback', { ...vector, item: 'x' }],
		['ownership', 'grant', { subject: 'g_1', role: 'owner', devices: [] }],
		[
			'a script for a film',
			'queue',
			{
				nonce: 'abcdefghijk',
				media: { kind: 'file', url: 'javascript:alert(1)' },
				title: 'Film',
				pos: 'V',
			},
		],
		['a key ending in nought', 'qmod', { t: 'pos', item, pos: 'V0', from: 'W' }],
		['a text that turns what follows', 'chat', { text: 'a\u202db' }],
	]
	it.each(bad)('[RC3] is refused: %s', async (_, kind, body) => {
		expect(await parsed(kind, body)).toBe('bad-body')
	})

	it('[RC3] has room for the longest advance that is ever written', async () => {
		const adv = { from: item, prev: `${alice.device}.${SEQ_MAX}`, ms: TEST_START_MS, n: 0xffff }
		const at = TEST_START_MS + 0.123
		const cause = { type: 'wait', device: alice.device }
		const longest = { item, pos: 1234.56789, rate: 1.1, on: true, at, cause, adv }
		expect(await parsed('playback', longest)).toMatchObject({ kind: 'playback' })
	})

	it('[RC3] is refused over its limit, and read only by kinds that have a schema', async () => {
		expect(await parsed('chat', { text: 'x', reply: 'y'.repeat(1_100) })).toBe('too-big')
		expect(await parsed('reaction', 'y'.repeat(200))).toBe('too-big')
	})

	it('[RC20] leaves out keys that only a later version knows, at every level', async () => {
		const said = await parsed('chat', { text: 'hi', mood: { of: ['the', 'day'] } })
		expect(said).toMatchObject({ body: { text: 'hi' } })
		expect(typeof said === 'string' || Object.keys(said.body ?? {})).toEqual(['text'])
		const prev = { control: 'everyone', add: 'everyone', reorder: 'everyone', chat: 'everyone', waits: true }
		const rules = {
			limits: { control: [{ a: 5, why: 'x' }], vote: [{ a: 5 }] },
			waits: true,
			rulesAt: 5,
			what: 'settings',
			prev: { ...prev, more: 1 },
		}
		expect(await parsed('settings', rules)).toMatchObject({
			body: { limits: { control: [{ a: 5 }] }, prev },
		})
	})

	it('[RC20] carries unread what only a later version can read: other sorts of change, other kinds of media', async () => {
		const unread = { body: null, isDeleted: false }
		expect(await parsed('qmod', { t: 'swap', one: item, other: item })).toMatchObject(unread)
		expect(await parsed('mod', { t: 'pin', message: `${alice.device}.7` })).toMatchObject(unread)
		const hologram = { nonce: 'abcdefghijk', media: { kind: 'hologram', at: 5 }, title: 'Film', pos: 'V' }
		expect(await parsed('queue', hologram)).toMatchObject(unread)
		expect(await parsed('mod', { t: 'pin', text: 'y'.repeat(2_050) })).toBe('too-big')
	})
})
