/**
 * What runs in the media page: opens players by the app's own loaders, keeps what they tell, and follows a room with
 * them by the app's own loop. Tests reach it as `window.mediaLab`.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { PlaybackVector } from '#lib/core/playback.ts'
import type { ItemId } from '#lib/core/units.ts'
import { createFollower } from '#lib/follow/follow.ts'
import { memoryLagStore } from '#lib/follow/lags.ts'
import type { Follower, FollowReading } from '#lib/follow/follower.ts'
import { runPlayerContract, type ContractReport } from '#lib/players/contract.ts'
import type { Player, PlayerEvent } from '#lib/players/player.ts'
import { browserDeps, createBrowserLoaders, createRegistry } from '#lib/players/registry.ts'

export interface MediaLab {
	/** The player opened last. */
	player: Player | null
	/** What it told since it was opened; `atMs` local. */
	events: (PlayerEvent & { readonly atMs: number })[]
	open(media: MediaRef): Promise<void>
	contract(media: MediaRef, toleranceS: number): Promise<ContractReport>
	/** Follows a live room whose clock is `offsetMs` ahead of the local one. */
	followLive(latencyMs: number, offsetMs: number): void
	readings: FollowReading[]
	follower: Follower | null
	local(): number
	wait(ms: number): Promise<void>
	/** Milliseconds until `isTrue`; null if it never was within `mostMs`. */
	until(isTrue: () => boolean, mostMs?: number): Promise<number | null>
	/** The first failure or null, and how long it took. */
	failure(mostMs: number): Promise<{ type: string; afterMs: number } | null>
}

const deps = browserDeps(window)
const registry = createRegistry(createBrowserLoaders(deps))
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
let openedAtMs = 0

const load = async (media: MediaRef): Promise<Player> => {
	const stage = document.getElementById('stage')
	if (!stage) throw new Error('no stage')
	const loaded = await registry.load(stage, media)
	if (loaded.type !== 'loaded') throw new Error(JSON.stringify(loaded))
	return loaded.player
}

const lab: MediaLab = {
	player: null,
	events: [],
	readings: [],
	follower: null,
	async open(media) {
		lab.follower?.dispose()
		lab.follower = null
		lab.player?.dispose()
		const events: MediaLab['events'] = []
		lab.events = events
		openedAtMs = deps.local()
		const player = await load(media)
		player.on((event) => events.push({ ...event, atMs: deps.local() }))
		lab.player = player
	},
	contract: (media, toleranceS) => runPlayerContract({ open: () => load(media), wait, toleranceS }),
	followLive(latencyMs, offsetMs) {
		if (!lab.player) throw new Error('no player')
		const roomNow = (): number => deps.local() + offsetMs
		const itemId = 'live' as ItemId
		const vector: PlaybackVector = {
			itemId,
			positionS: 0,
			rate: 1,
			isPlaying: true,
			atMs: roomNow(),
			rev: 'r1',
			by: null,
			cause: { type: 'user' },
		}
		lab.readings = []
		lab.follower = createFollower({
			itemId,
			player: lab.player,
			roomNow,
			local: deps.local,
			timers: { after: (ms, fn) => deps.setTimer(fn, ms) },
			getVector: () => vector,
			lagStore: memoryLagStore(),
			liveLatencyMs: () => latencyMs,
			onReading: (reading) => lab.readings.push(reading),
		})
		lab.follower.start()
	},
	local: deps.local,
	wait,
	async until(isTrue, mostMs = 10_000) {
		const fromMs = deps.local()
		for (;;) {
			if (isTrue()) return deps.local() - fromMs
			if (deps.local() - fromMs >= mostMs) return null
			await wait(20)
		}
	},
	async failure(mostMs) {
		await lab.until(() => lab.player?.state().type === 'failed', mostMs)
		const state = lab.player?.state()
		return state?.type === 'failed' ? { ...state.failure, afterMs: deps.local() - openedAtMs } : null
	},
}

declare global {
	interface Window {
		mediaLab: MediaLab
	}
}
window.mediaLab = lab
