/**
 * Puts the current item's player on the stage and lets it follow the room; tells the room what only a player knows
 * (the end, the length) and the person why a video cannot be played. It never writes where the player is.
 */
import type { Player, PlayerFailure } from '#lib/players/player.ts'
import type { PlayerRegistry } from '#lib/players/registry.ts'
import type { Follower, FollowReading, FollowStatus, UserIntent } from '#lib/follow/follower.ts'
import type { LagStore } from '#lib/follow/lags.ts'
import type { Timers } from '#lib/follow/timers.ts'
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { MediaRef } from '#lib/core/media.ts'
import type { OwnCopy } from '#lib/core/own-files.ts'
import type { Room } from '#lib/core/room.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { DeviceId, ItemId, Millis, Seconds } from '#lib/core/units.ts'
import type { PlayerView, StepReading, StepStats } from '#lib/core/view.ts'
import { describeFailure } from '#lib/players/describe-failure.ts'
import { createFollower } from '#lib/follow/follow.ts'
import { filmWords } from '#lib/words/film.ts'
import { createApplyLatency, type FilmNow } from './apply-latency.ts'
import { whyNotSteer } from './film-gate.ts'
import type { OwnCopies } from './local-file/port.ts'
import { limitsOf } from './source-limits.ts'
import { createStepHistory, type StepHistory } from './step-history.ts'

export interface Volume {
	readonly volume: number
	readonly isMuted: boolean
}

export interface PlaybackDriverDeps {
	readonly me: DeviceId
	readonly room: Room
	/** The room's vector, or what stands in for it while it is not known whether anybody is here. */
	readonly vector: () => PlaybackVector
	readonly registry: PlayerRegistry
	readonly roomNow: () => Millis
	/** Resolves when room time is known, or nobody is there to tell it. */
	readonly whenTimeIsKnown: () => Promise<void>
	readonly local: () => number
	readonly timers: Timers
	readonly lagStore: LagStore
	readonly isHidden: () => boolean
	readonly volume: Volume
	readonly onVolume: (volume: Volume) => void
	/** The sound of this device comes so much late: the film is played earlier by it. */
	readonly userDelayMs: () => Millis
	/** How far off it may be before its speed is changed so that one may hear it, where somebody has said so; else 0. */
	readonly toleranceMs?: () => Millis
	/** How far behind the present everybody watches a live stream that says its date. */
	readonly liveLatencyMs: () => Millis | null
	/** A file of this person's own that plays instead of a link, or where the item asks for one. */
	readonly ownCopy: OwnCopies['ownCopy']
	/** A person used the site's own controls. */
	readonly onIntent: (intent: UserIntent) => void
	/** How far ahead a start is announced that all should make together. */
	readonly startDelayMs: () => Millis
	/** How long this device leaves it to others to write what all of them notice (an end, a length). */
	readonly turnDelayMs: () => Millis
	readonly onChange: () => void
}

export interface PlaybackDriver {
	/** The element to play in; null takes the player down. */
	setStage(stage: HTMLElement | null): void
	/** The room's state was replaced, or another file plays for what is on. */
	roomChanged(): void
	view(): PlayerView
	status(): FollowStatus | null
	/** Ready to go on at once: enough is buffered. */
	isReady(): boolean
	bufferedAheadS(): Seconds
	setVolume(volume: Volume): void
	volume(): Volume
	/** An id of `view().quality`; null: by what the line bears. */
	setQuality(id: number | null): void
	/** From a click: starts a player that the browser refused, with sound. */
	join(): void
	/** The player is behind by so much (+) as far as the person can tell; only where it cannot be read. */
	correct(behindMs: Millis): void
	/** How far behind the present, by room time, this player has to stay; null for anything but such a stream. */
	liveLatencyMs(): Millis | null
	/** Items that could not be played on this device, with why in few words. */
	unplayable(): ReadonlyMap<ItemId, string>
	stats(): { readonly readings: readonly StepReading[]; readonly player: StepStats['player'] }
	/** Sizes of the drifts since the last call, in ms. */
	takeDrifts(): readonly Millis[]
	/** How long acts of others took until they were carried out here, of those since the last call, in ms. */
	takeApplied(): readonly Millis[]
	/** Judge anew and at once: the page came back, the clock jumped, the person asked. */
	resync(): void
	dispose(): void
}

/** A film that was loaded goes on at once with this much ahead, or with all there is. */
const READY_BUFFER_S = 3
const MIN_DURATION_S = 0.05

