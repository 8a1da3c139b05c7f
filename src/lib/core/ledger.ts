/**
 * The verified set: for each slot the best record known to be good. Yjs carries bytes; what is in here counts.
 * Carriers ask it to judge what they bring and put back what the document lost.
 */
import { DEVICE_HARD_BYTES, ROOM_BUDGET_BYTES } from './budget.ts'
import type { Clock } from './clock.ts'
import type { Verifier } from './crypto.ts'
import { createEvidenceCheck } from './evidence.ts'
import { isDue } from './hlc.ts'
import { KINDS, type Kind } from './kinds.ts'
import {
	compareBytes,
	keyOf,
	parseKey,
	parseRecord,
	RECORD_OVERHEAD_BYTES,
	signaturePart,
	signedMessage,
	unsignedPart,
	type ParsedRecord,
} from './records.ts'
import type { DeviceId, Millis, RoomId } from './units.ts'

export const REJECTIONS = [
	'bad-key',
	'bad-record',
	'bad-slot',
	'bad-body',
	'bad-signature',
	'too-big',
	'over-budget',
] as const
export type Rejection = (typeof REJECTIONS)[number]

export type Verdict =
	/** A valid record with a higher seq than the one known: now the slot's value. */
	| { readonly type: 'accepted' }
	/** The bytes already known. */
	| { readonly type: 'known' }
	/** Valid, but not better than the one known: the document must be set back to `better`. */
	| { readonly type: 'stale'; readonly better: Uint8Array }
	/** Its author's `id` record (the public key) has not arrived; judged again when it does. */
	| { readonly type: 'waiting' }
	/** More than 60 s ahead of room time; judged again when due. Stays in the document. */
	| { readonly type: 'quarantined' }
	/** Not a record. `better` is the known good value, or null where the key must go. */
	| { readonly type: 'rejected'; readonly why: Rejection; readonly better: Uint8Array | null }

export interface Ledger {
	/** Judges the bytes now found at `key` of the records map (`undefined`: the key is gone). Never throws. */
	judge(key: string, value: unknown): Promise<Verdict>
	/** The known good bytes at `key`. */
	get(key: string): Uint8Array | undefined
	/** Every key and its known good bytes. */
	entries(): IterableIterator<[string, Uint8Array]>
	readonly size: number
}

/** The one root type of the document. */
export const RECORDS_MAP = 'records'

export type LedgerEvent =
	/** `isReleased`: it had waited or stood in quarantine, so the document may have lost it meanwhile. */
	| { readonly type: 'accepted'; readonly record: ParsedRecord; readonly isReleased: boolean }
	/** Two valid records of one device with one seq and different content. */
	| {
			readonly type: 'forked'
			readonly author: DeviceId
			readonly seq: number
			readonly pair: [Uint8Array, Uint8Array]
	  }
	/** Nothing is being judged any more. */
	| { readonly type: 'idle' }

export interface LedgerStats {
	readonly records: number
	readonly bytes: number
	readonly waiting: number
	readonly quarantined: number
	readonly rejections: Readonly<Record<Rejection, number>>
}

/** The ledger as the room itself uses it. */
export interface VerifiedSet extends Ledger {
	records(): IterableIterator<ParsedRecord>
	record(key: string): ParsedRecord | undefined
	readonly publicKey: (author: DeviceId) => Uint8Array | undefined
	/** The highest seq verified of a device, in quarantine too; -1 for none. */
	readonly maxSeq: (author: DeviceId) => number
	bytesOf(author: DeviceId): number
	readonly totalBytes: number
	/** Takes in a record this device has just signed. */
	admitOwn(record: ParsedRecord): void
	/** Lets in what has waited in quarantine until now. */
	tick(nowMs: Millis): void
	isIdle(): boolean
	readonly stats: () => LedgerStats
	on(fn: (event: LedgerEvent) => void): () => void
}

export interface LedgerDeps {
	readonly roomId: RoomId
	/** What this room was before its lock was changed: records signed for those count here too. */
	readonly before?: readonly RoomId[]
	readonly verifier: Verifier
	readonly clock: Clock
	/** This device's own key, known before its `id` record. */
	readonly me?: { readonly device: DeviceId; readonly publicKey: Uint8Array }
}

/** Unverified bytes kept for authors whose key has not come; they are the document's own arrays, not copies. */
export const WAITING_MAX_RECORDS = 20_000
export const WAITING_MAX_BYTES = 4 * 1024 * 1024
export const WAITING_A_SLOT = 4
export const QUARANTINE_MAX_RECORDS = 2_000

const BODY_MAX_BYTES = Math.max(...Object.values(KINDS).map((spec) => spec.bodyMaxBytes))
const RECORD_MAX_BYTES = RECORD_OVERHEAD_BYTES + BODY_MAX_BYTES

/** Kinds that a lock changed does not carry over. */
export const OF_ONE_ROOM: ReadonlySet<Kind> = new Set<Kind>(['handover', 'moved'])

