/**
 * Rooms for tests: fake crypto, a clock that stands still until moved, seeded randomness. Used beside the files here
 * and by the simulations.
 */
import * as Y from 'yjs'
import { foldActivity } from './activity.ts'
import { createFakeSigner, createFakeVerifier, createMemorySeqSource } from './fake-crypto.ts'
import type { Clock, RandomSource } from './clock.ts'
import type { Signer } from './crypto.ts'
import type { BodyValue } from './body.ts'
import { makeHlc } from './hlc.ts'
import type { Kind } from './kinds.ts'
import { RECORDS_MAP } from './ledger.ts'
import { plans } from './plans.ts'
import { encodeUnsigned, keyOf, signedMessage, withSignature } from './records.ts'
import {
	createRoom,
	type IdentityClaims,
	type NewItem,
	type Room,
	type RoomDeps,
	type RoomRoot,
} from './room.ts'
import type { ItemId, Millis, RoomId, SubjectId } from './units.ts'

export const TEST_ROOM_ID = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
export const TEST_START_MS: Millis = 1_800_000_000_000

export interface TestClock extends Clock {
	advance(ms: Millis): void
	set(ms: Millis): void
}

export const createTestClock = (startMs: Millis = TEST_START_MS): TestClock => {
	let now = startMs
	return {
		nowMs: () => now,
		advance: (ms) => {
			now += ms
		},
		set: (ms) => {
			now = ms
		},
	}
}

/** Mulberry32: small, and good enough to spread test data. */
export const createTestRandom = (seed: number): RandomSource => {
	let state = seed >>> 0
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0
		let mixed = Math.imul(state ^ (state >>> 15), state | 1)
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
		return (mixed ^ (mixed >>> 14)) >>> 0
	}
	return { bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff) }
}

/** A token that the fake check believes: `subject.name.acct` with `acct` 1 for an account. */
export const fakeToken = (subject: string, name: string, isAccount = false): string =>
	`${subject}.${name}.${isAccount ? '1' : '0'}`

export const checkFakeIdentity = async (token: string): Promise<IdentityClaims | null> => {
	const [subject, name, account] = token.split('.')
	return subject === undefined || name === undefined
		? null
		: { subject: subject as SubjectId, name, isAccount: account === '1', pictureId: null }
}

export const testRoot = (owner: Signer): RoomRoot => ({
	v: 1,
	ownerDevice: owner.device,
	ownerSubject: 'u_owner' as SubjectId,
	title: 'Film night',
	createdAtMs: TEST_START_MS,
})

export interface TestRoom {
	readonly name: string
	readonly room: Room
	readonly doc: Y.Doc
	readonly signer: Signer
}

/** A room of device `name`; with the same `root` several devices share one room. */
export const createTestRoom = (
	name: string,
	options: Partial<RoomDeps> & { readonly root: RoomRoot; readonly clock: Clock },
): TestRoom => {
	const doc = options.doc ?? new Y.Doc()
	const signer = options.signer ?? createFakeSigner(name)
	const room = createRoom({
		doc,
		roomId: TEST_ROOM_ID,
		signer,
		verifier: createFakeVerifier(),
		seqs: createMemorySeqSource(),
		random: createTestRandom([...name].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7)),
		checkIdentity: checkFakeIdentity,
		loadPlans: async () => plans,
		foldActivity,
		...options,
	})
	return { name, room, doc, signer }
}

/** Carries everything `from` has to `to`, as a trusting sync would, and lets the ledger judge what was touched. */
export const carry = async (from: TestRoom, to: TestRoom): Promise<void> => {
	const touched = new Set<string>()
	const records = to.doc.getMap(RECORDS_MAP)
	const watch = (event: Y.YMapEvent<unknown>): void => {
		for (const key of event.keysChanged) touched.add(String(key))
	}
	records.observe(watch)
	Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)))
	records.unobserve(watch)
	await to.room.judgeTouched(touched)
}

export const carryBoth = async (a: TestRoom, b: TestRoom): Promise<void> => {
	await carry(a, b)
	await carry(b, a)
}

/** A signed record made by hand, right or wrong, as an attacker or an old client might; `ms` is its clock. */
export const makeRecord = async (
	signer: Signer,
	kind: Kind,
	slot: number,
	seq: number,
	body: BodyValue,
	options: { readonly ms?: Millis; readonly roomId?: RoomId } = {},
): Promise<{ key: string; bytes: Uint8Array<ArrayBuffer> }> => {
	const hlc = makeHlc(options.ms ?? TEST_START_MS)
	const unsigned = encodeUnsigned({ kind, slot, seq, hlc, author: signer.device }, body)
	const signature = await signer.sign(signedMessage(options.roomId ?? TEST_ROOM_ID, unsigned))
	return { key: keyOf(kind, signer.device, slot), bytes: withSignature(unsigned, signature) }
}

/** The body of an `id` record that is in order. */
export const idBody = (signer: Signer, name: string, token?: string): BodyValue => ({
	key: signer.publicKey,
	name,
	token,
	since: TEST_START_MS,
	first: 1,
})

/** Something to queue. */
export const film = (title: string): NewItem => ({
	media: { kind: 'file', url: `https://films.example/${encodeURIComponent(title)}.mp4` },
	title,
})

/** Queues a film and gives its id; throws where it was refused. */
export const addFilm = async (
	{ room }: TestRoom,
	title: string,
	where: 'end' | 'next' = 'end',
): Promise<ItemId> => {
	const outcome = await room.queue.add(film(title), where)
	if (outcome.type !== 'done' || outcome.item === undefined) throw new Error(`not added: ${outcome.type}`)
	return outcome.item
}

/** Titles of the queue: earlier, then the current one in brackets, then next. */
export const titlesOf = ({ room }: TestRoom): string => {
	const { earlier, current, next } = room.state().queue
	const names = (items: readonly { readonly title: string }[]): string[] => items.map(({ title }) => title)
	return [...names(earlier), ...(current ? [`[${current.title}]`] : []), ...names(next)].join(' ')
}

export interface Meeting {
	readonly clock: TestClock
	readonly root: RoomRoot
	readonly rooms: readonly TestRoom[]
	/** Everybody gets what everybody has. */
	readonly meet: () => Promise<void>
}

/** A room that `names` have come into; the first owns it. */
export const gather = async (...names: readonly string[]): Promise<Meeting> => {
	const clock = createTestClock()
	const root = testRoot(createFakeSigner(names[0] ?? 'alice'))
	const rooms = names.map((name) => createTestRoom(name, { root, clock }))
	const meet = async (): Promise<void> => {
		for (let round = 0; round < 2; round++)
			for (const from of rooms) for (const to of rooms) if (from !== to) await carry(from, to)
	}
	for (const { room, name } of rooms) {
		clock.advance(10)
		await room.introduce({ name, token: fakeToken(`g_${name}`, name) })
	}
	await meet()
	return { clock, root, rooms, meet }
}
