/**
 * Real things that neighbours send each other, to be bent by the fuzzer: from a room where much has happened.
 */
import * as Y from 'yjs'
import { encodeBody, type BodyValue } from '#lib/core/body.ts'
import { createFakeSigner } from '#lib/core/fake-crypto.ts'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { parseRecord } from '#lib/core/records.ts'
import { addFilm, gather, makeRecord } from '#lib/core/test-room.ts'
import type { PeerId, SubjectId } from '#lib/core/units.ts'
import { encodeLinkMessage } from '#lib/protocol/peer.ts'
import { encodeRoomFrame } from '#lib/protocol/room-frames.ts'
import { encodeDigest } from '#lib/sync/digest-message.ts'
import { encodeStatus, type MemberStatus } from '#lib/sync/member-status.ts'
import { AN_ID } from './fuzz.ts'

export type Many<T> = readonly [T, ...T[]]

export const many = <T>(values: readonly T[]): Many<T> => {
	const [first, ...others] = values
	if (first === undefined) throw new Error('no samples')
	return [first, ...others]
}

export interface Samples {
	/** Whole records of every kind that people's acts bring about. */
	readonly records: Many<Uint8Array>
	/** Their bodies, to be bent and signed anew. */
	readonly bodies: Many<{ readonly kind: Parameters<typeof makeRecord>[1]; readonly body: BodyValue }>
	readonly updates: Many<Uint8Array>
	readonly vectors: Many<Uint8Array>
	readonly linkMessages: Many<Uint8Array>
	readonly roomFrames: Many<Uint8Array>
	readonly digests: Many<Uint8Array>
	readonly statuses: Many<Uint8Array>
	readonly keys: Many<string>
}

const STATUS: MemberStatus = {
	doing: { type: 'buffering', percent: 40 },
	isMuted: false,
	isAway: false,
	driftMs: -12.5,
	stalledForMs: 0,
	isReady: true,
	isExempt: false,
	startLagMs: 80,
	liveLatencyMs: null,
	readyFor: 'a.1',
	oneWayP95Ms: 42,
	deviceName: 'Firefox on Linux',
}

const u8 = (count: number, value = 7): Uint8Array<ArrayBuffer> => new Uint8Array(count).fill(value)

/** A room in which three people did most of what one can do; `updates` is what they sent each other for it. */
const liveARoom = async () => {
	const { rooms, meet, clock } = await gather('alice', 'bob', 'charlie')
	const [alice, bob, charlie] = rooms
	if (alice === undefined || bob === undefined || charlie === undefined) throw new Error('nobody came')
	const updates: Uint8Array[] = []
	for (const { doc } of rooms) doc.on('update', (update: Uint8Array) => updates.push(update))
	for (const title of ['One', 'Two', 'Three']) await addFilm(alice, title)
	const second = await addFilm(bob, 'Four', 'next')
	await meet()
	await bob.room.queue.move(second, null)
	await charlie.room.queue.vote(second, true)
	await charlie.room.chat.send('Good evening')
	await alice.room.playback.set({ positionS: 12.5, isPlaying: true, rate: 1.25, atMs: clock.nowMs() })
	await alice.room.renameRoom('Friday')
	clock.advance(1_000)
	await alice.room.grant('g_bob' as SubjectId, 'operator')
	await meet()
	await bob.room.chat.send('Hello')
	await alice.room.grant('g_charlie' as SubjectId, 'viewer')
	await alice.room.queue.remove(second)
	await alice.room.queue.shuffle()
	await meet()
	return { doc: alice.doc, updates }
}

