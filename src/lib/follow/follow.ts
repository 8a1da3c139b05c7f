/**
 * Drives one player along the room's playback vector: scheduled starts, exact pauses, learned seeks, and the control
 * law every 50 ms. It asks players for their abilities, never for their names, and never writes a vector itself.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { Millis } from '#lib/core/units.ts'
import type { PlayerState } from '#lib/players/player.ts'
import { INITIAL_CONTROL } from './control.ts'
import type { Doing, FollowDeps, Follower, FollowStatus } from './follower.ts'
import { createHelm, NEAR_MS, SEEK_HOLD_MS, START_HOLD_MS } from './helm.ts'
import { isPersonsAct } from './intent.ts'
import { PULSE_FROM_MS } from './pulse.ts'
import { playsAt } from './rates.ts'
import { createReloadDrive } from './reload.ts'
import { createStarts } from './starts.ts'
import { createTracker, SETTLING } from './track.ts'

export const TICK_MS = 50
export const LONG_STALL_MS = 1_500
/** While something is being found out: after a start or a seek, or whether a reading was a glitch. */
const SOON_MS = 10
/** Nothing moves; events and vectors call for a look by themselves. */
const REST_TICK_MS = 200
/** A start this far ahead is waited for; nearer ones are jumped into. */
const SCHEDULED_MS = 20
const REVIVE_MS = 1_500
/** A pause is first given the time to turn out as a person's: embeds tell of that a moment later. */
const REVIVE_AFTER_MS = 50
const REPORTED_REVIVE_AFTER_MS = 400
/** After a person's act the room's answer is on its way; the player is left as they put it. */
const GRACE_MS = 700
/** Players end a little before or after their length. */
const ENDED_S = 0.5

const LOADING: Doing = { type: 'loading' }
const PAUSED: Doing = { type: 'paused' }

const isSameVector = (a: PlaybackVector, b: PlaybackVector): boolean =>
	a === b ||
	(a.rev === b.rev &&
		a.itemId === b.itemId &&
		a.positionS === b.positionS &&
		a.rate === b.rate &&
		a.isPlaying === b.isPlaying &&
		a.atMs === b.atMs)

const isRunning = (type: PlayerState['type']): boolean =>
	type === 'playing' || type === 'stalled' || type === 'ad'

