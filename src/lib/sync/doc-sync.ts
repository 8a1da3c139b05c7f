/**
 * Keeps one document the same on all neighbours: y-protocols sync V1 inside room frames. What comes in stands in one
 * queue a room, is measured, applied, passed through the gate, and only then forwarded; what is written here goes out
 * at once. It knows keys and bytes, and nothing of what records mean.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import { RECORDS_MAP, type Ledger } from '#lib/core/ledger.ts'
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import {
	createSyncAssembler,
	parseRoomFrame,
	UPDATE_MAX_BYTES,
	type SyncAssembler,
	type SyncKind,
	type SyncMessage,
} from '#lib/protocol/room-frames.ts'
import { drawBetween } from '#lib/transport/seeded-random.ts'
import type { TimerHandle, Timers } from '#lib/transport/timers.ts'
import type { Transport, TransportEvent } from '#lib/transport/transport.ts'
import * as Y from 'yjs'
import { keyOf, parseRecord } from '#lib/core/records.ts'
import { createBucket, createBuckets, type Bucket } from './author-budget.ts'
import type { DigestDeps, Digests, DigestStats } from './digest.ts'
import { createEarlyUpdates } from './early-updates.ts'
import { createGate, type GateResult } from './gate.ts'
import { createSyncLink, type SyncLink } from './sync-link.ts'
import { createTurns } from './turns.ts'
import type { UpdateTrial } from './update-trial.ts'
import {
	isApplicable,
	isStateVector,
	readUpdateShape,
	STATE_LIMITS,
	UPDATE_LIMITS,
	type UpdateFault,
	type UpdateShape,
} from './update-shape.ts'

export interface DocSyncDeps {
	/** Loaded and admitted (`room.admitAll`) before this is made: it is handed on as it stands. */
	readonly doc: Y.Doc
	readonly ledger: Ledger
	/** Its links are used from now on; starting and stopping it is its owner's affair. */
	readonly transport: Transport
	readonly timers: Timers
	/** Spreads resyncs, salts digests. */
	readonly random: RandomSource
	/** Comes after the room is on the screen; simulations have it at hand. */
	readonly loadDigests?: () => Promise<CreateDigests>
	/** Reads large states beside the page; without it they are applied as they come. */
	readonly trial?: UpdateTrial
}
type CreateDigests = (deps: DigestDeps) => Digests

export type StrikeReason =
	| 'bad-frame'
	| 'bad-parts'
	| 'bad-vector'
	| 'flood'
	| 'unreadable'
	| 'pending'
	| 'bad-record'
	| 'too-slow'
	| UpdateFault

export type DocSyncEvent =
	/** All that this neighbour had when it was asked is here and judged. */
	| { readonly type: 'synced'; readonly peer: PeerId }
	/** The first of them. */
	| { readonly type: 'first-sync'; readonly peer: PeerId }
	| {
			readonly type: 'strike'
			readonly peer: PeerId
			readonly device: DeviceId
			readonly why: StrikeReason
			readonly count: number
	  }
	/** The document has grown past what can be handed to a joiner in one state (8 MB). */
	| { readonly type: 'too-big'; readonly bytes: number }

export interface DocSyncStats {
	/** Messages, which may be several frames each. */
	readonly sent: Readonly<Record<SyncKind, number>>
	readonly received: Readonly<Record<SyncKind, number>>
	readonly sentBytes: number
	readonly repairs: number
	readonly strikes: number
	/** Null until the digests are there. */
	readonly digests: DigestStats | null
}

export interface DocSync {
	isComplete(peer: PeerId): boolean
	on(fn: (event: DocSyncEvent) => void): () => void
	/** Asks every neighbour for what it has beyond ours, now. */
	resync(): void
	/**
	 * Takes in a whole state that no neighbour sent. It is measured, tried beside the page and judged as if one had;
	 * answers what was wrong with it, or null.
	 */
	takeState(update: Uint8Array): Promise<StrikeReason | null>
	/** Resolves when everything that has come in until now has been dealt with. */
	whenIdle(): Promise<void>
	stats(): DocSyncStats
	/** Idempotent. */
	stop(): void
}

