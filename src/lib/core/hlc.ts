/**
 * The hybrid logical clock that orders records (Kulkarni et al., 2014): 48 bits of room milliseconds and a 16-bit
 * counter in one bigint. A clock that runs far ahead must not drag everybody along, so readings more than a minute
 * ahead of room time are not taken over; their records wait.
 */
import type { DeviceId, Hlc, Millis } from './units.ts'

export const HLC_AHEAD_MAX_MS = 60_000

const COUNTER_BITS = 16n
const COUNTER_MASK = 0xffffn
/** The largest millisecond that fits; year 10,889. */
export const HLC_MS_MAX = 2 ** 48 - 1

export const makeHlc = (ms: Millis, counter = 0): Hlc =>
	(BigInt(Math.min(HLC_MS_MAX, Math.max(0, Math.floor(ms)))) << COUNTER_BITS) | BigInt(counter)

export const hlcMs = (hlc: Hlc): Millis => Number(hlc >> COUNTER_BITS)
export const hlcCounter = (hlc: Hlc): number => Number(hlc & COUNTER_MASK)

export const isDue = (hlc: Hlc, nowMs: Millis): boolean => hlcMs(hlc) <= nowMs + HLC_AHEAD_MAX_MS

export interface HlcClock {
	/** A reading later than any given or taken over before, unless room time itself was set back by over a minute. */
	tick(nowMs: Millis): Hlc
	/** Takes over another's reading; false (and nothing changes) where it is not due. */
	receive(hlc: Hlc, nowMs: Millis): boolean
}

export const createHlcClock = (): HlcClock => {
	let last: Hlc = 0n
	return {
		tick: (nowMs) => {
			const now = makeHlc(nowMs)
			// Room time was set back (a joiner adopts the room's clock): going on from the old reading would put
			// everything we write into the others' quarantine.
			if (!isDue(last, nowMs)) last = 0n
			last = now > last ? now : last + 1n
			return last
		},
		receive: (hlc, nowMs) => {
			if (!isDue(hlc, nowMs)) return false
			if (hlc > last) last = hlc
			return true
		},
	}
}

/** What decides between records: their clock, then their author, then their number. */
export interface Ordered {
	readonly hlc: Hlc
	readonly author: DeviceId
	readonly seq: number
}

/** Negative where `a` comes first. Authors compare as text, by UTF-16 unit. */
export const compareOrder = (a: Ordered, b: Ordered): number =>
	a.hlc !== b.hlc
		? a.hlc < b.hlc
			? -1
			: 1
		: a.author !== b.author
			? a.author < b.author
				? -1
				: 1
			: a.seq - b.seq
