/**
 * Standing still in the right place and starting at the right moment: starts that the room announces, and private
 * ones into a film that already runs for the others.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { Millis } from '#lib/core/units.ts'
import type { FollowDeps } from './follower.ts'
import { NEAR_MS, type Helm } from './helm.ts'
import { soundSample } from './sensor.ts'
import { atMoment } from './timers.ts'

export interface Starts {
	/** The room announced it. */
	startTogether(vector: PlaybackVector): void
	/** Stand where the film will be, then let go. */
	startPrivately(vector: PlaybackVector, attempt: number): void
	/** While it loads: from the place at which it will be wanted. */
	sendAhead(vector: PlaybackVector): void
	/** A paused vector is new: it may be sought again. */
	newRest(): void
	/** Paused: exactly at the vector's position, and again if the player landed elsewhere (three times at most). */
	holdStill(vector: PlaybackVector): void
	cancel(): void
}

const EXACT_MS = 2
/** Nothing is known more exactly of a player that only reports. */
const REPORTED_EXACT_MS = 40
const REPORTED_NEAR_MS = 500
const REST_SEEKS = 3
/** How long a private start (a joiner's, or after a pause of the browser's own) is prepared, doubled at each failure. */
const LEAD_MS = 200
const REPORTED_LEAD_MS = 800
const LEAD_MAX_MS = 4_000
/** As far ahead as loading may take; nearer to the beginning it loads right anyway. */
const LOADING_MS = 600
const WORTH_S = 2

export const createStarts = (
	helm: Helm,
	deps: FollowDeps,
	/** Called when a start was made: it is to be watched. */
	onStart: () => void,
): Starts => {
	const { player, aim, lags, commands } = helm
	const { roomNow, local, timers } = deps
	let restSeeks = 0
	let isSentAhead = false
	let cancel: () => void = () => undefined
	const exactMs = (): number => (helm.isReported() ? REPORTED_EXACT_MS : EXACT_MS)

	const begin = (atMs: Millis, attempt: number, isShared: boolean): void => {
		if (helm.isDisposed) return
		const { type } = player.state()
		const isReady = type === 'ready' || type === 'paused'
		if (!isReady && !isShared) {
			helm.phase = { type: 'preparing', attempt: attempt + 1 }
			return
		}
		void commands.play()
		// What was not ready is a stall, not a lag: nothing to learn from it.
		helm.hold(isReady ? 'start' : null, lags.startMs(), local() + Math.max(0, atMs - roomNow()))
		onStart()
	}
	const startAt = (vector: PlaybackVector, atMs: Millis, attempt: number, isShared: boolean): void => {
		cancel()
		// A shared start moves with the person's own delay; a private one has it in its position already.
		const isFixed = isShared && !aim.isLive()
		const toS = isFixed ? vector.positionS : aim.targetS(vector, atMs)
		commands.forgetRate()
		helm.setRoomRate(vector)
		if (toS !== null) helm.standAt(toS, exactMs())
		helm.phase = { type: 'waiting', atMs }
		const callMs = atMs - lags.startMs() - (isFixed ? helm.userDelayMs() : 0)
		cancel = atMoment(timers, roomNow, callMs, () => begin(atMs, attempt, isShared))
	}
	return {
		startTogether: (vector) => startAt(vector, vector.atMs, 0, true),
		startPrivately(vector, attempt) {
			if (!helm.canSeek() || aim.targetS(vector, roomNow()) === null) {
				void commands.play()
				helm.hold(null, 0)
				return
			}
			const leadMs = helm.isReported() ? REPORTED_LEAD_MS : LEAD_MS
			const aheadMs = Math.min(LEAD_MAX_MS, (leadMs + lags.startMs()) * 2 ** attempt)
			startAt(vector, roomNow() + aheadMs, attempt, false)
		},
		sendAhead(vector) {
			if (isSentAhead || !helm.canSeek() || helm.isReported() || aim.isLive()) return
			const toS = vector.isPlaying ? positionAt(vector, roomNow() + LOADING_MS) : vector.positionS
			if (toS < WORTH_S || toS >= aim.durationS()) return
			isSentAhead = true
			player.seek(toS)
		},
		newRest: () => void (restSeeks = 0),
		holdStill(vector) {
			if (aim.isLive() || player.facts().timeline === 'none') return
			if (restSeeks >= REST_SEEKS || !helm.canSeek()) return
			const wantS = Math.min(vector.positionS, aim.durationS())
			// It has said nothing yet, and stands at the beginning; or says nothing ever, and was told once.
			if (soundSample(player) === null && (wantS === 0 || restSeeks > 0)) return
			const looseMs = helm.isReported() ? REPORTED_NEAR_MS : NEAR_MS
			if (!helm.standAt(wantS, restSeeks === 0 ? exactMs() : looseMs)) restSeeks += 1
		},
		cancel: () => cancel(),
	}
}
