/**
 * Media keys, headsets and the lock screen steer the room: the browser's media session shows what is on, and what is
 * pressed there is asked of the room like a press on a button, with its permissions.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { RoomModel } from '../room-model.ts'

export interface MediaKeysDeps {
	readonly session: Pick<MediaSession, 'metadata' | 'playbackState' | 'setActionHandler' | 'setPositionState'>
	readonly metadata: (init: MediaMetadataInit) => MediaMetadata
	/** Where an item has no picture of its own. */
	readonly iconUrl: string
	readonly model: () => RoomModel
	/** Monotonic. */
	readonly local: () => Millis
	readonly commands: {
		play(): void
		pause(): void
		seek(positionS: Seconds): void
		next(): void
		joinSound(): void
		tellProblem(message: string): void
	}
}

export interface MediaKeys {
	/** The room's model is new. */
	changed(): void
	/** Nothing is shown or heard any more. */
	stop(): void
}

const JUMP_S: Seconds = 10
/** The lock screen counts on by itself; further off than this it is told anew. */
const OFF_BY_S: Seconds = 1.5

export const createMediaKeys = ({
	session,
	metadata,
	iconUrl,
	model,
	local,
	commands,
}: MediaKeysDeps): MediaKeys => {
	const set = (action: MediaSessionAction, handler: MediaSessionActionHandler | null): void => {
		try {
			session.setActionHandler(action, handler)
		} catch {
			return // an action that this browser does not know
		}
	}
	const ask = (control: 'play' | 'seek' | 'next', act: () => void): void => {
		const reason = model().player.disabled[control]
		if (reason === undefined) act()
		else commands.tellProblem(reason)
	}
	const seekBy = (byS: Seconds) => {
		ask('seek', () => {
			const { positionS, durationS } = model().player
			commands.seek(Math.max(0, Math.min(positionS + byS, durationS ?? Infinity)))
		})
	}
	// With no handler the browser would start or stop this one player alone.
	set('play', () => {
		// The room plays already: it is this browser that held it back.
		if (model().player.isPlaying) commands.joinSound()
		else ask('play', commands.play)
	})
	set('pause', () => {
		if (model().player.isPlaying) ask('play', commands.pause)
	})
	set('seekto', ({ seekTime }) => {
		if (typeof seekTime === 'number') ask('seek', () => commands.seek(seekTime))
	})
	set('seekbackward', ({ seekOffset }) => seekBy(-(seekOffset ?? JUMP_S)))
	set('seekforward', ({ seekOffset }) => seekBy(seekOffset ?? JUMP_S))

	let shown = ''
	let hasNext: boolean | null = null
	let told = { atMs: 0, positionS: 0, rate: 0, durationS: -1 }

	const showWhat = ({ state }: RoomModel): void => {
		const { current } = state.queue
		const next = current === null ? '' : JSON.stringify([current.title, current.thumbnailUrl, state.title])
		if (next === shown) return
		shown = next
		session.metadata =
			current === null
				? null
				: metadata({
						title: current.title,
						artist: state.title || 'Matinee',
						artwork: [{ src: current.thumbnailUrl ?? iconUrl }],
					})
	}
	const showWhere = ({ player }: RoomModel): void => {
		const { positionS, durationS, rate, isPlaying, isLive } = player
		if (durationS === null || !Number.isFinite(durationS) || isLive) {
			if (told.durationS >= 0) session.setPositionState()
			told = { ...told, durationS: -1 }
			return
		}
		const nowMs = local()
		const runsAt = isPlaying ? rate : 0
		const expectedS = told.positionS + ((nowMs - told.atMs) / 1000) * told.rate
		const isKnown =
			told.durationS === durationS && told.rate === runsAt && Math.abs(expectedS - positionS) < OFF_BY_S
		if (isKnown) return
		told = { atMs: nowMs, positionS, rate: runsAt, durationS }
		// A film that stands has a rate all the same: that it stands says `playbackState`.
		session.setPositionState({
			duration: durationS,
			playbackRate: rate,
			position: Math.max(0, Math.min(positionS, durationS)),
		})
	}

	const changed = (): void => {
		const now = model()
		showWhat(now)
		const { player } = now
		session.playbackState = player.state === 'none' ? 'none' : player.isPlaying ? 'playing' : 'paused'
		const mayNext = player.state !== 'none' && player.disabled.next === undefined
		if (mayNext !== hasNext) set('nexttrack', mayNext ? () => ask('next', commands.next) : null)
		hasNext = mayNext
		showWhere(now)
	}
	changed()

	return {
		changed,
		stop: () => {
			for (const action of ['play', 'pause', 'seekto', 'seekbackward', 'seekforward', 'nexttrack'] as const)
				set(action, null)
			session.metadata = null
			session.playbackState = 'none'
		},
	}
}
