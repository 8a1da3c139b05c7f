/**
 * YouTube's embed, spoken to directly: JSON texts by postMessage, no script of YouTube's on our page. Positions are its
 * raw reports with its own stamps; rates are steps; ads and refused starts are concluded (`youtube-ads.ts`), since it
 * has no word for them. Nothing ever covers it, and its own controls stay: what a person does with them is an intent.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'
import { playerNotesWords } from '#lib/words/player-notes.ts'
import type { EmbedDeps } from './embed-frame.ts'
import { createEmbedShell, DISTURBED_MS } from './embed-shell.ts'
import type { Playback } from './frame-dialect.ts'
import { createFramePlayer } from './frame-player.ts'
import type { Player, PlayerAbilities, PlayerFailure, PlayerLoader } from './player.ts'
import { createStartPlace } from './start-place.ts'
import { createAdJudge, type Meaning } from './youtube-ads.ts'
import { readYouTubeWord, type YouTubeInfo, type YouTubeState } from './youtube-words.ts'

const SITE = 'YouTube'
/**
 * The no-cookie host: whoever adds a video must not make the others known to Google before anybody plays it. The price:
 * a Premium subscription does not keep ads away here.
 */
const ORIGIN = 'https://www.youtube-nocookie.com'
const EVENTS = ['onReady', 'onStateChange', 'onError', 'onPlaybackRateChange', 'onAutoplayBlocked'] as const
/** What it can before it says otherwise. */
const RATES: readonly number[] = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
/** The smallest player its terms allow. */
const LEAST_PX = 200
const LISTEN_EACH_MS = 500
const WATCH_EACH_MS = 250
/** A stamp says how old a report is; older or from the future, it is not believed. */
const STAMP_AGE_MAX_MS = 2_000
const STAMPED_SIGMA_MS = 15
const UNSTAMPED_SIGMA_MS = 80
/** A seek at rest starts some players; so long afterwards it is not a person who did. */
const REST_SEEK_MS = 3_000
const RATE_AGAIN_MS = 2_000
/** Loading for so long is loading, and no refusal on its way. */
const PASSING_MS = 1_000

/** Its numbers for why not; 101 and 150 mean the same, and are all it says of age limits too. */
export const youtubeFailure = (code: number): PlayerFailure => {
	switch (code) {
		case 2:
			return { type: 'not-found' }
		case 5:
			return { type: 'unknown', detail: playerNotesWords().youtubeNoForm }
		case 100:
			return { type: 'removed' }
		case 101:
		case 150:
			return { type: 'embedding-off' }
		case 153:
			return {
				type: 'page-refused',
				site: SITE,
				detail: playerNotesWords().youtubeNeedsPage,
			}
		default:
			return { type: 'unknown', detail: playerNotesWords().errorCode(String(code)) }
	}
}

/** The address to embed. Where it begins is the room's, so no time stands in it. */
export const youtubeAddress = (id: string, deps: Pick<EmbedDeps, 'pageOrigin' | 'language'>): string => {
	const url = new URL(`/embed/${encodeURIComponent(id)}`, ORIGIN)
	const params = {
		enablejsapi: '1',
		origin: deps.pageOrigin,
		playsinline: '1',
		rel: '0',
		// Full screen is ours: the talk beside the film stays.
		fs: '0',
		iv_load_policy: '3',
		hl: deps.language,
		widgetid: '1',
	}
	for (const [key, value] of Object.entries(params)) url.searchParams.set(key, value)
	return url.href
}

/** When a report was true here: on arrival, or by its own stamp where that makes sense. */
export const reportedAt = (
	arrivedMs: Millis,
	wallMs: Millis,
	stampWallMs: Millis | undefined,
): { readonly atLocalMs: Millis; readonly sigmaMs: Millis } => {
	const ageMs = stampWallMs === undefined ? NaN : wallMs - stampWallMs
	return ageMs >= -1 && ageMs <= STAMP_AGE_MAX_MS
		? { atLocalMs: arrivedMs - Math.max(0, ageMs), sigmaMs: STAMPED_SIGMA_MS }
		: { atLocalMs: arrivedMs, sigmaMs: UNSTAMPED_SIGMA_MS }
}

