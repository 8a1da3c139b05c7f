/**
 * Where the film should be: the room's vector, or, for a live stream that says its date, the common latency behind
 * the present, whatever the vector says. A changed latency is slewed to, so that nobody jumps.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { Player } from '#lib/players/player.ts'

export interface AimDeps {
	readonly player: Player
	readonly roomNow: () => Millis
	readonly local: () => number
	readonly userDelayMs: () => number
	readonly liveLatencyMs: () => number | null
	/** Where the player does not know how long it is. */
	readonly itemDurationS: () => Seconds | null
}

export interface Aim {
	/** Null where nobody can say (a live stream without dates). */
	targetS(vector: PlaybackVector, roomMs: Millis): Seconds | null
	/** The speed of the target. */
	rate(vector: PlaybackVector): number
	/** Infinity while unknown; may change at any time. */
	durationS(): Seconds
	/** Positions are dates, so the vector's own mean nothing. */
	isLive(): boolean
	/** By the vector, seconds until the end. */
	leftS(vector: PlaybackVector): Seconds
	/** Once per look: moves the latency towards what is wanted. `isFree`: nobody watches, it may step. */
	follow(isFree: boolean): void
}

const DELAY_MAX_MS = 500
/** A small change goes unheard, within what FINE can follow with 10 ms. */
const SLOW_SLEW = 0.004
/** A larger one at once, with the pitch kept: 3 s take a minute. */
const FAST_SLEW = 0.05
const FAST_FROM_MS = 250
const DONE_MS = 5
/** Beyond this a seek is kinder. */
const STEP_FROM_MS = 5_000

export const createAim = (deps: AimDeps): Aim => {
	const { player, roomNow } = deps
	let latencyMs: number | null = null
	let slew = 0
	let isFast = false
	let movedAtMs = 0

	const isLive = (): boolean => player.facts().timeline === 'date'
	const userDelayMs = (): number => {
		const delayMs = deps.userDelayMs()
		return Number.isFinite(delayMs) ? Math.max(-DELAY_MAX_MS, Math.min(DELAY_MAX_MS, delayMs)) : 0
	}
	const durationS = (): Seconds => {
		const told = player.facts().durationS ?? deps.itemDurationS()
		return told !== null && told > 0 && Number.isFinite(told) ? told : Infinity
	}
	const wantedMs = (): number | null => {
		const common = deps.liveLatencyMs()
		const own = player.facts().liveLatencyMs ?? null
		// A player speaks of this device's time, the room of its own. Below nothing is fine: stamps may be wrong.
		const wanted = common ?? (own === null ? null : own + roomNow() - deps.local())
		return wanted !== null && Number.isFinite(wanted) ? wanted : null
	}
	return {
		targetS(vector, roomMs) {
			const { timeline } = player.facts()
			if (timeline === 'none') return null
			if (timeline !== 'date') return positionAt(vector, roomMs + userDelayMs())
			return latencyMs === null ? null : (roomMs + userDelayMs() - latencyMs) / 1000
		},
		rate: (vector) => (isLive() ? 1 - slew : vector.rate),
		durationS,
		isLive,
		leftS: (vector) =>
			isLive() || player.facts().isLive
				? Infinity
				: durationS() - positionAt(vector, roomNow() + userDelayMs()),
		follow(isFree) {
			if (!isLive()) return
			const nowMs = roomNow()
			const wanted = wantedMs()
			const passedMs = Math.min(1_000, Math.max(0, nowMs - movedAtMs))
			movedAtMs = nowMs
			slew = 0
			if (wanted === null || latencyMs === null) {
				latencyMs = wanted ?? latencyMs
				return
			}
			const restMs = wanted - latencyMs
			if (isFree || Math.abs(restMs) > STEP_FROM_MS) {
				latencyMs = wanted
				isFast = false
				return
			}
			// Begun fast, it ends fast: the last bit would take a minute otherwise.
			isFast = Math.abs(restMs) > (isFast ? DONE_MS : FAST_FROM_MS)
			const stepMs = Math.min(Math.abs(restMs), (isFast ? FAST_SLEW : SLOW_SLEW) * passedMs)
			latencyMs += Math.sign(restMs) * stepMs
			// Known beforehand, so the player need not fall behind to notice.
			if (isFast) slew = Math.sign(restMs) * FAST_SLEW
		},
	}
}
