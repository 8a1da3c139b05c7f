/**
 * Attacks with records: signed, forged, copied, misplaced, misdated, malformed. What a record may do is decided by
 * every reader for itself, so it matters not how it came in.
 */
import { describe, expect, it, vi } from 'vitest'
import { makeRecord, film } from '#lib/core/test-room.ts'
import { makeHlc } from '#lib/core/hlc.ts'
import { encodeUnsigned, keyOf, parseRecord, signedMessage, withSignature } from '#lib/core/records.ts'
import { KINDS, type Kind } from '#lib/core/kinds.ts'
import { createFakeSigner } from '#lib/core/fake-crypto.ts'
import type { BodyValue } from '#lib/core/body.ts'
import type { ItemId, RoomId, SubjectId } from '#lib/core/units.ts'
import { TEST_ROOM_ID } from '#lib/core/test-room.ts'
import { standUp, type Attack } from './attack.ts'
import { anyBytes, nested, objectBytes, signRaw } from './bytes.ts'
import { recordsOf, type Stage } from './stage.ts'

vi.spyOn(console, 'log').mockImplementation(() => undefined) // Yjs tells of new client ids

const OTHER_ROOM = 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId
const YEAR_MS = 365 * 86_400_000

const vector = (stage: Stage, atMs = stage.swarm.clock.nowMs()): BodyValue => ({
	item: stage.honest[0].on().room.state().queue.current?.id ?? null,
	pos: 4_242,
	rate: 1,
	on: true,
	at: atMs,
	cause: { type: 'user' },
})
const queued = (title: string): BodyValue => ({
	nonce: 'AAAAAAAAAAA',
	media: film(title).media as unknown as BodyValue,
	title,
	pos: 'V',
})
const queueIds = (stage: Stage): ItemId[] => {
	const { earlier, current, next } = stage.honest[0].on().room.state().queue
	return [...earlier, ...(current ? [current] : []), ...next].map(({ id }) => id)
}
const subjectOf = (device: string): SubjectId => `d_${device}` as SubjectId

/** Every deed that hangs on a right, as records of the attacker's own, truly signed. */
const deeds = (stage: Stage): readonly (readonly [Kind, number, BodyValue])[] => {
	const [first = '' as ItemId] = queueIds(stage)
	const ms = stage.swarm.clock.nowMs()
	const me = stage.mallory.device
	const [alice, bob] = stage.honest
	const always = [{ a: 0 }]
	return [
		['playback', 0, vector(stage)],
		['playback', 1, { ...(vector(stage) as object), on: false, pos: 0 }],
		['playback', 2, { item: null, pos: 0, rate: 1, on: false, at: ms, cause: { type: 'end' }, edge: 'zz' }],
		['queue', 0, queued('Not asked for')],
		['qmod', 0, { t: 'rm', item: first, is: true }],
		['qmod', 1, { t: 'pos', item: first, pos: 'zz', from: 'V' }],
		['qmod', 2, { t: 'clear', nonce: 'AAAAAAAAAAA', covers: [{ d: bob.device, s: 9_999 }], count: 3 }],
		['qmod', 3, { t: 'shuffle', nonce: 'AAAAAAAAAAB', prefix: 'a', after: null }],
		['qmod', 4, { t: 'facts', item: first, title: 'Something else' }],
		['qmod', 5, { t: 'pos', item: queueIds(stage).at(-1) ?? first, pos: '1', from: 'V', turn: true }],
		[
			'subtitle',
			0,
			{
				...{ f: 'AAAAAAAAAAA', item: first, i: 0, n: 1, data: new Uint8Array(9) },
				...{ name: 'Not asked for', form: 'srt', size: 9 },
			},
		],
		['chat', 1, { text: 'not hers to edit', edit: alice.on().room.state().chat[0]?.id }],
		['chat', 0, { text: 'not mine to say' }],
		['mod', 0, { t: 'hide', message: alice.on().room.state().chat[0]?.id ?? '' }],
		['mod', 1, { t: 'out', subject: subjectOf(bob.device), cuts: [] }],
		['mod', 2, { t: 'in', subject: subjectOf(me) }],
		[
			'settings',
			0,
			{
				limits: { control: always, add: always, reorder: always, chat: always },
				waits: false,
				order: 'votes',
				loop: 'one',
				rulesAt: ms,
				title: 'Mine now',
				titleAt: ms,
				what: 'settings',
				prev: { control: 'everyone', add: 'everyone', reorder: 'everyone', chat: 'everyone', waits: true },
			},
		],
		[
			'grant',
			0,
			{ subject: subjectOf(me), role: 'operator', devices: [{ d: me, s: [{ r: 'operator', a: 0 }] }] },
		],
		['grant', 1, { subject: subjectOf(bob.device), role: 'banned', devices: [] }],
		['handover', 0, { t: 'offer', subject: subjectOf(me), from: [], to: [] }],
		['moved', 0, { e: new Uint8Array(32), notes: [{ d: bob.device, c: new Uint8Array(48) }] }],
	]
}
/** Hers to do as an ordinary member. */
const MEMBER_KINDS: ReadonlySet<Kind> = new Set(['chat', 'queue', 'qmod', 'playback', 'subtitle'])