export const createFollower = (deps: FollowDeps): Follower => {
	const { player, roomNow, local, timers } = deps
	const helm = createHelm(deps)
	const { aim, lags, tags, commands, sensor, pulser } = helm
	const starts = createStarts(helm, deps, () => lookSoon(SOON_MS))
	const tracker = createTracker(helm, deps)
	const reloads = createReloadDrive({
		player,
		commands,
		lags,
		timers,
		roomNow,
		userDelayMs: helm.userDelayMs,
		durationS: aim.durationS,
	})
	let doing: Doing = LOADING
	let stalledSinceMs: number | null = null
	let stoppedSinceMs: number | null = null
	let revivedAtMs = -Infinity
	let hiddenAtMs = -Infinity
	let graceUntilMs = -Infinity
	/** When it was last seen running by the law, and how far off. */
	let trackedAtMs = -Infinity
	let trackedDriftMs: number | null = null
	let wasReloading = false
	let hasEnded = false
	let isBusy = false
	let cancelTick: () => void = () => undefined
	let cancelSoon: () => void = () => undefined
	let told: {
		readonly type: Doing['type']
		readonly isLong: boolean
		readonly hasEnded: boolean
		readonly isMuted: boolean
		readonly startsAtMs: Millis | null
		readonly playsAtRate: number | null
	} | null = null

	const doesReload = (): boolean => player.can.seek === 'reload'

	/* ── A new vector ────────────────────────────────────────────────────────────────────────────────────── */

	/** The film goes on along the same line: a vector re-asserted. */
	const isSameLine = (a: PlaybackVector, b: PlaybackVector): boolean =>
		a.itemId === b.itemId &&
		a.isPlaying &&
		b.isPlaying &&
		a.rate === b.rate &&
		b.atMs <= roomNow() + SCHEDULED_MS &&
		(aim.isLive() || Math.abs(positionAt(a, roomNow()) - positionAt(b, roomNow())) * 1000 <= NEAR_MS * b.rate)

	const applyPause = (vector: PlaybackVector, type: PlayerState['type']): void => {
		commands.forgetRate()
		helm.setRoomRate(vector)
		if (isRunning(type) || type === 'seeking' || type === 'blocked') commands.pause()
		helm.phase = { type: 'at-rest' }
		starts.newRest()
		starts.holdStill(vector)
	}
	const isNear = (): boolean => {
		const errorMs = sensor.rawMs()
		return errorMs === null || Math.abs(errorMs) <= (helm.isReported() ? 2 * PULSE_FROM_MS : NEAR_MS)
	}
	const apply = (vector: PlaybackVector): void => {
		const before = helm.applied
		helm.applied = vector
		graceUntilMs = -Infinity
		if (doesReload()) {
			reloads.apply(vector)
			return
		}
		const { type } = player.state()
		if (before !== null && isSameLine(before, vector) && helm.phase.type !== 'waiting') return
		starts.cancel()
		pulser.stop()
		sensor.clear()
		stalledSinceMs = null
		if (!vector.isPlaying) {
			applyPause(vector, type)
			return
		}
		if (vector.atMs > roomNow() + SCHEDULED_MS) {
			if (isRunning(type) || type === 'seeking') commands.pause()
			starts.startTogether(vector)
			return
		}
		// A seek in mid-film that another one overtakes is simply sent elsewhere.
		const isOnItsWay = type === 'seeking' && (helm.phase.type === 'held' || helm.phase.type === 'tracking')
		if (!isRunning(type) && !isOnItsWay) {
			helm.phase = { type: 'preparing', attempt: 0 }
			return
		}
		if (before?.isPlaying && !isOnItsWay && (isNear() || !helm.canSeek())) {
			helm.setRoomRate(vector)
			if (helm.phase.type !== 'held') helm.phase = { type: 'tracking' }
			return
		}
		if (helm.canSeek() && aim.targetS(vector, roomNow()) !== null) helm.jump(vector)
		else helm.hold(null, 0)
	}

	/* ── What the player is about while the film runs ────────────────────────────────────────────────────── */

	const stalled = (): Doing => {
		sensor.clear()
		pulser.stop()
		stalledSinceMs ??= local()
		// Embeds buffer at every start and seek: that belongs to their lag, unless it takes too long.
		if (helm.isReported() && helm.phase.type === 'held' && local() < helm.phase.untilMs) return SETTLING
		// A hold that was broken by a stall teaches nothing, and begins anew when it moves.
		if (helm.phase.type === 'held')
			helm.phase = { ...helm.phase, learns: null, sinceMs: local(), untilMs: local() + START_HOLD_MS }
		return { type: 'stalled', forMs: local() - stalledSinceMs }
	}
	const playingOn = (vector: PlaybackVector): Doing => {
		const hasStalled = stalledSinceMs !== null
		stalledSinceMs = null
		helm.begunAtMs ??= local()
		if (helm.phase.type === 'preparing') {
			// It was started by others while it was to be prepared: join from where it is.
			helm.phase = { type: 'tracking' }
			if (!isNear()) helm.jump(vector)
		}
		return hasStalled && helm.jumpBack(vector) ? SETTLING : tracker.track(vector)
	}
	const seeking = (vector: PlaybackVector): Doing => {
		sensor.clear()
		if (helm.phase.type === 'preparing') return stalled()
		if (helm.phase.type === 'tracking') {
			// Nobody of ours: the place it goes to is known already.
			if (helm.jumpBack(vector)) return SETTLING
			helm.hold(null, 0)
		}
		const sinceMs = Math.max(helm.control.jumpedAtMs, helm.phase.type === 'held' ? helm.phase.sinceMs : 0)
		return local() - sinceMs > SEEK_HOLD_MS ? stalled() : SETTLING
	}
	const stopped = (vector: PlaybackVector, type: PlayerState['type']): Doing => {
		sensor.clear()
		pulser.stop()
		if (type === 'ended' && aim.leftS(vector) < ENDED_S) return { type: 'ended' }
		if (helm.phase.type === 'preparing') {
			starts.startPrivately(vector, helm.phase.attempt)
			return SETTLING
		}
		if (helm.phase.type === 'held' && local() < helm.phase.untilMs) return SETTLING
		// The browser stopped it: a hidden, silent page; a media key; another tab's sound.
		if (deps.isHidden?.() === true) return { type: 'parked' }
		stoppedSinceMs ??= local()
		const afterMs = helm.isReported() ? REPORTED_REVIVE_AFTER_MS : REVIVE_AFTER_MS
		if (local() - stoppedSinceMs >= afterMs && local() - revivedAtMs >= REVIVE_MS) {
			revivedAtMs = local()
			helm.phase = { type: 'preparing', attempt: 0 }
		}
		return SETTLING
	}
	/** The vector says play; what is the player about, and what does that ask of us? */
	const drive = (vector: PlaybackVector, state: PlayerState): Doing => {
		if (helm.phase.type === 'waiting') return { type: 'waiting', atMs: helm.phase.atMs }
		if (state.type !== 'paused' && state.type !== 'ready') stoppedSinceMs = null
		switch (state.type) {
			case 'playing':
				return playingOn(vector)
			case 'stalled':
				return stalled()
			case 'seeking':
				return seeking(vector)
			case 'ad':
				sensor.clear()
				pulser.stop()
				if (helm.phase.type === 'held') helm.phase = { type: 'tracking' }
				return { type: 'ad' }
			case 'blocked':
				sensor.clear()
				return { type: 'blocked' }
			case 'ended':
			case 'paused':
			case 'ready':
				return stopped(vector, state.type)
			case 'loading':
			case 'failed':
				return LOADING
		}
	}

	/* ── The look ────────────────────────────────────────────────────────────────────────────────────────── */

	const isOver = (vector: PlaybackVector, state: PlayerState): boolean => {
		if (!vector.isPlaying) return false
		const leftS = aim.leftS(vector) + helm.userDelayMs() / 1000
		return leftS <= 0 || (state.type === 'ended' && (leftS === Infinity || leftS < ENDED_S))
	}
	const letGo = (): void => {
		starts.cancel()
		pulser.stop()
		reloads.stop()
		helm.phase = { type: 'at-rest' }
	}
	const rest = (vector: PlaybackVector, state: PlayerState): Doing => {
		// What plays though the room is paused is no answer to anything once a pause was told to it.
		if (isRunning(state.type) && state.type !== 'ad') {
			if (!tags.awaits('pause')) commands.pause()
		} else if (state.type !== 'seeking' && !tags.isOpen()) starts.holdStill(vector)
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
			const wasOurs = helm.applied !== null
			helm.applied = null
			letGo()
			if (wasOurs && isRunning(state.type)) commands.pause()
			return { type: 'idle' }
		}
		aim.follow(!vector.isPlaying || helm.phase.type !== 'tracking')
		hasEnded = isOver(vector, state)
		if (state.type === 'loading' && helm.applied === null) {
			starts.sendAhead(vector)
			return LOADING
		}
		if (doesReload() !== wasReloading) {
			// An extension came to lead the player, or went.
			wasReloading = !wasReloading
			letGo()
			helm.applied = null
		}
		const isNew = helm.applied === null || !isSameVector(helm.applied, vector)
		if (isNew) apply(vector)
		if (doesReload()) {
			if (state.type === 'blocked') return { type: 'blocked' }
			return vector.isPlaying && hasEnded ? { type: 'ended' } : reloads.doing(vector)
		}
		if (state.type === 'loading') return LOADING
		if (local() < graceUntilMs) return SETTLING
		if (!vector.isPlaying) return rest(vector, state)
		return hasEnded && state.type !== 'playing'
			? { type: 'ended' }
			: drive(vector, isNew ? player.state() : state)
	}

	const driftMs = (): number | null =>
		doing.type === 'tracking' ? (pulser.errorMs() ?? sensor.errorMs()) : null
	const startsAtMs = (): Millis | null => (doing.type === 'waiting' ? doing.atMs : null)
	const playsAtRate = (): number | null =>
		helm.applied === null || aim.isLive() ? null : playsAt(player.can, helm.applied.rate)
	const status = (): FollowStatus => ({
		doing,
		driftMs: driftMs(),
		hasEnded,
		isMutedByBrowser: commands.isMutedByBrowser(),
		startLagMs: lags.startMs(),
		seekLagMs: lags.seekMs(),
		jumps: helm.jumps,
		startsAtMs: startsAtMs(),
		playsAtRate: playsAtRate(),
	})
	const tell = (): void => {
		const isLong = doing.type === 'stalled' && doing.forMs > LONG_STALL_MS
		const isMuted = commands.isMutedByBrowser()
		if (
			told?.type === doing.type &&
			told.isLong === isLong &&
			told.hasEnded === hasEnded &&
			told.isMuted === isMuted &&
			told.startsAtMs === startsAtMs() &&
			told.playsAtRate === playsAtRate()
		)
			return
		told = {
			type: doing.type,
			isLong,
			hasEnded,
			isMuted,
			startsAtMs: startsAtMs(),
			playsAtRate: playsAtRate(),
		}
		deps.onStatus?.(status())
	}
	const tick = (): void => {
		if (helm.isDisposed || isBusy) return
		isBusy = true
		try {
			doing = look()
		} finally {
			isBusy = false
		}
		const errorMs = driftMs()
		if (doing.type === 'tracking') {
			trackedAtMs = local()
			trackedDriftMs = errorMs
		}
		deps.onReading?.({
			atLocalMs: local(),
			errorMs,
			rate: commands.rate(),
			doing: doing.type,
			law: doing.type === 'tracking' ? doing.law : null,
		})
		tell()
	}
	const paceMs = (): number => {
		switch (doing.type) {
			case 'tracking':
				return sensor.wantsSoon() ? SOON_MS : TICK_MS
			case 'settling':
				return !helm.isReported() && helm.phase.type === 'held' ? SOON_MS : TICK_MS
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
		if (helm.isDisposed) return
		cancelTick()
		tick()
		cancelTick = timers.after(paceMs(), loop)
	}
	/** Not within the event itself: what tells of a person comes beside what tells of the player, before or after. */
	const lookSoon = (inMs: number): void => {
		cancelSoon()
		cancelSoon = timers.after(inMs, loop)
	}

	const stopListening = player.on((event) => {
		if (helm.isDisposed) return
		if (event.type === 'state') lookSoon(0)
		if (event.type !== 'user-intent' || helm.applied === null) return
		if (deps.isHidden?.() === true) hiddenAtMs = local()
		const isPersons = isPersonsAct({
			event,
			isQuiet: !tags.isOpen(),
			visibleForMs: local() - hiddenAtMs,
			doing: doing.type,
			trackedAgoMs: local() - trackedAtMs,
			vector: helm.applied,
			targetS: player.can.read === 'none' ? null : aim.targetS(helm.applied, roomNow()),
			leftS: aim.leftS(helm.applied),
			isExact: !helm.isReported(),
			driftMs: trackedDriftMs,
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
			const vector = helm.applied
			if (outcome !== 'playing' || !vector?.isPlaying || helm.phase.type === 'waiting' || helm.isDisposed)
				return outcome
			if (doesReload()) reloads.again(vector)
			else helm.jump(vector)
			return outcome
		},
		reset() {
			sensor.clear()
			pulser.stop()
			commands.forgetRate()
			helm.control = { ...INITIAL_CONTROL, jumpedAtMs: helm.control.jumpedAtMs }
			if (helm.phase.type === 'waiting') helm.applied = null
		},
		correct(byMs) {
			if (!doesReload() || !Number.isFinite(byMs) || byMs === 0) return
			lags.correctLoad(byMs)
			if (helm.applied !== null) reloads.again(helm.applied)
			loop()
		},
		status,
		dispose() {
			helm.isDisposed = true
			cancelTick()
			cancelSoon()
			letGo()
			stopListening()
		},
	}
}
