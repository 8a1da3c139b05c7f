/**
 * Puts the current item's player on the stage and lets it follow the room; tells the room what only a player knows
 * (the end, the length) and the person why a video cannot be played. It never writes where the player is.
 */
import type { Player, PlayerFailure } from '#lib/players/player.ts'
import type { PlayerRegistry } from '#lib/players/registry.ts'
import type { Follower, FollowStatus } from '#lib/follow/follow.ts'
import type { LagStore } from '#lib/follow/lags.ts'
import type { Timers } from '#lib/follow/timers.ts'
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { Room } from '#lib/core/room.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { ItemId, Millis, Seconds } from '#lib/core/units.ts'
import type { PlayerView } from '#lib/core/view.ts'
import type { FilmStatus, FilmStatusInputs } from './film-status.ts'
import { whyNot } from './why-not.ts'

export interface Volume {
	readonly volume: number
	readonly isMuted: boolean
}

export interface PlaybackDriverDeps {
	readonly room: Room
	/** The room's vector, or what stands in for it while it is not known whether anybody is here. */
	readonly vector: () => PlaybackVector
	readonly registry: PlayerRegistry
	readonly roomNow: () => Millis
	readonly local: () => number
	readonly timers: Timers
	readonly lagStore: LagStore
	readonly isHidden: () => boolean
	readonly volume: Volume
	readonly onVolume: (volume: Volume) => void
	/** How far ahead a start is announced that all should make together. */
	readonly startDelayMs: () => Millis
	/** How long this device leaves it to others to write what all of them notice (an end, a length). */
	readonly turnDelayMs: () => Millis
	readonly onChange: () => void
}

export interface PlaybackDriver {
	/** The element to play in; null takes the player down. */
	setStage(stage: HTMLElement | null): void
	/** The room's state was replaced. */
	roomChanged(): void
	view(): PlayerView
	status(): FollowStatus | null
	/** What is to be said of the film; null before there is one. */
	filmStatus(inputs: FilmStatusInputs): FilmStatus | null
	/** Ready to go on at once: enough is buffered. */
	isReady(): boolean
	bufferedAheadS(): Seconds
	setVolume(volume: Volume): void
	volume(): Volume
	/** From a click: starts a player that the browser refused, with sound. */
	join(): void
	/** Judge anew and at once: the page came back, the clock jumped, the person asked. */
	resync(): void
	dispose(): void
}

/** A film that was loaded goes on at once with this much ahead, or with all there is. */
const READY_BUFFER_S = 3
const MIN_DURATION_S = 0.05
const NOT_FETCHED = {
	title: 'The player could not be fetched',
	detail: 'Matinee’s own server does not answer. Check that you are online, then load the page again.',
}

