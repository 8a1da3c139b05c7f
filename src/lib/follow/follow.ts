/**
 * Drives one player along the room's playback vector: scheduled starts, exact pauses, learned seeks, and the control
 * law every 50 ms. It asks players for their abilities, never for their names, and never writes a vector itself.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { ItemId, Millis, Seconds } from '#lib/core/units.ts'
import type { Player, PlayerEvent, PlayerState } from '#lib/players/player.ts'
import { decide, INITIAL_CONTROL, noteLanding, type ControlInput, type Law } from './control.ts'
import { createDriftWindow } from './drift.ts'
import { createLags, type LagStore } from './lags.ts'
import { createTags } from './tags.ts'
import { atMoment, type Timers } from './timers.ts'

export type Doing =
	/** The room plays another item, or none. */
	| { readonly type: 'idle' }
	| { readonly type: 'loading' }
	| { readonly type: 'paused' }
	/** Stands ready for a start at `atMs` (room time). */
	| { readonly type: 'waiting'; readonly atMs: Millis }
	/** Just started or sought: it cannot be judged yet. */
	| { readonly type: 'settling' }
	| { readonly type: 'tracking'; readonly law: Law }
	/** Wants to play and has no data, for so long (local milliseconds). */
	| { readonly type: 'stalled'; readonly forMs: number }
	/** The browser wants a gesture; `join()` from one. */
	| { readonly type: 'blocked' }
	/** Hidden and silent: the browser paused it by itself. */
	| { readonly type: 'parked' }
	| { readonly type: 'ad' }
	| { readonly type: 'ended' }
	/** Why: `player.state()`. */
	| { readonly type: 'failed' }

export interface FollowStatus {
	readonly doing: Doing
	/** Target minus position, median of the last readings: + means behind. Null while it means nothing. */
	readonly driftMs: number | null
	/** By room time (or the player, where the length is unknown) the item is over; for the conditional advance. */
	readonly hasEnded: boolean
	/** Started without sound because the browser refused the sound. */
	readonly isMutedByBrowser: boolean
	readonly startLagMs: number
	readonly seekLagMs: number
	/** Corrections by seeking since the beginning. */
	readonly jumps: number
}

export interface FollowDeps {
	readonly itemId: ItemId
	readonly player: Player
	/** Room time in milliseconds. */
	readonly roomNow: () => Millis
	/** performance.timeOrigin + performance.now(): the clock of `player.sample()`. */
	readonly local: () => number
	readonly timers: Timers
	readonly getVector: () => PlaybackVector
	readonly lagStore: LagStore
	/** −500 to 500: this person's own correction, for headphones that delay the sound. + plays earlier. */
	readonly userDelayMs?: () => number
	readonly isHidden?: () => boolean
	/** Mutes the player when the browser refuses to start it with sound; without it the film waits for a gesture. */
	readonly muteToStart?: () => void
	/** Called when what it does, the end, or a stall of 1.5 s changes; not for every reading of the drift or change of law. */
	readonly onStatus?: (status: FollowStatus) => void
	/** A person used the player's own controls. */
	readonly onIntent?: (event: Extract<PlayerEvent, { type: 'user-intent' }>) => void
}

export interface Follower {
	start(): void
	/** Looks at the vector at once instead of at the next tick. */
	vectorChanged(): void
	/** From a click or key: starts a blocked player. */
	join(): Promise<'playing' | 'blocked' | 'failed'>
	/** The clock jumped or the page came back: judge anew. */
	reset(): void
	status(): FollowStatus
	dispose(): void
}

export const TICK_MS = 50
export const LONG_STALL_MS = 1_500
const START_HOLD_MS = 600
const SEEK_HOLD_MS = 700
/** A start this far ahead is waited for; nearer ones are jumped into. */
const SCHEDULED_MS = 20
/** Near enough to leave a playing or paused player where it is. */
const NEAR_MS = 40
const EXACT_S = 0.002
/** How long a private start (a joiner's, or after a pause of the browser's own) is prepared, doubled at each failure. */
const LEAD_MS = 250
const LEAD_MAX_MS = 2_000
const REVIVE_MS = 1_500
/** No corrections so close to the end. */
const END_ZONE_S = 0.3

type Phase =
	| { readonly type: 'at-rest' }
	/** Loads and seeks first; the moment is chosen once it can be kept. */
	| { readonly type: 'preparing'; readonly attempt: number }
	| { readonly type: 'waiting'; readonly atMs: Millis; readonly attempt: number; readonly isShared: boolean }
	| {
			readonly type: 'held'
			readonly untilMs: number
			readonly learns: 'start' | 'seek' | null
			readonly isJump: boolean
	  }
	| { readonly type: 'tracking' }