const plantDeeds = async (stage: Stage, kinds?: (kind: Kind) => boolean): Promise<void> => {
	for (const [kind, slot, body] of deeds(stage)) {
		if (kinds?.(kind) === false) continue
		const { key, bytes } = await stage.sign(kind, slot, body)
		expect(typeof parseRecord(bytes), `${kind} ${slot} is well-formed`).toBe('object')
		stage.plant([[key, bytes]])
		await stage.run(200)
	}
}

const ROLES: readonly Attack[] = [
	{ name: 'everything that hangs on a right, by a viewer', links: 'kept', run: (stage) => plantDeeds(stage) },
	{
		name: 'the same by somebody banned',
		stage: { role: 'banned' },
		links: 'kept',
		run: (stage) => plantDeeds(stage),
	},
	{
		name: 'what only operators and the owner may, by a member',
		stage: { role: 'member' },
		links: 'kept',
		run: (stage) => plantDeeds(stage, (kind) => !MEMBER_KINDS.has(kind)),
	},
	{
		name: 'play, add and reorder by a member, where operators only may',
		stage: { role: 'member' },
		links: 'kept',
		run: async (stage) => {
			const rules = {
				control: 'operators',
				add: 'operators',
				reorder: 'operators',
				chat: 'everyone',
			} as const
			await stage.honest[0].on().room.changeSettings(rules)
			await stage.run(2_000)
			await plantDeeds(stage, (kind) => kind !== 'chat')
		},
	},
	{
		name: 'an operator’s records, back-dated and late, after the right was taken',
		stage: { role: 'operator' },
		links: 'kept',
		run: async (stage) => {
			const early = stage.swarm.clock.nowMs()
			await stage.run(2_000)
			await stage.honest[0].on().room.grant(subjectOf(stage.mallory.device), 'viewer')
			await stage.run(1_000)
			for (const [kind, slot, body] of deeds(stage)) {
				const { key, bytes } = await stage.sign(kind, slot, body, { ms: early })
				stage.plant([[key, bytes]])
				await stage.run(100)
			}
		},
	},
	{
		name: 'a removed member’s late records, back-dated',
		stage: { role: 'member' },
		links: 'kept',
		run: async (stage) => {
			const early = stage.swarm.clock.nowMs()
			await stage.run(2_000)
			await stage.honest[1].on().room.removePerson(subjectOf(stage.mallory.device))
			await stage.run(1_000)
			for (const [kind, slot, body] of deeds(stage)) {
				const { key, bytes } = await stage.sign(kind, slot, body, { ms: early })
				stage.plant([[key, bytes]])
				await stage.run(100)
			}
		},
		// That she was put out is an effect of Bob's; what she wrote before stays.
		check: (stage) => {
			for (const member of stage.honest) {
				const state = member.on().room.state()
				expect(state.chat.some(({ from }) => from === stage.mallory.device)).toBe(false)
				expect(state.removals.map(({ subject }) => subject)).toEqual([subjectOf(stage.mallory.device)])
			}
		},
	},
	{
		name: 'the room is claimed with an offer that the owner never signed',
		stage: { role: 'member' },
		links: 'kept',
		run: async (stage) => {
			const [alice] = stage.honest
			const offer = await makeRecord(
				createFakeSigner('somebody else'),
				'handover',
				0,
				5,
				{ t: 'offer', subject: subjectOf(stage.mallory.device), from: [], to: [] },
				{ ms: stage.swarm.clock.nowMs() },
			)
			const forged = offer.bytes.slice()
			forged.set((recordsOf(alice).get(keyOf('id', alice.device, 0)) as Uint8Array).subarray(18, 34), 18)
			for (const [key, bytes] of [
				['own', offer.bytes],
				['forged', forged],
			] as const) {
				const record = await stage.sign('handover', 1, {
					t: 'accept',
					key: key === 'own' ? createFakeSigner('somebody else').publicKey : alice.signer.publicKey,
					offer: bytes,
				})
				stage.plant([[record.key, record.bytes]])
				await stage.run(500)
			}
		},
	},
]

