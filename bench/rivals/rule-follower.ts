/**
 * Drives a player by somebody else's rule behind our follow port: the same vector, clock, player and scheduled start
 * for all; only what is done about an error, and how often, is theirs. Pitch is kept, as all of them keep it.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { Doing, Follower, FollowDeps, FollowStatus } from '#lib/follow/follower.ts'
import { atMoment } from '#lib/follow/timers.ts'

export interface Look {
	/** Target minus position; + means behind. */
	readonly errorMs: number
	readonly targetS: Seconds
	readonly localMs: Millis
	/** Since play() was last called. */
	readonly playingForMs: Millis
}

export interface Hands {
	seek(positionS: Seconds): void
	/** A factor of the room's speed. */
	rate(factor: number): void
}

export interface Rule {
	/** As in the tables. */
	readonly name: string
	readonly intervalMs: Millis
	/** It sees to a new position by its own rule; the others go there at once when told. */
	readonly seeksByItself: boolean
	/** A fresh memory for each player; `look` comes only while the film runs undisturbed. */
	begin(): (look: Look, hands: Hands) => void
}

export interface Rival {
	readonly name: string
	create(deps: FollowDeps): Follower
}

const EXACT_S = 0.002
const SOON_MS = 20

export const createRuleFollower = (rule: Rule, deps: FollowDeps): Follower => {
	const { player, roomNow, local, timers } = deps
	let applied: PlaybackVector | null = null
	let step = rule.begin()
	let startedMs = local()
	let isWaiting = false
	let doing: Doing = { type: 'loading' }
	let driftMs: number | null = null
	let cancelTick: () => void = () => undefined
	let cancelStart: () => void = () => undefined

	const hands = (vector: PlaybackVector): Hands => ({
		seek: (positionS) => player.seek(Math.max(0, positionS)),
		rate: (factor) => player.setRate(vector.rate * factor, true),
	})
	const begin = (): void => {
		isWaiting = false
		startedMs = local()
		void player.play()
	}
	const apply = (vector: PlaybackVector): void => {
		cancelStart()
		isWaiting = false
		applied = vector
		const nowS = positionAt(vector, roomNow())
		const hereS = player.sample()?.positionS ?? 0
		const isRunning = player.state().type === 'playing'
		if (!rule.seeksByItself || !isRunning || !vector.isPlaying) player.setRate(vector.rate, true)
		if (!vector.isPlaying) {
			player.pause()
			if (Math.abs(hereS - vector.positionS) > EXACT_S) player.seek(vector.positionS)
			return
		}
		if (vector.atMs > roomNow() + SOON_MS) {
			player.pause()
			if (Math.abs(hereS - vector.positionS) > EXACT_S) player.seek(vector.positionS)
			isWaiting = true
			cancelStart = atMoment(timers, roomNow, vector.atMs, begin)
			return
		}
		if (!isRunning || !rule.seeksByItself) player.seek(nowS)
		if (!isRunning) begin()
	}
	const look = (): Doing => {
		const vector = deps.getVector()
		driftMs = null
		if (player.state().type === 'loading') return { type: 'loading' }
		if (vector.itemId !== deps.itemId) return { type: 'idle' }
		if (applied?.rev !== vector.rev || applied.atMs !== vector.atMs) apply(vector)
		if (!vector.isPlaying) return { type: 'paused' }
		const sample = player.sample()
		if (isWaiting || sample === null || player.state().type !== 'playing') return { type: 'settling' }
		const targetS = positionAt(vector, roomNow() + (sample.atLocalMs - local()))
		driftMs = (targetS - sample.positionS) * 1000
		step({ errorMs: driftMs, targetS, localMs: local(), playingForMs: local() - startedMs }, hands(vector))
		return { type: 'tracking', law: 'lock' }
	}
	const loop = (): void => {
		cancelTick = timers.after(rule.intervalMs, loop)
		doing = look()
	}
	const status = (): FollowStatus => ({
		doing,
		driftMs,
		hasEnded: false,
		isMutedByBrowser: false,
		startLagMs: 0,
		seekLagMs: 0,
		jumps: 0,
		startsAtMs: null,
		playsAtRate: null,
	})
	return {
		start: loop,
		vectorChanged: () => void (doing = look()),
		join: () => player.play(),
		correct: () => undefined,
		reset: () => {
			step = rule.begin()
		},
		status,
		dispose: () => {
			cancelTick()
			cancelStart()
			player.setRate(1, true)
		},
	}
}
