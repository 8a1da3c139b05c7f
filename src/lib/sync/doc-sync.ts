/**
 * Keeps one document the same on all neighbours: y-protocols sync V1 inside room frames. What comes in stands in one
 * queue a room, is measured, applied, passed through the gate, and only then forwarded (take-update.ts); what is
 * written here goes out at once. It knows keys and bytes, and nothing of what records mean. Its parts are put together
 * here.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import { RECORDS_MAP, type Ledger } from '#lib/core/ledger.ts'
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import { parseRoomFrame, type SyncKind, type SyncMessage } from '#lib/protocol/room-frames.ts'
import { drawBetween } from '#lib/transport/seeded-random.ts'
import type { Timers } from '#lib/transport/timers.ts'
import type { Transport, TransportEvent } from '#lib/transport/transport.ts'
import type * as Y from 'yjs'
import { createApplier, type Effect } from './apply-update.ts'
import type { DigestDeps, Digests, DigestStats } from './digest.ts'
import { createGate } from './gate.ts'
import { createHandOn } from './hand-on.ts'
import { createNeighbour, enterInbox, isLinked, leaveInbox, type Neighbour } from './neighbours.ts'
import { createPressure } from './pressure.ts'
import { createSelfCheck } from './self-check.ts'
import { createStrikes, type StrikeEvent, type StrikeReason } from './strikes.ts'
import { createSyncLink, type SyncLink } from './sync-link.ts'
import { takeRecords } from './take-records.ts'
import { createUpdateTaker } from './take-update.ts'
import { createTurns } from './turns.ts'
import { isStateVector } from './update-shape.ts'
import type { UpdateTrial } from './update-trial.ts'

export { STRIKES_MAX, type StrikeReason } from './strikes.ts'

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

export type DocSyncEvent =
	/** All that this neighbour had when it was asked is here and judged. */
	| { readonly type: 'synced'; readonly peer: PeerId }
	/** The first of them. */
	| { readonly type: 'first-sync'; readonly peer: PeerId }
	| StrikeEvent
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
	 * answers what was wrong with it, or null. Rejects where what that needs could not be fetched.
	 */
	takeState(update: Uint8Array): Promise<StrikeReason | null>
	/** Resolves when everything that has come in until now has been dealt with. */
	whenIdle(): Promise<void>
	stats(): DocSyncStats
	/** Idempotent. */
	stop(): void
}

const RESYNC_EVERY_MS: Millis = 30_000
/** A neighbour that has not answered by then no longer keeps us from asking the next one. */
const ANSWER_PATIENCE_MS: Millis = 4_000

