/**
 * The fold alone, over histories that nobody would make by hand: whatever order the same records come in, every
 * reader has the same room. A failing run prints its seed and path; put them into `fc.assert` to see it again.
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { foldActivity } from './activity.ts'
import type { BodyValue } from './body.ts'
import { ACCOUNT_BUDGET_BYTES, withinBudget } from './budget.ts'
import { createFakeSigner, createFakeVerifier } from './fake-crypto.ts'
import { canonicalState, fold, type FoldInput } from './fold.ts'
import { KINDS, type Kind } from './kinds.ts'
import { createLedger, WAITING_A_SLOT } from './ledger.ts'
import { parseRecord, type ParsedRecord } from './records.ts'
import type { IdentityClaims } from './room.ts'
import { createTestClock, idBody, makeRecord, TEST_ROOM_ID, TEST_START_MS, testRoot } from './test-room.ts'
import type { DeviceId, SubjectId } from './units.ts'

const NAMES = ['alice', 'bob', 'carol', 'dave']
const SIGNERS = NAMES.map(createFakeSigner)
const ROOT = testRoot(SIGNERS[0] ?? createFakeSigner('alice'))
const NONCES = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc']
const identityOf = (device: DeviceId): IdentityClaims | null => {
	const index = SIGNERS.findIndex((signer) => signer.device === device)
	return {
		subject: `g_${NAMES[index]}` as SubjectId,
		name: NAMES[index] ?? '',
		isAccount: index === 1,
		pictureId: null,
	}
}

const device = fc.constantFrom(...SIGNERS.map((signer) => signer.device))
const item = fc.tuple(device, fc.constantFrom(...NONCES)).map(([author, nonce]) => `${author}.${nonce}`)
const pos = fc.constantFrom('A', 'B', 'V', 'V1', 'Vz', 'k')
const seq = fc.integer({ min: 1, max: 12 })
const message = fc.tuple(device, seq).map(([author, number]) => `${author}.${number}`)
const subject = fc.constantFrom(...NAMES.map((name) => `g_${name}`))
const cuts = fc.array(fc.record({ d: device, s: seq }), { maxLength: 3 })
const role = fc.constantFrom('member', 'operator', 'viewer', 'banned')
const ms = fc.integer({ min: 0, max: 40 }).map((offset) => TEST_START_MS + offset)
const optional = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { nil: undefined })

const bodies: Partial<Record<Kind, fc.Arbitrary<unknown>>> = {
	playback: fc.record({
		item: fc.option(item),
		pos: fc.integer({ min: 0, max: 99 }),
		rate: fc.constantFrom(1, 1.5),
		on: fc.boolean(),
		at: ms,
		cause: fc.constantFrom({ type: 'user' }, { type: 'end' }),
		adv: optional(
			fc.record({
				from: item,
				prev: fc.tuple(device, seq).map(([author, number]) => `${author}.${number}`),
				ms,
				n: fc.constant(0),
			}),
		),
		edge: optional(pos),
	}),
	queue: fc.record({
		nonce: fc.constantFrom(...NONCES),
		media: fc.constant({ kind: 'youtube', id: 'x' }),
		title: fc.constantFrom('One', 'Two'),
		pos,
	}),
	qmod: fc.oneof(
		fc.record({ t: fc.constant('pos'), item, pos, from: pos, turn: optional(fc.constant(true)) }),
		fc.record({ t: fc.constant('rm'), item, is: fc.boolean() }),
		fc.record({ t: fc.constant('facts'), item, title: fc.constantFrom('X', 'Y'), dur: optional(seq) }),
		fc.record({
			t: fc.constant('clear'),
			nonce: fc.constantFrom(...NONCES),
			covers: fc.array(fc.record({ d: device, s: seq }), { maxLength: 3 }),
			count: seq,
		}),
		fc.record({
			t: fc.constant('shuffle'),
			nonce: fc.constantFrom(...NONCES),
			prefix: pos,
			after: fc.option(pos),
		}),
		fc.record({ t: fc.constant('cancel'), d: device, nonce: fc.constantFrom(...NONCES) }),
	),
	vote: fc.record({ item }),
	chat: fc.record({
		text: fc.constantFrom('hi', 'there'),
		edit: optional(message),
		reply: optional(message),
	}),
	reaction: fc.record({ m: message, e: fc.constantFrom('👍', '❤', '❤️'), on: fc.boolean() }),
	subtitle: fc
		.record({
			f: fc.constantFrom(...NONCES),
			item,
			i: fc.integer({ min: 0, max: 2 }),
			n: fc.integer({ min: 1, max: 3 }),
			data: fc.uint8Array({ minLength: 1, maxLength: 9 }),
			lang: optional(fc.constantFrom('en', 'zh-Hans')),
		})
		.map((body) => (body.i === 0 ? { ...body, name: 'Mine', form: 'srt', size: 99 } : body)),
	mod: fc.oneof(
		message.map((id) => ({ t: 'hide', message: id })),
		fc.record({ t: fc.constant('out'), subject, cuts }),
		fc.record({ t: fc.constant('in'), subject }),
	),
	handover: fc.oneof(
		fc.record({ t: fc.constant('offer'), subject, from: cuts, to: cuts }),
		fc.nat(99).map((nth) => ({ t: 'accept', nth })),
		fc.nat(99).map((nth) => ({ t: 'kept', nth })),
	),
	moved: fc.constant({ e: new Uint8Array(32), notes: [] }),
	settings: fc.record({
		limits: fc.record({
			add: fc.constant([{ a: TEST_START_MS + 20 }]),
			control: fc.constant([{ a: 5, b: 9 }]),
		}),
		slow: optional(fc.constant([{ a: TEST_START_MS + 10, s: 1 }])),
		waits: fc.boolean(),
		rulesAt: ms,
		title: optional(fc.constantFrom('P', 'Q')),
		titleAt: optional(ms),
		what: fc.constantFrom('title', 'settings'),
		order: optional(fc.constantFrom('list', 'votes')),
		loop: optional(fc.constantFrom('off', 'one', 'all')),
		prev: fc.constant({
			control: 'everyone',
			add: 'everyone',
			reorder: 'everyone',
			chat: 'everyone',
			waits: true,
		}),
	}),
	grant: fc.record({
		subject: fc.constantFrom('g_bob', 'g_carol', 'g_dave'),
		role,
		devices: fc.array(
			fc.record({
				d: device,
				s: fc.array(fc.record({ r: role, a: seq, b: optional(seq) }), { maxLength: 2 }),
			}),
			{ maxLength: 2 },
		),
	}),
}
const kinds = Object.keys(bodies) as Kind[]

const draftOf = (...among: readonly Kind[]) =>
	fc.constantFrom(...among).chain((kind) =>
		fc.record({
			kind: fc.constant(kind),
			who: fc.nat(SIGNERS.length - 1),
			slot: fc.nat(Math.min(3, KINDS[kind].slots - 1)),
			seq,
			ms,
			body: fc.oneof(
				{ weight: 6, arbitrary: bodies[kind] ?? fc.constant(null) },
				{ weight: 1, arbitrary: fc.constant(null) },
			),
		}),
	)
const draft = draftOf(...kinds)
const peopleDraft = draftOf('grant', 'mod', 'handover', 'handover', 'moved', 'settings')
type Drafted = typeof draft extends fc.Arbitrary<infer T> ? T : never
interface Signed {
	readonly key: string
	readonly bytes: Uint8Array
}

let ids: Signed[] = []
beforeAll(async () => {
	ids = await Promise.all(
		SIGNERS.map((signer, i) => makeRecord(signer, 'id', 0, 0, idBody(signer, NAMES[i] ?? ''))),
	)
})

/** At most four versions of a slot: so many wait for their author's key side by side. */
const sign = async (drafts: readonly Drafted[]): Promise<Signed[]> => {
	const versions = new Map<string, number>()
	const kept = drafts.filter(({ kind, who, slot }) => {
		const key = `${kind}/${who}/${slot}`
		versions.set(key, (versions.get(key) ?? 0) + 1)
		return (versions.get(key) ?? 0) <= WAITING_A_SLOT
	})
	const made: { readonly who: number; readonly t: string | undefined; readonly signed: Signed }[] = []
	/** Acceptances carry an offer that was made, and what is kept carries an acceptance: those are signed first. */
	const carrying = (body: unknown, t: string): BodyValue | undefined => {
		const candidates = made.filter((one) => one.t === t)
		const inner = candidates[(body as { nth: number }).nth % candidates.length]
		if (inner === undefined) return undefined
		const key = SIGNERS[inner.who]?.publicKey ?? new Uint8Array(32)
		const { bytes } = inner.signed
		return t === 'offer' ? { t: 'accept', key, offer: bytes } : { t: 'kept', key, accept: bytes }
	}
	const rounds = [undefined, 'accept', 'kept']
	for (const round of rounds)
		for (const { who, kind, slot, seq: number, body, ms: at } of kept) {
			const t = (body as { t?: string } | null)?.t
			const isCarrying = kind === 'handover' && (t === 'accept' || t === 'kept')
			if ((isCarrying ? t : undefined) !== round) continue
			const whole = isCarrying ? carrying(body, t === 'accept' ? 'offer' : 'accept') : (body as BodyValue)
			if (whole === undefined) continue
			const signer = SIGNERS[who] ?? createFakeSigner('x')
			made.push({ who, t, signed: await makeRecord(signer, kind, slot, number, whole, { ms: at }) })
		}
	return made.map(({ signed }) => signed)
}
const input = (records: Iterable<ParsedRecord>): FoldInput => ({
	root: ROOT,
	me: ROOT.ownerDevice,
	records,
	identityOf,
	foldActivity,
})
/** The room as a reader has it who got these in this order. */
const read = async (records: readonly Signed[]): Promise<string> => {
	const clock = createTestClock(TEST_START_MS + 1_000)
	const ledger = createLedger({ roomId: TEST_ROOM_ID, verifier: createFakeVerifier(), clock })
	for (const { key, bytes } of records) await ledger.judge(key, bytes)
	while (!ledger.isIdle()) await Promise.resolve()
	return canonicalState(fold(input(ledger.records())).state)
}

