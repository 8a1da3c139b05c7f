/**
 * What this person sets for their own watching, as this browser keeps it: anything may stand there.
 */
export interface WatchingMemory {
	/** No subtitles, whatever there are. */
	readonly isOff: boolean
	/** Of the subtitles chosen last: taken first where there are several. */
	readonly language: string | null
	/** 0 to 3. */
	readonly size: number
	/** By file: how much later it is shown, in tenths of a second; the newest last. */
	readonly offsets: readonly (readonly [file: string, tenths: number])[]
	readonly isAmbient: boolean
	/** How much later those are shown that were not set by hand, in tenths of a second. */
	readonly usualTenths: number
}

export const WATCHING_KEY = 'matinee.watching'
export const SIZES = 4
export const OFFSET_MAX_TENTHS = 6_000
const OFFSETS_MAX = 40

const NEW: WatchingMemory = {
	isOff: false,
	language: null,
	size: 1,
	offsets: [],
	isAmbient: false,
	usualTenths: 0,
}

const isTenths = (value: unknown): value is number =>
	Number.isInteger(value) && Math.abs(value as number) <= OFFSET_MAX_TENTHS

export const parseWatching = (kept: unknown): WatchingMemory => {
	const { isOff, language, size, offsets, isAmbient, usualTenths } = (
		typeof kept === 'object' && kept !== null ? kept : {}
	) as Partial<Record<keyof WatchingMemory, unknown>>
	return {
		isOff: isOff === true,
		language: typeof language === 'string' && language.length <= 35 ? language : null,
		size:
			Number.isInteger(size) && (size as number) >= 0 && (size as number) < SIZES
				? (size as number)
				: NEW.size,
		offsets: (Array.isArray(offsets) ? offsets : []).slice(-OFFSETS_MAX).flatMap((entry: unknown) => {
			const [file, tenths] = (Array.isArray(entry) ? entry : []) as unknown[]
			return typeof file === 'string' && isTenths(tenths) ? [[file, tenths] as const] : []
		}),
		isAmbient: isAmbient === true,
		usualTenths: isTenths(usualTenths) ? usualTenths : NEW.usualTenths,
	}
}

export const readWatching = (): WatchingMemory => {
	try {
		return parseWatching(JSON.parse(localStorage.getItem(WATCHING_KEY) ?? 'null'))
	} catch {
		return NEW // storage refused, or not ours: as at first
	}
}

export const keepWatching = (memory: WatchingMemory): void => {
	try {
		localStorage.setItem(
			WATCHING_KEY,
			JSON.stringify({ ...memory, offsets: memory.offsets.slice(-OFFSETS_MAX) }),
		)
	} catch {
		// It holds for this page then, and is as at first next time.
		return
	}
}
