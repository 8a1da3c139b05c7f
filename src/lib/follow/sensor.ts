/**
 * How far the player is from its target, from what it says: a clock that answers exactly now, or reports now and
 * then. What cannot be a position (an embed may send anything) is not taken in.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { Player, PlayerSample } from '#lib/players/player.ts'
import { createDriftWindow } from './drift.ts'
import { createReportWindow } from './reports.ts'

export interface SensorDeps {
	readonly player: Player
	readonly roomNow: () => Millis
	readonly local: () => number
	/** Where the film should be at a room time; null where nobody can say. */
	readonly targetS: (roomMs: Millis) => Seconds | null
	/** The room's speed: errors are in milliseconds of the room. */
	readonly rate: () => number
	/** At which the player plays just now. */
	readonly playedRate: () => number
}

export interface Sensor {
	/** Takes in what the player says now; whether that was news. */
	look(): boolean
	/** Target minus position, in milliseconds, by all recent readings; null before there are enough. */
	errorMs(): number | null
	/** The same by the latest word of the player alone. */
	rawMs(): number | null
	/** The player moves as it should, so the error is not of the moment. */
	isSteady(): boolean
	wantsSoon(): boolean
	/** Only what is said of the time after `sinceLocalMs` (now, if left out) counts from here on. */
	clear(sinceLocalMs?: number): void
}

/** Unix seconds of a live stream are the largest that make sense. */
const POSITION_MAX_S = 1e11
const STEADY_LEAST_MS = 4
const STEADY_MOST_MS = 20

export const isPosition = (positionS: number): boolean =>
	Number.isFinite(positionS) && Math.abs(positionS) <= POSITION_MAX_S

/** What the player says, if it can be true. */
export const soundSample = (player: Player): PlayerSample | null => {
	if (player.can.read === 'none') return null
	const sample = player.sample()
	return sample !== null && isPosition(sample.positionS) && Number.isFinite(sample.atLocalMs) ? sample : null
}

export const createSensor = (deps: SensorDeps): Sensor => {
	const { player, local, roomNow } = deps
	const drift = createDriftWindow()
	const reports = createReportWindow()
	let sigmaMs = 0

	const errorOf = (positionS: Seconds, atLocalMs: number): number | null => {
		const targetS = deps.targetS(roomNow() + (atLocalMs - local()))
		return targetS === null ? null : ((targetS - positionS) * 1000) / deps.rate()
	}
	return {
		look() {
			const sample = soundSample(player)
			if (sample === null) return false
			if (player.can.read === 'reports') return reports.push(sample, deps.playedRate())
			sigmaMs = Number.isFinite(sample.sigmaMs) ? sample.sigmaMs : 0
			const errorMs = errorOf(sample.positionS, sample.atLocalMs)
			if (errorMs === null) return false
			drift.push(errorMs, sample.atLocalMs)
			return true
		},
		errorMs() {
			if (player.can.read !== 'reports') return drift.medianMs()
			const nowMs = local()
			const positionS = reports.positionS(nowMs)
			return positionS === null ? null : errorOf(positionS, nowMs)
		},
		rawMs() {
			const sample = soundSample(player)
			return sample === null ? null : errorOf(sample.positionS, sample.atLocalMs)
		},
		isSteady: () =>
			player.can.read === 'reports'
				? reports.positionS(local()) !== null
				: drift.isSteady(Math.min(STEADY_MOST_MS, Math.max(STEADY_LEAST_MS, 4 * sigmaMs))),
		wantsSoon: () => player.can.read === 'clock' && drift.wantsSoon(),
		clear(sinceLocalMs) {
			drift.clear()
			reports.clear(sinceLocalMs ?? local())
		},
	}
}
