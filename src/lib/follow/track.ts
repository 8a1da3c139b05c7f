/**
 * A player that runs: reads how far off it is, learns from how it landed, and corrects it by the law that its
 * abilities allow.
 */
import type { PlaybackVector } from '#lib/core/playback.ts'
import { decide, isJumpDue, noteLanding } from './control.ts'
import type { Doing, FollowDeps, Law } from './follower.ts'
import type { Held, Helm } from './helm.ts'
import { pulseSteps, rateAbility } from './rates.ts'

export interface Tracker {
	track(vector: PlaybackVector): Doing
}

/** Chromium's players stand for up to 130 ms after a command; from then on the error is that of the lag. */
const LEAST_HOLD_MS = 130
/** Readings that never agree are taken as they are, at last. */
const HOLD_PATIENCE_MS = 800
/** No corrections so close to the end. */
const END_ZONE_S = 0.3

export const SETTLING: Doing = { type: 'settling' }
const TRACKING: Readonly<Record<Law, Doing>> = {
	lock: { type: 'tracking', law: 'lock' },
	fine: { type: 'tracking', law: 'fine' },
	coarse: { type: 'tracking', law: 'coarse' },
	pulse: { type: 'tracking', law: 'pulse' },
	blind: { type: 'tracking', law: 'blind' },
}

export const createTracker = (
	helm: Helm,
	{ local, roomNow }: Pick<FollowDeps, 'local' | 'roomNow'>,
): Tracker => {
	const { player, aim, lags, commands, sensor, pulser } = helm

	const trackFine = (vector: PlaybackVector, errorMs: number): Law => {
		const decided = decide(helm.control, helm.controlInput(vector, errorMs))
		helm.control = decided.state
		if (decided.command.type === 'jump') helm.jump(vector)
		else commands.setRate(decided.command.rate, decided.command.isPitchKept)
		return decided.state.law
	}
	const trackReported = (vector: PlaybackVector, errorMs: number): Law => {
		const input = helm.controlInput(vector, errorMs)
		if (isJumpDue(helm.control, input)) {
			helm.jump(vector)
			return 'lock'
		}
		helm.setRoomRate(vector)
		if (input.can === 'none') return 'lock'
		pulser.consider(errorMs, input.rate, pulseSteps(player.can, errorMs, input.rate))
		return pulser.isActive() ? 'pulse' : 'lock'
	}
	const learn = (held: Held, vector: PlaybackVector, errorMs: number): void => {
		// A start without sound is quicker, and says nothing of those with it.
		if (held.learns === 'start' && !commands.isMutedByBrowser()) lags.learnStart(errorMs, held.usedMs)
		if (held.learns !== 'seek') return
		lags.learnSeek(errorMs, held.usedMs)
		helm.control = noteLanding(helm.control, helm.controlInput(vector, errorMs))
	}
	/** The error of a player that is held may be judged: it moves as it should, or has had time enough. */
	const isLanded = (held: Held): boolean => {
		const nowMs = local()
		if (helm.isReported()) return nowMs >= held.untilMs
		if (nowMs < held.sinceMs + LEAST_HOLD_MS) return false
		return sensor.isSteady() || nowMs >= held.untilMs + HOLD_PATIENCE_MS
	}
	return {
		track(vector) {
			if (pulser.isActive()) return TRACKING.pulse
			if (helm.phase.type === 'held' && local() < helm.phase.readsFromMs) return SETTLING
			const isNews = sensor.look()
			const held = helm.phase.type === 'held' ? helm.phase : null
			if (held !== null && !isLanded(held)) return SETTLING
			if (player.can.read === 'none' || aim.targetS(vector, roomNow()) === null) {
				helm.phase = { type: 'tracking' }
				return TRACKING.blind
			}
			const errorMs = sensor.errorMs()
			if (errorMs === null && held !== null) return SETTLING
			helm.phase = { type: 'tracking' }
			if (errorMs === null) return TRACKING[helm.control.law]
			if (held !== null) learn(held, vector, errorMs)
			if (aim.leftS(vector) < END_ZONE_S) return TRACKING[helm.control.law]
			if (rateAbility(player.can) === 'fine' && !helm.isReported())
				return TRACKING[trackFine(vector, errorMs)]
			return isNews ? TRACKING[trackReported(vector, errorMs)] : TRACKING.lock
		},
	}
}
