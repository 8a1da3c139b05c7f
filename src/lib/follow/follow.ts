/**
 * Drives one player along the room's playback vector: scheduled starts, exact pauses, learned seeks, and the control
 * law every 50 ms. It asks players for their abilities, never for their names, and never writes a vector itself.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { PlayerState } from '#lib/players/player.ts'
import { createAim } from './aim.ts'
import { createCommands } from './commands.ts'
import { decide, INITIAL_CONTROL, isJumpDue, noteLanding, type ControlInput } from './control.ts'
import type { Doing, FollowDeps, Follower, FollowStatus, Law } from './follower.ts'
import { isPersonsAct } from './intent.ts'
import { createLags } from './lags.ts'
import { createPulser, PULSE_FROM_MS } from './pulse.ts'
import { pulseSteps, playsAt, rateAbility } from './rates.ts'
import { createReloadDrive } from './reload.ts'
import { createSensor, soundSample } from './sensor.ts'
import { createTags } from './tags.ts'
import { atMoment } from './timers.ts'

export type { Doing, FollowDeps, Follower, FollowStatus, FollowReading, Law } from './follower.ts'

export const TICK_MS = 50
export const LONG_STALL_MS = 1_500
/** While something is being found out: after a start or a seek, or whether a reading was a glitch. */
const SOON_MS = 10
/** Nothing moves; events and vectors call for a look by themselves. */
const REST_TICK_MS = 200
/** Chromium's players stand for up to 130 ms after a command; from then on the error is that of the lag. */
const LEAST_HOLD_MS = 130
const START_HOLD_MS = 600
const SEEK_HOLD_MS = 700
/** Players that only report: until their words are of the new place. */
const REPORTED_START_HOLD_MS = 1_000
const REPORTED_SEEK_HOLD_MS = 1_200
/** Readings that never agree are taken as they are, at last. */
const HOLD_PATIENCE_MS = 800
/** A start this far ahead is waited for; nearer ones are jumped into. */
const SCHEDULED_MS = 20
/** Near enough to leave a playing or paused player where it is. */
const NEAR_MS = 40
const EXACT_MS = 2
/** How long a private start (a joiner's, or after a pause of the browser's own) is prepared, doubled at each failure. */
const LEAD_MS = 200
const REPORTED_LEAD_MS = 800
const LEAD_MAX_MS = 4_000
const REVIVE_MS = 1_500
/** A pause is first given the time to turn out as a person's: embeds tell of that a moment later. */
const REVIVE_AFTER_MS = 50
const REPORTED_REVIVE_AFTER_MS = 400
/** After a person's act the room's answer is on its way; the player is left as they put it. */
const GRACE_MS = 700
/** What loads is sent to where it will be needed, so that it need not load twice; as far ahead as loading may take. */
const LOADING_MS = 600
const WORTH_S = 2
/** No corrections so close to the end. */
const END_ZONE_S = 0.3

type Phase =
	| { readonly type: 'at-rest' }
	/** Loads and seeks first; the moment is chosen once it can be kept. */
	| { readonly type: 'preparing'; readonly attempt: number }
	| { readonly type: 'waiting'; readonly atMs: Millis }
	| {
			readonly type: 'held'
			/** Before this the film stands still, and so does a player that has not begun: nothing to be read from that. */
			readonly readsFromMs: number
			readonly sinceMs: number
			readonly untilMs: number
			readonly learns: 'start' | 'seek' | null
			/** The lag that was paid in advance. */
			readonly usedMs: number
	  }
	| { readonly type: 'tracking' }

const LOADING: Doing = { type: 'loading' }
const PAUSED: Doing = { type: 'paused' }
const SETTLING: Doing = { type: 'settling' }
const TRACKING: Readonly<Record<Law, Doing>> = {
	lock: { type: 'tracking', law: 'lock' },
	fine: { type: 'tracking', law: 'fine' },
	coarse: { type: 'tracking', law: 'coarse' },
	pulse: { type: 'tracking', law: 'pulse' },
	blind: { type: 'tracking', law: 'blind' },
}

