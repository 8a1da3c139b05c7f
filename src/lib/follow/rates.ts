/**
 * The speeds a player has: which one stands for the room's, and which neighbours a pulse may use.
 */
import type { PlayerAbilities } from '#lib/players/player.ts'

export interface StepRates {
	/** Nearest to the room's speed. */
	readonly base: number
	/** Null where the list has nothing on that side. */
	readonly faster: number | null
	readonly slower: number | null
}

/** A list from an embed may hold anything. */
const isRate = (rate: unknown): rate is number =>
	typeof rate === 'number' && Number.isFinite(rate) && rate > 0 && rate <= 16

export const rateAbility = ({ rate }: PlayerAbilities): 'fine' | 'steps' | 'none' => {
	if (rate === 'fine' || rate === 'none') return rate
	return new Set(rate.filter(isRate)).size > 1 ? 'steps' : 'none'
}

/** A pulse must be told from the room's speed, and not be heard more than needed: next to a quarter away. */
const PULSE_STEP = 0.25
const LEAST_STEP = 0.05

/** The steps around the room's `rate`: the base nearest to it, and on either side what comes closest to ±0.25. */
export const stepsAround = (rates: PlayerAbilities['rate'], rate: number): StepRates => {
	const listed = Array.isArray(rates) ? (rates as readonly unknown[]).filter(isRate) : [1]
	const nearest = (candidates: readonly number[], wanted: number): number | null =>
		candidates.reduce<number | null>(
			(best, candidate) =>
				best === null || Math.abs(candidate - wanted) < Math.abs(best - wanted) ? candidate : best,
			null,
		)
	return {
		base: nearest(listed, rate) ?? 1,
		faster: nearest(
			listed.filter((candidate) => candidate >= rate + LEAST_STEP),
			rate + PULSE_STEP,
		),
		slower: nearest(
			listed.filter((candidate) => candidate <= rate - LEAST_STEP),
			rate - PULSE_STEP,
		),
	}
}

/** The speed a player really plays at when the room's is `rate`; null where it is the room's. */
export const playsAt = (can: PlayerAbilities, rate: number): number | null => {
	const ability = rateAbility(can)
	if (ability === 'fine') return null
	const base = ability === 'steps' ? stepsAround(can.rate, rate).base : 1
	return base === rate ? null : base
}

/** Whether a player can stay with a room at `rate`: it has that speed, or steps on both sides of it. */
export const canKeepUp = (can: PlayerAbilities, rate: number): boolean => {
	if (playsAt(can, rate) === null) return true
	const { faster, slower } = stepsAround(can.rate, rate)
	return faster !== null && slower !== null
}

/** A player that has any rate, but only reports, gets pulses too: gentle ones where that does. */
const GENTLE = 0.1
const GENTLE_TO_MS = 300

export const pulseSteps = (can: PlayerAbilities, errorMs: number, rate: number): StepRates => {
	if (can.rate !== 'fine') return stepsAround(can.rate, rate)
	const step = Math.abs(errorMs) <= GENTLE_TO_MS ? GENTLE : PULSE_STEP
	return { base: rate, faster: rate * (1 + step), slower: rate * (1 - step) }
}
