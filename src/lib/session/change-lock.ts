/**
 * A new lock: a room with another code (and a password, or none) into which everything is carried over, and to whose
 * code each device that stays gets a note which it alone can open. Until the note is written the old room knows
 * nothing of it; whatever fails before leaves it as it was.
 */
import type { Fold } from '#lib/core/fold.ts'
import { encodeNotes, sealNotes } from '#lib/core/lock.ts'
import { describePasswordProblem } from '#lib/core/lock-password.ts'
import { authorsOf, planGrantsAgain, planMoved, planRestAgain } from '#lib/core/plan-lock.ts'
import { NOTHING_TO_DO } from '#lib/core/plan.ts'
import { keyOf, parseRecord } from '#lib/core/records.ts'
import { createRoom, type CommandOutcome, type Room } from '#lib/core/room.ts'
import { BEFORE_MAX, openSignedRoot } from '#lib/core/root.ts'
import { KINDS } from '#lib/core/kinds.ts'
import type { Millis, SubjectId } from '#lib/core/units.ts'
import { base64urlToBytes } from '#lib/core/base64url.ts'
import { movingWords } from '#lib/words/moving.ts'
import { keepDocument, recordsToCarry } from './carry-over.ts'
import { makeRoom, roomHref, type MadeRoom } from './create-room.ts'
import type { Device } from './device.ts'
import type { FoundOpenRoom } from './find-room.ts'
import { findMovers, namesWithout } from './left-behind.ts'
import { describeOutcome } from './outcome-words.ts'
import { ownerOf } from './register-room.ts'

export type LockDevice = Pick<
	Device,
	'subtle' | 'random' | 'signer' | 'verifier' | 'wallNowMs' | 'store' | 'name'
> & {
	readonly identity: Pick<Device['identity'], 'token' | 'check'>
	readonly api: Pick<Device['api'], 'registerRoom'>
}

export interface ChangeLockDeps {
	readonly device: LockDevice
	/** The room that is left, and how it was found. */
	readonly room: Room
	readonly found: Pick<FoundOpenRoom, 'keys' | 'root'>
	/** Room time. */
	readonly roomNow: () => Millis
	/** Hands the notes to the server, for those who are away; now or later. */
	readonly postNotes: (notes: string) => unknown
}

export type ChangeLockOutcome =
	| {
			readonly type: 'done'
			readonly code: string
			readonly href: string
			/** Names of people none of whose devices could be given the new code. */
			readonly leftBehind: readonly string[]
			/** False: the server was away. Nobody comes into the new room until it has been told, which goes on by itself. */
			readonly isRegistered: boolean
	  }
	/** In a sentence; the old room is as it was. */
	| { readonly type: 'failed'; readonly message: string }

const failed = (message: string): ChangeLockOutcome => ({ type: 'failed', message })
const words = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What commands know beyond the snapshot. */
const foldOf = async (room: Room): Promise<Fold | null> => {
	let seen: Fold | null = null
	await room.carryOut('look', ({ fold }) => {
		seen = fold
		return NOTHING_TO_DO
	})
	return seen
}

const isFine = ({ type }: CommandOutcome): boolean => type === 'done' || type === 'nothing-to-do'

/** The new room's document: all records, and what has to be said again so that all stands as it stood. */
const buildRoom = async (
	{ device, room, found, roomNow }: ChangeLockDeps,
	{ keys, root }: MadeRoom,
): Promise<void> => {
	const old = await foldOf(room)
	if (old === null) throw new Error('the room is closed')
	// One count of numbers for both from now on: what this device says again must come after all it has said.
	await device.store.carrySeqs(found.keys.roomId, keys.roomId)
	await keepDocument(device.store, keys.roomId, recordsToCarry(room.ledger), async (doc) => {
		const next = createRoom({
			doc,
			roomId: keys.roomId,
			root,
			signer: device.signer,
			verifier: device.verifier,
			seqs: device.store.seqs(keys.roomId),
			clock: { nowMs: roomNow },
			random: device.random,
			checkIdentity: device.identity.check,
		})
		try {
			await next.whenAdmitted
			const authors = authorsOf(
				[...next.ledger.entries()].flatMap(([, bytes]) => {
					const record = parseRecord(bytes)
					return typeof record === 'string' ? [] : [record]
				}),
			)
			const steps = [
				await next.carryOut('say-again', (now) => planGrantsAgain(now, old, authors)),
				await next.carryOut('say-again', (now) => planRestAgain(now, old)),
			]
			const bad = steps.find((outcome) => !isFine(outcome))
			if (bad !== undefined) throw new Error(describeOutcome(bad) ?? movingWords().noRoles)
		} finally {
			next.dispose()
		}
	})
}

