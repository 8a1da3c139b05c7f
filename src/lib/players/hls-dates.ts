/**
 * Which moment of the world each place of a live stream shows: a playlist's PROGRAM-DATE-TIME and the media's own
 * times, put together. All who play the same stream get the same answer to the millisecond, whenever they joined: it
 * depends on the parts around a place only. Pure; knows nothing of hls.js.
 */
import type { Seconds } from '#lib/core/units.ts'

export interface DatedPart {
	/** Where it begins in the player's own time. */
	readonly startS: Seconds
	readonly durationS: Seconds
	/** Unix milliseconds at its beginning, as the playlist says. */
	readonly dateMs: number
	/** Its discontinuity sequence: dates carry on within one run only. */
	readonly run: number
}

export interface DateMap {
	/** The newest playlist, oldest part first. What has left the window is remembered for a while. */
	update(parts: readonly DatedPart[]): void
	/** Unix seconds of a place in media time; null before the first playlist. */
	dateAt(mediaS: Seconds): Seconds | null
	/** The place that shows `dateS`, within what can still be loaded; the nearest there is where none does. */
	mediaAt(dateS: Seconds): Seconds | null
	/** Unix milliseconds at the end of the newest part. */
	edgeMs(): number | null
}

interface Placed extends DatedPart {
	/** What to add to media time for Unix seconds. */
	readonly offsetS: Seconds
}

/** Encoders' stamps wobble by some milliseconds: the median over so many parts on each side does not. */
const NEIGHBOURS = 2
const PARTS_KEPT = 2_000
/** So near to the edge nothing is buffered yet, and so near to the tail nothing is any more a moment later. */
const EDGE_S = 0.5
const TAIL_S = 0.2

const offsetOf = (parts: readonly DatedPart[], at: number, part: DatedPart): Seconds => {
	const offsets: number[] = []
	for (let i = at - NEIGHBOURS; i <= at + NEIGHBOURS; i++) {
		const other = parts[i]
		if (other && other.run === part.run) offsets.push(other.dateMs / 1000 - other.startS)
	}
	offsets.sort((a, b) => a - b)
	// An even number has no middle one: the earlier, so that a jump in the dates stays a jump.
	return offsets[(offsets.length - 1) >> 1] ?? part.dateMs / 1000 - part.startS
}

export const createDateMap = (): DateMap => {
	let placed: readonly Placed[] = []
	/** Where the newest playlist begins in `placed`. */
	let firstInWindow = 0
	return {
		update(parts) {
			const first = parts[0]
			if (!first) return
			const left = placed.filter(({ startS, durationS }) => startS + durationS / 2 < first.startS)
			const all = [...left, ...parts].slice(-PARTS_KEPT)
			firstInWindow = Math.max(0, all.length - parts.length)
			placed = all.map((part, at) => ({ ...part, offsetS: offsetOf(all, at, part) }))
		},
		dateAt(mediaS) {
			for (let i = placed.length - 1; i >= 0; i--) {
				const part = placed[i]
				if (part && (part.startS <= mediaS || i === 0)) return mediaS + part.offsetS
			}
			return null
		},
		mediaAt(dateS) {
			const [first, last] = [placed[firstInWindow], placed.at(-1)]
			if (!first || !last) return null
			const endS = Math.max(first.startS, last.startS + last.durationS - EDGE_S)
			let nextS = endS
			for (let i = placed.length - 1; i >= firstInWindow; i--) {
				const part = placed[i]
				if (!part) continue
				const atS = dateS - part.offsetS
				if (atS >= part.startS && atS < part.startS + part.durationS)
					return Math.min(endS, Math.max(first.startS + TAIL_S, atS))
				if (atS < part.startS) nextS = part.startS
			}
			return Math.min(endS, Math.max(first.startS + TAIL_S, nextS))
		},
		edgeMs() {
			const last = placed.at(-1)
			return last ? (last.startS + last.durationS + last.offsetS) * 1000 : null
		},
	}
}

export interface LatencyNeed {
	/**
	 * A playlist has come, whose newest part ended `behindMs` before now (local clock): how far behind now one has to
	 * stay, in milliseconds. Stays as it is through small changes, because all members move with it.
	 */
	note(behindMs: number, holdBackMs: number): number
}

const READINGS_KEPT = 8
const RAISE_ABOVE_MS = 250
const STEP_MS = 250

export const createLatencyNeed = (): LatencyNeed => {
	let readings: number[] = []
	let needMs: number | null = null
	return {
		note(behindMs, holdBackMs) {
			// The dates or the clock jumped: what was seen before says nothing any more.
			if (readings.some((reading) => Math.abs(reading - behindMs) > 2 * holdBackMs)) {
				readings = []
				needMs = null
			}
			readings = [...readings, behindMs].slice(-READINGS_KEPT)
			// The least: asking late makes a playlist look older than it is.
			const wantMs = Math.ceil((Math.min(...readings) + holdBackMs) / STEP_MS) * STEP_MS
			if (needMs === null || wantMs > needMs + RAISE_ABOVE_MS || wantMs < needMs - holdBackMs / 2)
				needMs = wantMs
			return needMs
		},
	}
}
