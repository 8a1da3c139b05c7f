/**
 * The player as the follow loop holds it: where it should be, what it says, what it is told, and the phase it is in.
 * Here are the moves that every part of the loop makes: the room's speed, a hold after a command, a jump.
 */
import type { PlaybackVector } from '#lib/core/playback.ts'
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { Player } from '#lib/players/player.ts'
import { createAim, type Aim } from './aim.ts'
import { createCommands, type Commands } from './commands.ts'
import { INITIAL_CONTROL, isJumpDue, type ControlInput, type ControlState } from './control.ts'
import type { FollowDeps } from './follower.ts'
import { createLags, type Lags } from './lags.ts'
import { createPulser, type Pulser } from './pulse.ts'
import { canKeepUp, playsAt, rateAbility } from './rates.ts'
import { createSensor, soundSample, type Sensor } from './sensor.ts'
import { createTags, type Tags } from './tags.ts'

export type Phase =
	| { readonly type: 'at-rest' }
	/** Loads and seeks first; the moment is chosen once it can be kept. */
	| { readonly type: 'preparing'; readonly attempt: number }
	| { readonly type: 'waiting'; readonly atMs: Millis }
	| Held
	| { readonly type: 'tracking' }

/** Just commanded: it cannot be judged yet. */
export interface Held {
	readonly type: 'held'
	/** Before this the film stands still, and so does a player that has not begun: nothing to be read from that. */
	readonly readsFromMs: number
	readonly sinceMs: number
	readonly untilMs: number
	readonly learns: 'start' | 'seek' | null
	/** The lag that was paid in advance. */
	readonly usedMs: number
}

export interface Helm {
	readonly player: Player
	readonly aim: Aim
	readonly lags: Lags
	readonly tags: Tags
	readonly commands: Commands
	readonly sensor: Sensor
	readonly pulser: Pulser
	/** The vector that is being followed. */
	applied: PlaybackVector | null
	phase: Phase
	control: ControlState
	/** Corrections by seeking since the beginning. */
	jumps: number
	/** Local time at which it first played; null before. */
	begunAtMs: number | null
	isDisposed: boolean
	userDelayMs(): number
	/** What it says may be old: it only reports. */
	isReported(): boolean
	canSeek(): boolean
	setRoomRate(vector: PlaybackVector): void
	hold(learns: Held['learns'], usedMs: number, readsFromMs?: number): void
	/** Seeks to where the film will be when the seek has landed. */
	jump(vector: PlaybackVector): void
	/** The same, if where it stands is known at once and is far off: it stood still, or was moved by others. */
	jumpBack(vector: PlaybackVector): boolean
	/** Whether it stands there already, within `exactMs`; else it is sought. */
	standAt(wantS: Seconds, exactMs: number): boolean
	controlInput(vector: PlaybackVector, errorMs: number): ControlInput
}

/** Near enough to leave a playing player where it is. */
export const NEAR_MS = 40
export const START_HOLD_MS = 600
export const SEEK_HOLD_MS = 700
const FRESH_FOR_MS = 3_000
/** Players that only report: until their words are of the new place. */
const REPORTED_START_HOLD_MS = 1_000
const REPORTED_SEEK_HOLD_MS = 1_200

