/**
 * Vimeo's embed, spoken to directly: objects `{method, value}` out, `{method, value}` answers, `{event, data}` and
 * errors in, as its documented player.js does. Whether the video may change speed is asked before it is ready: its
 * owner decides. A seek before the start would start it, so the start takes it along.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { Seconds } from '#lib/core/units.ts'
import { playerNotesWords } from '#lib/words/player-notes.ts'
import type { EmbedDeps } from './embed-frame.ts'
import { createEmbedShell } from './embed-shell.ts'
import {
	own,
	ownBoolean,
	ownNumber,
	ownObject,
	ownPosition,
	ownText,
	POSITION_MAX_S,
	readMessage,
	type EmbedObject,
} from './embed-values.ts'
import { createFramePlayer } from './frame-player.ts'
import type { Player, PlayerAbilities, PlayerFailure, PlayerLoader } from './player.ts'
import { createStartPlace } from './start-place.ts'

const SITE = 'Vimeo'
const ORIGIN = 'https://player.vimeo.com'
const EVENTS = [
	...['play', 'playing', 'pause', 'ended', 'timeupdate', 'progress', 'seeking', 'seeked'],
	...['bufferstart', 'bufferend', 'volumechange', 'durationchange', 'error'],
] as const
/** Those of its own menu; it takes any from 0 to 2, the pitch kept. */
const RATES: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2]
const PROBED_RATE = 1.25
const PING_EACH_MS = 500
/** What was asked at the beginning is answered by then, or not at all. */
const ANSWERS_MS = 2_000
/** Told to play and loading for so long: it loads, and was not refused. */
const PASSING_MS = 1_000
/** A seek at rest starts some players; so long afterwards it is not a person who did. */
const REST_SEEK_MS = 3_000
/** So long it may buffer for a seek of ours before that is a lack of data. */
const SEEK_MAX_MS = 6_000
const REPORT_SIGMA_MS = 40

type VimeoRef = Extract<MediaRef, { readonly kind: 'vimeo' }>

/** The address to embed. Where it begins is the room's, so no time stands in it. */
export const vimeoAddress = (media: VimeoRef): string => {
	const url = new URL(`/video/${encodeURIComponent(media.id)}`, ORIGIN)
	if (media.hash !== undefined) url.searchParams.set('h', media.hash)
	// No tracking; rates where the owner allows them; another window's Vimeo film must not stop this one.
	for (const [key, value] of Object.entries({ dnt: '1', speed: '1', autopause: '0', playsinline: '1' }))
		url.searchParams.set(key, value)
	return url.href
}

/** Errors after which nothing will play; null for those of a single method. */
export const vimeoFailure = (
	name: string,
	method: string | undefined,
	message: string,
): PlayerFailure | null => {
	switch (name) {
		case 'PasswordError':
			return { type: 'private' }
		case 'PrivacyError':
			// Getters refuse single facts by the same name.
			if (method?.startsWith('get')) return null
			return /embed|domain|played here|this site/i.test(message)
				? { type: 'embedding-off' }
				: { type: 'private' }
		case 'NotFoundError':
			return method?.startsWith('get') || method?.startsWith('set') ? null : { type: 'not-found' }
		default:
			return method === 'ready' ? { type: 'unknown', detail: message === '' ? name : message } : null
	}
}

