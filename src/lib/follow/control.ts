/**
 * The control law: from the error to one command, as a pure function. LOCK and FINE resample (pitch let
 * go: exact, and unheard near 1); COARSE keeps the pitch; SEEK jumps.
 */
export interface ControlState {
	readonly law: 'lock' | 'fine' | 'coarse'
	/** Local time of the last jump. */
	readonly jumpedAtMs: number
	/** Local times of jumps that landed more than the threshold off. */
	readonly misses: readonly number[]
	/** 2, 4, …: how much the threshold was raised because jumps do not land. */
	readonly seekFactor: number
	/** The COARSE rate being held; each change of it costs some milliseconds. */
	readonly coarse: number
	/** The FINE rate being held; writing rates is not free. */
	readonly fine: number
}

export const INITIAL_CONTROL: ControlState = {
	law: 'lock',
	jumpedAtMs: -Infinity,
	misses: [],
	seekFactor: 1,
	coarse: 1,
	fine: 1,
}

export interface ControlInput {
	/** Target minus position; + means behind. */
	readonly errorMs: number
	/** The room's speed. */
	readonly rate: number
	readonly localMs: number
	readonly isTargetBuffered: boolean
	readonly seekSigmaMs: number | null
	readonly can: 'fine' | 'steps' | 'none'
	readonly canSeek: boolean
	/** It has only just begun here and was not corrected yet: nobody minds a jump. */
	readonly isFresh: boolean
	/** It has the room's speed, or steps to make up for it. */
	readonly canKeepUp: boolean
	/** The person's own: up to here nothing is done that might be heard or seen. */
	readonly toleranceMs?: number
}

export type ControlCommand =
	{ readonly type: 'rate'; readonly rate: number; readonly isPitchKept: boolean } | { readonly type: 'jump' }

/** Above the noise of the sensor (99 % within 0.13 ms with sound, 0.5 without), with room for hysteresis. */
const LOCK_IN_MS = 0.5
const LOCK_OUT_MS = 1
/** A frame at 25 fps. */
const FINE_MS = 40
const FINE_TAU_MS = 1_500
/** 13.8 cents: not heard, and 40 ms are gone in about five seconds. */
const FINE_MAX = 0.008
/** What 1 ms of error is worth; smaller changes are not written. */
const FINE_STEP = 1 / FINE_TAU_MS
/** Below this FINE is cheaper than another change of mode. */
const COARSE_OUT_MS = 20
/** At most 350 ms in 3.5 s. */
const COARSE_TAU_MS = 800
const COARSE_MAX = 0.1
/** What keeping pitch loses at each entry (20 to 25 ms measured in Chromium), paid in advance. */
const WSOLA_LOSS_MS = 20
/** Each change of a COARSE rate costs about 5 ms; below this step it brings less. */
const COARSE_STEP = 0.02
/** A learned, buffered seek lands within 40 ms and beats seconds of COARSE; any other may stall or miss. */
const SEEK_SURE_MS = 350
const SEEK_MS = 1_000
const SURE_SIGMA_MS = 30
/** At the very beginning: what COARSE would take seconds for. */
const SEEK_FRESH_MS = 100
/** Without any rate to correct with. */
const SEEK_ONLY_MS = 500
/** With steps a pulse does it. */
const SEEK_STEPS_MS = 1_500
/** Guards against thrashing, after MediaSync's. */
const JUMP_INTERVAL_MS = 1_500
/** Embeds that only seek buffer anew each time: longer, and longer still while seeks miss. */
const SEEK_ONLY_INTERVAL_MS = 3_000
/** At a speed it does not have every seek is soon outrun: a film in pieces helps nobody. */
const OUTRUN_INTERVAL_MS = 10_000
const MISSES = 3
const MISS_WINDOW_MS = 10_000
const SEEK_ONLY_WINDOW_MS = 30_000
const SEEK_FACTOR_MAX = 8

const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value))

