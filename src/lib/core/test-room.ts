/**
 * Rooms for tests: fake crypto, a clock that stands still until moved, seeded randomness. Used beside the files here
 * and by the simulations.
 */
import * as Y from 'yjs'
import { createFakeSigner, createFakeVerifier, createMemorySeqSource } from './fake-crypto.ts'
import type { Clock, RandomSource } from './clock.ts'
import type { Signer } from './crypto.ts'
import { RECORDS_MAP } from './ledger.ts'
import { createRoom, type IdentityClaims, type Room, type RoomDeps, type RoomRoot } from './room.ts'
import type { Millis, RoomId, SubjectId } from './units.ts'

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
		: { subject: subject as SubjectId, name, isAccount: account === '1' }
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