const createYouTubePlayer = (stage: HTMLElement, id: string, deps: EmbedDeps): Player => {
	const { local } = deps
	const shell = createEmbedShell(
		stage,
		{ src: youtubeAddress(id, deps), title: playerNotesWords().playerOf(SITE), site: SITE },
		deps,
	)
	const { element } = shell.frame
	element.style.minWidth = `${String(LEAST_PX)}px`
	element.style.minHeight = `${String(LEAST_PX)}px`
	const judge = createAdJudge()
	const startPlace = createStartPlace()
	let rates = RATES
	let wantsPlay = false
	let hasStarted = false
	let meaning: Meaning = 'content'
	let state: YouTubeState = -1
	let positionS: Seconds = 0
	let loadedFraction = 0
	let volume = { volume: 1, isMuted: false }
	let told = { rate: 1, atMs: -Infinity }
	let restSeekMs: Millis = -Infinity
	let commandMs: Millis = -Infinity

	const post = (message: object): void =>
		shell.frame.post(JSON.stringify({ ...message, id: 1, channel: 'widget' }))
	const command = (func: string, ...args: readonly unknown[]): void => {
		commandMs = local()
		post({ event: 'command', func, args })
	}
	const can = (): PlayerAbilities =>
		shell.facts().isLive
			? { rate: 'none', seek: 'none', read: 'reports', volume: true }
			: { rate: rates.length > 1 ? rates : 'none', seek: 'direct', read: 'reports', volume: true }

	const { player, heard } = createFramePlayer(
		shell,
		{
			kind: 'youtube',
			can,
			whyNotReady: () => ({ type: 'nonsense', site: SITE, detail: playerNotesWords().neverReady }),
		},
		{
			play() {
				wantsPlay = true
				// Asked again after a refusal: the time to answer begins anew.
				if (meaning === 'blocked') judge.told(false, local())
				if (meaning === 'blocked') meaning = 'content'
				judge.told(true, local())
				const fromS = shell.facts().isLive ? null : startPlace.take(local())
				if (fromS !== null) command('seekTo', fromS, true)
				command('playVideo')
			},
			pause() {
				const wasTold = wantsPlay || hasStarted
				wantsPlay = false
				judge.told(false, local())
				if (wasTold) command('pauseVideo')
			},
			seek(toS) {
				if (!hasStarted) startPlace.keep(toS)
				if (!hasStarted && !wantsPlay) {
					heard.went(toS, local())
					return
				}
				startPlace.take(local())
				command('seekTo', toS, true)
				if (wantsPlay) return
				restSeekMs = local()
				command('pauseVideo')
			},
			setRate(rate) {
				told = { rate, atMs: local() }
				command('setPlaybackRate', rate)
			},
			setVolume(next, isMuted) {
				volume = { volume: next, isMuted }
				command('setVolume', Math.round(next * 100))
				command(isMuted ? 'mute' : 'unMute')
			},
		},
		deps,
	)

	const aheadS = (): Seconds => Math.max(0, loadedFraction * (judge.lengthS() ?? 0) - positionS)
	/** Browsers refuse sound on pages that nobody has touched; some have no word for whether anybody has. */
	const mayBeBlocked = (): boolean =>
		!volume.isMuted && element.ownerDocument.defaultView?.navigator.userActivation?.hasBeenActive !== true
	const conclude = (): void => {
		const next = judge.judge(local(), aheadS(), mayBeBlocked())
		if (next === meaning) return
		meaning = next
		heard.ad(next === 'ad')
		if (next === 'blocked') heard.blocked()
	}

	const playbackOf = (next: YouTubeState): Playback | null => {
		switch (next) {
			case 0:
				return 'ended'
			case 1:
				return 'playing'
			case 2:
				return 'paused'
			case 3:
				// At rest it may load as it likes; a person who starts it is known by the state after. A start that will be
				// refused passes here for a moment.
				return wantsPlay && (hasStarted || !mayBeBlocked()) ? 'buffering' : null
			case -1:
			case 5:
				// In mid-film it is an ad, most likely; which takes a moment to tell.
				return wantsPlay && hasStarted ? 'buffering' : 'unstarted'
		}
	}
	const onState = (next: YouTubeState): void => {
		state = next
		judge.state(next, local())
		if (next === 1 && !wantsPlay && local() - restSeekMs < REST_SEEK_MS) {
			command('pauseVideo')
			return
		}
		if (next === 1) {
			hasStarted = true
			startPlace.started(local())
		}
		// A person's own start or stop inside the frame.
		if ((next === 1 || next === 2) && local() - commandMs > DISTURBED_MS) {
			wantsPlay = next === 1
			judge.told(wantsPlay, local())
		}
		conclude()
		const playback = playbackOf(next)
		if (playback !== null) heard.playback(playback)
		else if (wantsPlay)
			shell.after(PASSING_MS, () => {
				if (state === 3 && wantsPlay) heard.playback('buffering')
			})
	}
	const onPosition = (atS: Seconds, info: YouTubeInfo, arrivedMs: Millis): void => {
		positionS = atS
		judge.position(atS, local())
		if (meaning === 'ad' || startPlace.isBefore(atS, local())) return
		const { atLocalMs, sigmaMs } = reportedAt(arrivedMs, deps.wall(), info.stampWallMs)
		heard.position(atS, atLocalMs, sigmaMs)
	}
	const onRate = (rate: number): void => {
		// The room has one speed; the player's own menu does not change it.
		if (rate === told.rate || meaning === 'ad' || local() - told.atMs < RATE_AGAIN_MS || shell.facts().isLive)
			return
		told = { ...told, atMs: local() }
		command('setPlaybackRate', told.rate)
	}
	const onInfo = (info: YouTubeInfo, arrivedMs: Millis): void => {
		if (info.rates) rates = info.rates
		if (info.isLive !== undefined)
			shell.setFacts({ isLive: info.isLive, timeline: info.isLive ? 'none' : 'media' })
		const { isLive } = shell.facts()
		if (info.title !== undefined) shell.setFacts({ title: info.title })
		if (info.loadedFraction !== undefined) loadedFraction = info.loadedFraction
		// The length goes with the state, and both tell whether the position is the film's.
		if (info.state !== undefined && info.durationS !== undefined) judge.state(info.state, local())
		if (info.durationS !== undefined && !isLive) judge.length(info.durationS, local())
		shell.setFacts({ durationS: isLive ? null : judge.lengthS() })
		conclude()
		if (info.positionS !== undefined) onPosition(info.positionS, info, arrivedMs)
		if (info.state !== undefined) onState(info.state)
		if (info.rate !== undefined) onRate(info.rate)
		if (info.volume !== undefined && info.isMuted !== undefined) {
			heard.volume(info.volume, info.isMuted)
			volume = { volume: info.volume, isMuted: info.isMuted }
		}
		if (!isLive) heard.buffered(aheadS())
		if (info.state !== undefined) heard.ready()
	}

	/* ── The first words ────────────────────────────────────────────────────────────────────────────────── */

	const listen = (): void => {
		post({ event: 'listening' })
		for (const name of EVENTS) post({ event: 'command', func: 'addEventListener', args: [name] })
	}
	let stopListening: () => void = () => undefined
	shell.frame.onLoad(() => {
		stopListening()
		listen()
		stopListening = shell.every(LISTEN_EACH_MS, listen)
	})
	shell.frame.onMessage((data, arrivedMs) => {
		if (shell.isOver()) return
		const word = readYouTubeWord(data)
		if (word === null) {
			shell.puzzled(data)
			return
		}
		shell.heard()
		switch (word.type) {
			case 'asks':
				listen()
				return
			case 'ready':
				stopListening()
				heard.ready()
				return
			case 'info':
				stopListening()
				onInfo(word.info, arrivedMs)
				return
			case 'error':
				shell.fail(youtubeFailure(word.code))
				return
			case 'start-refused':
				if (wantsPlay && state !== 1) heard.blocked()
				return
			case 'other':
				return
		}
	})
	shell.every(WATCH_EACH_MS, conclude)
	return player
}

export const createYouTubeLoader = (deps: EmbedDeps): PlayerLoader => ({
	kind: 'youtube',
	canPlay: (media) => media.kind === 'youtube',
	async load(stage, media) {
		if (media.kind !== 'youtube') throw new Error(`youtube cannot play ${media.kind}`)
		return createYouTubePlayer(stage, media.id, deps)
	},
})