describe('the fold', () => {
	it('[RC15] gives every reader the same room, in whatever order the records came, and twice over', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(draft, { maxLength: 40 }),
				fc.infiniteStream(fc.nat()),
				async (drafts, order) => {
					const signed = await sign(drafts)
					expect(signed.every(({ bytes }) => typeof parseRecord(bytes) !== 'string')).toBe(true)
					const all = [...ids, ...signed]
					const ranks = new Map(all.map((record) => [record, order.next().value as number]))
					const shuffled = [...all].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
					const expected = await read(all)
					expect(await read(shuffled)).toBe(expected)
					expect(await read([...shuffled, ...all])).toBe(expected)
				},
			),
			{ numRuns: 400 },
		)
	})

	it('[RC15] leaves every item in one place: earlier, current or next', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(draft, { maxLength: 40 }), async (drafts) => {
				const parsed = [...ids, ...(await sign(drafts))].map(({ bytes }) => parseRecord(bytes))
				const bySlot = new Map(
					parsed
						.filter((record) => typeof record !== 'string')
						.map((record) => [`${record.kind}${record.author}${record.slot}`, record]),
				)
				const { state, queue } = fold(input(bySlot.values()))
				const { earlier, current, next } = state.queue
				const shown = [...earlier, ...(current ? [current] : []), ...next]
				// By votes next has another order than its places.
				expect(shown.map(({ id }) => id).sort()).toEqual(queue.live.map(({ id }) => id).sort())
				expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length)
			}),
			{ numRuns: 200 },
		)
	})

	it('[RO14] always has one owner, who is not out, and everybody out is banned', async () => {
		let handOvers = 0
		await fc.assert(
			fc.asyncProperty(fc.array(peopleDraft, { minLength: 4, maxLength: 40 }), async (drafts) => {
				const bySlot = new Map<string, ParsedRecord>()
				for (const { key, bytes } of [...ids, ...(await sign(drafts))]) {
					const record = parseRecord(bytes)
					if (typeof record !== 'string') bySlot.set(key, record)
				}
				const { state, authority } = fold(input(bySlot.values()))
				handOvers += authority.owners.chain.length
				const { chain, subject: owning } = authority.owners
				const taker = chain.at(-1)?.accept.author ?? ROOT.ownerDevice
				const owners = state.members.filter(({ role: has }) => has === 'owner')
				expect(owners.map(({ device: who }) => who)).toContain(taker)
				for (const owner of owners) expect(owner.device === taker || owner.subject === owning).toBe(true)
				const theirs = new Set(owners.map(({ subject: who }) => who))
				for (const { subject: out } of state.removals) expect(theirs.has(out)).toBe(false)
				for (const { device: who, role: has } of state.members)
					expect(authority.roleAt(who, Infinity)).toBe(has)
			}),
			{ numRuns: 300 },
		)
		expect(handOvers).toBeGreaterThan(3)
	})

	it('[RC9] counts the same records of a device over its budget at every reader', async () => {
		const [alice] = SIGNERS
		if (alice === undefined) throw new Error('nobody')
		const records: ParsedRecord[] = []
		for (let slot = 0; slot < 200; slot++) {
			const kind = slot % 2 === 0 ? 'chat' : 'qmod'
			const body: BodyValue =
				kind === 'chat'
					? { text: 'x'.repeat(400) }
					: { t: 'rm', item: `${alice.device}.${NONCES[0]}`, is: false }
			const record = parseRecord((await makeRecord(alice, kind, slot, slot + 1, body)).bytes)
			if (typeof record !== 'string') records.push(record)
		}
		expect(withinBudget(records, ACCOUNT_BUDGET_BYTES)).toHaveLength(200)
		const counted = withinBudget(records, 40_000)
		expect(withinBudget([...records].reverse(), 40_000)).toEqual(counted)
		expect(counted.filter(({ kind }) => kind === 'qmod')).toHaveLength(100)
		const chatSeqs = counted.filter(({ kind }) => kind === 'chat').map(({ seq: number }) => number)
		expect(Math.min(...chatSeqs)).toBeGreaterThan(100)
	})
})