export const createPlaybackDriver = (deps: PlaybackDriverDeps): PlaybackDriver => {
	const { room, roomNow } = deps
	let stage: HTMLElement | null = null
	let player: Player | null = null
	let follower: Follower | null = null
	let stopListening: () => void = () => undefined
	/** The item that the player on the stage (or on its way there) is for. */
	let shown: QueueItem | null = null
	/** What it is played by: an own file, the link (null), or nothing here: a file that is not there (yet), a site. */
	let copy: OwnCopy | 'looking' | 'needs-file' | 'on-site' | null = null
	let loadFailure: PlayerFailure | null = null
	let history: StepHistory | null = null
	const applied = createApplyLatency(deps)
	let law: FollowReading['law'] = null
	let unplayable: ReadonlyMap<ItemId, string> = new Map()
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
		history = null
		law = null
		player?.dispose()
		player = null
		loadFailure = null
		shown = null
		copy = null
	}

	const copyFor = (item: QueueItem): typeof copy => {
		const own = deps.ownCopy(item)
		if (item.media.kind === 'local-file') return own ?? 'needs-file'
		if (own !== null && own !== 'looking') return own
		// Not a failure: whoever has the extension plays it, and the room goes on for them.
		return item.media.kind === 'page' && !deps.registry.canPlay(item.media) ? 'on-site' : null
	}
	/** An own file that is not the very film: its length and its end are nobody else's. */
	const otherFile = (): OwnCopy | null =>
		copy !== null && typeof copy === 'object' && !copy.isSame ? copy : null
	/** How long the film still goes on for those who do not play it by a shorter file. */
	const leftForOthersMs = (): Millis => {
		const durationS = room.state().queue.current?.durationS ?? null
		if (otherFile() === null || durationS === null) return 0
		const playback = deps.vector()
		return Math.max(0, ((durationS - positionAt(playback, roomNow())) / playback.rate) * 1000)
	}

	/** Everybody's player notices the end; the first in turn says so, the others only if nobody did. */
	const goOn = (itemId: ItemId) => {
		later(deps.turnDelayMs() + leftForOthersMs(), () => {
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
		if (!isUnknown() || otherFile() !== null) return
		later(deps.turnDelayMs(), () => {
			const durationS = player?.facts().durationS
			if (shown?.id !== itemId || !isUnknown() || typeof durationS !== 'number' || durationS < MIN_DURATION_S)
				return
			if (Number.isFinite(durationS)) void room.queue.describe(itemId, { durationS })
		})
	}

	/** Null while there is none, or nothing that it is for. */
	const failureView = (): PlayerView['failure'] => {
		const failure = failureOf()
		if (failure === null || shown === null) return null
		return describeFailure(failure, copy !== null && typeof copy === 'object' ? copy.media : shown.media)
	}

	const bringUp = async (item: QueueItem, into: HTMLElement) => {
		takeDown()
		shown = item
		copy = copyFor(item)
		const mine = generation
		deps.onChange()
		if (typeof copy === 'string') return
		// An object URL is no address for a record, and for a player as good as any.
		const media: MediaRef = copy === null ? item.media : { kind: 'file', url: copy.url }
		const outcome = await deps.registry.load(into, media)
		// It loads meanwhile. By a clock that is not the room's yet it would begin elsewhere and jump.
		if (deps.vector().isPlaying) await deps.whenTimeIsKnown()
		if (mine !== generation || isDisposed) {
			if (outcome.type === 'loaded') outcome.player.dispose()
			return
		}
		if (outcome.type !== 'loaded') {
			loadFailure =
				outcome.type === 'no-player'
					? { type: 'unknown', detail: filmWords().noPlayer(outcome.kind) }
					: { type: 'unreachable' }
			deps.onChange()
			return
		}
		const loaded = outcome.player
		player = loaded
		loaded.setVolume(volume.volume, volume.isMuted)
		const kept = createStepHistory()
		history = kept
		follower = createFollower({
			itemId: item.id,
			player: loaded,
			roomNow,
			local: deps.local,
			timers: deps.timers,
			getVector: deps.vector,
			lagStore: deps.lagStore,
			isHidden: deps.isHidden,
			userDelayMs: deps.userDelayMs,
			...(deps.toleranceMs && { toleranceMs: deps.toleranceMs }),
			liveLatencyMs: deps.liveLatencyMs,
			itemDurationS: () => {
				const { current } = room.state().queue
				return current?.id === item.id ? current.durationS : null
			},
			onIntent: deps.onIntent,
			onReading: (reading) => {
				law = reading.law
				kept.push(reading, follower?.status().jumps ?? 0)
				lookApplied()
			},
			muteToStart: () => loaded.setVolume(volume.volume, true),
			onStatus: (status) => {
				if (status.hasEnded) goOn(item.id)
				noteUnplayable()
				deps.onChange()
			},
		})
		const off = loaded.on((event) => {
			if (event.type === 'facts') tellFacts(item.id)
			if (event.type === 'state') {
				noteUnplayable()
				lookApplied()
			}
			deps.onChange()
		})
		stopListening = off
		follower.start()
		tellFacts(item.id)
		deps.onChange()
	}

	const filmNow = (): FilmNow | null => {
		if (player === null) return null
		const { type } = player.state()
		const isStill = type === 'paused' || type === 'ready' || type === 'ended'
		const isReadable = player.sample() !== null && player.facts().timeline !== 'date'
		return {
			state: type === 'playing' ? 'playing' : isStill ? 'still' : 'other',
			positionS: isReadable ? positionS(0) : null,
		}
	}
	const lookApplied = () => applied.look(deps.vector(), filmNow())

	const addressOf = (one: typeof copy): string | null =>
		typeof one === 'string' || one === null ? one : one.url
	const roomChanged = () => {
		lookApplied()
		const { current } = room.state().queue
		if (stage === null || current === null) {
			if (shown !== null) takeDown()
			return
		}
		const isShown = shown?.id === current.id && addressOf(copy) === addressOf(copyFor(current))
		if (isShown) follower?.vectorChanged()
		else void bringUp(current, stage)
	}

	const failureOf = (): PlayerFailure | null => {
		const state = player?.state()
		return state?.type === 'failed' ? state.failure : loadFailure
	}

	/** Remembered for the queue, until it plays after all. */
	const noteUnplayable = () => {
		if (shown === null) return
		const why = failureView()?.title
		if (unplayable.get(shown.id) === why) return
		const next = new Map(unplayable)
		if (why === undefined) next.delete(shown.id)
		else next.set(shown.id, why)
		unplayable = next
	}

	/** Where the film is on the screen, as far as the player or else the room can tell. */
	const positionS = (roomS: Seconds): Seconds => {
		const sample = player?.sample()
		if (player === null || !sample || player.facts().timeline === 'date') return roomS
		// A report is as old as it is: the film went on since.
		const isOld = player.can.read === 'reports' && player.state().type === 'playing'
		const sinceS = isOld ? ((deps.local() - sample.atLocalMs) / 1000) * deps.vector().rate : 0
		return Math.max(0, sample.positionS + Math.min(2, sinceS))
	}

	const stateOf = (): PlayerView['state'] => {
		if (room.state().queue.current === null) return 'none'
		if (copy === 'needs-file' || copy === 'on-site') return copy
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
			case 'ad':
				return 'ad'
			case 'seeking':
				return deps.vector().isPlaying ? 'playing' : 'paused'
		}
	}

	const askedOf = (item: QueueItem | null): Pick<PlayerView, 'asked'> => {
		if (item?.media.kind !== 'local-file') return {}
		const { name, size, durationS } = item.media
		return { asked: { name, size, durationS: durationS ?? item.durationS } }
	}

	const disabledOf = (): PlayerView['disabled'] => {
		const state = room.state()
		const refused = whyNotSteer(state)
		if (state.queue.current === null) return refused
		const out: Record<string, string> = {}
		const words = filmWords()
		if (failureOf() !== null) out.play = out.seek = out.rate = words.cannotPlay
		else if (player !== null) {
			if (player.can.seek === 'none') out.seek = words.noSeek
			if (player.can.rate === 'none') out.rate = words.noRate
			const { isLive, timeline } = player.facts()
			if (isLive && timeline !== undefined && timeline !== 'media') {
				out.seek = words.liveSeek
				out.rate = words.liveRate
			}
			if (!player.can.volume) out.volume = words.noVolume
		}
		return { ...out, ...refused }
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
			const roomS = Math.min(positionAt(playback, roomNow()), durationS ?? Infinity)
			const status = follower?.status()
			const atS = positionS(roomS)
			const quality = player?.qualities?.()
			return {
				state: stateOf(),
				isPlaying: playback.isPlaying && queue.current !== null,
				positionS: queue.current === null ? 0 : atS,
				durationS,
				bufferedToS: atS + (player?.bufferedAheadS() ?? 0),
				rate: playback.rate,
				volume: volume.volume,
				isMuted: volume.isMuted || status?.isMutedByBrowser === true,
				isLive: facts?.isLive ?? false,
				disabled: disabledOf(),
				failure: failureView(),
				...(copy === 'needs-file' ? askedOf(queue.current) : {}),
				limits: player === null ? [] : limitsOf(player, status ?? null),
				canCorrect: player !== null && player.can.read === 'none' && player.can.seek === 'reload',
				startsAtMs: status?.startsAtMs ?? null,
				...(quality ? { quality } : {}),
			}
		},
		status: () => follower?.status() ?? null,
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
		setQuality: (id) => {
			player?.setQuality?.(id)
			deps.onChange()
		},
		join: () => {
			volume = { ...volume, isMuted: false }
			player?.setVolume(volume.volume, false)
			void follower?.join().then(deps.onChange)
			deps.onChange()
		},
		correct: (behindMs) => follower?.correct(behindMs),
		liveLatencyMs: () => {
			// The player goes by this device's clock, which may be minutes off; the room by its own.
			const needed = player?.facts().liveLatencyMs
			return typeof needed === 'number' ? Math.max(0, needed + roomNow() - deps.local()) : null
		},
		unplayable: () => unplayable,
		stats: () => {
			const status = follower?.status()
			const stalls = history?.stalls() ?? 0
			return {
				readings: history?.readings() ?? [],
				player:
					player === null || status === undefined
						? null
						: {
								kind: player.kind,
								doing: status.doing.type,
								law,
								startLagMs: status.startLagMs,
								seekLagMs: status.seekLagMs,
								bufferedS: player.bufferedAheadS(),
								seeks: status.jumps,
								stalls,
							},
			}
		},
		takeDrifts: () => history?.takeDrifts() ?? [],
		takeApplied: applied.take,
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