export const createPlaybackDriver = (deps: PlaybackDriverDeps): PlaybackDriver => {
	const { room, roomNow } = deps
	let stage: HTMLElement | null = null
	let player: Player | null = null
	let follower: Follower | null = null
	let stopListening: () => void = () => undefined
	/** The item that the player on the stage (or on its way there) is for. */
	let shown: QueueItem | null = null
	let loadFailure: PlayerFailure | null = null
	/** Fetched beside the first player. */
	let parts: typeof import('./film-parts.ts') | null = null
	/** Loading takes time; whoever was overtaken throws its player away. */
	let generation = 0
	let volume = deps.volume
	let isDisposed = false
	const cancels = new Set<() => void>()

	const later = (ms: Millis, fn: () => void) => {
		const cancel = deps.timers.after(ms, () => {
			cancels.delete(cancel)
			if (!isDisposed) fn()
		})
		cancels.add(cancel)
	}

	const takeDown = () => {
		generation++
		stopListening()
		stopListening = () => undefined
		follower?.dispose()
		follower = null
		player?.dispose()
		player = null
		loadFailure = null
		shown = null
	}

	/** Everybody's player notices the end; the first in turn says so, the others only if nobody did. */
	const goOn = (itemId: ItemId) => {
		later(deps.turnDelayMs(), () => {
			const playback = deps.vector()
			if (room.state().queue.current?.id !== itemId || playback.itemId !== itemId || !playback.isPlaying)
				return
			if (follower?.status().hasEnded !== true) return
			void room.queue.advance(itemId, roomNow() + deps.startDelayMs(), { type: 'end' })
		})
	}

	const tellFacts = (itemId: ItemId) => {
		const isUnknown = () => {
			const { current } = room.state().queue
			return current?.id === itemId && current.durationS === null
		}
		if (!isUnknown()) return
		later(deps.turnDelayMs(), () => {
			const durationS = player?.facts().durationS
			if (shown?.id !== itemId || !isUnknown() || typeof durationS !== 'number' || durationS < MIN_DURATION_S)
				return
			if (Number.isFinite(durationS)) void room.queue.describe(itemId, { durationS })
		})
	}

	const fetchParts = async () => {
		try {
			parts ??= await import('./film-parts.ts')
		} catch (error) {
			// Offline, or a new version was deployed: the film is shown as not to be had, and the next one tries again.
			console.warn('What films need could not be fetched.', error)
		}
	}

	/** Null while there is none, or nothing that it is for. */
	const failureView = (): PlayerView['failure'] => {
		const failure = failureOf()
		if (failure === null || shown === null) return null
		return parts?.describeFailure(failure, shown.media) ?? { ...NOT_FETCHED, openUrl: null }
	}

	const bringUp = async (item: QueueItem, into: HTMLElement) => {
		takeDown()
		shown = item
		const mine = generation
		deps.onChange()
		const [outcome] = await Promise.all([deps.registry.load(into, item.media), fetchParts()])
		if (mine !== generation || isDisposed) {
			if (outcome.type === 'loaded') outcome.player.dispose()
			return
		}
		if (parts === null) {
			if (outcome.type === 'loaded') outcome.player.dispose()
			loadFailure = { type: 'unreachable' }
			deps.onChange()
			return
		}
		if (outcome.type !== 'loaded') {
			loadFailure =
				outcome.type === 'no-player'
					? { type: 'unknown', detail: `there is no player for ${outcome.kind} yet` }
					: { type: 'unreachable' }
			deps.onChange()
			return
		}
		const loaded = outcome.player
		player = loaded
		loaded.setVolume(volume.volume, volume.isMuted)
		follower = parts.createFollower({
			itemId: item.id,
			player: loaded,
			roomNow,
			local: deps.local,
			timers: deps.timers,
			getVector: deps.vector,
			lagStore: deps.lagStore,
			isHidden: deps.isHidden,
			muteToStart: () => loaded.setVolume(volume.volume, true),
			onStatus: (status) => {
				if (status.hasEnded) goOn(item.id)
				deps.onChange()
			},
		})
		const off = loaded.on((event) => {
			if (event.type === 'facts') tellFacts(item.id)
			deps.onChange()
		})
		stopListening = off
		follower.start()
		tellFacts(item.id)
		deps.onChange()
	}

	const roomChanged = () => {
		const { current } = room.state().queue
		if (stage === null || current === null) {
			if (shown !== null) takeDown()
			return
		}
		if (shown?.id === current.id) follower?.vectorChanged()
		else void bringUp(current, stage)
	}

	const failureOf = (): PlayerFailure | null => {
		const state = player?.state()
		return state?.type === 'failed' ? state.failure : loadFailure
	}

	const stateOf = (): PlayerView['state'] => {
		if (room.state().queue.current === null) return 'none'
		if (failureOf() !== null) return 'failed'
		const doing = follower?.status().doing.type
		if (doing === 'blocked') return 'blocked'
		if (follower?.status().hasEnded === true) return 'ended'
		const state = player?.state().type ?? 'loading'
		switch (state) {
			case 'playing':
			case 'paused':
			case 'ready':
			case 'ended':
			case 'blocked':
			case 'loading':
			case 'stalled':
			case 'failed':
				return state
			case 'seeking':
			case 'ad':
				return deps.vector().isPlaying ? 'playing' : 'paused'
		}
	}

	const disabledOf = (): PlayerView['disabled'] => {
		const { queue, myRole, settings } = room.state()
		const refusal = whyNot(myRole, 'control', settings)
		const out: Partial<Record<'play' | 'seek' | 'rate' | 'volume' | 'next', string>> = {}
		if (queue.current === null) {
			const empty = 'Nothing is on. Add a video first.'
			out.play = out.seek = out.rate = empty
		} else if (failureOf() !== null) out.play = out.seek = out.rate = 'This video cannot be played here.'
		else if (player !== null) {
			if (player.can.seek === 'none') out.seek = 'This site does not let others move the film.'
			if (player.can.rate === 'none') out.rate = 'This site does not let others change the speed.'
			if (!player.can.volume) out.volume = 'The volume is in the player itself.'
		}
		if (queue.current === null && queue.next.length === 0) out.next = 'The queue is empty.'
		if (refusal !== null) out.play = out.seek = out.rate = out.next = refusal
		return out
	}

	return {
		setStage: (element) => {
			if (element === stage) return
			takeDown()
			stage = element
			roomChanged()
		},
		roomChanged,
		view: () => {
			const { queue } = room.state()
			const playback = deps.vector()
			const facts = player?.facts()
			const durationS = facts?.durationS ?? queue.current?.durationS ?? null
			const sample = player?.sample()
			const roomS = Math.min(positionAt(playback, roomNow()), durationS ?? Infinity)
			const isMutedByBrowser = follower?.status().isMutedByBrowser === true
			return {
				state: stateOf(),
				isPlaying: playback.isPlaying && queue.current !== null,
				positionS: queue.current === null ? 0 : (sample?.positionS ?? roomS),
				durationS,
				bufferedToS: (sample?.positionS ?? 0) + (player?.bufferedAheadS() ?? 0),
				rate: playback.rate,
				volume: volume.volume,
				isMuted: volume.isMuted || isMutedByBrowser,
				isLive: facts?.isLive ?? false,
				disabled: disabledOf(),
				failure: failureView(),
				limits: [],
				canCorrect: false,
				startsAtMs: null,
			}
		},
		status: () => follower?.status() ?? null,
		filmStatus: (inputs) => parts?.filmStatus(inputs) ?? null,
		isReady: () => {
			const type = player?.state().type
			if (player === null || type === 'loading' || type === 'stalled' || type === 'failed') return false
			const leftS = (player.facts().durationS ?? Infinity) - (player.sample()?.positionS ?? 0)
			return player.bufferedAheadS() >= Math.min(READY_BUFFER_S, leftS - 0.2)
		},
		bufferedAheadS: () => player?.bufferedAheadS() ?? 0,
		setVolume: (next) => {
			volume = { volume: Math.min(1, Math.max(0, next.volume)), isMuted: next.isMuted }
			player?.setVolume(volume.volume, volume.isMuted)
			// Turning the sound on by hand is the gesture that the browser was waiting for.
			if (!volume.isMuted && follower?.status().isMutedByBrowser === true) void follower.join()
			deps.onVolume(volume)
			deps.onChange()
		},
		volume: () => volume,
		join: () => {
			volume = { ...volume, isMuted: false }
			player?.setVolume(volume.volume, false)
			void follower?.join().then(deps.onChange)
			deps.onChange()
		},
		resync: () => {
			follower?.reset()
			follower?.vectorChanged()
		},
		dispose: () => {
			if (isDisposed) return
			takeDown()
			isDisposed = true
			for (const cancel of cancels) cancel()
			cancels.clear()
		},
	}
}
