/**
 * Going along when the lock was changed: opens this device's note and makes the new room ready here, with what this
 * device can vouch for of the old one, before the page goes there.
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { Bodies } from '#lib/core/kinds.ts'
import { decodeNotes, openNote, type LockPayload } from '#lib/core/lock.ts'
import { passwordCheckOf } from '#lib/core/lock-password.ts'
import { keyOf, parseRecord } from '#lib/core/records.ts'
import { deriveRoomKeys, type RoomKeys } from '#lib/core/room-keys.ts'
import type { Room } from '#lib/core/room.ts'
import { openSignedRoot, type SignedRoot } from '#lib/core/root.ts'
import type { DeviceId } from '#lib/core/units.ts'
import { keepDocument, recordsToCarry } from './carry-over.ts'
import type { Device } from './device.ts'
import type { FoundOpenRoom } from './find-room.ts'
import { lockOfVisit } from './visits.ts'

export interface FollowDeps {
	readonly device: Pick<Device, 'subtle' | 'verifier' | 'signer' | 'wallNowMs' | 'store'> & {
		readonly api: Pick<Device['api'], 'root'>
	}
	/** The room that is left, and how it was found. */
	readonly room: Room
	readonly found: Pick<FoundOpenRoom, 'keys'>
}

/**
 * Takes in what the server keeps for those who were away. Only who owns the room can say that it has moved: the notes
 * are signed records of the room, and are judged as such; the room's state then tells.
 */
export const admitNotes = async (
	{ room, found }: Pick<FollowDeps, 'room' | 'found'>,
	notes: string,
): Promise<void> => {
	for (const bytes of decodeNotes(notes, found.keys.roomId) ?? []) {
		const record = parseRecord(bytes)
		if (typeof record === 'string' || (record.kind !== 'id' && record.kind !== 'moved')) continue
		await room.ledger.judge(keyOf(record.kind, record.author, record.slot), bytes)
	}
}

const bodiesBy = (room: Room, author: DeviceId): readonly Bodies['moved'][] =>
	[...room.ledger.entries()].flatMap(([, bytes]) => {
		const record = parseRecord(bytes)
		return typeof record !== 'string' &&
			record.kind === 'moved' &&
			record.author === author &&
			record.body !== null
			? [record.body]
			: []
	})

interface NextRoom {
	readonly keys: RoomKeys
	readonly signed: SignedRoot
	readonly sealedRoot: string
	readonly passwordSecret: string | null
}

/** Throws where the server cannot be asked just now; null where what it keeps is not what the owner made. */
const findNext = async (
	{ device, found }: FollowDeps,
	{ code, passwordSecret }: LockPayload,
	by: DeviceId,
): Promise<NextRoom | null> => {
	const keys = await deriveRoomKeys(device.subtle, code, passwordSecret)
	const kept = await device.store.rooms.get(keys.lookupId)
	let sealedRoot = kept?.sealedRoot
	if (sealedRoot === undefined) {
		const answer = await device.api.root(keys.lookupId)
		if (answer.type !== 'ok') throw new Error('the server does not have the new room yet, or is away')
		sealedRoot = answer.value.root
	}
	const signed = await openSignedRoot(device, keys, sealedRoot)
	if (signed === null) return null
	const { ownerDevice, before, passwordCheck } = signed.root
	if (ownerDevice !== by || before?.[0] !== found.keys.roomId) return null
	const check = passwordSecret === null ? undefined : await passwordCheckOf(device.subtle, passwordSecret)
	if (check !== passwordCheck) return null
	return {
		keys,
		signed,
		sealedRoot,
		passwordSecret: passwordSecret === null ? null : bytesToBase64url(passwordSecret),
	}
}

/**
 * The new code, with the new room ready on this device; null where the room has not moved or has no note for this
 * device. Rejects where it cannot be done now and may be later (server or disk); doing it again is fine.
 */
export const followMove = async (deps: FollowDeps): Promise<{ readonly code: string } | null> => {
	const { device, room, found } = deps
	const { store } = device
	await room.whenAdmitted
	const { moved } = room.state()
	if (moved === null) return null
	const bodies = bodiesBy(room, moved.by)
	const me = device.signer.device
	const staying = new Set(bodies.flatMap(({ notes }) => notes.map(({ d }) => d)))
	if (!staying.has(me)) return null
	const oldId = found.keys.roomId
	const payload = await openNote(device.subtle, await store.boxKey(), me, bodies, oldId)
	if (payload === null) return null
	const visit = await store.rooms.get(found.keys.lookupId)
	if (visit?.movedTo === payload.code) return { code: payload.code }

	const next = await findNext(deps, payload, moved.by)
	if (next === null) return null
	const { keys, signed, sealedRoot, passwordSecret } = next
	await store.carrySeqs(oldId, keys.roomId)
	// Whoever still writes in the old room with its old code must not come along through us: only those who stay do.
	const isTaken = (author: DeviceId): boolean => staying.has(author) || author === moved.by
	await keepDocument(store, keys.roomId, recordsToCarry(room.ledger, isTaken))
	await store.rooms.put({
		lastItem: visit?.lastItem ?? null,
		queueLength: visit?.queueLength ?? 0,
		people: visit?.people ?? [],
		roomId: keys.lookupId,
		code: payload.code,
		title: signed.root.title,
		visitedAtMs: Math.round(device.wallNowMs()),
		sealedRoot,
		...lockOfVisit(keys, passwordSecret),
	})
	if (visit !== null) await store.rooms.put({ ...visit, movedTo: payload.code })
	return { code: payload.code }
}
