/**
 * Reading what an embed sent: everything is untrusted. Only own keys of plain objects count, numbers are finite and
 * within bounds, texts have a length. What does not fit is undefined, never an exception.
 */
import type { Seconds } from '#lib/core/units.ts'

export type EmbedObject = Readonly<Record<string, unknown>>

const MESSAGE_MAX_CHARS = 100_000
/** No film is longer than a fortnight. */
export const POSITION_MAX_S: Seconds = 14 * 24 * 3600
const TITLE_MAX_CHARS = 200

export const asObject = (input: unknown): EmbedObject | undefined =>
	typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as EmbedObject) : undefined

/** An object out of a message that is one already, or its JSON text; undefined for anything else. */
export const readMessage = (data: unknown): EmbedObject | undefined => {
	if (typeof data !== 'string') return asObject(data)
	if (data.length > MESSAGE_MAX_CHARS) return undefined
	try {
		return asObject(JSON.parse(data))
	} catch {
		return undefined // not JSON: the caller counts it
	}
}

export const own = (object: EmbedObject | undefined, key: string): unknown =>
	object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined

export const ownObject = (object: EmbedObject | undefined, key: string): EmbedObject | undefined =>
	asObject(own(object, key))

/** A finite number from `least` to `most`. */
export const ownNumber = (
	object: EmbedObject | undefined,
	key: string,
	least: number,
	most: number,
): number | undefined => {
	const value = own(object, key)
	return typeof value === 'number' && value >= least && value <= most ? value : undefined
}

/** A place in the film. */
export const ownPosition = (object: EmbedObject | undefined, key: string): Seconds | undefined =>
	ownNumber(object, key, 0, POSITION_MAX_S)

export const ownBoolean = (object: EmbedObject | undefined, key: string): boolean | undefined => {
	const value = own(object, key)
	return typeof value === 'boolean' ? value : undefined
}

/** A text, cut at `mostChars`. */
export const ownText = (
	object: EmbedObject | undefined,
	key: string,
	mostChars = TITLE_MAX_CHARS,
): string | undefined => {
	const value = own(object, key)
	return typeof value === 'string' ? value.slice(0, mostChars) : undefined
}

const RATES_MAX = 32

/** Speeds an embed announces: sorted, each once; undefined where there are none. Only [1] means that it has no others. */
export const readRates = (input: unknown): readonly number[] | undefined => {
	if (!Array.isArray(input) || input.length > RATES_MAX) return undefined
	const rates = input.filter((rate): rate is number => typeof rate === 'number' && rate >= 0.1 && rate <= 4)
	return rates.length === 0 ? undefined : [...new Set(rates)].sort((a, b) => a - b)
}