export const createHelm = (deps: FollowDeps): Helm => {
	const { player, roomNow, local, timers } = deps
	const userDelayMs = (): number => deps.userDelayMs?.() ?? 0
	const isReported = (): boolean => player.can.read !== 'clock'
	const canSeek = (): boolean => player.can.seek === 'direct'
	const aim = createAim({
		player,
		roomNow,
		local,
		userDelayMs,
		liveLatencyMs: () => deps.liveLatencyMs?.() ?? null,
		// A live stream has no end, whatever its page said of it.
		itemDurationS: () => (player.facts().isLive ? null : (deps.itemDurationS?.() ?? null)),
	})
	// By the time it stands ready a player with an exact clock knows of its sound track: not knowing means none.
	const lags = createLags(
		deps.lagStore,
		player.kind,
		() => player.facts().hasAudio ?? isReported(),
		isReported,
		() => player.lastLoadMs?.() ?? null,
	)
	const tags = createTags(local)
	const commands = createCommands({
		player,
		tags,
		durationS: aim.durationS,
		muteToStart: deps.muteToStart,
		isDisposed: () => helm.isDisposed,
	})
	const sensor = createSensor({
		player,
		roomNow,
		local,
		targetS: (roomMs) => (helm.applied === null ? null : aim.targetS(helm.applied, roomMs)),
		rate: () => (helm.applied === null ? 1 : aim.rate(helm.applied)),
		playedRate: commands.rate,
	})
	const pulser = createPulser({
		timers,
		local,
		commands,
		sensor,
		toleranceMs: () => deps.toleranceMs?.() ?? 0,
	})

	const helm: Helm = {
		player,
		aim,
		lags,
		tags,
		commands,
		sensor,
		pulser,
		applied: null,
		phase: { type: 'at-rest' },
		control: INITIAL_CONTROL,
		jumps: 0,
		begunAtMs: null,
		isDisposed: false,
		userDelayMs,
		isReported,
		canSeek,
		setRoomRate(vector) {
			const rate = aim.rate(vector)
			commands.setRate(playsAt(player.can, rate) ?? rate, rate !== 1)
		},
		hold(learns, usedMs, readsFromMs = local()) {
			const nowMs = local()
			const [startMs, seekMs] = isReported()
				? [REPORTED_START_HOLD_MS, REPORTED_SEEK_HOLD_MS]
				: [START_HOLD_MS, SEEK_HOLD_MS]
			const untilMs = nowMs + (learns === 'seek' ? seekMs : startMs)
			sensor.clear(isReported() ? untilMs : nowMs)
			helm.phase = { type: 'held', readsFromMs, sinceMs: nowMs, untilMs, learns, usedMs }
		},
		jump(vector) {
			pulser.stop()
			const lagMs = lags.seekMs()
			const toS = aim.targetS(vector, roomNow() + lagMs)
			if (toS === null || !canSeek()) return
			helm.jumps += 1
			commands.forgetRate()
			helm.setRoomRate(vector)
			helm.control = { ...helm.control, law: 'lock', jumpedAtMs: local() }
			commands.seek(toS)
			helm.hold('seek', lagMs)
		},
		jumpBack(vector) {
			const errorMs = isReported() ? null : sensor.rawMs()
			if (errorMs === null || !isJumpDue(helm.control, helm.controlInput(vector, errorMs))) return false
			helm.jump(vector)
			return true
		},
		standAt(wantS, exactMs) {
			const sample = soundSample(player)
			const grainMs = (player.can.seekGrainS ?? 0) * 1000
			const isThere =
				sample !== null && Math.abs(sample.positionS - wantS) * 1000 <= Math.max(exactMs, grainMs)
			if (!isThere) commands.seek(wantS)
			return isThere
		},
		controlInput(vector, errorMs) {
			const can = rateAbility(player.can)
			return {
				errorMs,
				rate: aim.rate(vector),
				localMs: local(),
				// Asked only where it matters: an element answers with new objects each time.
				isTargetBuffered:
					Math.abs(errorMs) > NEAR_MS &&
					!isReported() &&
					player.isBuffered(aim.targetS(vector, roomNow()) ?? vector.positionS),
				seekSigmaMs: lags.seekSigmaMs(),
				can: can === 'fine' && isReported() ? 'steps' : can,
				canSeek: canSeek(),
				isFresh: helm.jumps === 0 && helm.begunAtMs !== null && local() - helm.begunAtMs < FRESH_FOR_MS,
				canKeepUp: canKeepUp(player.can, aim.rate(vector)),
				toleranceMs: deps.toleranceMs?.() ?? 0,
			}
		},
	}
	return helm
}