export const seekThresholdMs = (state: ControlState, input: ControlInput): number => {
	// The less sure a seek lands, the more it must be worth; what scatters by 80 ms still beats 4 s of COARSE.
	const sureMs =
		input.isTargetBuffered && input.seekSigmaMs !== null
			? Math.min(SEEK_MS, SEEK_SURE_MS + Math.max(0, input.seekSigmaMs - SURE_SIGMA_MS))
			: SEEK_MS
	const fineMs = input.isTargetBuffered && input.isFresh ? SEEK_FRESH_MS : sureMs
	const thresholdMs = { fine: fineMs, steps: SEEK_STEPS_MS, none: SEEK_ONLY_MS }
	return Math.max(thresholdMs[input.can], input.toleranceMs ?? 0) * state.seekFactor
}

/** So far off that only a seek helps, and the last one is long enough ago. */
export const isJumpDue = (state: ControlState, input: ControlInput): boolean => {
	const leastMs = input.can === 'none' ? SEEK_ONLY_INTERVAL_MS * state.seekFactor : JUMP_INTERVAL_MS
	const intervalMs = input.canKeepUp ? leastMs : Math.max(leastMs, OUTRUN_INTERVAL_MS)
	return (
		input.canSeek &&
		Math.abs(input.errorMs) > seekThresholdMs(state, input) &&
		input.localMs - state.jumpedAtMs >= intervalMs
	)
}

/** After the hold of a jump: whether it landed. Three misses in ten seconds double the threshold. */
export const noteLanding = (state: ControlState, input: ControlInput): ControlState => {
	if (Math.abs(input.errorMs) <= seekThresholdMs(state, input)) return state
	const windowMs = input.can === 'none' ? SEEK_ONLY_WINDOW_MS : MISS_WINDOW_MS
	const misses = [...state.misses.filter((at) => input.localMs - at < windowMs), input.localMs]
	return misses.length < MISSES
		? { ...state, misses }
		: { ...state, misses: [], seekFactor: Math.min(SEEK_FACTOR_MAX, state.seekFactor * 2) }
}

const coarse = (
	state: ControlState,
	input: ControlInput,
): { state: ControlState; command: ControlCommand } => {
	const wanted = 1 + clamp((input.errorMs + WSOLA_LOSS_MS) / COARSE_TAU_MS, COARSE_MAX)
	const keep = state.law === 'coarse' && Math.abs(wanted - state.coarse) < COARSE_STEP
	const factor = keep ? state.coarse : wanted
	return {
		state: { ...state, law: 'coarse', coarse: factor },
		command: { type: 'rate', rate: input.rate * factor, isPitchKept: true },
	}
}

/** What to do about `errorMs` now. Asked every 50 ms while the player plays undisturbed. */
export const decide = (
	state: ControlState,
	input: ControlInput,
): { readonly state: ControlState; readonly command: ControlCommand } => {
	const off = Math.abs(input.errorMs)
	if (isJumpDue(state, input))
		return { state: { ...state, law: 'lock', jumpedAtMs: input.localMs }, command: { type: 'jump' } }

	const plain = (law: ControlState['law']): { state: ControlState; command: ControlCommand } => ({
		state: state.law === law ? state : { ...state, law },
		// Away from normal speed letting go of pitch would be heard.
		command: { type: 'rate', rate: input.rate, isPitchKept: input.rate !== 1 },
	})
	if (input.can !== 'fine') return plain('lock')
	if (off > Math.max(FINE_MS, input.toleranceMs ?? 0) || (state.law === 'coarse' && off >= COARSE_OUT_MS))
		return coarse(state, input)
	if (input.rate !== 1) return plain('lock')
	if (off <= LOCK_IN_MS || (state.law === 'lock' && off <= LOCK_OUT_MS)) return plain('lock')
	const wanted = 1 + clamp(input.errorMs / FINE_TAU_MS, FINE_MAX)
	const fine = state.law === 'fine' && Math.abs(wanted - state.fine) < FINE_STEP ? state.fine : wanted
	return {
		state: state.law === 'fine' && fine === state.fine ? state : { ...state, law: 'fine', fine },
		command: { type: 'rate', rate: fine, isPitchKept: false },
	}
}