const flip = (bytes: Uint8Array, at: number): Uint8Array =>
	bytes.map((byte, i) => (i === (at + bytes.length) % bytes.length ? byte ^ 1 : byte))

const PLACES: readonly Attack[] = [
	{
		name: 'own records under the keys of others',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 12; i++) {
				const { bytes } = await stage.sign('chat', 1, { text: 'as if by Bob' })
				stage.plant([[keyOf('chat', stage.honest[1].device, 1), bytes]])
				await stage.run(300)
			}
		},
	},
	{
		name: 'records in others’ names with a signature of one’s own, or none',
		links: 'dropped',
		run: async (stage) => {
			const [, bob] = stage.honest
			for (let seq = 500; seq < 506; seq++) {
				const head = { kind: 'chat' as const, slot: 1, seq, hlc: makeHlc(stage.swarm.clock.nowMs()) }
				const unsigned = encodeUnsigned({ ...head, author: bob.device }, { text: 'as if by Bob' })
				const signature = await stage.mallory.signer.sign(signedMessage(TEST_ROOM_ID, unsigned))
				stage.plant([[keyOf('chat', bob.device, 1), withSignature(unsigned, signature)]])
				await stage.run(300)
			}
		},
	},
	{
		name: 'a valid record with one byte altered, wherever it is',
		links: 'dropped',
		run: async (stage) => {
			const key = keyOf('id', stage.honest[0].device, 0)
			const good = recordsOf(stage.honest[0]).get(key) as Uint8Array
			for (let at = 0; at < good.length; at += 7) {
				stage.plant([[key, flip(good, at)]])
				await stage.run(100)
			}
		},
	},
	{
		name: 'records that were signed for another room',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 5; i++) {
				const { key, bytes } = await makeRecord(
					stage.honest[0].signer,
					'settings',
					0,
					900 + i,
					deeds(stage).find(([kind]) => kind === 'settings')?.[2] ?? null,
					{ roomId: OTHER_ROOM, ms: stage.swarm.clock.nowMs() },
				)
				stage.plant([[key, bytes]])
				await stage.run(300)
			}
		},
	},
	{
		name: 'a record under the key of another kind or slot, and keys that are none',
		links: 'dropped',
		run: async (stage) => {
			const me = stage.mallory.device
			const { bytes } = await stage.sign('chat', 2, { text: 'in the wrong place' })
			const keys = [
				'queue/x/1',
				`chat/${me}/1`,
				`vote/${me}/2`,
				`vote/${me}/01`,
				`vote/${me}/256`,
				`vote/${me}/1/1`,
				'',
			]
			for (let round = 0; round < 3; round++)
				for (const key of keys) {
					stage.plant([[key, bytes]])
					await stage.run(100)
				}
		},
	},
	{
		name: 'an id record under another’s key, with another’s public key',
		links: 'dropped',
		run: async (stage) => {
			const [, bob] = stage.honest
			for (let i = 0; i < 5; i++) {
				const { bytes } = await stage.sign('id', 0, {
					key: bob.signer.publicKey,
					name: 'Bob himself',
					since: 1,
					first: 1,
				})
				stage.plant([[keyOf(i % 2 === 0 ? 'id' : 'id', i < 3 ? bob.device : stage.mallory.device, 0), bytes]])
				await stage.run(300)
			}
		},
	},
	{
		name: 'evidence of a fork that nobody made',
		links: 'dropped',
		run: async (stage) => {
			const [alice, bob] = stage.honest
			const a = [...recordsOf(bob)].find(([key]) => key.startsWith(`chat/${bob.device}`))?.[1] as Uint8Array
			for (let i = 0; i < 5; i++) {
				const { key, bytes } = await stage.sign('fork', i, {
					key: i % 2 === 0 ? bob.signer.publicKey : alice.signer.publicKey,
					a,
					b: flip(a, 45 + i),
				})
				stage.plant([[key, bytes]])
				await stage.run(300)
			}
		},
		check: (stage) => {
			for (const member of stage.honest)
				for (const [key, bytes] of member.on().room.ledger.entries())
					if (key.startsWith('fork/')) expect(bytes, 'no evidence counts').toBeUndefined()
		},
	},
]

