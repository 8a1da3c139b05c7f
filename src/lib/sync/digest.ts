/**
 * Finds out where two neighbours' verified records differ, whatever the carrier did, and fetches what is better over
 * there. Who lacks a record asks one neighbour for it at a time and writes it into the document itself: so it crosses
 * one link once, under a client id that works here, and nobody else has to do anything. State vectors play no part,
 * so it also acts where they never become equal.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { Ledger } from '#lib/core/ledger.ts'
import { keyOf, parseKey, seqIn, type SlotKey } from '#lib/core/records.ts'
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import { encodeRoomFrame } from '#lib/protocol/room-frames.ts'
import { drawBetween } from '#lib/transport/seeded-random.ts'
import type { TimerHandle, Timers } from '#lib/transport/timers.ts'
import type { Transport } from '#lib/transport/transport.ts'
import {
	AUTHORS_PAGE,
	encodeDigest,
	PAGES_MAX,
	parseDigest,
	RECORDS_MAX_BYTES,
	WANT_MAX,
	type AuthorSum,
	type DigestMessage,
	type SlotSum,
} from './digest-message.ts'
import { keyedHash, type Word2 } from './keyed-hash.ts'

export interface DigestDeps {
	readonly ledger: Ledger
	readonly transport: Pick<Transport, 'send'>
	readonly timers: Timers
	readonly random: RandomSource
	/** Runs `job` when what came in before has been judged. */
	readonly inTurn: (job: () => Promise<void> | void) => void
	/** Lets the page do something else where this has lasted long. */
	readonly breathe: () => Promise<void>
	/** Judges what a neighbour sent at our asking, and keeps what is good. */
	readonly take: (peer: PeerId, records: readonly Uint8Array[]) => Promise<void>
	/** It has broken the grammar. */
	readonly onFault: (peer: PeerId) => void
}

export interface DigestStats {
	/** Comparisons asked for, and how many of those asked of us came out different. */
	readonly asked: number
	readonly differences: number
	readonly wanted: number
	readonly served: number
	readonly frames: number
	readonly bytes: number
}

export interface Digests {
	/** All that this neighbour had has been judged: time to compare. */
	synced(peer: PeerId): void
	/** To be called in turn. */
	receive(peer: PeerId, payload: Uint8Array): Promise<void>
	forget(peer: PeerId): void
	stats(): DigestStats
	stop(): void
}

const COMPARE_EVERY_MS: Millis = 30_000
const COMPARE_MIN_GAP_MS: Millis = 10_000
const ANSWER_MIN_GAP_MS: Millis = 5_000
/** An exchange that goes on longer than this is over. */
const EXCHANGE_MS: Millis = 20_000
/** Authors gone into in one exchange; if there are more, the next one does others. */
const AUTHORS_AT_ONCE = 16
/** What differs may be on its way as an update. */
const PATIENCE_MS: Millis = 1_500
/** The same record is not asked of the same neighbour again within this. */
const ASK_AGAIN_MS: Millis = 60_000
const WANT_PATIENCE_MS: Millis = 5_000
const QUEUE_MAX = 4_096
/** What one neighbour may fetch of us. */
const SERVE_BURST_BYTES = 256 * 1024
const SERVE_BYTES_PER_S = 64 * 1024

interface Wanted extends SlotKey {
	readonly key: string
	readonly seq: number
}

interface Neighbour {
	/** We asked with this salt then. */
	salt: Word2 | null
	askedAtMs: Millis
	pages: (readonly AuthorSum[])[]
	/** It asked with this salt then, and we showed it our authors. */
	theirSalt: Word2 | null
	answeredAtMs: Millis
	/** Slots that each side may still send about, in this exchange. */
	slotsLeft: number
	wanted: Wanted[]
	/** Asked for and not here yet. */
	underway: ReadonlyMap<string, number>
	underwaySinceMs: Millis
	isPumping: boolean
	/** By key and seq: when it may be asked for again. */
	readonly tried: Map<string, Millis>
	serveTokens: number
	servedAtMs: Millis
	isSynced: boolean
	timer: TimerHandle
}

const isSame = (a: Word2, b: Word2): boolean => a[0] === b[0] && a[1] === b[1]
const isUnder = (salt: Word2 | null, other: Word2): boolean => salt !== null && isSame(salt, other)

