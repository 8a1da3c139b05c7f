/**
 * What is kept about each neighbour of the document: its link, what of it waits to be judged, and how much it may
 * still press on us.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import { createSyncAssembler, type SyncAssembler } from '#lib/protocol/room-frames.ts'
import { createBucket, type Bucket } from './author-budget.ts'
import type { SyncLink } from './sync-link.ts'

/** Of one link, waiting to be judged. */
const INBOX_MAX_MESSAGES = 512
const INBOX_MAX_BYTES = 12 * 1024 * 1024
/** Records of its own that a neighbour may press on us; a whole playlist several times over. */
const OWN_BURST = 1_024
const OWN_PER_S = 20
/** Messages of one neighbour that change the document and tell nothing new (mending looks like that). */
export const IDLE_BURST = 400
export const IDLE_PER_S = 5
/** State vectors of one neighbour. */
const QUESTIONS_BURST = 200
const QUESTIONS_PER_S = 5
/** Statuses, clock probes and answers, goodbyes: statuses passed on are 150 a second at most, probes 25. */
const CHATTER_BURST = 1_000
const CHATTER_PER_S = 400

export interface Neighbour {
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

export type Neighbours = ReadonlyMap<PeerId, Neighbour>

export const createNeighbour = (link: SyncLink, nowMs: () => Millis): Neighbour => ({
	link,
	assembler: createSyncAssembler(),
	inboxMessages: 0,
	inboxBytes: 0,
	erasures: 0,
	erasuresSinceMs: nowMs(),
	ownRecords: createBucket(OWN_BURST, OWN_PER_S, nowMs),
	idleMessages: createBucket(IDLE_BURST, IDLE_PER_S, nowMs),
	questions: createBucket(QUESTIONS_BURST, QUESTIONS_PER_S, nowMs),
	chatter: createBucket(CHATTER_BURST, CHATTER_PER_S, nowMs),
	floods: 0,
})

/** Whether this is still the one that the link's peer has. */
export const isLinked = (neighbours: Neighbours, neighbour: Neighbour): boolean =>
	neighbours.get(neighbour.link.peer) === neighbour

/** False where its inbox has no room for so many bytes more. */
export const enterInbox = (from: Neighbour, byteCount: number): boolean => {
	const bytes = from.inboxBytes + byteCount
	if (from.inboxMessages >= INBOX_MAX_MESSAGES || bytes > INBOX_MAX_BYTES) return false
	from.inboxMessages++
	from.inboxBytes = bytes
	return true
}

export const leaveInbox = (from: Neighbour, byteCount: number): void => {
	from.inboxMessages--
	from.inboxBytes -= byteCount
}
