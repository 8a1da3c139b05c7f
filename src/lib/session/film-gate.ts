/**
 * What a room knows of its film before there is one: nothing is on, or it is being fetched. The film itself, with its
 * players and all that follows them, is a chunk of its own, fetched with the first item.
 */
import { positionAt } from '#lib/core/playback.ts'
import type { MediaKind } from '#lib/core/media.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { PlayerView } from '#lib/core/view.ts'
import { steeringWords } from '#lib/words/steering.ts'
import type { Film, FilmDeps } from './film.ts'
import type { PlaybackDriver } from './playback-driver.ts'
import { whyNot } from './why-not.ts'

type Disabled = PlayerView['disabled']

/** Controls that the room refuses, whatever plays. */
export const whyNotSteer = ({ queue, myRole, settings }: RoomState): Disabled => {
	const refusal = whyNot(myRole, 'control', settings)
	const isEmpty = queue.current === null
	const steer = refusal ?? (isEmpty ? steeringWords().nothingOn : null)
	const next = refusal ?? (isEmpty && queue.next.length === 0 ? steeringWords().queueEmpty : null)
	return {
		...(steer === null ? {} : { play: steer, seek: steer, rate: steer }),
		...(next === null ? {} : { next }),
	}
}

/** The players most asked for, fetched beside the film instead of after it: a joiner saves a way to the server. */
const PLAYERS: Partial<Record<MediaKind, () => Promise<unknown>>> = {
	file: () => import('#lib/players/html5.ts'),
	'local-file': () => import('#lib/players/html5.ts'),
	youtube: () => import('#lib/players/youtube.ts'),
}

const notFetched = () => {
	const { noPlayer, noPlayerAbout } = steeringWords()
	return { title: noPlayer, detail: noPlayerAbout, openUrl: null }
}

/** Everything of a film, forwarded once it is here. */
export type FilmGate = Omit<PlaybackDriver, 'stats' | 'takeDrifts' | 'takeApplied'> &
	Pick<Film, 'act' | 'stats' | 'line' | 'ownChanged'>

export const createFilmGate = (deps: FilmDeps): FilmGate => {
	const { room } = deps
	let film: Film | null = null
	let isFetching = false
	let hasFailed = false
	let isDisposed = false
	let stage: HTMLElement | null = null
	let { volume } = deps

	const fetchFilm = async () => {
		const { current } = room.state().queue
		// Where that fails the film will ask again, and say so.
		if (current !== null) PLAYERS[current.media.kind]?.().catch(() => undefined)
		const { createFilm } = await import('./film.ts')
		const made = await createFilm({ ...deps, volume })
		if (isDisposed) return made.dispose()
		film = made
		film.setStage(stage)
		// Steering comes next.
		void room.preload()
		deps.onChange()
	}
	const fetchIfOn = () => {
		if (film !== null || isFetching || isDisposed || room.state().queue.current === null) return
		isFetching = true
		fetchFilm().catch((error: unknown) => {
			// Offline, or a new version was deployed: shown as not to be had; the next change of the room tries again.
			console.warn('What films need could not be fetched.', error)
			hasFailed = true
			isFetching = false
			deps.onChange()
		})
	}

	const emptyView = (): PlayerView => {
		const state = room.state()
		const { current } = state.queue
		const vector = deps.vector()
		const durationS = current?.durationS ?? null
		return {
			state: current === null ? 'none' : hasFailed ? 'failed' : 'loading',
			isPlaying: vector.isPlaying && current !== null,
			positionS: current === null ? 0 : Math.min(positionAt(vector, deps.roomNow()), durationS ?? Infinity),
			durationS,
			bufferedToS: 0,
			rate: vector.rate,
			...volume,
			isLive: false,
			disabled: whyNotSteer(state),
			failure: current !== null && hasFailed ? notFetched() : null,
			limits: [],
			canCorrect: false,
			startsAtMs: null,
		}
	}

	return {
		setStage: (element) => {
			stage = element
			film?.setStage(element)
		},
		roomChanged: () => (film === null ? fetchIfOn() : film.roomChanged()),
		view: () => film?.view() ?? emptyView(),
		status: () => film?.status() ?? null,
		line: (about) => film?.line(about) ?? null,
		isReady: () => film?.isReady() ?? false,
		bufferedAheadS: () => film?.bufferedAheadS() ?? 0,
		setVolume: (next) => {
			volume = next
			if (film !== null) return film.setVolume(next)
			deps.onVolume(next)
			deps.onChange()
		},
		volume: () => film?.volume() ?? volume,
		join: () => film?.join(),
		setQuality: (id) => film?.setQuality(id),
		correct: (behindMs) => film?.correct(behindMs),
		liveLatencyMs: () => film?.liveLatencyMs() ?? null,
		unplayable: () => film?.unplayable() ?? new Map(),
		stats: () => film?.stats() ?? null,
		ownChanged: () => film?.ownChanged(),
		resync: () => film?.resync(),
		act: () => film?.act(),
		dispose: () => {
			isDisposed = true
			film?.dispose()
		},
	}
}
