/**
 * The page's end of the port: tells what is open here, and while the room plays its film on this page, carries out what
 * it says and tells how the video stands. It has no timers of its own while nothing is played: the room asks.
 */
import type { Millis } from '#lib/core/units.ts'
import type { QuirkyVideo } from '#lib/players/media-element-facts.ts'
import type { PlayerState } from '#lib/players/player.ts'
import type { FilmReport, FromPage, PageCommand, PageIs, ToPage } from '../wire/page-messages.ts'
import type { Line } from '../wire/port.ts'
import type { VideoFrame } from './find-frame.ts'
import type { PagePlayer } from './page-player.ts'

/** What is asked of the page. */
export interface PageSeam {
	/** Of the film that is shown: of the page, unless a film goes on in a corner of another one. */
	url(): string
	title(): string
	isHidden(): boolean
	/** The one that people came for, chosen anew; null where there is none. */
	video(): QuirkyVideo | null
	isPlayedHere(video: QuirkyVideo): boolean
	isAd(video: QuirkyVideo): boolean
	/** The frame of another site that seems to hold the video; asked where the page has none. */
	frame(): VideoFrame | null
	createPlayer(video: QuirkyVideo): PagePlayer
	/** Calls back whenever the page may show something else, until its undo. */
	watchMoves(fn: () => void): () => void
	/** Listens for a person's touch, from the first call until its undo. */
	watchTouch(): () => void
}

export interface PlayerHostDeps {
	readonly line: Line<ToPage, FromPage>
	readonly page: PageSeam
	readonly local: () => Millis
	/** The port is gone, or this page was sent away. */
	readonly onEnd: () => void
}

export interface PlayerHost {
	/** The site went to another address within itself, or its title changed. */
	pageChanged(): void
	/** Idempotent; nothing of ours is left on the page. */
	dispose(): void
}

/** The page is searched for its video again after so many questions: about once a second. */
const SEARCH_EVERY = 10
/** A site's new film is there by then, or the room has let go of this page. */
const ARRIVAL_MS: Millis = 1_100
const BUFFERED_MAX = 32
const DAYS_14_S = 14 * 24 * 3600
const TITLE_MAX_CHARS = 300
const URL_MAX_CHARS = 2_000
const RANGE_EDGE = /^https?:\/\//

/** Without what sites write into the address of the same film: where in it one is. */
const filmAddress = (address: string): string => {
	if (!URL.canParse(address)) return address
	const url = new URL(address)
	url.hash = ''
	for (const name of ['t', 'start', 'time_continue']) url.searchParams.delete(name)
	return url.href
}
const cut = (title: string): string => title.slice(0, TITLE_MAX_CHARS).toWellFormed()
const boundS = (positionS: number): number => Math.min(DAYS_14_S, Math.max(0, positionS))