const TIMES: readonly Attack[] = [
	{
		name: '250 records from a year ago to a year ahead',
		links: 'kept',
		run: async (stage) => {
			const now = stage.swarm.clock.nowMs()
			for (let i = 0; i < 1_000; i += 4) {
				const ms = now - YEAR_MS + (i / 1_000) * 2 * YEAR_MS
				const kind = i % 2 === 0 ? 'playback' : 'chat'
				const body = kind === 'playback' ? vector(stage, ms) : { text: `at ${ms}` }
				const { key, bytes } = await stage.sign(kind, i % 8, body, { ms })
				stage.plant([[key, bytes]])
				await stage.run(120)
			}
		},
	},
	{
		name: 'the end of time, and seqs at their end',
		links: 'kept',
		run: async (stage) => {
			for (const ms of [2 ** 48 - 1, 0, stage.swarm.clock.nowMs() + 86_400_000])
				for (const seq of [2 ** 48 - 1, 2 ** 47, 5]) {
					const { key, bytes } = await stage.sign('playback', 3, vector(stage), { ms, seq })
					stage.plant([[key, bytes]])
					await stage.run(200)
				}
			for (const member of stage.honest)
				expect(member.on().room.state().playback.atMs).toBeLessThan(stage.swarm.clock.nowMs() + 60_000)
		},
	},
	{
		name: 'every record there ever was, played back a thousand times',
		links: 'kept',
		run: async (stage) => {
			const [alice] = stage.honest
			const old = [...alice.on().room.ledger.entries()]
			await alice.on().room.renameRoom('A later title')
			await alice
				.on()
				.room.playback.set({ positionS: 10, isPlaying: false, rate: 1, atMs: stage.swarm.clock.nowMs() })
			await stage.run(1_000)
			for (let i = 0; i < 1_000; i += old.length) {
				stage.plant(old)
				await stage.run(1_000)
			}
		},
	},
	{
		name: 'one seq in two slots, and twice in one',
		links: 'kept',
		run: async (stage) => {
			for (const [slot, text] of [
				[1, 'one'],
				[2, 'two'],
				[1, 'three'],
			] as const) {
				const { key, bytes } = await stage.sign('chat', slot, { text }, { seq: 7_000 })
				stage.plant([[key, bytes]])
				await stage.run(500)
			}
		},
	},
]

const string = (text: string): Uint8Array => anyBytes(text)

/** Bodies that no program of ours writes, in records that are truly signed. */
const badBodies = (): readonly Uint8Array[] => {
	const bodies: Uint8Array[] = [
		objectBytes([['__proto__', anyBytes({ isHost: true })]]),
		objectBytes([
			['text', string('hello')],
			['__proto__', anyBytes({ isHost: true })],
		]),
		objectBytes([
			['constructor', anyBytes({ prototype: { isHost: true } })],
			['text', string('hello')],
		]),
		objectBytes([
			['text', string('a')],
			['text', string('b')],
		]),
		objectBytes([
			['text', string('a')],
			['pos', anyBytes(Number.NaN)],
		]),
		objectBytes([
			['pos', anyBytes(Number.NaN)],
			['text', string('a')],
		]),
		objectBytes([
			['pos', anyBytes(-0)],
			['text', string('a')],
		]),
		objectBytes([
			['pos', anyBytes(Infinity)],
			['text', string('a')],
		]),
		objectBytes([
			['pos', anyBytes(1e300)],
			['text', string('a')],
		]),
		objectBytes([['text', Uint8Array.of(119, 3, 0xed, 0xa0, 0x80)]]),
		objectBytes([['text', Uint8Array.of(119, 255, 255, 255, 255, 15)]]),
		anyBytes(['text']),
		anyBytes('text'),
		nested(200),
		nested(900),
		new Uint8Array(0),
		Uint8Array.of(118, 255, 255, 255, 255, 15),
		anyBytes({ text: 'x'.repeat(900) }),
		anyBytes({ text: 'a', extra: 1 }),
		anyBytes({ text: '\u202eright to left\u0000' }),
	]
	return bodies
}