/** One try; an opened room goes on trying by itself. */
const register = async (device: LockDevice, made: MadeRoom): Promise<boolean> => {
	const { keys, sealedRoot } = made
	const token = await device.identity.token(await device.name())
	const signed = await openSignedRoot(device, keys, sealedRoot)
	if (token === null || signed === null) return false
	const owner = await ownerOf(device, keys.roomId, signed)
	for (const id of new Set([keys.lookupId, keys.roomId])) {
		const own = id === keys.roomId ? (owner ?? undefined) : undefined
		const answer = await device.api.registerRoom(id, sealedRoot, token.token, own)
		if (answer.type !== 'ok') return false
	}
	return true
}

const notesIn = (room: Room): readonly Uint8Array[] => {
	const { me } = room.state()
	const at = (kind: 'id' | 'moved', slot: number): Uint8Array[] => {
		const bytes = room.ledger.get(keyOf(kind, me, slot))
		return bytes === undefined ? [] : [bytes]
	}
	return [...at('id', 0), ...Array.from({ length: KINDS.moved.slots }, (_, slot) => at('moved', slot)).flat()]
}

/** `password` empty: none in the new room. Never rejects. */
export const changeLock = async (
	deps: ChangeLockDeps,
	{ password }: { readonly password: string },
): Promise<ChangeLockOutcome> => {
	const { device, room, found } = deps
	const { store } = device
	const { myRole, title, members, me, moved } = room.state()
	const problem = password === '' ? null : describePasswordProblem(password)
	if (problem !== null) return failed(problem)
	if (myRole !== 'owner') return failed(movingWords().ownerOnly)
	if (moved !== null) return failed(movingWords().already)

	let made: MadeRoom
	let notes: Awaited<ReturnType<typeof sealNotes>>
	const { recipients } = findMovers(room)
	try {
		const ownerSubject =
			members.find(({ device: id }) => id === me)?.subject ?? (`d_${device.signer.device}` as SubjectId)
		const before = [found.keys.roomId, ...(found.root.before ?? [])].slice(0, BEFORE_MAX)
		made = await makeRoom(device, { title, ownerSubject, before }, password)
		const passwordSecret = made.passwordSecret === null ? null : base64urlToBytes(made.passwordSecret)
		notes = await sealNotes(device, recipients, { code: made.code, passwordSecret }, found.keys.roomId)
	} catch (error) {
		return failed(movingWords().noCode(words(error)))
	}

	const before = await store.rooms.get(found.keys.lookupId)
	const { lookupId } = made.keys
	try {
		await store.rooms.put({
			...made.visit,
			...(before === null
				? {}
				: { lastItem: before.lastItem, queueLength: before.queueLength, people: before.people }),
		})
		await buildRoom(deps, made)
	} catch (error) {
		await store.rooms.forget(lookupId)
		return failed(movingWords().noRoom(words(error)))
	}

	// Before anybody is sent there: without the server nobody else finds the root.
	const isRegistered = await register(device, made).catch(() => false) // whatever it was, it is tried again
	const outcome = await room.carryOut('change-lock', (now) => planMoved(now, notes.bodies))
	if (outcome.type !== 'done') {
		await store.rooms.forget(lookupId)
		return failed(movingWords().notTold(describeOutcome(outcome) ?? movingWords().nobodyTold))
	}

	const unsealed = new Set(notes.unsealed)
	const sealed = new Set(recipients.map(({ device: id }) => id).filter((id) => !unsealed.has(id)))
	const leftBehind = namesWithout(room, sealed)
	try {
		await deps.postNotes(encodeNotes(found.keys.roomId, notesIn(room)))
	} catch (error) {
		console.warn('The server could not be given the notes for those who are away.', error)
	}
	if (before !== null) await store.rooms.put({ ...before, movedTo: made.code })
	return { type: 'done', code: made.code, href: roomHref(made.code), leftBehind, isRegistered }
}