export const STRIKES_MAX = 3
const RESYNC_EVERY_MS: Millis = 30_000
const SELF_CHECK_EVERY_MS: Millis = 30_000
/** For each of us: what is spread over that leaves time for the first to be heard. */
const RESTORE_MS: Millis = 500
/** A neighbour that has not answered by then no longer keeps us from asking the next one. */
const ANSWER_PATIENCE_MS: Millis = 4_000
/** Of one link, waiting to be judged. */
/** More structs than that are applied in several turns, however few bytes they take. */
const TRIAL_FROM_STRUCTS = 256
const INBOX_MAX_MESSAGES = 512
const INBOX_MAX_BYTES = 12 * 1024 * 1024
/** What an early update builds on is on its way by another path; if not, its sender is asked. */
const EARLY_PATIENCE_MS: Millis = 1_000
/** Messages of one link in a minute that may make known keys go before it is a fault. */
const ERASURES_FREE = 7
/** Where a few keys are gone again that others have only just set right, a message counts for so much. */
const DISPUTE_MAX_KEYS = 4
const DISPUTE_SHARE = 0.25
const ERASURES_WINDOW_MS: Millis = 60_000
/** Client ids that ever wrote here, one for each start of a device that wrote. */
const DOC_CLIENTS_MAX = 10_000

/** Larger ones are read beside the page. */
const TRIAL_FROM_BYTES = 64 * 1024
/** Records of one author that travel on through us at once; the rest comes with the next exchange. */
const AUTHOR_BURST = 256
const AUTHOR_PER_S = 10
const CATCH_UP_MS: Millis = 5_000
/** Records of its own that a neighbour may press on us; a whole playlist several times over. */
const OWN_BURST = 1_024
const OWN_PER_S = 20
/** Messages of one neighbour that change the document and tell nothing new (mending looks like that). */
const IDLE_BURST = 400
const IDLE_PER_S = 5
/** Items at one key beside which no further one is set with nothing before it; and where that is a fault. */
const CROWD_MAX = 768
const CROWD_FAULT = 1_536
/** State vectors of one neighbour. */
const QUESTIONS_BURST = 200
const QUESTIONS_PER_S = 5
/** Statuses, clock probes and answers, goodbyes: statuses passed on are 150 a second at most, probes 25. */
const CHATTER_BURST = 1_000
const CHATTER_PER_S = 400
/** Where it has gone over one of these, so much is let go before it is a fault again. */
const FLOOD_STEP = 256

const STATE_ORIGIN = { type: 'state' } as const
const REWRITE_ORIGIN = { type: 'rewrite' } as const

interface Neighbour {
	readonly link: SyncLink
	readonly assembler: SyncAssembler
	inboxMessages: number
	inboxBytes: number
	/** Messages that made known keys go, since then. */
	erasures: number
	erasuresSinceMs: Millis
	readonly ownRecords: Bucket
	readonly idleMessages: Bucket
	readonly questions: Bucket
	readonly chatter: Bucket
	/** Over a budget: what comes is let go until the next fault. */
	floods: number
}

/** Whoever a state is from. */
interface Source {
	/** Of its transactions. */
	readonly origin: object
	isHere(): boolean
	blame(why: StrikeReason): void
}

interface Effect {
	readonly update: Uint8Array
	readonly keys: readonly string[]
}

/** Where nothing runs beside the page: tests. */
const tryHere: UpdateTrial = async (request) => (await import('./trial-work.ts')).workOn(request)

const authorOf = (key: string): DeviceId => (key.split('/')[1] ?? '') as DeviceId

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
	a.length === b.length && a.every((byte, i) => byte === b[i])

