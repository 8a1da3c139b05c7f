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
	type SyncAssembler,
	type SyncKind,
	type SyncMessage,
} from '#lib/protocol/room-frames.ts'
import { drawBetween } from '#lib/transport/seeded-random.ts'
import type { TimerHandle, Timers } from '#lib/transport/timers.ts'
import type { Transport, TransportEvent } from '#lib/transport/transport.ts'
import * as Y from 'yjs'
import { keyOf, parseRecord } from '#lib/core/records.ts'
import type { DigestDeps, Digests, DigestStats } from './digest.ts'
import { createEarlyUpdates } from './early-updates.ts'
import { createGate, type GateResult } from './gate.ts'
import { createSyncLink, type LinkOrigin, type SyncLink } from './sync-link.ts'
import { createTurns } from './turns.ts'
import {
	isApplicable,
	isStateVector,
	readUpdateShape,
	STATE_LIMITS,
	UPDATE_LIMITS,
	type UpdateFault,
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
}
type CreateDigests = (deps: DigestDeps) => Digests

export type StrikeReason =
	'bad-frame' | 'bad-parts' | 'bad-vector' | 'flood' | 'unreadable' | 'pending' | 'bad-record' | UpdateFault

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
	/** Resolves when everything that has come in until now has been dealt with. */
	whenIdle(): Promise<void>
	stats(): DocSyncStats
	/** Idempotent. */
	stop(): void
}

export const STRIKES_MAX = 3
const RESYNC_EVERY_MS: Millis = 30_000
const SELF_CHECK_EVERY_MS: Millis = 30_000
/** A neighbour that has not answered by then no longer keeps us from asking the next one. */
const ANSWER_PATIENCE_MS: Millis = 4_000
/** Of one link, waiting to be judged. */
const INBOX_MAX_MESSAGES = 512
const INBOX_MAX_BYTES = 12 * 1024 * 1024
/** What an early update builds on is on its way by another path; if not, its sender is asked. */
const EARLY_PATIENCE_MS: Millis = 1_000
/** Messages of one link in a minute that may make known keys go before it is a fault. */
const ERASURES_FREE = 7
const ERASURES_WINDOW_MS: Millis = 60_000
/** Client ids that ever wrote here, one for each start of a device that wrote. */
const DOC_CLIENTS_MAX = 10_000

const REWRITE_ORIGIN = { type: 'rewrite' } as const

interface Neighbour {
	readonly link: SyncLink
	readonly assembler: SyncAssembler
	inboxMessages: number
	inboxBytes: number
	/** Messages that made known keys go, since then. */
	erasures: number
	erasuresSinceMs: Millis
}

interface Effect {
	readonly update: Uint8Array
	readonly keys: readonly string[]
}

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
	const gate = createGate({ ...deps, records, nowMs: () => timers.nowMs(), yieldTurn: turns.breathe })
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

	const broadcast = (update: Uint8Array, except: Neighbour | null): void => {
		for (const neighbour of neighbours.values()) if (neighbour !== except) neighbour.link.sendUpdate(update)
	}

	// --- what changes the document

	const knownClock = (client: number): number => Y.getState(doc.store, client)
	const early = createEarlyUpdates<Neighbour>(knownClock)
	let applying: LinkOrigin | null = null
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
	 * new values was lost, or a newcomer hands on the deletions of somebody it could not judge yet. They are set back
	 * without a word, unless it happens again and again.
	 */
	const isFaultOf = (from: Neighbour, faults: GateResult['faults']): boolean => {
		const gone = faults.filter(({ isGone }) => isGone).length
		if (gone < faults.length) return true
		if (gone === 0) return false
		const nowMs = timers.nowMs()
		if (nowMs - from.erasuresSinceMs >= ERASURES_WINDOW_MS) {
			from.erasures = 0
			from.erasuresSinceMs = nowMs
		}
		from.erasures++
		return from.erasures > ERASURES_FREE
	}

	/** Judges what was touched, and forwards what changed, put right where it had to be. */
	const judgeAndForward = async (from: Neighbour, change: Effect, before: Uint8Array): Promise<void> => {
		const { faults, repair } = await gate.pass(change.keys)
		if (isFaultOf(from, faults)) strike(from, 'bad-record')
		// Where something should stand and does not, its sender may hold what we never got.
		if (faults.some(({ isGone }) => isGone)) askAgain(from)
		if (repair === null) broadcast(change.update, from)
		else {
			repairs++
			if (isLinked(from)) from.link.sendUpdate(repair)
			// Encoded anew, so that nobody is sent what was thrown out.
			broadcast(Y.encodeStateAsUpdate(doc, before), from)
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

	const isWithinDoc = (clients: ReadonlySet<number>): boolean => {
		const known = doc.store.clients
		if (known.size + clients.size <= DOC_CLIENTS_MAX) return true
		let fresh = 0
		for (const client of clients) if (!known.has(client)) fresh++
		return known.size + fresh <= DOC_CLIENTS_MAX
	}

	const applyFrom = (from: Neighbour, update: Uint8Array): Effect | null => {
		applying = from.link.origin
		effect = null
		try {
			Y.applyUpdate(doc, update, applying)
		} catch (error) {
			// Yjs throws on what contradicts the document, with a part of it applied: that part is judged all the same.
			console.warn('A neighbour sent an update that could not be applied.', error)
			strike(from, 'unreadable')
		}
		applying = null
		return effect
	}

	const applyAndJudge = async (from: Neighbour, update: Uint8Array): Promise<void> => {
		const before = Y.encodeStateVector(doc)
		const change = applyFrom(from, update)
		const { store } = doc
		if (store.pendingStructs !== null || store.pendingDs !== null) {
			// Whatever still waits for something is not worth its price (it grows with the square).
			store.pendingStructs = null
			store.pendingDs = null
			strike(from, 'pending')
		}
		if (change !== null) await judgeAndForward(from, change, before)
	}

	const takeUpdate = async (from: Neighbour, kind: 'step2' | 'update', update: Uint8Array): Promise<void> => {
		const shape = readUpdateShape(update, kind === 'step2' ? STATE_LIMITS : UPDATE_LIMITS)
		if (typeof shape === 'string') return strike(from, shape)
		if (!isWithinDoc(shape.clients)) return strike(from, 'too-many-clients')
		if (!isApplicable(shape, knownClock)) {
			// An answer holds all that we lacked when we asked, and we only ever learn more.
			if (kind === 'step2') strike(from, 'pending')
			else if (early.add(from, update, shape)) askSoon(from)
			return
		}
		await applyAndJudge(from, update)
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
			if (isLinked(next.from)) await applyAndJudge(next.from, next.update)
	}

	const take = async (from: Neighbour, { kind, payload }: SyncMessage): Promise<void> => {
		from.inboxMessages--
		from.inboxBytes -= payload.length
		if (!isLinked(from)) return
		received[kind]++
		if (kind === 'step1') {
			if (isStateVector(payload)) from.link.beAsked(payload)
			else strike(from, 'bad-vector')
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
		if (repair !== null) broadcast(repair, null)
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
		broadcast(repair, null)
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
		if (parsed.type !== 'sync') return
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