const isSameVector = (a: PlaybackVector, b: PlaybackVector): boolean =>
	a.rev === b.rev &&
	a.itemId === b.itemId &&
	a.positionS === b.positionS &&
	a.rate === b.rate &&
	a.isPlaying === b.isPlaying &&
	a.atMs === b.atMs

export const createFollower = (deps: FollowDeps): Follower => {
	const { player, roomNow, local } = deps
	const lags = createLags(deps.lagStore, player.kind, () => player.facts().hasAudio ?? true)
	const drift = createDriftWindow()
	const tags = createTags(local)
	let phase: Phase = { type: 'at-rest' }
	let control = INITIAL_CONTROL
	let applied: PlaybackVector | null = null
	let doing: Doing = { type: 'loading' }
	let stalledSinceMs: number | null = null
	let revivedAtMs = -Infinity
	let pauseSeeks = 0
	let jumps = 0
	let hasEnded = false
	let isMutedByBrowser = false
	let isDisposed = false
	let cancelTick: () => void = () => undefined
	let cancelStart: () => void = () => undefined
	let told = ''

	const userDelayMs = (): number => Math.max(-500, Math.min(500, deps.userDelayMs?.() ?? 0))
	const durationS = (): Seconds => player.facts().durationS ?? Infinity
	const targetS = (vector: PlaybackVector, atRoomMs: Millis): Seconds =>
		positionAt(vector, atRoomMs + userDelayMs())
	const canSeek = player.can.seek === 'direct'
	const rateAbility = (): 'fine' | 'steps' | 'none' =>
		Array.isArray(player.can.rate) ? 'steps' : (player.can.rate as 'fine' | 'none')

	/* ── Commands: each opens a tag, so that its echo is not taken for a person's act ─────────────────────── */

	const seek = (positionS: Seconds): void => {
		if (!canSeek) return
		tags.open()
		drift.clear()
		player.seek(Math.min(positionS, durationS()))
	}
	const pause = (): void => {
		tags.open()
		player.pause()
	}
	const setRate = (rate: number, isPitchKept: boolean): void => {
		if (player.can.rate !== 'none') player.setRate(rate, isPitchKept)
	}
	const play = async (): Promise<'playing' | 'blocked' | 'failed'> => {
		tags.open()
		const outcome = await player.play()
		if (outcome !== 'blocked' || !deps.muteToStart || isMutedByBrowser || isDisposed) return outcome
		isMutedByBrowser = true
		deps.muteToStart()
		tags.open()
		return await player.play()
	}

	const settleAfterStart = (): void => {
		drift.clear()
		phase = { type: 'held', untilMs: local() + START_HOLD_MS, learns: 'start', isJump: false }
	}
	/** Seeks to where the film will be when the seek has landed. */
	const jump = (vector: PlaybackVector): void => {
		jumps += 1
		setRate(vector.rate, vector.rate !== 1)
		control = { ...control, law: 'lock', jumpedAtMs: local() }
		seek(targetS(vector, roomNow() + lags.seekMs()))
		phase = { type: 'held', untilMs: local() + SEEK_HOLD_MS, learns: 'seek', isJump: true }
	}

	/* ── Starts ──────────────────────────────────────────────────────────────────────────────────────────── */

	const startAt = (vector: PlaybackVector, atMs: Millis, attempt: number, isShared: boolean): void => {
		cancelStart()
		const hereS = player.sample()?.positionS
		const toS = isShared ? vector.positionS : targetS(vector, atMs)
		setRate(vector.rate, vector.rate !== 1)
		if (hereS === undefined || Math.abs(hereS - toS) > EXACT_S) seek(toS)
		phase = { type: 'waiting', atMs, attempt, isShared }
		// A shared start moves with the person's own delay; a private one has it in its position already.
		const callMs = atMs - lags.startMs() - (isShared ? userDelayMs() : 0)
		cancelStart = atMoment(deps.timers, roomNow, callMs, () => begin(vector, attempt, isShared))
	}
	const begin = (vector: PlaybackVector, attempt: number, isShared: boolean): void => {
		const { type } = player.state()
		const isReady = type === 'ready' || type === 'paused'
		if (!isReady && !isShared) {
			phase = { type: 'preparing', attempt: attempt + 1 }
			return
		}
		void play()
		settleAfterStart()
		// What was not ready is a stall, not a lag: nothing to learn from it.
		if (!isReady) phase = { type: 'held', untilMs: local() + START_HOLD_MS, learns: null, isJump: false }
	}
	/** A start of our own, into a film that already runs for the others: stand where it will be, then let go. */
	const startPrivately = (vector: PlaybackVector, attempt: number): void => {
		if (!canSeek) {
			void play()
			settleAfterStart()
			return
		}
		const leadMs = Math.min(LEAD_MAX_MS, (LEAD_MS + lags.startMs()) * 2 ** attempt)
		startAt(vector, roomNow() + leadMs, attempt, false)
	}

	/* ── A new vector ────────────────────────────────────────────────────────────────────────────────────── */

	const apply = (vector: PlaybackVector): void => {
		cancelStart()
		const before = applied
		applied = vector
		drift.clear()
		stalledSinceMs = null
		pauseSeeks = 0
		const state = player.state()
		const isRunning = state.type === 'playing' || state.type === 'stalled'
		if (!vector.isPlaying) {
			setRate(vector.rate, vector.rate !== 1)
			if (isRunning || state.type === 'seeking' || state.type === 'blocked') pause()
			phase = { type: 'at-rest' }
			holdStill(vector)
			return
		}
		if (vector.atMs > roomNow() + SCHEDULED_MS) {
			if (isRunning || state.type === 'seeking') pause()
			startAt(vector, vector.atMs, 0, true)
			return
		}
		if (!isRunning) {
			phase = { type: 'preparing', attempt: 0 }
			return
		}
		const errorMs = readError(vector)
		if (before?.isPlaying && errorMs !== null && Math.abs(errorMs) <= NEAR_MS) {
			setRate(vector.rate, vector.rate !== 1)
			if (phase.type !== 'held') phase = { type: 'tracking' }
			return
		}
		jump(vector)
	}
	/** Paused: exactly at the vector's position, and again if the player landed elsewhere (three times at most). */
	const holdStill = (vector: PlaybackVector): void => {
		const positionS = player.sample()?.positionS
		if (positionS === undefined || pauseSeeks >= 3) return
		const wantS = Math.min(vector.positionS, durationS())
		if (Math.abs(positionS - wantS) * 1000 <= (pauseSeeks === 0 ? EXACT_S * 1000 : NEAR_MS)) return
		pauseSeeks += 1
		seek(vector.positionS)
	}

	/* ── The tick ────────────────────────────────────────────────────────────────────────────────────────── */

	/** Target minus position in room milliseconds; null where the player cannot say. */
	const readError = (vector: PlaybackVector): number | null => {
		const sample = player.sample()
		if (!sample || player.can.read === 'none') return null
		const atRoomMs = roomNow() + (sample.atLocalMs - local())
		return ((targetS(vector, atRoomMs) - sample.positionS) * 1000) / vector.rate
	}
	const controlInput = (vector: PlaybackVector, errorMs: number): ControlInput => ({
		errorMs,
		rate: vector.rate,
		localMs: local(),
		isTargetBuffered: player.isBuffered(targetS(vector, roomNow())),
		seekSigmaMs: lags.seekSigmaMs(),
		can: rateAbility(),
		canSeek,
	})
	const correct = (vector: PlaybackVector, errorMs: number): void => {
		const decided = decide(control, controlInput(vector, errorMs))
		control = decided.state
		if (decided.command.type === 'jump') jump(vector)
		else setRate(decided.command.rate, decided.command.isPitchKept)
	}
	const track = (vector: PlaybackVector): Doing => {
		if (phase.type === 'held') {
			if (local() < phase.untilMs) return { type: 'settling' }
		} else if (phase.type !== 'tracking') phase = { type: 'tracking' }
		const left = durationS() - targetS(vector, roomNow())
		if (left < END_ZONE_S) return { type: 'tracking', law: control.law }
		const reading = readError(vector)
		if (reading === null) return { type: 'tracking', law: control.law }
		drift.push(reading)
		const errorMs = drift.medianMs()
		if (errorMs === null)
			return phase.type === 'held' ? { type: 'settling' } : { type: 'tracking', law: control.law }
		if (phase.type === 'held') {
			// A start without sound is quicker, and says nothing of those with it.
			if (phase.learns === 'start' && !isMutedByBrowser) lags.learnStart(errorMs)
			if (phase.learns === 'seek') lags.learnSeek(errorMs)
			if (phase.isJump) control = noteLanding(control, controlInput(vector, errorMs))
			phase = { type: 'tracking' }
		}
		correct(vector, errorMs)
		return { type: 'tracking', law: control.law }
	}
	const stalled = (): Doing => {
		drift.clear()
		stalledSinceMs ??= local()
		// A hold that was broken by a stall teaches nothing.
		if (phase.type === 'held') phase = { ...phase, learns: null }
		return { type: 'stalled', forMs: local() - stalledSinceMs }
	}
	/** The vector says play; what is the player about, and what does that ask of us? */
	const drive = (vector: PlaybackVector, state: PlayerState): Doing => {
		if (phase.type === 'waiting') return { type: 'waiting', atMs: phase.atMs }
		if (state.type === 'playing') {
			stalledSinceMs = null
			return track(vector)
		}
		drift.clear()
		switch (state.type) {
			case 'stalled':
				return stalled()
			case 'seeking':
				return phase.type === 'preparing'
					? stalled()
					: local() - control.jumpedAtMs > SEEK_HOLD_MS
						? stalled()
						: { type: 'settling' }
			case 'ad':
				return { type: 'ad' }
			case 'blocked':
				return { type: 'blocked' }
			case 'ended':
			case 'paused':
			case 'ready': {
				if (state.type === 'ended' && durationS() - targetS(vector, roomNow()) < 0.5) return { type: 'ended' }
				if (phase.type === 'preparing') {
					startPrivately(vector, phase.attempt)
					return { type: 'settling' }
				}
				if (phase.type === 'held' && local() < phase.untilMs) return { type: 'settling' }
				// The browser stopped it: a hidden, silent page; a media key; another tab's sound.
				if (deps.isHidden?.() === true) return { type: 'parked' }
				if (local() - revivedAtMs >= REVIVE_MS) {
					revivedAtMs = local()
					phase = { type: 'preparing', attempt: 0 }
				}
				return { type: 'settling' }
			}
			case 'loading':
			case 'failed':
				return { type: 'loading' }
		}
	}
	const look = (): Doing => {
		const vector = deps.getVector()
		const state = player.state()
		hasEnded = false
		if (state.type === 'failed') return { type: 'failed' }
		if (vector.itemId !== deps.itemId) {
			cancelStart()
			if (applied && (state.type === 'playing' || state.type === 'stalled')) pause()
			applied = null
			phase = { type: 'at-rest' }
			return { type: 'idle' }
		}
		if (vector.isPlaying) {
			const room = positionAt(vector, roomNow())
			hasEnded =
				room >= durationS() ||
				(state.type === 'ended' && (durationS() === Infinity || durationS() - room < 0.5))
		}
		if (state.type === 'loading') return { type: 'loading' }
		if (applied === null || !isSameVector(applied, vector)) apply(vector)
		if (vector.isPlaying)
			return hasEnded && state.type !== 'playing' ? { type: 'ended' } : drive(vector, state)
		if ((state.type === 'playing' || state.type === 'stalled') && !tags.isOpen()) pause()
		else if (state.type !== 'seeking' && !tags.isOpen()) holdStill(vector)
		return { type: 'paused' }
	}

	const status = (): FollowStatus => ({
		doing,
		driftMs: doing.type === 'tracking' ? drift.medianMs() : null,
		hasEnded,
		isMutedByBrowser,
		startLagMs: lags.startMs(),
		seekLagMs: lags.seekMs(),
		jumps,
	})
	const tick = (): void => {
		if (isDisposed) return
		doing = look()
		const isLong = doing.type === 'stalled' && doing.forMs > LONG_STALL_MS
		const summary = `${doing.type} ${isLong} ${hasEnded} ${isMutedByBrowser}`
		if (summary === told) return
		told = summary
		deps.onStatus?.(status())
	}
	const loop = (): void => {
		cancelTick = deps.timers.after(TICK_MS, loop)
		tick()
	}

	const stopListening = player.on((event) => {
		if (event.type !== 'user-intent') return
		// Only what a person can have done: the page in sight, and nothing of ours still on its way.
		if (tags.isOpen() || deps.isHidden?.() === true) return
		deps.onIntent?.(event)
	})

	return {
		start: loop,
		vectorChanged: tick,
		async join() {
			// Muted start: only the sound is missing, and whoever called gives it back. No seek on that.
			const wasMuted = isMutedByBrowser
			isMutedByBrowser = false
			if (wasMuted && player.state().type === 'playing') return 'playing'
			const outcome = await play()
			if (outcome === 'playing' && applied?.isPlaying && phase.type !== 'waiting') jump(applied)
			return outcome
		},
		reset() {
			drift.clear()
			control = { ...INITIAL_CONTROL, jumpedAtMs: control.jumpedAtMs }
			if (phase.type === 'waiting') applied = null
		},
		status,
		dispose() {
			isDisposed = true
			cancelTick()
			cancelStart()
			stopListening()
		},
	}
}