export const collectSamples = async (): Promise<Samples> => {
	const { doc, updates } = await liveARoom()
	const records: Uint8Array[] = []
	const keys: string[] = []
	for (const [key, value] of doc.getMap<unknown>(RECORDS_MAP))
		if (value instanceof Uint8Array) {
			records.push(value)
			keys.push(key)
		}
	const bodies = records.flatMap((bytes) => {
		const record = parseRecord(bytes)
		return typeof record === 'string' || record.body === null
			? []
			: [{ kind: record.kind, body: record.body }]
	})
	const device = createFakeSigner('alice').device
	const peer = AN_ID as PeerId
	const status = encodeStatus({ peer, device, count: 5, status: STATUS })
	const idle = encodeStatus({ peer, device, count: 6, status: { ...STATUS, doing: { type: 'idle' } } })
	if (status === null || idle === null) throw new Error('these are statuses')
	const digests = [
		encodeDigest({ type: 'room', salt: [1, 2], hash: [3, 4] }),
		encodeDigest({
			type: 'authors',
			salt: [1, 2],
			page: 0,
			pages: 2,
			authors: [{ author: device, maxSeq: 9, count: 3, hash: [5, 6] }],
		}),
		encodeDigest({
			type: 'slots',
			salt: [1, 2],
			isAnswer: true,
			author: device,
			slots: [{ kind: 'chat', slot: 3, seq: 8, hash: [7, 8] }],
		}),
		encodeDigest({ type: 'want', keys: [{ kind: 'queue', author: device, slot: 1 }] }),
		encodeDigest({ type: 'records', records: records.slice(0, 3) }),
	]
	const roomFrames = [
		...updates
			.slice(0, 5)
			.map((payload, id) =>
				encodeRoomFrame({ type: 'sync', kind: 'update', id, index: 0, total: 1, payload }),
			),
		encodeRoomFrame({ type: 'status', hops: 2, payload: status }),
		encodeRoomFrame({ type: 'clock-probe', id: 3, t0Ms: 12.5 }),
		encodeRoomFrame({
			type: 'clock-answer',
			id: 3,
			t0Ms: 1,
			t1Ms: 2,
			t2Ms: 3,
			offsetMs: -4,
			errorMs: Infinity,
			epoch: 77,
			members: 6,
		}),
		encodeRoomFrame({ type: 'bye' }),
		encodeRoomFrame({ type: 'app', payload: u8(5) }),
		...digests.map((payload) => encodeRoomFrame({ type: 'digest', payload })),
	]
	const linkMessages = [
		encodeLinkMessage({ type: 'hello', version: 1, nonce: u8(32), publicKey: u8(32, 9) }),
		encodeLinkMessage({ type: 'proof', signature: u8(64), mac: u8(32) }),
		encodeLinkMessage({ type: 'ready' }),
		encodeLinkMessage({ type: 'ping', id: 4 }),
		encodeLinkMessage({ type: 'pong', id: 5 }),
		encodeLinkMessage({ type: 'whole', payload: u8(20) }),
		encodeLinkMessage({ type: 'first', totalBytes: 40_000, payload: u8(30) }),
		encodeLinkMessage({ type: 'more', payload: u8(30) }),
		encodeLinkMessage({ type: 'want', isWanted: true, hasDirect: false }),
		encodeLinkMessage({ type: 'bye', reason: 'redirected', others: [peer, peer] }),
	]
	return {
		records: many(records),
		bodies: many(bodies),
		updates: many(updates),
		vectors: many([Y.encodeStateVector(doc), Y.encodeStateVector(new Y.Doc())]),
		linkMessages: many(linkMessages),
		roomFrames: many(roomFrames),
		digests: many(digests),
		statuses: many([status, idle]),
		keys: many(keys),
	}
}

/** A body with a value somewhere in it exchanged; as canonical bytes, so that only its schema can refuse it. */
export const bentBody = (
	body: BodyValue,
	pick: <T>(values: Many<T>) => T,
	value: BodyValue,
): Uint8Array<ArrayBuffer> => {
	const bend = (one: BodyValue): BodyValue => {
		if (typeof one !== 'object' || one === null || one instanceof Uint8Array) return value
		if (Array.isArray(one)) return [...(one as readonly BodyValue[]).slice(1), value]
		const keys = Object.keys(one)
		const named = one as Readonly<Record<string, BodyValue | undefined>>
		if (keys.length === 0) return value
		const key = pick(many([...keys, 'extra', 'isHost']))
		return { ...named, [key]: key in named && pick([true, false]) ? bend(named[key] ?? null) : value }
	}
	return encodeBody(bend(body))
}