export const createDocSync = (deps: DocSyncDeps): DocSync => {
	const { doc, ledger, transport, timers, random } = deps
	const neighbours = new Map<PeerId, Neighbour>()
	const listeners = new Set<(event: DocSyncEvent) => void>()
	const turns = createTurns(timers)
	const nowMs = (): Millis => timers.nowMs()
	const sent: Record<SyncKind, number> = { step1: 0, step2: 0, update: 0 }
	const received: Record<SyncKind, number> = { step1: 0, step2: 0, update: 0 }
	let sentBytes = 0
	let isFirstSynced = false
	let isStopped = false

	const emit = (event: DocSyncEvent): void => {
		for (const fn of [...listeners]) fn(event)
	}
	const strikes = createStrikes(transport, emit)
	const strike = strikes.add
	const records = doc.getMap<unknown>(RECORDS_MAP)
	const gate = createGate({ ...deps, records, nowMs, yieldTurn: turns.breathe })
	const handOn = createHandOn(neighbours, timers)
	const broadcast = (update: Uint8Array): void => handOn.broadcast(update, null)

	/** It came neither from a neighbour nor from the room: from storage. */
	const judgeStored = async ({ update, keys }: Effect): Promise<void> => {
		const { repair } = await gate.pass(keys)
		if (repair === null) broadcast(update)
		else handOn.fallBehind(null)
	}
	const applier = createApplier({
		doc,
		ledger,
		gateOrigin: gate.origin,
		onOwn: broadcast,
		onStored: (effect) => turns.add(() => judgeStored(effect)),
	})
	const pressure = createPressure({ doc, nowMs, strike })
	const selfCheck = createSelfCheck({ ...deps, gate, inTurn: turns.add, broadcast })
	const taker = createUpdateTaker({
		doc,
		neighbours,
		gate,
		applier,
		pressure,
		handOn,
		selfCheck,
		turns,
		trial: deps.trial,
		strike,
	})

	// --- what comes in

	const take = async (from: Neighbour, { kind, payload }: SyncMessage): Promise<void> => {
		leaveInbox(from, payload.length)
		if (!isLinked(neighbours, from)) return
		received[kind]++
		if (kind === 'step1') {
			if (!isStateVector(payload)) strike(from, 'bad-vector')
			else if (from.questions.take(1)) from.link.beAsked(payload)
			else pressure.noteFlood(from)
			return
		}
		await taker.take(from, kind, payload)
		if (kind !== 'step2' || !isLinked(neighbours, from)) return
		taker.forgetEarly(from) // was in the answer, or makes no sense
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

	const takeDigest = async (from: Neighbour, payload: Uint8Array): Promise<void> => {
		leaveInbox(from, payload.length)
		if (isLinked(neighbours, from)) await digests?.receive(from.link.peer, payload)
	}

	const queue = (from: Neighbour, byteCount: number, job: () => Promise<void>): void => {
		if (enterInbox(from, byteCount)) turns.add(job)
		else strike(from, 'flood')
	}

	const receive = (from: Neighbour, frame: Uint8Array): void => {
		const parsed = parseRoomFrame(frame)
		if (parsed === null) return strike(from, 'bad-frame')
		if (parsed.type === 'digest') {
			const { payload } = parsed
			return queue(from, payload.length, () => takeDigest(from, payload))
		}
		if (parsed.type !== 'sync') {
			// Read elsewhere, and answered there; that somebody sends far too many is counted here.
			if (!from.chatter.take(1)) pressure.noteFlood(from)
			return
		}
		const message = from.assembler.add(parsed)
		if (message === null) return strike(from, 'bad-parts')
		if (message !== 'more') queue(from, message.payload.length, () => take(from, message))
	}

	// --- digests: what the carrier cannot bring comes another way

	let digests: Digests | null = null
	const startDigests = (createDigests: CreateDigests): void => {
		if (isStopped) return
		digests = createDigests({
			ledger,
			transport,
			timers,
			random,
			inTurn: turns.add,
			breathe: turns.breathe,
			take: async (peer, list) => {
				const { isGood, repair } = await takeRecords({ ledger, gate, breathe: turns.breathe }, list)
				const from = neighbours.get(peer)
				if (!isGood && from !== undefined) strike(from, 'bad-record')
				if (repair === null) return
				taker.noteRepair()
				for (const update of repair) broadcast(update)
			},
			onFault: (peer) => {
				const from = neighbours.get(peer)
				if (from !== undefined) strike(from, 'bad-frame')
			},
		})
		for (const { link } of neighbours.values()) if (link.isComplete) digests.synced(link.peer)
	}
	const loadDigests = deps.loadDigests ?? (async () => (await import('./digest.ts')).createDigests)
	loadDigests().then(startDigests, (error: unknown) => {
		console.warn('Digests could not be loaded; the room goes on without them.', error)
	})

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
		neighbours.set(peer, createNeighbour(link, nowMs))
		scheduleResync(link)
		askNext()
	}

	const removeLink = (peer: PeerId): void => {
		const neighbour = neighbours.get(peer)
		if (neighbour === undefined) return
		neighbours.delete(peer)
		neighbour.link.close()
		digests?.forget(peer)
		taker.forgetEarly(neighbour)
		askNext()
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
			new Promise((resolve, reject) => {
				turns.add(() => taker.takeState(update, () => !isStopped).then(resolve, reject))
			}),
		whenIdle: turns.whenIdle,
		stats: () => ({
			sent: { ...sent },
			received: { ...received },
			sentBytes,
			repairs: taker.repairs(),
			strikes: strikes.total,
			digests: digests?.stats() ?? null,
		}),
		stop: () => {
			if (isStopped) return
			isStopped = true
			off()
			selfCheck.stop()
			handOn.stop()
			applier.stop()
			turns.stop()
			digests?.stop()
			for (const { link } of neighbours.values()) link.close()
			neighbours.clear()
			listeners.clear()
		},
	}
}
