/**
 * Drives a player that cannot be told anything but where to begin (Bilibili): it is loaded anew at a whole second, at
 * the moment that makes it stand right once loaded, and only when the room changed or a person says how far off it
 * is. What cannot be read is never corrected.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { Player } from '#lib/players/player.ts'
import type { Commands } from './commands.ts'
import type { Doing } from './follower.ts'
import type { Lags } from './lags.ts'
import { atMoment, type Timers } from './timers.ts'

export interface ReloadDeps {
	readonly player: Player
	readonly commands: Commands
	readonly lags: Lags
	readonly timers: Timers
	readonly roomNow: () => Millis
	readonly userDelayMs: () => number
	readonly durationS: () => Seconds
}

export interface ReloadDrive {
	/** The vector changed, or is seen for the first time. */
	apply(vector: PlaybackVector): void
	/** Loads again, once, with a lag that was just corrected. */
	again(vector: PlaybackVector): void
	doing(vector: PlaybackVector): Doing
	stop(): void
}

/** People drag along the bar: the last place of a hurry is enough. */
const LEAST_BETWEEN_MS = 1_500
/** A vector that moves the film by less is not worth a load. */
const NEAR_S = 0.5
const DEFAULT_GRAIN_S = 1
/** Against rounding: 12.0000001 s is 12 s. */
const ROUNDING_S = 1e-6

export const createReloadDrive = (deps: ReloadDeps): ReloadDrive => {
	const { player, commands, lags, roomNow } = deps
	let applied: PlaybackVector | null = null
	let startsAtMs: Millis | null = null
	let isWaiting = false
	let loadedAtMs = -Infinity
	/** Where it stands still; null while it moves. */
	let restS: Seconds | null = 0
	let cancel: () => void = () => undefined

	const grainS = (): Seconds => {
		const { seekGrainS } = player.can
		return seekGrainS !== undefined && seekGrainS > 0 ? seekGrainS : DEFAULT_GRAIN_S
	}
	const targetS = (vector: PlaybackVector, roomMs: Millis): Seconds =>
		positionAt(vector, roomMs + deps.userDelayMs())

	const stop = (): void => {
		cancel()
		startsAtMs = null
		isWaiting = false
	}
	const load = (toS: Seconds): void => {
		isWaiting = false
		loadedAtMs = roomNow()
		restS = null
		commands.seek(toS)
		void commands.play()
	}
	/** The next whole place that can be reached in time, and the moment at which the film passes it. */
	const plan = (vector: PlaybackVector): void => {
		stop()
		const lagMs = lags.loadMs()
		const soonestMs = Math.max(roomNow(), loadedAtMs + LEAST_BETWEEN_MS)
		const toS = Math.ceil(targetS(vector, soonestMs + lagMs) / grainS() - ROUNDING_S) * grainS()
		if (toS >= deps.durationS()) return
		const passesAtMs = vector.atMs + ((toS - vector.positionS) * 1000) / vector.rate - deps.userDelayMs()
		startsAtMs = Math.max(passesAtMs, soonestMs + lagMs)
		isWaiting = true
		cancel = atMoment(deps.timers, roomNow, startsAtMs - lagMs, () => load(toS))
	}
	const rest = (vector: PlaybackVector): void => {
		stop()
		const toS = Math.floor(Math.min(vector.positionS, deps.durationS()) / grainS() + ROUNDING_S) * grainS()
		if (restS === toS) return
		if (restS === null) commands.pause()
		restS = toS
		commands.seek(toS)
	}
	return {
		apply(vector) {
			const before = applied
			applied = vector
			if (!vector.isPlaying) {
				rest(vector)
				return
			}
			const isSameLine =
				before?.isPlaying === true &&
				before.rate === vector.rate &&
				Math.abs(positionAt(before, roomNow()) - positionAt(vector, roomNow())) < NEAR_S &&
				vector.atMs <= roomNow() &&
				(restS === null || isWaiting)
			if (!isSameLine) plan(vector)
		},
		again(vector) {
			if (vector.isPlaying) plan(vector)
		},
		doing(vector) {
			if (!vector.isPlaying) return { type: 'paused' }
			if (startsAtMs !== null && isWaiting) return { type: 'waiting', atMs: startsAtMs }
			if (startsAtMs !== null && roomNow() < startsAtMs) return { type: 'settling' }
			startsAtMs = null
			return { type: 'tracking', law: 'blind' }
		},
		stop() {
			stop()
			applied = null
		},
	}
}