const isSameVector = (a: PlaybackVector, b: PlaybackVector): boolean =>
	a === b ||
	(a.rev === b.rev &&
		a.itemId === b.itemId &&
		a.positionS === b.positionS &&
		a.rate === b.rate &&
		a.isPlaying === b.isPlaying &&
		a.atMs === b.atMs)

export const createFollower = (deps: FollowDeps): Follower => {
	const { player, roomNow, local, timers } = deps
	let phase: Phase = { type: 'at-rest' }
	let control = INITIAL_CONTROL
	let applied: PlaybackVector | null = null
	let doing: Doing = LOADING
	let stalledSinceMs: number | null = null
	let stoppedSinceMs: number | null = null
	let revivedAtMs = -Infinity
	let hiddenAtMs = -Infinity
	let graceUntilMs = -Infinity
	let tracked: { readonly atMs: number; readonly driftMs: number | null } = { atMs: -Infinity, driftMs: null }
	let wasReloading = false
	let pauseSeeks = 0
	let jumps = 0
	let isSentAhead = false
	let hasEnded = false
	let isDisposed = false
	let isBusy = false
	let cancelTick: () => void = () => undefined
	let cancelSoon: () => void = () => undefined
	let cancelStart: () => void = () => undefined
	let told: { type: Doing['type']; isLong: boolean; hasEnded: boolean; isMuted: boolean } | null = null

	const userDelayMs = (): number => deps.userDelayMs?.() ?? 0
	const aim = createAim({
		player,
		roomNow,
		local,
		userDelayMs,
		liveLatencyMs: () => deps.liveLatencyMs?.() ?? null,
	})
	const isReported = (): boolean => player.can.read !== 'clock'
	// By the time it stands ready a player with an exact clock knows of its sound track: not knowing means none.
	const lags = createLags(deps.lagStore, player.kind, () => player.facts().hasAudio ?? isReported())
	const tags = createTags(local)
	const commands = createCommands({
		player,
		tags,
		durationS: aim.durationS,
		muteToStart: deps.muteToStart,
		isDisposed: () => isDisposed,
	})
	const targetS = (vector: PlaybackVector, roomMs: Millis): Seconds | null => aim.targetS(vector, roomMs)
	const sensor = createSensor({
		player,
		roomNow,
		local,
		targetS: (roomMs) => (applied === null ? null : targetS(applied, roomMs)),
		rate: () => (applied === null ? 1 : aim.rate(applied)),
		playedRate: commands.rate,
	})
	const pulser = createPulser({ timers, local, commands, sensor })
	const reloads = createReloadDrive({
		player,
		commands,
		lags,
		timers,
		roomNow,
		userDelayMs,
		durationS: aim.durationS,
	})
	const doesReload = (): boolean => player.can.seek === 'reload'
	const canSeek = (): boolean => player.can.seek === 'direct'

	/** The room's own speed, or what the player has nearest to it. */
	const setRoomRate = (vector: PlaybackVector): void => {
		const rate = aim.rate(vector)
		commands.setRate(playsAt(player.can, rate) ?? rate, rate !== 1)
	}
	const hold = (learns: 'start' | 'seek' | null, usedMs: number, readsFromMs = local()): void => {
		const nowMs = local()
		const ms =
			learns === 'seek'
				? isReported()
					? REPORTED_SEEK_HOLD_MS
					: SEEK_HOLD_MS
				: isReported()
					? REPORTED_START_HOLD_MS
					: START_HOLD_MS
		sensor.clear(isReported() ? nowMs + ms : nowMs)
		phase = { type: 'held', readsFromMs, sinceMs: nowMs, untilMs: nowMs + ms, learns, usedMs }
	}
	/** Seeks to where the film will be when the seek has landed. */
	const jump = (vector: PlaybackVector): void => {
		pulser.stop()
		const lagMs = lags.seekMs()
		const toS = targetS(vector, roomNow() + lagMs)
		if (toS === null || !canSeek()) return
		jumps += 1
		commands.forgetRate()
		setRoomRate(vector)
		control = { ...control, law: 'lock', jumpedAtMs: local() }
		commands.seek(toS)
		hold('seek', lagMs)
	}

	/* ── Starts ──────────────────────────────────────────────────────────────────────────────────────────── */

	const startAt = (vector: PlaybackVector, atMs: Millis, attempt: number, isShared: boolean): void => {
		cancelStart()
		// A shared start moves with the person's own delay; a private one has it in its position already.
		const isFixed = isShared && !aim.isLive()
		const toS = isFixed ? vector.positionS : targetS(vector, atMs)
		commands.forgetRate()
		setRoomRate(vector)
		if (toS !== null) standAt(toS, EXACT_MS)
		phase = { type: 'waiting', atMs }
		const callMs = atMs - lags.startMs() - (isFixed ? userDelayMs() : 0)
		cancelStart = atMoment(timers, roomNow, callMs, () => begin(atMs, attempt, isShared))
	}
	const begin = (atMs: Millis, attempt: number, isShared: boolean): void => {
		if (isDisposed) return
		const { type } = player.state()
		const isReady = type === 'ready' || type === 'paused'
		if (!isReady && !isShared) {
			phase = { type: 'preparing', attempt: attempt + 1 }
			return
		}
		void commands.play()
		// What was not ready is a stall, not a lag: nothing to learn from it.
		hold(isReady ? 'start' : null, lags.startMs(), local() + Math.max(0, atMs - roomNow()))
		lookSoon(SOON_MS)
	}
	/** A start of our own, into a film that already runs for the others: stand where it will be, then let go. */
	const startPrivately = (vector: PlaybackVector, attempt: number): void => {
		if (!canSeek() || targetS(vector, roomNow()) === null) {
			void commands.play()
			hold(null, 0)
			return
		}
		const leadMs = isReported() ? REPORTED_LEAD_MS : LEAD_MS
		startAt(
			vector,
			roomNow() + Math.min(LEAD_MAX_MS, (leadMs + lags.startMs()) * 2 ** attempt),
			attempt,
			false,
		)
	}

	/** While it loads: from the place at which it will be wanted. */
	const sendAhead = (vector: PlaybackVector): void => {
		if (isSentAhead || !canSeek() || isReported() || aim.isLive()) return
		const toS = vector.isPlaying ? positionAt(vector, roomNow() + LOADING_MS) : vector.positionS
		if (toS < WORTH_S || toS >= aim.durationS()) return
		isSentAhead = true
		player.seek(toS)
	}

	/* ── A new vector ────────────────────────────────────────────────────────────────────────────────────── */

	const isRunning = (type: PlayerState['type']): boolean =>
		type === 'playing' || type === 'stalled' || type === 'ad'
	/** The film goes on along the same line: a vector re-asserted. */
	const isSameLine = (a: PlaybackVector, b: PlaybackVector): boolean =>
		a.itemId === b.itemId &&
		a.isPlaying &&
		b.isPlaying &&
		a.rate === b.rate &&
		b.atMs <= roomNow() + SCHEDULED_MS &&
		(aim.isLive() || Math.abs(positionAt(a, roomNow()) - positionAt(b, roomNow())) * 1000 <= NEAR_MS * b.rate)

	const apply = (vector: PlaybackVector): void => {
		const before = applied
		applied = vector
		graceUntilMs = -Infinity
		if (doesReload()) {
			reloads.apply(vector)
			return
		}
		const { type } = player.state()
		if (before !== null && isSameLine(before, vector) && phase.type !== 'waiting') return
		cancelStart()
		pulser.stop()
		sensor.clear()
		stalledSinceMs = null
		pauseSeeks = 0
		if (!vector.isPlaying) {
			commands.forgetRate()
			setRoomRate(vector)
			if (isRunning(type) || type === 'seeking' || type === 'blocked') commands.pause()
			phase = { type: 'at-rest' }
			holdStill(vector)
			return
		}
		if (vector.atMs > roomNow() + SCHEDULED_MS) {
			if (isRunning(type) || type === 'seeking') commands.pause()
			startAt(vector, vector.atMs, 0, true)
			return
		}
		if (!isRunning(type)) {
			phase = { type: 'preparing', attempt: 0 }
			return
		}
		const errorMs = sensor.rawMs()
		const isNear = errorMs === null || Math.abs(errorMs) <= (isReported() ? 2 * PULSE_FROM_MS : NEAR_MS)
		if (before?.isPlaying && (isNear || !canSeek())) {
			setRoomRate(vector)
			if (phase.type !== 'held') phase = { type: 'tracking' }
			return
		}
		if (canSeek() && targetS(vector, roomNow()) !== null) jump(vector)
		else hold(null, 0)
	}
	/** Whether it stands there already, within `exactMs`; else it is sought. */
	const standAt = (wantS: Seconds, exactMs: number): boolean => {
		const sample = soundSample(player)
		const grainMs = (player.can.seekGrainS ?? 0) * 1000
		const isThere = sample !== null && Math.abs(sample.positionS - wantS) * 1000 <= Math.max(exactMs, grainMs)
		if (!isThere) commands.seek(wantS)
		return isThere
	}
	/** Paused: exactly at the vector's position, and again if the player landed elsewhere (three times at most). */
	const holdStill = (vector: PlaybackVector): void => {
		if (aim.isLive() || pauseSeeks >= 3 || !canSeek()) return
		if (player.facts().timeline === 'none' || (pauseSeeks > 0 && soundSample(player) === null)) return
		const wantS = Math.min(vector.positionS, aim.durationS())
		if (!standAt(wantS, pauseSeeks === 0 ? EXACT_MS : NEAR_MS)) pauseSeeks += 1
	}

	/* ── The laws ────────────────────────────────────────────────────────────────────────────────────────── */

	const controlInput = (vector: PlaybackVector, errorMs: number): ControlInput => {
		const can = rateAbility(player.can)
		return {
			errorMs,
			rate: aim.rate(vector),
			localMs: local(),
			// Asked only where it matters: an element answers with new objects each time.
			isTargetBuffered:
				Math.abs(errorMs) > NEAR_MS &&
				!isReported() &&
				player.isBuffered(targetS(vector, roomNow()) ?? vector.positionS),
			seekSigmaMs: lags.seekSigmaMs(),
			can: can === 'fine' && isReported() ? 'steps' : can,
			canSeek: canSeek(),
		}
	}
	const trackFine = (vector: PlaybackVector, errorMs: number): Law => {
		const decided = decide(control, controlInput(vector, errorMs))
		control = decided.state
		if (decided.command.type === 'jump') jump(vector)
		else commands.setRate(decided.command.rate, decided.command.isPitchKept)
		return control.law
	}
	const trackReported = (vector: PlaybackVector, errorMs: number): Law => {
		const input = controlInput(vector, errorMs)
		if (isJumpDue(control, input)) {
			jump(vector)
			return 'lock'
		}
		setRoomRate(vector)
		if (input.can !== 'none')
			pulser.consider(errorMs, aim.rate(vector), pulseSteps(player.can, errorMs, aim.rate(vector)))
		return pulser.isActive() ? 'pulse' : 'lock'
	}
	const learn = (held: Extract<Phase, { type: 'held' }>, vector: PlaybackVector, errorMs: number): void => {
		// A start without sound is quicker, and says nothing of those with it.
		if (held.learns === 'start' && !commands.isMutedByBrowser()) lags.learnStart(errorMs, held.usedMs)
		if (held.learns !== 'seek') return
		lags.learnSeek(errorMs, held.usedMs)
		control = noteLanding(control, controlInput(vector, errorMs))
	}
	/** The error of a player that is held may be judged: it moves as it should, or has had time enough. */
	const isLanded = (held: Extract<Phase, { type: 'held' }>): boolean => {
		const nowMs = local()
		if (isReported()) return nowMs >= held.untilMs
		if (nowMs < held.sinceMs + LEAST_HOLD_MS) return false
		return sensor.isSteady() || nowMs >= held.untilMs + HOLD_PATIENCE_MS
	}
	const track = (vector: PlaybackVector): Doing => {
		if (pulser.isActive()) return TRACKING.pulse
		if (phase.type === 'held' && local() < phase.readsFromMs) return SETTLING
		const isNews = sensor.look()
		if (phase.type !== 'held') phase = { type: 'tracking' }
		else if (!isLanded(phase)) return SETTLING
		if (targetS(vector, roomNow()) === null || player.can.read === 'none') {
			phase = { type: 'tracking' }
			return TRACKING.blind
		}
		const errorMs = sensor.errorMs()
		if (errorMs === null) return phase.type === 'held' ? SETTLING : TRACKING[control.law]
		if (phase.type === 'held') {
			learn(phase, vector, errorMs)
			phase = { type: 'tracking' }
		}
		if (aim.leftS(vector) < END_ZONE_S) return TRACKING[control.law]
		const isFine = rateAbility(player.can) === 'fine' && !isReported()
		if (isFine) return TRACKING[trackFine(vector, errorMs)]
		return isNews ? TRACKING[trackReported(vector, errorMs)] : TRACKING.lock
	}
	/** It stood still, or was moved by others, and where it stands is known: no need to wait for readings. */
	const jumpBack = (vector: PlaybackVector): boolean => {
		const errorMs = isReported() ? null : sensor.rawMs()
		if (errorMs === null || !isJumpDue(control, controlInput(vector, errorMs))) return false
		jump(vector)
		return true
	}
	const stalled = (): Doing => {
		sensor.clear()
		pulser.stop()
		stalledSinceMs ??= local()
		// A hold that was broken by a stall teaches nothing, and begins anew when it moves.
		if (phase.type === 'held')
			phase = { ...phase, learns: null, sinceMs: local(), untilMs: local() + START_HOLD_MS }
		return { type: 'stalled', forMs: local() - stalledSinceMs }
	}
	const stopped = (vector: PlaybackVector, type: PlayerState['type']): Doing => {
		if (type === 'ended' && aim.leftS(vector) < 0.5) return { type: 'ended' }
		if (phase.type === 'preparing') {
			startPrivately(vector, phase.attempt)
			return SETTLING
		}
		if (phase.type === 'held' && local() < phase.untilMs) return SETTLING
		// The browser stopped it: a hidden, silent page; a media key; another tab's sound.
		if (deps.isHidden?.() === true) return { type: 'parked' }
		stoppedSinceMs ??= local()
		const afterMs = isReported() ? REPORTED_REVIVE_AFTER_MS : REVIVE_AFTER_MS
		if (local() - stoppedSinceMs >= afterMs && local() - revivedAtMs >= REVIVE_MS) {
			revivedAtMs = local()
			phase = { type: 'preparing', attempt: 0 }
		}
		return SETTLING
	}
	/** The vector says play; what is the player about, and what does that ask of us? */
	const drive = (vector: PlaybackVector, state: PlayerState): Doing => {
		if (phase.type === 'waiting') return { type: 'waiting', atMs: phase.atMs }
		if (state.type !== 'paused' && state.type !== 'ready') stoppedSinceMs = null
		switch (state.type) {
			case 'playing': {
				const hasStalled = stalledSinceMs !== null
				stalledSinceMs = null
				if (phase.type === 'preparing') phase = { type: 'tracking' }
				if (hasStalled && jumpBack(vector)) return SETTLING
				return track(vector)
			}
			case 'stalled':
				return stalled()
			case 'seeking':
				sensor.clear()
				if (phase.type === 'preparing') return stalled()
				// Nobody of ours: the place it goes to is known already.
				if (phase.type === 'tracking') {
					if (jumpBack(vector)) return SETTLING
					hold(null, 0)
				}
				return local() - Math.max(control.jumpedAtMs, phase.type === 'held' ? phase.sinceMs : 0) >
					SEEK_HOLD_MS
					? stalled()
					: SETTLING
			case 'ad':
				sensor.clear()
				pulser.stop()
				if (phase.type === 'held') phase = { type: 'tracking' }
				return { type: 'ad' }
			case 'blocked':
				sensor.clear()
				return { type: 'blocked' }
			case 'ended':
			case 'paused':
			case 'ready':
				sensor.clear()
				pulser.stop()
				return stopped(vector, state.type)
			case 'loading':
			case 'failed':
				return LOADING
		}
	}

	/* ── The tick ────────────────────────────────────────────────────────────────────────────────────────── */

	const isOver = (vector: PlaybackVector, state: PlayerState): boolean => {
		if (!vector.isPlaying) return false
		const leftS = aim.leftS(vector) + userDelayMs() / 1000
		return leftS <= 0 || (state.type === 'ended' && (leftS === Infinity || leftS < 0.5))
	}
	const letGo = (): void => {
		cancelStart()
		pulser.stop()
		reloads.stop()
		phase = { type: 'at-rest' }
	}
	const rest = (vector: PlaybackVector, state: PlayerState): Doing => {
		// What plays though the room is paused is no answer to anything once a pause was told to it.
		if (isRunning(state.type) && state.type !== 'ad') {
			if (!tags.awaits('pause')) commands.pause()
		} else if (state.type !== 'seeking' && !tags.isOpen()) holdStill(vector)
		return PAUSED
	}
	const look = (): Doing => {
		const vector = deps.getVector()
		const state = player.state()
		if (deps.isHidden?.() === true) hiddenAtMs = local()
		hasEnded = false
		if (state.type === 'failed') {
			letGo()
			return { type: 'failed' }
		}
		if (vector.itemId !== deps.itemId) {
			const wasOurs = applied !== null
			applied = null
			letGo()
			if (wasOurs && isRunning(state.type)) commands.pause()
			return { type: 'idle' }
		}
		aim.follow(!vector.isPlaying || phase.type !== 'tracking')
		hasEnded = isOver(vector, state)
		if (state.type === 'loading' && applied === null) {
			sendAhead(vector)
			return LOADING
		}
		if (doesReload() !== wasReloading) {
			// An extension came to lead the player, or went.
			wasReloading = !wasReloading
			letGo()
			applied = null
		}
		if (applied === null || !isSameVector(applied, vector)) apply(vector)
		if (doesReload()) {
			if (state.type === 'blocked') return { type: 'blocked' }
			return vector.isPlaying && hasEnded ? { type: 'ended' } : reloads.doing(vector)
		}
		if (state.type === 'loading') return LOADING
		if (local() < graceUntilMs) return SETTLING
		if (!vector.isPlaying) return rest(vector, state)
		return hasEnded && state.type !== 'playing' ? { type: 'ended' } : drive(vector, player.state())
	}

	const driftMs = (): number | null =>
		doing.type === 'tracking' ? (pulser.errorMs() ?? sensor.errorMs()) : null
	const status = (): FollowStatus => ({
		doing,
		driftMs: driftMs(),
		hasEnded,
		isMutedByBrowser: commands.isMutedByBrowser(),
		startLagMs: lags.startMs(),
		seekLagMs: lags.seekMs(),
		jumps,
		startsAtMs: doing.type !== 'waiting' ? null : doesReload() ? reloads.startsAtMs() : doing.atMs,
		playsAtRate: applied === null || aim.isLive() ? null : playsAt(player.can, applied.rate),
	})
	const tell = (): void => {
		const isLong = doing.type === 'stalled' && doing.forMs > LONG_STALL_MS
		const isMuted = commands.isMutedByBrowser()
		if (
			told?.type === doing.type &&
			told.isLong === isLong &&
			told.hasEnded === hasEnded &&
			told.isMuted === isMuted
		)
			return
		told = { type: doing.type, isLong, hasEnded, isMuted }
		deps.onStatus?.(status())
	}
	const tick = (): void => {
		if (isDisposed || isBusy) return
		isBusy = true
		try {
			doing = look()
		} finally {
			isBusy = false
		}
		if (doing.type === 'tracking') tracked = { atMs: local(), driftMs: driftMs() }
		deps.onReading?.({
			atLocalMs: local(),
			errorMs: driftMs(),
			rate: commands.rate(),
			doing: doing.type,
			law: doing.type === 'tracking' ? doing.law : null,
		})
		tell()
	}
	const pace = (): number => {
		switch (doing.type) {
			case 'tracking':
				return sensor.wantsSoon() ? SOON_MS : TICK_MS
			case 'settling':
				return !isReported() && phase.type === 'held' ? SOON_MS : TICK_MS
			case 'paused':
			case 'idle':
			case 'ended':
			case 'failed':
				return REST_TICK_MS
			default:
				return TICK_MS
		}
	}
	const loop = (): void => {
		if (isDisposed) return
		cancelTick()
		tick()
		cancelTick = timers.after(pace(), loop)
	}
	/** Not within the event itself: what tells of a person comes beside what tells of the player, before or after. */
	const lookSoon = (inMs: number): void => {
		cancelSoon()
		cancelSoon = timers.after(inMs, loop)
	}

	const stopListening = player.on((event) => {
		if (isDisposed) return
		if (event.type === 'state') lookSoon(0)
		if (event.type !== 'user-intent' || applied === null) return
		if (deps.isHidden?.() === true) hiddenAtMs = local()
		const isPersons = isPersonsAct({
			event,
			isQuiet: !tags.isOpen(),
			visibleForMs: local() - hiddenAtMs,
			doing: doing.type,
			vector: applied,
			targetS: player.can.read === 'none' ? null : targetS(applied, roomNow()),
			leftS: aim.leftS(applied),
			isExact: !isReported(),
			trackedAgoMs: local() - tracked.atMs,
			driftMs: tracked.driftMs,
		})
		if (!isPersons) return
		graceUntilMs = local() + GRACE_MS
		deps.onIntent?.(event)
	})

	return {
		start: loop,
		vectorChanged: loop,
		async join() {
			// Muted start: only the sound is missing, and whoever called gives it back. No seek on that.
			const wasMuted = commands.isMutedByBrowser()
			commands.unmuted()
			if (wasMuted && player.state().type === 'playing') return 'playing'
			const outcome = await commands.play()
			if (outcome === 'playing' && applied?.isPlaying && phase.type !== 'waiting' && !isDisposed)
				jump(applied)
			return outcome
		},
		reset() {
			sensor.clear()
			pulser.stop()
			commands.forgetRate()
			control = { ...INITIAL_CONTROL, jumpedAtMs: control.jumpedAtMs }
			if (phase.type === 'waiting') applied = null
		},
		correct(byMs) {
			if (!doesReload() || !Number.isFinite(byMs) || byMs === 0) return
			lags.correctLoad(byMs)
			if (applied !== null) reloads.again(applied)
			loop()
		},
		status,
		dispose() {
			isDisposed = true
			cancelTick()
			cancelSoon()
			letGo()
			stopListening()
		},
	}
}