export const createLedger = (deps: LedgerDeps): VerifiedSet => {
	const { roomId, verifier, clock } = deps
	const known = new Map<string, ParsedRecord>()
	const publicKeys = new Map<DeviceId, Uint8Array>()
	const highestSeqs = new Map<DeviceId, number>()
	const bytesByAuthor = new Map<DeviceId, number>()
	/** Which slot holds an author's seq now: two different records under one seq are a fork. */
	const keysBySeq = new Map<DeviceId, Map<number, string>>()
	const waiting = new Map<DeviceId, Map<string, Uint8Array[]>>()
	const quarantine = new Map<string, ParsedRecord>()
	const rejections = Object.fromEntries(REJECTIONS.map((why) => [why, 0])) as Record<Rejection, number>
	const listeners = new Set<(event: LedgerEvent) => void>()
	let totalBytes = 0
	let waitingCount = 0
	let waitingBytes = 0
	let judging = 0

	const emit = (event: LedgerEvent): void => {
		for (const fn of listeners) fn(event)
	}
	const reject = (key: string, why: Rejection): Verdict => {
		rejections[why]++
		return { type: 'rejected', why, better: known.get(key)?.bytes ?? null }
	}

	/** Nobody can tell yet which of several for one slot is real: the last few are kept. */
	const wait = (key: string, author: DeviceId, bytes: Uint8Array): Verdict => {
		const byKey = waiting.get(author) ?? new Map<string, Uint8Array[]>()
		const held = byKey.get(key) ?? []
		if (held.some((other) => compareBytes(other, bytes) === 0)) return { type: 'waiting' }
		const dropped = held.length >= WAITING_A_SLOT ? held.shift() : undefined
		waitingCount -= dropped === undefined ? 0 : 1
		waitingBytes -= dropped?.length ?? 0
		if (waitingCount >= WAITING_MAX_RECORDS || waitingBytes + bytes.length > WAITING_MAX_BYTES)
			return reject(key, 'over-budget')
		waitingCount++
		waitingBytes += bytes.length
		waiting.set(author, byKey.set(key, [...held, bytes]))
		return { type: 'waiting' }
	}

	/** Whoever was waiting for this author's key is judged now. */
	const learnKey = (author: DeviceId, publicKey: Uint8Array): void => {
		if (publicKeys.has(author)) return
		publicKeys.set(author, publicKey)
		const byKey = waiting.get(author)
		if (byKey === undefined) return
		waiting.delete(author)
		for (const [key, candidates] of byKey) {
			for (const bytes of candidates) {
				waitingCount--
				waitingBytes -= bytes.length
				void judgeBytes(key, bytes, true)
			}
		}
	}

	/** Where the last good record of an author was signed: the next is most likely of that room too. */
	const signedIn = new Map<DeviceId, RoomId>()
	const isSigned = async (
		publicKey: Uint8Array,
		record: ParsedRecord,
		isAnywhere = false,
	): Promise<boolean> => {
		const { author, kind, bytes } = record
		const usual = signedIn.get(author) ?? roomId
		// Who owns a room, and where it went, is said in that room alone.
		const isHereOnly = OF_ONE_ROOM.has(kind) && !isAnywhere
		const ids = isHereOnly ? [roomId] : new Set([usual, roomId, ...(deps.before ?? [])])
		for (const id of ids) {
			const message = signedMessage(id, unsignedPart(bytes))
			if (!(await verifier.verify(publicKey, message, signaturePart(bytes)))) continue
			signedIn.set(author, id)
			return true
		}
		return false
	}
	const isEvidenceGood = createEvidenceCheck({ verifier, isSigned })

	const noticeFork = (record: ParsedRecord): void => {
		const otherKey = keysBySeq.get(record.author)?.get(record.seq)
		const other = otherKey === undefined ? undefined : known.get(otherKey)
		if (
			other?.seq !== record.seq ||
			compareBytes(unsignedPart(other.bytes), unsignedPart(record.bytes)) === 0
		)
			return
		const pair: [Uint8Array, Uint8Array] =
			compareBytes(other.bytes, record.bytes) < 0 ? [other.bytes, record.bytes] : [record.bytes, other.bytes]
		emit({ type: 'forked', author: record.author, seq: record.seq, pair })
	}

	/** The rest of a verdict, with nothing awaited: what was known may have changed while signatures were checked. */
	const settle = (key: string, record: ParsedRecord, isReleased: boolean): Verdict => {
		const { author, seq } = record
		noticeFork(record)
		const before = known.get(key)
		if (before !== undefined) {
			const order = compareBytes(before.bytes, record.bytes)
			if (order === 0) return { type: 'known' }
			// One seq twice in a slot: every reader keeps the lower bytes, whichever came first.
			if (before.seq > seq || (before.seq === seq && order < 0))
				return { type: 'stale', better: before.bytes }
		}
		const growth = record.bytes.length - (before?.bytes.length ?? 0)
		const ofAuthor = (bytesByAuthor.get(author) ?? 0) + growth
		if (growth > 0 && (ofAuthor > DEVICE_HARD_BYTES || totalBytes + growth > ROOM_BUDGET_BYTES))
			return reject(key, 'over-budget')

		const bySeq = keysBySeq.get(author) ?? new Map<number, string>()
		if (before !== undefined && bySeq.get(before.seq) === key) bySeq.delete(before.seq)
		bySeq.set(seq, key)
		keysBySeq.set(author, bySeq)
		known.set(key, record)
		bytesByAuthor.set(author, ofAuthor)
		totalBytes += growth
		const held = quarantine.get(key)
		if (held !== undefined && held.seq <= seq) quarantine.delete(key)
		emit({ type: 'accepted', record, isReleased })
		return { type: 'accepted' }
	}

	const judgeRecord = async (key: string, bytes: Uint8Array, isReleased: boolean): Promise<Verdict> => {
		if (bytes.length > RECORD_MAX_BYTES) return reject(key, 'too-big')
		const place = parseKey(key)
		if (typeof place === 'string') return reject(key, place)
		const before = known.get(key)
		if (before !== undefined && compareBytes(before.bytes, bytes) === 0) return { type: 'known' }
		const record = parseRecord(bytes)
		if (typeof record === 'string') return reject(key, record)
		const { author, kind } = record
		if (kind !== place.kind || author !== place.author || record.slot !== place.slot)
			return reject(key, 'bad-record')

		let publicKey = publicKeys.get(author)
		if (kind === 'id' && record.body !== null) {
			const claimed = record.body.key
			if (publicKey === undefined) {
				if ((await verifier.deviceOf(claimed)) !== author) return reject(key, 'bad-signature')
			} else if (compareBytes(publicKey, claimed) !== 0) return reject(key, 'bad-signature')
			publicKey = claimed
		}
		if (publicKey === undefined) return wait(key, author, bytes)
		if (!(await isSigned(publicKey, record))) return reject(key, 'bad-signature')
		if (!(await isEvidenceGood(record))) return reject(key, 'bad-body')

		highestSeqs.set(author, Math.max(record.seq, highestSeqs.get(author) ?? -1))
		if (kind === 'id') learnKey(author, publicKey)
		if (!isDue(record.hlc, clock.nowMs())) {
			const held = quarantine.get(key)
			const good = known.get(key)
			if (good !== undefined && good.seq >= record.seq) return { type: 'stale', better: good.bytes }
			if (held === undefined && quarantine.size >= QUARANTINE_MAX_RECORDS) return reject(key, 'over-budget')
			if (held === undefined || held.seq <= record.seq) quarantine.set(key, record)
			return { type: 'quarantined' }
		}
		return settle(key, record, isReleased)
	}

	const judgeBytes = async (key: string, bytes: Uint8Array, isReleased: boolean): Promise<Verdict> => {
		judging++
		try {
			return await judgeRecord(key, bytes, isReleased)
		} catch {
			// A verifier must not throw; one that does has not said yes.
			return reject(key, 'bad-signature')
		} finally {
			judging--
			if (judging === 0) emit({ type: 'idle' })
		}
	}

	if (deps.me !== undefined) publicKeys.set(deps.me.device, deps.me.publicKey)

	return {
		judge: async (key, value) => {
			if (value instanceof Uint8Array) return judgeBytes(key, value, false)
			// A missing key that nobody here knows is as it should be.
			if (value === undefined && !known.has(key)) return { type: 'known' }
			return reject(key, 'bad-record')
		},
		get: (key) => known.get(key)?.bytes,
		*entries() {
			for (const [key, record] of known) yield [key, record.bytes]
		},
		get size() {
			return known.size
		},
		records: () => known.values(),
		record: (key) => known.get(key),
		publicKey: (author) => publicKeys.get(author),
		maxSeq: (author) => highestSeqs.get(author) ?? -1,
		bytesOf: (author) => bytesByAuthor.get(author) ?? 0,
		get totalBytes() {
			return totalBytes
		},
		admitOwn: (record) => {
			highestSeqs.set(record.author, Math.max(record.seq, highestSeqs.get(record.author) ?? -1))
			settle(keyOf(record.kind, record.author, record.slot), record, false)
		},
		tick: (nowMs) => {
			for (const [key, record] of quarantine) {
				if (!isDue(record.hlc, nowMs)) continue
				quarantine.delete(key)
				settle(key, record, true)
			}
		},
		isIdle: () => judging === 0,
		stats: () => ({
			records: known.size,
			bytes: totalBytes,
			waiting: waitingCount,
			quarantined: quarantine.size,
			rejections: { ...rejections },
		}),
		on: (fn) => {
			listeners.add(fn)
			return () => {
				listeners.delete(fn)
			}
		},
	}
}