export const createDocSync = (deps: DocSyncDeps): DocSync => {
	const { doc, transport, timers, random } = deps
	const records = doc.getMap<unknown>(RECORDS_MAP)
	const neighbours = new Map<PeerId, Neighbour>()
	/** By device: coming back does not wash them off. */
	const strikes = new Map<DeviceId, number>()
	const listeners = new Set<(event: DocSyncEvent) => void>()
	const turns = createTurns(timers)
	const nowMs = (): Millis => timers.nowMs()
	const gate = createGate({ ...deps, records, nowMs, yieldTurn: turns.breathe })
	const mayTravel = createBuckets<DeviceId>(AUTHOR_BURST, AUTHOR_PER_S, nowMs)
	const idleTravel = createBucket(IDLE_BURST / 2, IDLE_PER_S / 2, nowMs)
	const sent: Record<SyncKind, number> = { step1: 0, step2: 0, update: 0 }
	const received: Record<SyncKind, number> = { step1: 0, step2: 0, update: 0 }
	let sentBytes = 0
	let repairs = 0
	let strikeCount = 0
	let isFirstSynced = false
	let isStopped = false

	const emit = (event: DocSyncEvent): void => {
		for (const fn of [...listeners]) fn(event)
	}
	const isLinked = (neighbour: Neighbour): boolean => neighbours.get(neighbour.link.peer) === neighbour

	const strike = ({ link }: Neighbour, why: StrikeReason): void => {
		const { peer, device } = link
		const count = (strikes.get(device) ?? 0) + 1
		strikes.set(device, count)
		strikeCount++
		emit({ type: 'strike', peer, device, why, count })
		if (count >= STRIKES_MAX) transport.drop(peer, 'misbehaved')
	}

	/** Something is held back until then. */
	let catchUp: TimerHandle = null

	const broadcast = (update: Uint8Array, except: Neighbour | null): void => {
		for (const neighbour of neighbours.values()) if (neighbour !== except) neighbour.link.sendUpdate(update)
	}

	/**
	 * Passes on what came in. What is more than neighbours take as one update goes by state vectors; and so does what
	 * names all deletions there ever were (`isWhole`) while something is held back: the deletions would come alone.
	 */
	const forward = (update: Uint8Array, except: Neighbour, isWhole: boolean): void => {
		const isWithinLimits =
			update.length <= UPDATE_MAX_BYTES && typeof readUpdateShape(update, UPDATE_LIMITS) !== 'string'
		if (isWithinLimits && !(isWhole && catchUp !== null)) broadcast(update, except)
		else for (const neighbour of neighbours.values()) if (neighbour !== except) neighbour.link.fallBehind()
	}

	// --- what changes the document

	const knownClock = (client: number): number => Y.getState(doc.store, client)
	const early = createEarlyUpdates<Neighbour>(knownClock)
	let applying: object | null = null
	let effect: Effect | null = null
	let clientId = doc.clientID

	const touchedKeys = (transaction: Y.Transaction): readonly string[] => {
		for (const [type, keys] of transaction.changed)
			if (type === (records as unknown)) return [...keys].filter((key) => key !== null)
		return []
	}

	const onUpdate = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
		if (origin === gate.origin) return // forwarded together with what it puts right
		if (applying !== null && origin === applying) effect = { update, keys: touchedKeys(transaction) }
		else if (transaction.local) broadcast(update, null)
		else {
			const keys = touchedKeys(transaction)
			turns.add(() => judgeStored({ update, keys })) // neither a neighbour nor the room: storage
		}
	}

	const judgeStored = async ({ update, keys }: Effect): Promise<void> => {
		const { repair } = await gate.pass(keys)
		if (repair === null) broadcast(update, null)
		else for (const { link } of neighbours.values()) link.fallBehind()
	}

	/**
	 * A wrong value is the doing of who sent it. Keys that are gone need not be: a message that would have brought the
	 * new values was lost, or a newcomer hands on the deletions of somebody it could not judge yet. Nor are good records
	 * in a wrong place, where somebody used one client id twice. They are set right without a word, unless it happens
	 * again and again.
	 */
	const isFaultOf = (from: Neighbour, faults: GateResult['faults']): boolean => {
		if (faults.some(({ isGone, isMisplaced }) => !isGone && !isMisplaced)) return true
		if (faults.length === 0) return false
		if (nowMs() - from.erasuresSinceMs >= ERASURES_WINDOW_MS) {
			from.erasures = 0
			from.erasuresSinceMs = nowMs()
		}
		const isDispute =
			faults.length <= DISPUTE_MAX_KEYS && faults.every(({ isGone, isDisputed }) => isGone && isDisputed)
		from.erasures += isDispute ? DISPUTE_SHARE : 1
		return from.erasures > ERASURES_FREE
	}

	/** It presses more on us than anybody has reason to: a fault now, and again if it goes on. */
	const noteFlood = (from: Neighbour): void => {
		if (from.floods++ % FLOOD_STEP === 0) strike(from, 'flood')
	}
	const countPressure = (from: Neighbour, accepted: readonly string[]): void => {
		const own = accepted.filter((key) => authorOf(key) === from.link.device).length
		const isFine = own > 0 ? from.ownRecords.take(own) : accepted.length > 0 || from.idleMessages.take(1)
		if (!isFine) noteFlood(from)
	}

	/** Whether what changed may travel on through us now. What tells nothing new is few: mending. */
	const mayPass = (accepted: readonly string[]): boolean =>
		accepted.length === 0 ? idleTravel.take(1) : accepted.every((key) => mayTravel(authorOf(key), 1))

	/** The others get it with an exchange of state vectors, together with what came meanwhile. */
	const catchUpLater = (): void => {
		catchUp ??= timers.setTimeout(() => {
			catchUp = null
			for (const { link } of neighbours.values()) link.fallBehind()
		}, CATCH_UP_MS)
	}

	/** Judges what was touched, and forwards what changed, put right where it had to be. */
	const judgeAndForward = async (
		from: Neighbour,
		change: Effect,
		kind: 'step2' | 'update',
		before: () => Uint8Array,
	): Promise<void> => {
		const { faults, repair, held, accepted } = await gate.pass(change.keys, true)
		if (isFaultOf(from, faults)) strike(from, 'bad-record')
		else if (kind === 'update') countPressure(from, accepted)
		// Where something should stand and does not, its sender may hold what we never got.
		if (faults.some(({ isGone }) => isGone)) askAgain(from)
		if (held.length > 0) restoreLater()
		const isOver = held.length > 0 || (kind === 'update' && !mayPass(accepted))
		if (isOver && repair === null) catchUpLater()
		else if (repair === null) forward(change.update, from, false)
		else {
			repairs++
			if (isLinked(from)) for (const update of repair) from.link.sendUpdate(update)
			// Encoded anew, so that nobody is sent what was thrown out.
			forward(Y.encodeStateAsUpdate(doc, before()), from, true)
		}
		if (doc.clientID !== clientId) rewriteOwn()
	}

	/**
	 * Somebody wrote under our client id, and Yjs has taken another one. What we had written under the old id may be
	 * ignored elsewhere: write it again under the new one.
	 */
	const rewriteOwn = (): void => {
		const oldId = clientId
		clientId = doc.clientID
		const keys = [...records._map]
			.filter(([, item]) => item.id.client === oldId && !item.deleted)
			.map(([key]) => key)
		doc.transact(() => {
			for (const key of keys) {
				const good = deps.ledger.get(key)
				if (good !== undefined) records.set(key, good)
			}
		}, REWRITE_ORIGIN)
	}

	/** Items that stand at a key, dead or alive, as far as `most`. */
	const chainLength = (key: string, most: number): number => {
		let length = 0
		for (let item = records._map.get(key) ?? null; item !== null && length < most; item = item.left) length++
		return length
	}

	/**
	 * Whether it would make the crowd at some key larger than it may be: Yjs compares each newcomer with all. We let it
	 * grow less than we tolerate, so that nobody honest hands on what its neighbours take for a fault.
	 */
	const isCrowding = (from: Neighbour, { roots }: UpdateShape): boolean => {
		for (const [key, count] of roots) {
			const crowd = count + chainLength(key, CROWD_FAULT)
			if (crowd > CROWD_FAULT) strike(from, 'too-many-rivals')
			else if (crowd > CROWD_MAX && !from.idleMessages.take(1)) noteFlood(from)
			if (crowd > CROWD_MAX) return true
		}
		return false
	}

	const isWithinDoc = (clients: ReadonlySet<number>): boolean => {
		const known = doc.store.clients
		if (known.size + clients.size <= DOC_CLIENTS_MAX) return true
		let fresh = 0
		for (const client of clients) if (!known.has(client)) fresh++
		return known.size + fresh <= DOC_CLIENTS_MAX
	}

	const sourceOf = (from: Neighbour): Source => ({
		origin: from.link.origin,
		isHere: () => isLinked(from),
		blame: (why) => strike(from, why),
	})

	const applyFrom = ({ origin, blame }: Source, update: Uint8Array): Effect | null => {
		applying = origin
		effect = null
		try {
			Y.applyUpdate(doc, update, applying)
		} catch (error) {
			// Yjs throws on what contradicts the document, with a part of it applied: that part is judged all the same.
			console.warn('An update came that could not be applied.', error)
			blame('unreadable')
		}
		applying = null
		return effect
	}

	/** Makes the state vector as it was now, as far as `clients` and ourselves go; for a room with thousands of them. */
	const rememberClocks = (clients: ReadonlySet<number>): (() => Uint8Array) => {
		const clocks = new Map([...clients, doc.clientID].map((client) => [client, knownClock(client)]))
		return () => {
			const vector = new Map([...Y.decodeStateVector(Y.encodeStateVector(doc)), ...clocks])
			for (const [client, clock] of clocks) if (clock === 0) vector.delete(client)
			return Y.encodeStateVector(vector)
		}
	}

	/** Whatever still waits for something is not worth its price (it grows with the square). */
	const clearPending = ({ blame }: Source): void => {
		const { store } = doc
		if (store.pendingStructs === null && store.pendingDs === null) return
		store.pendingStructs = null
		store.pendingDs = null
		blame('pending')
	}

	const applyAndJudge = async (
		from: Neighbour,
		kind: 'step2' | 'update',
		update: Uint8Array,
		{ clients }: UpdateShape,
	): Promise<void> => {
		const before = rememberClocks(clients)
		const source = sourceOf(from)
		const change = applyFrom(source, update)
		clearPending(source)
		if (change !== null) await judgeAndForward(from, change, kind, before)
	}

	/** A large state: measured and cut up beside the page, applied with pauses, judged when all of it is there. */
	const applyState = async (
		source: Source,
		trial: UpdateTrial,
		update: Uint8Array,
	): Promise<GateResult | null> => {
		const before = Y.encodeStateVector(doc)
		const outcome = await trial({ update, vector: before, maxClients: DOC_CLIENTS_MAX })
		if (!source.isHere()) return null
		if (outcome.type === 'fault') {
			source.blame(outcome.why)
			return null
		}
		const keys = new Set<string>()
		for (const slice of outcome.slices) {
			const change = applyFrom(source, slice)
			clearPending(source)
			for (const key of change?.keys ?? []) keys.add(key)
			await turns.breathe()
			if (!source.isHere()) break // struck meanwhile; what came in is judged all the same
		}
		return keys.size === 0 ? null : gate.pass(keys)
	}
	/** What it brought goes to the others, to `except` only what had to be put right. */
	const passOn = ({ repair }: GateResult, except: Neighbour | null): void => {
		if (repair !== null) repairs++
		for (const neighbour of neighbours.values())
			if (repair !== null || neighbour !== except) neighbour.link.fallBehind()
		if (doc.clientID !== clientId) rewriteOwn()
	}

	const applyLarge = async (from: Neighbour, trial: UpdateTrial, update: Uint8Array): Promise<void> => {
		const judged = await applyState(sourceOf(from), trial, update)
		if (judged === null) return
		if (isFaultOf(from, judged.faults)) strike(from, 'bad-record')
		passOn(judged, from)
	}

	const takeState = async (update: Uint8Array): Promise<StrikeReason | null> => {
		let fault: StrikeReason | null = null
		const source: Source = {
			origin: STATE_ORIGIN,
			isHere: () => !isStopped,
			blame: (why) => {
				fault ??= why
			},
		}
		const judged = await applyState(source, deps.trial ?? tryHere, update)
		if (judged !== null) passOn(judged, null)
		if (judged?.faults.some(({ isGone, isMisplaced }) => !isGone && !isMisplaced)) source.blame('bad-record')
		return fault
	}

	const takeUpdate = async (from: Neighbour, kind: 'step2' | 'update', update: Uint8Array): Promise<void> => {
		if (deps.trial !== undefined && update.length > TRIAL_FROM_BYTES)
			return applyLarge(from, deps.trial, update)
		const shape = readUpdateShape(update, kind === 'step2' ? STATE_LIMITS : UPDATE_LIMITS)
		if (typeof shape === 'string') return strike(from, shape)
		if (kind === 'update' && isCrowding(from, shape)) return
		// Nobody's fault: many have been here, or somebody made up ids until it was full. Digests bring the rest.
		if (!isWithinDoc(shape.clients)) return
		if (!isApplicable(shape, knownClock)) {
			// An answer holds all that we lacked when we asked, and we only ever learn more.
			if (kind === 'step2') strike(from, 'pending')
			else if (early.add(from, update, shape)) askSoon(from)
			else if (!from.idleMessages.take(1)) noteFlood(from)
			return
		}
		if (deps.trial !== undefined && shape.structs > TRIAL_FROM_STRUCTS)
			await applyLarge(from, deps.trial, update)
		else await applyAndJudge(from, kind, update, shape)
		await takeEarly()
	}

	const askAgain = (from: Neighbour): void => {
		if (isLinked(from) && from.link.question === 'answered') from.link.ask()
	}

	/** Whoever sent it has what it builds on. */
	const askSoon = (from: Neighbour): void =>
		from.link.later(EARLY_PATIENCE_MS, () => {
			if (early.hasOf(from)) from.link.ask()
		})

	/** Updates that came before what they build on: by another path, or because something was lost. */
	const takeEarly = async (): Promise<void> => {
		for (let next = early.next(); next !== null; next = early.next())
			if (isLinked(next.from)) await applyAndJudge(next.from, 'update', next.update, next.shape)
	}

	const take = async (from: Neighbour, { kind, payload }: SyncMessage): Promise<void> => {
		from.inboxMessages--
		from.inboxBytes -= payload.length
		if (!isLinked(from)) return
		received[kind]++
		if (kind === 'step1') {
			if (!isStateVector(payload)) strike(from, 'bad-vector')
			else if (from.questions.take(1)) from.link.beAsked(payload)
			else noteFlood(from)
			return
		}
		await takeUpdate(from, kind, payload)
		if (kind !== 'step2' || !isLinked(from)) return
		early.forget(from) // was in the answer, or makes no sense
		noteAnswer(from.link)
	}

	const noteAnswer = (link: SyncLink): void => {
		const { peer } = link
		if (link.noteAnswer()) emit({ type: 'synced', peer })
		digests?.synced(peer)
		if (!isFirstSynced) {
			isFirstSynced = true
			emit({ type: 'first-sync', peer })
		}
		askNext()
	}

	/** What the document has lost for whatever reason (mending has its limits, memory its faults) is put back. */
	const checkSelf = async (): Promise<void> => {
		const lost: string[] = []
		for (const [key, bytes] of deps.ledger.entries()) {
			const value = records.get(key)
			if (value !== bytes && !(value instanceof Uint8Array && isSame(value, bytes))) lost.push(key)
		}
		if (lost.length === 0) return
		const { repair } = await gate.pass(lost)
		for (const update of repair ?? []) broadcast(update, null)
	}
	/** One of us is first; the others find it done. */
	let restoring: TimerHandle = null
	const restoreLater = (): void => {
		restoring ??= timers.setTimeout(
			() => {
				restoring = null
				turns.add(checkSelf)
			},
			drawBetween(random, 0, RESTORE_MS * (1 + neighbours.size)),
		)
	}
	const scheduleSelfCheck = (): TimerHandle =>
		timers.setTimeout(() => {
			turns.add(checkSelf)
			selfCheck = scheduleSelfCheck()
		}, SELF_CHECK_EVERY_MS)
	let selfCheck = scheduleSelfCheck()

	// --- digests: what the carrier cannot bring comes another way

	/** What a neighbour sent at our asking: judged like everything else, and written here by ourselves. */
	const takeRecords = async (peer: PeerId, list: readonly Uint8Array[]): Promise<void> => {
		const keys: string[] = []
		const judgeOne = async (bytes: Uint8Array): Promise<boolean> => {
			const record = parseRecord(bytes)
			if (typeof record === 'string') return false
			const key = keyOf(record.kind, record.author, record.slot)
			const verdict = await deps.ledger.judge(key, bytes)
			if (verdict.type === 'accepted') keys.push(key)
			return verdict.type !== 'rejected' || verdict.why === 'over-budget'
		}
		let isGood = true
		for (const bytes of list) {
			isGood = (await judgeOne(bytes)) && isGood
			await turns.breathe()
		}
		const from = neighbours.get(peer)
		if (!isGood && from !== undefined) strike(from, 'bad-record')
		const { repair } = await gate.pass(keys)
		if (repair === null) return
		repairs++
		for (const update of repair) broadcast(update, null)
	}

	let digests: Digests | null = null
	const loadDigests = deps.loadDigests ?? (async () => (await import('./digest.ts')).createDigests)
	loadDigests().then(
		(createDigests) => {
			if (isStopped) return
			digests = createDigests({
				ledger: deps.ledger,
				transport,
				timers,
				random,
				inTurn: turns.add,
				breathe: turns.breathe,
				take: takeRecords,
				onFault: (peer) => {
					const from = neighbours.get(peer)
					if (from !== undefined) strike(from, 'bad-frame')
				},
			})
			for (const { link } of neighbours.values()) if (link.isComplete) digests.synced(link.peer)
		},
		(error: unknown) => {
			console.warn('Digests could not be loaded; the room goes on without them.', error)
		},
	)

	// --- links

	/** One after the other is asked for the first time: the next one then only sends what the first had not. */
	const askNext = (): void => {
		const links = [...neighbours.values()].map(({ link }) => link)
		const now = timers.nowMs()
		const isWaitedFor = (link: SyncLink): boolean =>
			link.question === 'asked' && !link.isComplete && now - link.askedAtMs < ANSWER_PATIENCE_MS
		const next = links.find((link) => link.question === 'never')
		if (next === undefined || links.some(isWaitedFor)) return
		next.ask()
		next.later(ANSWER_PATIENCE_MS, askNext)
	}

	const scheduleResync = (link: SyncLink): void =>
		link.later(RESYNC_EVERY_MS * drawBetween(random, 0.75, 1.25), () => {
			link.ask()
			scheduleResync(link)
		})

	const addLink = (peer: PeerId, device: DeviceId): void => {
		const link = createSyncLink({
			peer,
			device,
			doc,
			transport,
			timers,
			onSent: (kind) => sent[kind]++,
			onSentBytes: (bytes) => (sentBytes += bytes),
			onTooBig: (bytes) => emit({ type: 'too-big', bytes }),
			inTurn: (fn) => turns.add(fn),
		})
		neighbours.set(peer, {
			link,
			assembler: createSyncAssembler(),
			inboxMessages: 0,
			inboxBytes: 0,
			erasures: 0,
			erasuresSinceMs: timers.nowMs(),
			ownRecords: createBucket(OWN_BURST, OWN_PER_S, nowMs),
			idleMessages: createBucket(IDLE_BURST, IDLE_PER_S, nowMs),
			questions: createBucket(QUESTIONS_BURST, QUESTIONS_PER_S, nowMs),
			chatter: createBucket(CHATTER_BURST, CHATTER_PER_S, nowMs),
			floods: 0,
		})
		scheduleResync(link)
		askNext()
	}

	const removeLink = (peer: PeerId): void => {
		const neighbour = neighbours.get(peer)
		if (neighbour === undefined) return
		neighbours.delete(peer)
		neighbour.link.close()
		digests?.forget(peer)
		early.forget(neighbour)
		askNext()
	}

	/** Whether its inbox has room for so many bytes more. */
	const isTaken = (from: Neighbour, byteCount: number): boolean => {
		const bytes = from.inboxBytes + byteCount
		if (from.inboxMessages >= INBOX_MAX_MESSAGES || bytes > INBOX_MAX_BYTES) {
			strike(from, 'flood')
			return false
		}
		from.inboxMessages++
		from.inboxBytes = bytes
		return true
	}

	const takeDigest = async (from: Neighbour, payload: Uint8Array): Promise<void> => {
		from.inboxMessages--
		from.inboxBytes -= payload.length
		if (isLinked(from)) await digests?.receive(from.link.peer, payload)
	}

	const receive = (from: Neighbour, frame: Uint8Array): void => {
		const parsed = parseRoomFrame(frame)
		if (parsed === null) return strike(from, 'bad-frame')
		if (parsed.type === 'digest') {
			const { payload } = parsed
			if (isTaken(from, payload.length)) turns.add(() => takeDigest(from, payload))
			return
		}
		if (parsed.type !== 'sync') {
			// Read elsewhere, and answered there; that somebody sends far too many is counted here.
			if (!from.chatter.take(1)) noteFlood(from)
			return
		}
		const message = from.assembler.add(parsed)
		if (message === null) return strike(from, 'bad-parts')
		if (message === 'more') return
		if (isTaken(from, message.payload.length)) turns.add(() => take(from, message))
	}

	const onTransport = (event: TransportEvent): void => {
		switch (event.type) {
			case 'peer-up':
				removeLink(event.peer)
				addLink(event.peer, event.device)
				return
			case 'peer-down':
				removeLink(event.peer)
				return
			case 'drained':
				neighbours.get(event.peer)?.link.drained()
				return
			case 'path-changed':
				return
			case 'frame': {
				const from = neighbours.get(event.peer)
				if (from !== undefined) receive(from, event.frame)
			}
		}
	}

	// Left by a damaged store: what they build on has to come from neighbours, and then they come too.
	doc.store.pendingStructs = null
	doc.store.pendingDs = null
	doc.on('update', onUpdate)
	const off = transport.on(onTransport)
	for (const { peer, device } of transport.links()) addLink(peer, device)

	return {
		isComplete: (peer) => neighbours.get(peer)?.link.isComplete ?? false,
		on: (fn) => {
			listeners.add(fn)
			return () => void listeners.delete(fn)
		},
		resync: () => {
			for (const { link } of neighbours.values()) link.ask()
		},
		takeState: (update) =>
			new Promise((resolve) => {
				turns.add(async () => resolve(await takeState(update)))
			}),
		whenIdle: turns.whenIdle,
		stats: () => ({
			sent: { ...sent },
			received: { ...received },
			sentBytes,
			repairs,
			strikes: strikeCount,
			digests: digests?.stats() ?? null,
		}),
		stop: () => {
			if (isStopped) return
			isStopped = true
			off()
			timers.clearTimeout(selfCheck)
			timers.clearTimeout(restoring)
			timers.clearTimeout(catchUp)
			doc.off('update', onUpdate)
			turns.stop()
			digests?.stop()
			for (const peer of [...neighbours.keys()]) {
				neighbours.get(peer)?.link.close()
				neighbours.delete(peer)
			}
			listeners.clear()
		},
	}
}