export const createPlayerHost = ({ line, page, local, onEnd }: PlayerHostDeps): PlayerHost => {
	let isTaken = false
	let isDisposed = false
	let video: QuirkyVideo | null = null
	let player: PagePlayer | null = null
	/** The film's address, and since when it is that. */
	let address = filmAddress(page.url())
	let movedMs: Millis = -Infinity
	/** The plain file that the video played when it was no ad. */
	let file: { readonly video: QuirkyVideo; readonly url: string; readonly source: string } | null = null
	let stopListening: () => void = () => undefined
	let stopTouch: () => void = () => undefined
	let done = 0
	let looks = 0
	let toldPage = ''

	const sourceOf = (shown: QuirkyVideo, url: string): string => {
		if (!page.isAd(shown)) file = { video: shown, url, source: shown.currentSrc }
		// An ad has a file of its own.
		return file !== null && file.video === shown && file.url === url ? file.source : ''
	}
	const pageIs = (): PageIs | null => {
		const url = page.url()
		if (url.length > URL_MAX_CHARS || !RANGE_EDGE.test(url)) return null
		const shown = video ?? page.video()
		const source = shown === null ? '' : sourceOf(shown, url)
		return {
			type: 'page',
			url,
			title: cut(page.title()),
			hasVideo: shown !== null,
			fileUrl: source.length <= URL_MAX_CHARS && RANGE_EDGE.test(source) ? source : null,
			frame: shown === null ? page.frame() : null,
			isProtected: (shown?.mediaKeys ?? null) !== null,
			refuses: player?.refuses() ?? null,
			isHidden: page.isHidden(),
		}
	}
	const tellPage = (): void => {
		const now = pageIs()
		const text = JSON.stringify(now)
		if (now === null || text === toldPage) return
		toldPage = text
		line.send(now)
	}

	const failureOf = (state: PlayerState): FilmReport['failure'] => {
		if (state.type !== 'failed') return null
		const { failure } = state
		if (failure.type !== 'codec') return { type: 'unreachable', detail: '' }
		return { type: 'codec', detail: (failure.detail ?? '').slice(0, 200).toWellFormed() }
	}
	const report = (look: number | null): FilmReport => {
		const base = { type: 'film', look, done, isHidden: page.isHidden() } as const
		if (player === null || video === null)
			return {
				...base,
				atMs: local(),
				state: 'loading',
				failure: null,
				facts: { durationS: null, isLive: false, hasAudio: null },
				seek: 'direct',
				read: 'clock',
				positionS: null,
				sigmaMs: 0,
				rate: 1,
				buffered: [],
			}
		const state = player.state()
		const sample = player.sample()
		const { durationS, isLive, hasAudio } = player.facts()
		const { seek, read } = player.can
		const { buffered } = video
		const ranges: number[][] = []
		for (let index = 0; index < buffered.length && index < BUFFERED_MAX; index++)
			ranges.push([boundS(buffered.start(index)), boundS(buffered.end(index))])
		return {
			...base,
			atMs: sample?.atLocalMs ?? local(),
			state: state.type,
			failure: failureOf(state),
			facts: { durationS: durationS === null ? null : boundS(durationS), isLive, hasAudio },
			seek: seek === 'direct' ? 'direct' : 'none',
			read: read === 'clock' ? 'clock' : 'none',
			positionS: sample === null ? null : boundS(sample.positionS),
			sigmaMs: Math.min(60_000, sample?.sigmaMs ?? 0),
			rate: Math.min(16, Math.max(0, video.playbackRate)),
			buffered: ranges,
		}
	}
	const tell = (look: number | null = null): void => {
		if (isTaken) line.send(report(look))
	}

	const isOnItsWay = (): boolean => {
		const now = filmAddress(page.url())
		if (now !== address) movedMs = local()
		address = now
		return local() - movedMs < ARRIVAL_MS
	}
	const letGo = (): void => {
		stopListening()
		stopListening = () => undefined
		player?.dispose()
		player = null
		video = null
	}
	/** Sites put another element in the place of the one that was there. */
	const search = (): void => {
		if (!isTaken) return
		const best = page.video()
		if (best === video && (video === null || page.isPlayedHere(video))) return
		letGo()
		if (best === null) return
		video = best
		player = page.createPlayer(best)
		stopListening = player.on((event) => {
			if (event.type !== 'user-intent') tell()
			// Whoever goes to another film stops this one on the way: that is no word to the room.
			else if (!isOnItsWay())
				line.send({ type: 'intent', intent: event.intent, positionS: boundS(event.positionS) })
		})
	}
	const carryOut = (command: PageCommand): void => {
		done = Math.max(done, command.seq)
		switch (command.type) {
			case 'play': {
				const { seq } = command
				if (player === null) line.send({ type: 'answer', seq, outcome: 'failed' })
				else
					void player.play().then((outcome) => {
						tell()
						line.send({ type: 'answer', seq, outcome })
					})
				break
			}
			case 'pause':
				player?.pause()
				break
			case 'seek':
				player?.seek(command.positionS)
				break
			case 'rate':
				player?.setRate(command.rate, command.isPitchKept)
				break
			case 'mute':
				player?.setVolume(1, command.isMuted)
		}
		tell()
	}
	const heard = (message: ToPage): void => {
		switch (message.type) {
			case 'take':
				// Another player of the room's counts from one again.
				done = 0
				if (isTaken) return
				isTaken = true
				stopTouch = page.watchTouch()
				search()
				tellPage()
				tell()
				return
			case 'release':
				isTaken = false
				stopTouch()
				letGo()
				return
			case 'look':
				if (video === null || ++looks % SEARCH_EVERY === 0) search()
				tellPage()
				tell(message.look)
				return
			case 'panel':
			case 'panel-word':
				return // for whoever mounts it
			default:
				carryOut(message)
		}
	}
	const dispose = (): void => {
		if (isDisposed) return
		isDisposed = true
		isTaken = false
		stopMoves()
		stopTouch()
		letGo()
		line.close()
		onEnd()
	}
	line.on(heard)
	line.onClose(dispose)
	const moved = (): void => {
		isOnItsWay()
		search()
		tellPage()
		tell()
	}
	const stopMoves = page.watchMoves(moved)
	tellPage()

	return { pageChanged: moved, dispose }
}
