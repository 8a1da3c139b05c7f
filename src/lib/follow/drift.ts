/**
 * The last few readings of how far a player with an exact clock is from its target. Judged is their median: single
 * glitches of 20 to 70 ms are common and mean nothing. A real jump is believed as soon as three readings agree on it.
 */
export interface DriftWindow {
	/** `errorMs`: target minus position; + means the player is behind. */
	push(errorMs: number, atLocalMs?: number): void
	/** Null with fewer than three readings. */
	medianMs(): number | null
	/**
	 * The readings agree within `withinMs` over 40 ms: the player moves as it should. One that has only been told to play
	 * stands still meanwhile, and Chromium's hops once by 10 to 20 ms before it does.
	 */
	isSteady(withinMs: number): boolean
	/** Another reading soon would tell a jump from a glitch, or fill the window. */
	wantsSoon(): boolean
	clear(): void
}

const KEPT = 5
const LEAST = 3
const STEADY_MS = 40
/** Glitches stay below. */
const JUMP_MS = 100
const AGREE_MS = 15

export const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b)
	const middle = sorted.length >> 1
	const upper = sorted[middle] ?? 0
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

export const createDriftWindow = (): DriftWindow => {
	const readings: number[] = []
	const times: number[] = []
	/** Readings far from the others, until they are confirmed or contradicted. */
	const suspects: number[] = []
	const suspectTimes: number[] = []
	let middle: number | null = null

	const add = (errorMs: number, atLocalMs: number): void => {
		readings.push(errorMs)
		times.push(atLocalMs)
		if (readings.length > KEPT) {
			readings.shift()
			times.shift()
		}
		middle = readings.length < LEAST ? null : median(readings)
	}
	const forget = (): void => {
		readings.length = times.length = 0
		middle = null
	}
	const forgive = (): void => void (suspects.length = suspectTimes.length = 0)

	return {
		push(errorMs, atLocalMs = 0) {
			if (middle === null || Math.abs(errorMs - middle) <= JUMP_MS) {
				forgive()
				add(errorMs, atLocalMs)
				return
			}
			const last = suspects.at(-1)
			if (last !== undefined && Math.abs(errorMs - last) > AGREE_MS) forgive()
			suspects.push(errorMs)
			suspectTimes.push(atLocalMs)
			if (suspects.length < LEAST) return
			forget()
			suspects.forEach((suspect, k) => add(suspect, suspectTimes[k] ?? atLocalMs))
			forgive()
		},
		medianMs: () => middle,
		isSteady(withinMs) {
			const oldest = times[0]
			const newest = times.at(-1)
			if (oldest === undefined || newest === undefined || newest - oldest < STEADY_MS) return false
			let low = Infinity
			let high = -Infinity
			for (const reading of readings) {
				if (reading < low) low = reading
				if (reading > high) high = reading
			}
			return high - low <= withinMs
		},
		wantsSoon: () => middle === null || suspects.length > 0,
		clear() {
			forget()
			forgive()
		},
	}
}