export const createDigests = (deps: DigestDeps): Digests => {
	const { ledger, timers, random } = deps
	const neighbours = new Map<PeerId, Neighbour>()
	const counts = { asked: 0, differences: 0, wanted: 0, served: 0, frames: 0, bytes: 0 }
	let isStopped = false

	/** Refused is lost: the next comparison comes. */
	const send = (peer: PeerId, message: DigestMessage): boolean => {
		const frame = encodeRoomFrame({ type: 'digest', payload: encodeDigest(message) })
		const outcome = deps.transport.send(frame, peer, 'ordered')
		if (outcome !== 'sent' && outcome !== 'queued') return false
		counts.frames++
		counts.bytes += frame.length
		return true
	}

	const know = (peer: PeerId): Neighbour => {
		const before = neighbours.get(peer)
		if (before !== undefined) return before
		const fresh: Neighbour = {
			salt: null,
			askedAtMs: -Infinity,
			pages: [],
			theirSalt: null,
			answeredAtMs: -Infinity,
			slotsLeft: 0,
			wanted: [],
			underway: new Map(),
			underwaySinceMs: -Infinity,
			isPumping: false,
			tried: new Map(),
			serveTokens: SERVE_BURST_BYTES,
			servedAtMs: timers.nowMs(),
			isSynced: false,
			timer: null,
		}
		neighbours.set(peer, fresh)
		return fresh
	}
	const isKnown = (peer: PeerId, one: Neighbour): boolean => !isStopped && neighbours.get(peer) === one

	// --- what we hold

	const sumUp = async (salt: Word2): Promise<Map<DeviceId, AuthorSum>> => {
		const sums = new Map<DeviceId, AuthorSum>()
		for (const [key, bytes] of ledger.entries()) {
			const place = parseKey(key)
			if (typeof place === 'string') continue
			const { author } = place
			const [a, b] = keyedHash(bytes, salt)
			const before = sums.get(author)
			sums.set(author, {
				author,
				maxSeq: Math.max(before?.maxSeq ?? 0, seqIn(bytes)),
				count: (before?.count ?? 0) + 1,
				hash: [((before?.hash[0] ?? 0) ^ a) >>> 0, ((before?.hash[1] ?? 0) ^ b) >>> 0],
			})
			await deps.breathe()
		}
		return sums
	}
	const total = (sums: Iterable<AuthorSum>): Word2 => {
		let [a, b] = [0, 0]
		for (const { hash } of sums) [a, b] = [(a ^ hash[0]) >>> 0, (b ^ hash[1]) >>> 0]
		return [a, b]
	}
	const slotsOf = (author: DeviceId, salt: Word2): SlotSum[] => {
		const slots: SlotSum[] = []
		for (const [key, bytes] of ledger.entries()) {
			const place = parseKey(key)
			if (typeof place === 'string' || place.author !== author) continue
			slots.push({ kind: place.kind, slot: place.slot, seq: seqIn(bytes), hash: keyedHash(bytes, salt) })
		}
		return slots
	}

	// --- comparing

	const ask = (peer: PeerId, one: Neighbour): void => {
		const [a = 0, b = 0] = new Uint32Array(random.bytes(8).slice().buffer)
		const salt: Word2 = [a, b]
		one.askedAtMs = timers.nowMs()
		deps.inTurn(async () => {
			if (!isKnown(peer, one)) return
			const sums = await sumUp(salt)
			one.salt = salt
			one.pages = []
			counts.asked++
			send(peer, { type: 'room', salt, hash: total(sums.values()) })
		})
	}

	const schedule = (peer: PeerId, one: Neighbour): void => {
		one.timer = timers.setTimeout(
			() => {
				if (timers.nowMs() - one.askedAtMs >= COMPARE_MIN_GAP_MS) ask(peer, one)
				schedule(peer, one)
			},
			COMPARE_EVERY_MS * drawBetween(random, 0.75, 1.25),
		)
	}

	const answerRoom = async (peer: PeerId, one: Neighbour, salt: Word2, hash: Word2): Promise<void> => {
		const nowMs = timers.nowMs()
		// Before we have what it has, everything differs.
		if (!one.isSynced || nowMs - one.answeredAtMs < ANSWER_MIN_GAP_MS) return
		one.answeredAtMs = nowMs
		const sums = await sumUp(salt)
		if (isSame(total(sums.values()), hash)) return
		counts.differences++
		one.theirSalt = salt
		one.slotsLeft = AUTHORS_AT_ONCE
		const authors = [...sums.values()]
		const pages = Math.min(PAGES_MAX, Math.max(1, Math.ceil(authors.length / AUTHORS_PAGE)))
		for (let page = 0; page < pages; page++) {
			const part = authors.slice(page * AUTHORS_PAGE, (page + 1) * AUTHORS_PAGE)
			send(peer, { type: 'authors', salt, page, pages, authors: part })
		}
	}

	const takeAuthors = async (
		peer: PeerId,
		one: Neighbour,
		message: Extract<DigestMessage, { type: 'authors' }>,
	): Promise<void> => {
		const { salt, page, pages, authors } = message
		if (!isUnder(one.salt, salt) || page !== one.pages.length) return
		if (timers.nowMs() - one.askedAtMs > EXCHANGE_MS) return
		one.pages.push(authors)
		if (page < pages - 1) return
		const theirs = new Map(one.pages.flat().map((sum) => [sum.author, sum]))
		const ours = await sumUp(salt)
		const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter((author) => {
			const [a, b] = [ours.get(author), theirs.get(author)]
			return a === undefined || b === undefined || a.count !== b.count || !isSame(a.hash, b.hash)
		})
		// Not always the same ones: somebody may have made up a thousand authors to hide one.
		const from = Math.floor(drawBetween(random, 0, differing.length))
		const chosen = [...differing.slice(from), ...differing.slice(0, from)].slice(0, AUTHORS_AT_ONCE)
		one.slotsLeft = chosen.length
		for (const author of chosen) {
			send(peer, { type: 'slots', salt, isAnswer: false, author, slots: slotsOf(author, salt) })
			await deps.breathe()
		}
	}

	const takeSlots = (
		peer: PeerId,
		one: Neighbour,
		{ salt, isAnswer, author, slots }: Extract<DigestMessage, { type: 'slots' }>,
	): void => {
		const sinceMs = isAnswer ? one.askedAtMs : one.answeredAtMs
		if (!isUnder(isAnswer ? one.salt : one.theirSalt, salt) || timers.nowMs() - sinceMs > EXCHANGE_MS) return
		if (one.slotsLeft <= 0) return
		one.slotsLeft--
		const ours = slotsOf(author, salt)
		const byPlace = new Map(ours.map((sum) => [keyOf(sum.kind, author, sum.slot), sum]))
		const theirs = new Map(slots.map((sum) => [keyOf(sum.kind, author, sum.slot), sum]))
		/** Of one seq, either may be the one that counts: the ledger knows when it sees both. */
		const isBetter = (a: SlotSum, b: SlotSum | undefined): boolean =>
			b === undefined || a.seq > b.seq || (a.seq === b.seq && !isSame(a.hash, b.hash))
		for (const [key, sum] of theirs)
			if (isBetter(sum, byPlace.get(key)))
				one.wanted.push({ key, author, kind: sum.kind, slot: sum.slot, seq: sum.seq })
		one.wanted = one.wanted.slice(0, QUEUE_MAX)
		if (!isAnswer && ours.some((sum) => isBetter(sum, theirs.get(keyOf(sum.kind, author, sum.slot)))))
			send(peer, { type: 'slots', salt, isAnswer: true, author, slots: ours })
		pumpLater(peer, one, PATIENCE_MS)
	}

	// --- fetching

	const pumpLater = (peer: PeerId, one: Neighbour, delayMs: Millis): void => {
		if (one.isPumping || one.wanted.length === 0) return
		one.isPumping = true
		timers.setTimeout(() => {
			one.isPumping = false
			if (isKnown(peer, one)) deps.inTurn(() => pump(peer, one))
		}, delayMs)
	}

	const isUnderwayElsewhere = (key: string, me: Neighbour): boolean =>
		[...neighbours.values()].some(
			(one) => one !== me && one.underway.has(key) && timers.nowMs() - one.underwaySinceMs < WANT_PATIENCE_MS,
		)

	/** Asks for the next heap of what is still missing; `id` records first, since others hang on them. */
	const pump = (peer: PeerId, one: Neighbour): void => {
		const nowMs = timers.nowMs()
		if (one.underway.size > 0 && nowMs - one.underwaySinceMs < WANT_PATIENCE_MS) {
			pumpLater(peer, one, WANT_PATIENCE_MS)
			return
		}
		for (const [tried, untilMs] of one.tried) if (untilMs <= nowMs) one.tried.delete(tried)
		const missing = one.wanted.filter(({ key, seq }) => {
			const held = ledger.get(key)
			// Of the same seq and other content, `tried` keeps it from being asked for again and again.
			return !one.tried.has(`${key} ${seq}`) && (held === undefined || seqIn(held) <= seq)
		})
		missing.sort((a, b) => Number(b.kind === 'id') - Number(a.kind === 'id'))
		const now = missing.filter(({ key }) => !isUnderwayElsewhere(key, one)).slice(0, WANT_MAX)
		const chosen = new Set(now)
		one.wanted = missing.filter((wanted) => !chosen.has(wanted))
		one.underway = new Map()
		if (now.length > 0 && send(peer, { type: 'want', keys: now })) {
			counts.wanted += now.length
			one.underway = new Map(now.map(({ key, seq }) => [key, seq]))
			one.underwaySinceMs = nowMs
			for (const { key, seq } of now) one.tried.set(`${key} ${seq}`, nowMs + ASK_AGAIN_MS)
		}
		pumpLater(peer, one, WANT_PATIENCE_MS)
	}

	const serve = (
		peer: PeerId,
		one: Neighbour,
		keys: Extract<DigestMessage, { type: 'want' }>['keys'],
	): void => {
		const nowMs = timers.nowMs()
		const earned = ((nowMs - one.servedAtMs) * SERVE_BYTES_PER_S) / 1_000
		one.serveTokens = Math.min(SERVE_BURST_BYTES, one.serveTokens + earned)
		one.servedAtMs = nowMs
		let records: Uint8Array[] = []
		let bytes = 0
		const flush = (): void => {
			if (records.length > 0) send(peer, { type: 'records', records })
			counts.served += records.length
			records = []
			bytes = 0
		}
		for (const { kind, author, slot } of keys) {
			const record = ledger.get(keyOf(kind, author, slot))
			if (record === undefined || one.serveTokens < record.length) continue
			one.serveTokens -= record.length
			if (bytes + record.length + 2 > RECORDS_MAX_BYTES) flush()
			records.push(record)
			bytes += record.length + 2
		}
		flush()
	}

	const seqOf = (key: string): number | null => {
		const held = ledger.get(key)
		return held === undefined ? null : seqIn(held)
	}

	const takeRecords = async (peer: PeerId, one: Neighbour, records: readonly Uint8Array[]): Promise<void> => {
		if (one.underway.size === 0) return // too late, or never asked for
		await deps.take(peer, records)
		if (!isKnown(peer, one)) return
		one.underway = new Map([...one.underway].filter(([key, seq]) => (seqOf(key) ?? -1) < seq))
		if (one.underway.size === 0) pumpLater(peer, one, 0)
	}

	const handle = async (peer: PeerId, one: Neighbour, message: DigestMessage): Promise<void> => {
		switch (message.type) {
			case 'room':
				return answerRoom(peer, one, message.salt, message.hash)
			case 'authors':
				return takeAuthors(peer, one, message)
			case 'slots':
				return takeSlots(peer, one, message)
			case 'want':
				return serve(peer, one, message.keys)
			case 'records':
				return takeRecords(peer, one, message.records)
		}
	}

	return {
		synced: (peer) => {
			const one = know(peer)
			if (!one.isSynced) {
				one.isSynced = true
				schedule(peer, one)
			}
			if (timers.nowMs() - one.askedAtMs >= COMPARE_MIN_GAP_MS) ask(peer, one)
		},
		receive: async (peer, payload) => {
			const message = parseDigest(payload)
			if (message === null) deps.onFault(peer)
			else await handle(peer, know(peer), message)
		},
		forget: (peer) => {
			timers.clearTimeout(neighbours.get(peer)?.timer)
			neighbours.delete(peer)
		},
		stats: () => ({ ...counts }),
		stop: () => {
			isStopped = true
			for (const { timer } of neighbours.values()) timers.clearTimeout(timer)
			neighbours.clear()
		},
	}
}
