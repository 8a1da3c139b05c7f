/**
 * How long this device's players take to start and to land a seek. The lags are large (70 to 85 ms with a sound
 * track, hardly any without) but repeat, so they are learned and paid in advance.
 */
import { median } from './drift.ts'

export interface LearnedLags {
	readonly startMs: number
	readonly seekMs: number
	/** The last five seen, newest last. */
	readonly starts: readonly number[]
	readonly seeks: readonly number[]
	/** Of players that seek by loading anew: how long until the film moves. */
	readonly loadMs?: number
}

/** Where they are kept: per device, player kind, and with or without sound. */
export interface LagStore {
	load(key: string): LearnedLags | null
	save(key: string, lags: LearnedLags): void
}

export interface Lags {
	startMs(): number
	seekMs(): number
	/** How much seeks scatter; null before three have been seen. */
	seekSigmaMs(): number | null
	loadMs(): number
	/** `errorMs`: what was left after the hold, + means too late; `usedMs`: the lag that was paid in advance. */
	learnStart(errorMs: number, usedMs?: number): void
	learnSeek(errorMs: number, usedMs?: number): void
	/** A person says by how much a load was too late. */
	correctLoad(byMs: number): void
}

const START_GAIN = 0.7
const SEEK_GAIN = 0.5
/** What was guessed for all players says nothing against the first that was seen of this one. */
const FIRST_GAIN = 1
const START_MAX_MS = 500
const SEEK_MAX_MS = 3_000
const LOAD_MAX_MS = 15_000
const FIRST_LOAD_MS = 2_000
/** From the site's page standing to its film moving. */
const AFTER_LOAD_MS = 400
const KEPT = 5

const FIRST = {
	sound: { startMs: 75, seekMs: 95, starts: [], seeks: [] },
	silent: { startMs: 2, seekMs: 12, starts: [], seeks: [] },
} as const satisfies Record<string, LearnedLags>

export const lagKey = (kind: string, hasAudio: boolean): string => `${kind}/${hasAudio ? 'sound' : 'silent'}`

/** Of a normal spread; unlike the plain deviation, one seek that hit a busy moment leaves it as it is. */
const MAD_TO_SIGMA = 1.4826

const clamp = (value: number, high: number): number => Math.min(high, Math.max(0, value))
const isNumbers = (input: unknown): input is number[] =>
	Array.isArray(input) && input.length <= KEPT && input.every((value) => Number.isFinite(value))

/** What was stored, if it is whole and sane; settings are read back from disk and may be anything. */
export const parseLags = (input: unknown): LearnedLags | null => {
	if (typeof input !== 'object' || input === null) return null
	const { startMs, seekMs, starts, seeks, loadMs } = input as Record<string, unknown>
	if (typeof startMs !== 'number' || typeof seekMs !== 'number' || !isNumbers(starts) || !isNumbers(seeks))
		return null
	if (!(startMs >= 0 && startMs <= START_MAX_MS && seekMs >= 0 && seekMs <= SEEK_MAX_MS)) return null
	if (loadMs === undefined) return { startMs, seekMs, starts, seeks }
	if (typeof loadMs !== 'number' || !(loadMs >= 0 && loadMs <= LOAD_MAX_MS)) return null
	return { startMs, seekMs, starts, seeks, loadMs }
}

export const memoryLagStore = (): LagStore => {
	const kept = new Map<string, LearnedLags>()
	return { load: (key) => kept.get(key) ?? null, save: (key, lags) => void kept.set(key, lags) }
}

/** `hasAudio` is asked each time: a player learns only after loading whether there is a sound track. */
export const createLags = (
	store: LagStore,
	kind: string,
	hasAudio: () => boolean,
	/** The first guesses are of browsers' own players, and worth nothing for an embed. */
	isGuessed: () => boolean = () => false,
	/** How long a load took as far as that can be seen; null where it cannot. */
	seenLoadMs: () => number | null = () => null,
): Lags => {
	const current = (): LearnedLags =>
		store.load(lagKey(kind, hasAudio())) ?? FIRST[hasAudio() ? 'sound' : 'silent']
	const keep = (lags: LearnedLags): void => store.save(lagKey(kind, hasAudio()), lags)
	/** What a person said, else what was seen and the start behind it, else a guess. */
	const loadMs = (): number => {
		const seenMs = seenLoadMs()
		return current().loadMs ?? (seenMs === null ? FIRST_LOAD_MS : clamp(seenMs + AFTER_LOAD_MS, LOAD_MAX_MS))
	}
	return {
		startMs: () => current().startMs,
		seekMs: () => current().seekMs,
		seekSigmaMs() {
			const { seeks } = current()
			if (seeks.length < 3) return null
			const middle = median(seeks)
			return MAD_TO_SIGMA * median(seeks.map((seek) => Math.abs(seek - middle)))
		},
		loadMs,
		// One odd start must not spoil the next: the step goes towards the median of the last five.
		learnStart(errorMs, usedMs) {
			const lags = current()
			const starts = [...lags.starts, clamp((usedMs ?? lags.startMs) + errorMs, START_MAX_MS)].slice(-KEPT)
			const gain = lags.starts.length === 0 && isGuessed() ? FIRST_GAIN : START_GAIN
			const startMs = clamp(lags.startMs + gain * (median(starts) - lags.startMs), START_MAX_MS)
			keep({ ...lags, starts, startMs })
		},
		learnSeek(errorMs, usedMs) {
			const lags = current()
			const seeks = [...lags.seeks, clamp((usedMs ?? lags.seekMs) + errorMs, SEEK_MAX_MS)].slice(-KEPT)
			const gain = lags.seeks.length === 0 && isGuessed() ? FIRST_GAIN : SEEK_GAIN
			const seekMs = clamp(lags.seekMs + gain * (median(seeks) - lags.seekMs), SEEK_MAX_MS)
			keep({ ...lags, seeks, seekMs })
		},
		correctLoad(byMs) {
			const lags = current()
			keep({ ...lags, loadMs: clamp(loadMs() + byMs, LOAD_MAX_MS) })
		},
	}
}
