/**
 * A Player around a video that belongs to the page: the site loads it, sizes it and may take it away. We play, pause,
 * seek and pace it, and leave it as it was found. Its `element` is a stand-in of ours: the site's own is never removed.
 */
import type { Seconds } from '#lib/core/units.ts'
import { createEmitter } from '#lib/players/emitter.ts'
import {
	HAVE_CURRENT_DATA,
	HAVE_FUTURE_DATA,
	HAVE_METADATA,
	isSeekable,
	rangeEnd,
	readFacts,
	type QuirkyVideo,
} from '#lib/players/media-element-facts.ts'
import { createSensor } from '#lib/players/media-element-sensor.ts'
import type { Player, PlayerAbilities, PlayerFacts, PlayerFailure, PlayerState } from '#lib/players/player.ts'
import { tryPlay } from '#lib/players/try-play.ts'
import { createActs } from './acts.ts'
import { createRefusals, type Refusal } from './refusals.ts'

export interface PagePlayerDeps {
	/** performance.timeOrigin + performance.now(). */
	readonly local: () => number
	readonly setTimer: (fn: () => void, ms: number) => () => void
	readonly isTouched: () => boolean
	readonly isHeld?: () => boolean
	/** What runs now is the site's ad. */
	readonly isAd: () => boolean
	/** The site says that this is live, whatever length it states. Left out: the length alone says so. */
	readonly isLive?: () => boolean
	/** Calls back when what the site says of its player may have changed. */
	readonly watchSite?: (fn: () => void) => () => void
	/** Stands for the player where one wants an element. */
	readonly standIn: HTMLElement
}

export type PagePlayer = Player & {
	/** What the site's player was told, more than once, and did not do. */
	refuses(): Refusal | null
}

/** The site's volume is the person's own business: it has a control for it. */
const FULL: PlayerAbilities = { rate: 'fine', seek: 'direct', read: 'clock', volume: false }
const FORWARD_ONLY: PlayerAbilities = { ...FULL, seek: 'none' }
const UNPLACED: PlayerAbilities = { ...FULL, seek: 'none', read: 'none' }

const NETWORK_ERROR = 2
const WATCHED =
	'loadstart loadedmetadata loadeddata durationchange canplay canplaythrough playing waiting stalled seeking seeked play pause ended emptied error timeupdate progress'.split(
		' ',
	)
/** Videos pause by themselves as they end. */
const END_ZONE_S = 0.5
/** After an ad, or once another film is loaded, the site starts and places it itself: as long as a touch counts. */
const SITES_OWN_MS = 1_100
const NO_FACTS: PlayerFacts = { durationS: null, title: null, isLive: false, hasAudio: null }