const BODIES: readonly Attack[] = [
	{
		name: 'bodies with other prototypes, NaN, -0, lone surrogates, lists 900 deep, keys twice',
		links: 'dropped',
		run: async (stage) => {
			for (const body of badBodies()) {
				const bytes = await signRaw(stage.mallory.signer, {
					kind: 'chat',
					slot: 3,
					seq: 3_000,
					ms: stage.swarm.clock.nowMs(),
					body,
					roomId: TEST_ROOM_ID,
				})
				expect(typeof parseRecord(bytes)).toBe('string')
				stage.plant([[keyOf('chat', stage.mallory.device, 3), bytes]])
				await stage.run(200)
			}
			expect(Reflect.get({}, 'isHost')).toBeUndefined()
		},
	},
	{
		name: 'other versions, kinds and flags',
		links: 'dropped',
		run: async (stage) => {
			const heads = [{ version: 2 }, { kindNumber: 99 }, { kindNumber: 0 }, { flags: 2 }, { flags: 1 }]
			for (const head of heads) {
				const bytes = await signRaw(stage.mallory.signer, {
					kind: 'chat',
					slot: 3,
					seq: 3_000,
					ms: stage.swarm.clock.nowMs(),
					body: anyBytes({ text: 'a' }),
					roomId: TEST_ROOM_ID,
					...head,
				})
				stage.plant([[keyOf('chat', stage.mallory.device, 3), bytes]])
				await stage.run(200)
			}
		},
	},
	{
		name: 'bodies at the limit of every kind, and beyond it',
		links: 'dropped',
		run: async (stage) => {
			for (const kind of Object.keys(KINDS) as Kind[]) {
				const bytes = await signRaw(stage.mallory.signer, {
					kind,
					slot: 0,
					seq: 4_000,
					ms: stage.swarm.clock.nowMs(),
					body: new Uint8Array(KINDS[kind].bodyMaxBytes + 1),
					roomId: TEST_ROOM_ID,
				})
				stage.plant([[keyOf(kind, stage.mallory.device, 0), bytes]])
				await stage.run(200)
			}
		},
	},
	{
		name: 'a name that is somebody else’s, bidi marks and all',
		stage: { role: 'member' },
		links: 'kept',
		run: async (stage) => {
			const { key, bytes } = await stage.sign('id', 0, {
				key: stage.mallory.signer.publicKey,
				name: 'alice',
				since: 1,
				first: 1,
			})
			stage.plant([[key, bytes]])
			await stage.run(500)
		},
		check: (stage) => {
			for (const member of stage.honest) {
				const alices = member
					.on()
					.room.state()
					.members.filter(({ name }) => name === 'alice')
				expect(alices.filter(({ role }) => role === 'owner')).toHaveLength(1)
			}
		},
	},
]

const CORPUS: readonly (readonly [rule: string, what: string, attacks: readonly Attack[]])[] = [
	['[HO6]', 'rights', ROLES],
	['[HO7]', 'places and signatures', PLACES],
	['[HO8]', 'times and numbers', TIMES],
	['[HO9]', 'malformed', BODIES],
]

describe('records of a modified member', () => {
	for (const [rule, what, attacks] of CORPUS)
		for (const [index, attack] of attacks.entries())
			it(`${rule} ${what}: ${attack.name}`, { timeout: 60_000 }, () =>
				standUp(attack, 100 * Number(rule.slice(3, -1)) + index, index % 2 === 1),
			)
})