const createVimeoPlayer = (stage: HTMLElement, media: VimeoRef, deps: EmbedDeps): Player => {
	const { local } = deps
	const shell = createEmbedShell(
		stage,
		{ src: vimeoAddress(media), title: playerNotesWords().playerOf(SITE), site: SITE },
		deps,
	)
	const startPlace = createStartPlace()
	const awaited = new Set(['getDuration', 'getVideoTitle', 'setPlaybackRate'])
	let isGreeted = false
	let mayChangeRate = false
	let wantsPlay = false
	let hasStarted = false
	/** Between its `play` and `pause`, whether it has data or not. */
	let isRunning = false
	let isBuffering = false
	let positionS: Seconds = 0
	let volume = { volume: 1, isMuted: false }
	let restSeekMs = -Infinity
	/** When we last told it to go somewhere, until it says that it is there. */
	let soughtMs = -Infinity
	const isSeeking = (): boolean => local() - soughtMs < SEEK_MAX_MS

	const call = (method: string, value?: unknown): void =>
		shell.frame.post(value === undefined ? { method } : { method, value })
	const can = (): PlayerAbilities => ({
		rate: mayChangeRate ? RATES : 'none',
		seek: 'direct',
		read: 'reports',
		volume: true,
	})
	const { player, heard } = createFramePlayer(
		shell,
		{
			kind: 'vimeo',
			can,
			whyNotReady: () => ({ type: 'nonsense', site: SITE, detail: playerNotesWords().neverReady }),
		},
		{
			play() {
				wantsPlay = true
				const fromS = startPlace.take(local())
				if (fromS !== null) call('setCurrentTime', fromS)
				call('play')
			},
			pause() {
				wantsPlay = false
				call('pause')
			},
			seek(toS) {
				if (!hasStarted) startPlace.keep(toS)
				if (!hasStarted && !wantsPlay) {
					heard.went(toS, local())
					return
				}
				startPlace.take(local())
				soughtMs = local()
				call('setCurrentTime', toS)
				if (wantsPlay) return
				restSeekMs = local()
				call('pause')
			},
			setRate: (rate) => call('setPlaybackRate', rate),
			setVolume(next, isMuted) {
				volume = { volume: next, isMuted }
				call('setVolume', next)
				call('setMuted', isMuted)
			},
			ask: () => call('getCurrentTime'),
		},
		deps,
	)

	/* ── The first words ────────────────────────────────────────────────────────────────────────────────── */

	const ping = (): void => call('ping')
	let stopPinging: () => void = () => undefined
	shell.frame.onLoad(() => {
		if (isGreeted) return
		stopPinging()
		ping()
		stopPinging = shell.every(PING_EACH_MS, ping)
	})
	let isReady = false
	const beReady = (): void => {
		if (isReady) return
		isReady = true
		call('setPlaybackRate', 1)
		heard.ready()
	}
	const greet = (): void => {
		if (isGreeted) return
		isGreeted = true
		stopPinging()
		for (const name of EVENTS) call('addEventListener', name)
		call('getDuration')
		call('getVideoTitle')
		call('setPlaybackRate', PROBED_RATE)
		shell.after(ANSWERS_MS, beReady)
	}
	const answered = (method: string): void => {
		if (awaited.delete(method) && awaited.size === 0) beReady()
	}

	/* ── What it tells ──────────────────────────────────────────────────────────────────────────────────── */

	const onDuration = (durationS: Seconds | undefined): void => {
		if (durationS !== undefined) heard.facts({ durationS })
	}
	const onPosition = (atS: Seconds | undefined, arrivedMs: number): void => {
		if (atS === undefined || startPlace.isBefore(atS, local())) return
		const hasMoved = atS > positionS + 0.01
		positionS = atS
		heard.position(atS, arrivedMs, REPORT_SIGMA_MS)
		// Older players have no word for moving.
		if (isRunning && !isBuffering && !isSeeking() && hasMoved) onPlaying()
	}
	const onPlaying = (): void => {
		isRunning = true
		isBuffering = false
		if (!wantsPlay && local() - restSeekMs < REST_SEEK_MS) {
			call('pause')
			return
		}
		hasStarted = true
		startPlace.started(local())
		heard.playback('playing')
	}
	const onBuffering = (): void => {
		isBuffering = true
		// It loads at rest and before the start too.
		if (isRunning && hasStarted && wantsPlay && !isSeeking()) heard.playback('buffering')
	}
	const onStart = (): void => {
		isRunning = true
		shell.after(PASSING_MS, () => {
			if (isRunning && wantsPlay && !hasStarted) heard.playback('buffering')
		})
	}
	const onPause = (): void => {
		isRunning = false
		heard.playback('paused')
	}
	const onVolume = (data: EmbedObject | undefined): void => {
		const isMuted = ownBoolean(data, 'muted') ?? volume.isMuted
		volume = { volume: ownNumber(data, 'volume', 0, 1) ?? volume.volume, isMuted }
		heard.volume(volume.volume, volume.isMuted)
	}
	const onEvent = (name: string, data: EmbedObject | undefined, arrivedMs: number): void => {
		const atS = ownPosition(data, 'seconds')
		onDuration(ownNumber(data, 'duration', 0.05, POSITION_MAX_S))
		switch (name) {
			case 'ready':
			case 'loaded':
				greet()
				return
			case 'play':
				onStart()
				return
			case 'playing':
				onPlaying()
				return
			case 'pause':
				onPause()
				return
			case 'ended':
				isRunning = false
				heard.playback('ended')
				return
			case 'timeupdate':
				onPosition(atS, arrivedMs)
				return
			case 'seeking':
				// Before the buffering that comes with it, after which nobody could tell whose doing it was.
				if (!isSeeking() && atS !== undefined && hasStarted) heard.went(atS, arrivedMs)
				return
			case 'seeked':
				soughtMs = -Infinity
				if (atS !== undefined && !startPlace.isBefore(atS, local())) heard.went(atS, arrivedMs)
				return
			case 'progress':
				// `seconds` is how far it has loaded.
				if (atS !== undefined) heard.buffered(Math.max(0, atS - positionS))
				return
			case 'bufferstart':
				onBuffering()
				return
			case 'bufferend':
				isBuffering = false
				if (isRunning && hasStarted && wantsPlay) heard.playback('playing')
				return
			case 'volumechange':
				onVolume(data)
				return
			// It says more than we need (`cuechange`, `resize`…).
		}
	}
	const onAnswer = (method: string, message: EmbedObject, arrivedMs: number): void => {
		switch (method) {
			case 'ping':
				greet()
				return
			case 'getDuration':
				onDuration(ownNumber(message, 'value', 0.05, POSITION_MAX_S))
				break
			case 'getVideoTitle': {
				const title = ownText(message, 'value')?.trim()
				if (title) heard.facts({ title })
				break
			}
			case 'getCurrentTime':
				onPosition(ownPosition(message, 'value'), arrivedMs)
				break
			case 'setPlaybackRate':
				if (awaited.has(method)) mayChangeRate = ownNumber(message, 'value', 0, 2) === PROBED_RATE
				break
		}
		answered(method)
	}
	const onError = (data: EmbedObject | undefined): void => {
		const name = ownText(data, 'name') ?? 'Error'
		const method = ownText(data, 'method')
		const message = ownText(data, 'message') ?? ''
		const failure = vimeoFailure(name, method, message)
		if (failure) shell.fail(failure)
		else if (method === 'play' && name === 'NotAllowedError') heard.blocked()
		else if (method === 'setPlaybackRate') mayChangeRate = false
		if (method !== undefined) answered(method)
	}
	shell.frame.onMessage((data, arrivedMs) => {
		if (shell.isOver()) return
		const message = readMessage(data)
		const event = ownText(message, 'event')
		const method = ownText(message, 'method')
		if (message === undefined || (event === undefined && method === undefined)) {
			shell.puzzled(data)
			return
		}
		shell.heard()
		if (event === 'error') onError(ownObject(message, 'data'))
		else if (event !== undefined) onEvent(event, ownObject(message, 'data'), arrivedMs)
		else if (method !== undefined && own(message, 'error') === undefined) onAnswer(method, message, arrivedMs)
	})
	return player
}

export const createVimeoLoader = (deps: EmbedDeps): PlayerLoader => ({
	kind: 'vimeo',
	canPlay: (media) => media.kind === 'vimeo',
	async load(stage, media) {
		if (media.kind !== 'vimeo') throw new Error(`vimeo cannot play ${media.kind}`)
		return createVimeoPlayer(stage, media, deps)
	},
})
