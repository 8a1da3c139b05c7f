/**
 * How much of what neighbours send is a fault of theirs: records that are none, keys that go again and again, floods,
 * crowds at one key.
 */
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import type { DeviceId, Millis } from '#lib/core/units.ts'
import type * as Y from 'yjs'
import { createBucket, createBuckets } from './author-budget.ts'
import type { GateResult } from './gate.ts'
import { IDLE_BURST, IDLE_PER_S, type Neighbour } from './neighbours.ts'
import type { StrikeReason } from './strikes.ts'
import type { UpdateShape } from './update-shape.ts'

/** Messages of one link in a minute that may make known keys go before it is a fault. */
const ERASURES_FREE = 7
/** Where a few keys are gone again that others have only just set right, a message counts for so much. */
const DISPUTE_MAX_KEYS = 4
const DISPUTE_SHARE = 0.25
const ERASURES_WINDOW_MS: Millis = 60_000
/** Records of one author that travel on through us at once; the rest comes with the next exchange. */
const AUTHOR_BURST = 256
const AUTHOR_PER_S = 10
/** Items at one key beside which no further one is set with nothing before it; and where that is a fault. */
const CROWD_MAX = 768
const CROWD_FAULT = 1_536
/** Where it has gone over one of these, so much is let go before it is a fault again. */
const FLOOD_STEP = 256

const authorOf = (key: string): DeviceId => (key.split('/')[1] ?? '') as DeviceId

/** A wrong value, whoever brought it, and not just one that is gone or stands in a wrong place. */
export const isWrong = ({ isGone, isMisplaced }: GateResult['faults'][number]): boolean =>
	!isGone && !isMisplaced

export interface Pressure {
	/**
	 * A wrong value is the doing of who sent it. Keys that are gone need not be: a message that would have brought the
	 * new values was lost, or a newcomer hands on the deletions of somebody it could not judge yet. Nor are good
	 * records in a wrong place, where somebody used one client id twice. They are set right without a word, unless it
	 * happens again and again.
	 */
	isFaultOf(from: Neighbour, faults: GateResult['faults']): boolean
	/** It presses more on us than anybody has reason to: a fault now, and again if it goes on. */
	noteFlood(from: Neighbour): void
	/** An update was judged: `accepted` are the keys that were news. */
	count(from: Neighbour, accepted: readonly string[]): void
	/** Whether what changed may travel on through us now. What tells nothing new is few: mending. */
	mayPass(accepted: readonly string[]): boolean
	/**
	 * Whether it would make the crowd at some key larger than it may be: Yjs compares each newcomer with all. We let it
	 * grow less than we tolerate, so that nobody honest hands on what its neighbours take for a fault.
	 */
	isCrowding(from: Neighbour, shape: UpdateShape): boolean
}

export interface PressureDeps {
	readonly doc: Y.Doc
	readonly nowMs: () => Millis
	readonly strike: (from: Neighbour, why: StrikeReason) => void
}

export const createPressure = ({ doc, nowMs, strike }: PressureDeps): Pressure => {
	const records = doc.getMap<unknown>(RECORDS_MAP)
	const mayTravel = createBuckets<DeviceId>(AUTHOR_BURST, AUTHOR_PER_S, nowMs)
	const idleTravel = createBucket(IDLE_BURST / 2, IDLE_PER_S / 2, nowMs)

	const noteFlood = (from: Neighbour): void => {
		if (from.floods++ % FLOOD_STEP === 0) strike(from, 'flood')
	}

	/** Items that stand at a key, dead or alive, as far as `most`. */
	const chainLength = (key: string, most: number): number => {
		let length = 0
		for (let item = records._map.get(key) ?? null; item !== null && length < most; item = item.left) length++
		return length
	}

	return {
		isFaultOf: (from, faults) => {
			if (faults.some(isWrong)) return true
			if (faults.length === 0) return false
			if (nowMs() - from.erasuresSinceMs >= ERASURES_WINDOW_MS) {
				from.erasures = 0
				from.erasuresSinceMs = nowMs()
			}
			const isDispute =
				faults.length <= DISPUTE_MAX_KEYS && faults.every(({ isGone, isDisputed }) => isGone && isDisputed)
			from.erasures += isDispute ? DISPUTE_SHARE : 1
			return from.erasures > ERASURES_FREE
		},
		noteFlood,
		count: (from, accepted) => {
			const own = accepted.filter((key) => authorOf(key) === from.link.device).length
			const isFine = own > 0 ? from.ownRecords.take(own) : accepted.length > 0 || from.idleMessages.take(1)
			if (!isFine) noteFlood(from)
		},
		mayPass: (accepted) =>
			accepted.length === 0 ? idleTravel.take(1) : accepted.every((key) => mayTravel(authorOf(key), 1)),
		isCrowding: (from, { roots }) => {
			for (const [key, count] of roots) {
				const crowd = count + chainLength(key, CROWD_FAULT)
				if (crowd > CROWD_FAULT) strike(from, 'too-many-rivals')
				else if (crowd > CROWD_MAX && !from.idleMessages.take(1)) noteFlood(from)
				if (crowd > CROWD_MAX) return true
			}
			return false
		},
	}
}