export const createPagePlayer = (video: QuirkyVideo, deps: PagePlayerDeps): PagePlayer => {
	const events = createEmitter()
	const sensor = createSensor(video, deps.setTimer)
	let isBlocked = false
	let hasPlayed = !video.paused || video.currentTime > 0
	let isDisposed = false
	let resumeAtS: Seconds | null = null
	let isMutedByUs = false
	let isPausedByUs = false
	let told: PlayerState | null = null
	let facts = NO_FACTS
	let wasAd = false
	let ownUntilMs = -Infinity
	const found = { rate: video.playbackRate, isPitchKept: video.preservesPitch }

	const refusals = createRefusals(deps.local)
	/** Whether an ad runs, and with its end the site's own doings begin. */
	const isAd = (): boolean => {
		const now = deps.isAd()
		if (wasAd && !now) ownUntilMs = deps.local() + SITES_OWN_MS
		wasAd = now
		return now
	}
	/** A click on 'skip', or on another film, is no act upon this one. */
	const isSitesOwn = (): boolean => isAd() || deps.local() < ownUntilMs

	const acts = createActs({
		...deps,
		isTouched: () => deps.isTouched() && !isSitesOwn(),
		isPaused: () => video.paused,
		isSeeking: () => video.seeking,
		positionS: () => video.currentTime,
		onAct: (intent) => {
			refusals.forget()
			if (!isSitesOwn())
				events.emit({ type: 'user-intent', intent, positionS: video.currentTime, isSure: true })
		},
		onRest: () => update(),
	})

	const failure = (): PlayerFailure | null => {
		const { error } = video
		if (error === null) return null
		return error.code === NETWORK_ERROR ? { type: 'unreachable' } : { type: 'codec', detail: error.message }
	}
	const seenState = (): PlayerState => {
		if (isAd()) return { type: 'ad' }
		const failed = failure()
		if (failed !== null) return { type: 'failed', failure: failed }
		if (video.readyState < HAVE_METADATA) return { type: 'loading' }
		if (isBlocked) return { type: 'blocked' }
		if (video.ended) return { type: 'ended' }
		if (video.seeking) return { type: 'seeking' }
		if (!video.paused) return { type: video.readyState < HAVE_FUTURE_DATA ? 'stalled' : 'playing' }
		if (video.readyState < HAVE_CURRENT_DATA) return { type: 'loading' }
		return { type: hasPlayed ? 'paused' : 'ready' }
	}
	/** The room would undo at once what a person is about to do, if it heard of that before it hears who it was. */
	const state = (): PlayerState => (told !== null && !isSitesOwn() && acts.isWatching() ? told : seenState())
	/** Its length grows; what its positions mean only the site knows. */
	const readLive = (): PlayerFacts => {
		const isKnown = facts.isLive && facts.timeline === 'none' && facts.durationS === null
		return isKnown ? facts : { ...facts, durationS: null, isLive: true, timeline: 'none' }
	}
	const updateFacts = (): void => {
		// An ad has a length of its own.
		if (video.readyState < HAVE_METADATA || isAd()) return
		const input = { known: facts, hasPlayed, timeline: null, endedAtS: null, isUnmeasured: false }
		const next = deps.isLive?.() === true ? readLive() : readFacts(video, input)
		if (next === facts) return
		facts = next
		events.emit({ type: 'facts', facts })
	}
	const update = (): void => {
		if (isDisposed) return
		updateFacts()
		const next = state()
		if (next.type === told?.type) return
		told = next
		// An ad is shown as its site shows it.
		if (next.type === 'ad') video.playbackRate = found.rate
		events.emit({ type: 'state', state: next })
	}
	const readState = (): PlayerState => {
		const now = state()
		if (now.type !== told?.type) queueMicrotask(update)
		return now
	}

	const onPlay = (): void => acts.seen('play')
	const onPause = (): void => {
		const isOver = video.ended || video.duration - video.currentTime < END_ZONE_S
		if (isOver) acts.passed('pause')
		else {
			acts.seen('pause')
			if (!isPausedByUs && !acts.isWatching() && !isSitesOwn()) refusals.stopped()
		}
	}
	const onSeeking = (): void => acts.seen('seek')
	const onSeeked = (): void => {
		if (!acts.isWatching() && !isSitesOwn()) refusals.landed(video.currentTime)
	}
	const onPlaying = (): void => {
		sensor.started()
		hasPlayed = true
		isBlocked = false
	}
	const onMetadata = (): void => {
		if (resumeAtS !== null && !isAd()) seekTo(resumeAtS)
		resumeAtS = null
	}
	/** The site loads something else into the same element. */
	const onEmptied = (): void => {
		hasPlayed = false
		facts = NO_FACTS
		ownUntilMs = deps.local() + SITES_OWN_MS
		acts.forget()
		refusals.forget()
	}
	const seekTo = (positionS: Seconds): void => {
		acts.told('seek', positionS)
		refusals.told('seek', positionS)
		video.currentTime = positionS
	}
	const LISTENERS: readonly (readonly [name: string, fn: () => void])[] = [
		['play', onPlay],
		['pause', onPause],
		['seeking', onSeeking],
		['seeked', onSeeked],
		['playing', onPlaying],
		['loadedmetadata', onMetadata],
		['emptied', onEmptied],
		...WATCHED.map((name) => [name, update] as const),
	]
	// The page's scripts can send it any event; the browser's own say so.
	const listeners = LISTENERS.map(
		([name, fn]) =>
			[
				name,
				(event: Event) => {
					if (event.isTrusted) fn()
				},
			] as const,
	)
	for (const [name, fn] of listeners) video.addEventListener(name, fn)
	const unwatchSite = deps.watchSite?.(() => update())
	if (!video.paused) sensor.started()
	// Whoever listens from now on hears how it stands.
	queueMicrotask(update)

	return {
		kind: 'page',
		get can() {
			if (facts.timeline === 'none') return UNPLACED
			if (refusals.now() === 'seek') return FORWARD_ONLY
			return video.readyState < HAVE_METADATA || isSeekable(video) ? FULL : FORWARD_ONLY
		},
		element: deps.standIn,
		state: readState,
		facts: () => facts,
		async play() {
			if (isDisposed || failure() !== null) return 'failed'
			isPausedByUs = false
			if (video.paused) {
				acts.told('play')
				if (!isAd()) refusals.told('play')
			}
			const outcome = await tryPlay(video)
			if (outcome === 'failed') return outcome
			isBlocked = outcome === 'blocked'
			// That is the browser's doing.
			if (isBlocked) refusals.forget()
			update()
			return outcome
		},
		pause() {
			isBlocked = false
			isPausedByUs = true
			if (!video.paused) acts.told('pause')
			video.pause()
			update()
		},
		seek(positionS) {
			// In an ad it would be the ad that jumps; live, nobody knows where to.
			if (isAd() || facts.timeline === 'none' || refusals.now() === 'seek') return
			const toS = Math.min(Math.max(0, positionS), facts.durationS ?? Infinity)
			if (video.readyState < HAVE_METADATA) {
				resumeAtS = toS
				return
			}
			if (!isSeekable(video) && rangeEnd(video.seekable, toS) === null) return
			seekTo(toS)
			update()
		},
		setRate(rate, isPitchKept) {
			if (isAd()) return
			if (video.preservesPitch !== isPitchKept) video.preservesPitch = isPitchKept
			if (video.playbackRate !== rate) video.playbackRate = rate
		},
		setVolume(_volume, isMuted) {
			// Only for a start that the browser refuses with sound, and only that is taken back.
			if (isMuted === video.muted || (!isMuted && !isMutedByUs)) return
			isMutedByUs = isMuted
			video.muted = isMuted
		},
		sample() {
			if (video.readyState < HAVE_METADATA || facts.timeline === 'none') return null
			if (isAd() || (!isSitesOwn() && acts.isWatching())) return null
			const atLocalMs = deps.local()
			return { positionS: sensor.read(atLocalMs), atLocalMs, sigmaMs: sensor.sigmaMs() }
		},
		bufferedAheadS() {
			const end = rangeEnd(video.buffered, video.currentTime)
			return end === null ? 0 : Math.max(0, end - video.currentTime)
		},
		isBuffered(positionS) {
			const end = rangeEnd(video.buffered, Math.max(0, positionS - 1))
			return end !== null && end >= Math.min(positionS + 1, (facts.durationS ?? Infinity) - 0.1)
		},
		refuses: () => refusals.now(),
		on: (fn) => events.on(fn),
		dispose() {
			if (isDisposed) return
			isDisposed = true
			sensor.dispose()
			acts.dispose()
			events.clear()
			for (const [name, fn] of listeners) video.removeEventListener(name, fn)
			unwatchSite?.()
			video.playbackRate = found.rate
			video.preservesPitch = found.isPitchKept
			if (isMutedByUs) video.muted = false
			deps.standIn.remove()
		},
	}
}
