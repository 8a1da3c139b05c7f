/**
 * Twitch's embed (player.twitch.tv), recordings and live channels: objects by postMessage. Commands go by number to
 * one namespace, states come back in it as patches, and events in another; none of it is documented, all of it is what
 * Twitch's own script says to the frame. No rates; a live channel can neither be sought nor placed in time.
 */
import type { MediaRef } from '#lib/core/media.ts'
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
import type { Playback } from './frame-dialect.ts'
import { createFramePlayer } from './frame-player.ts'
import type { Player, PlayerAbilities, PlayerFailure, PlayerLoader } from './player.ts'

const ORIGIN = 'https://player.twitch.tv'
const SITE = 'Twitch'
const PROXY = 'twitch-embed-player-proxy'
const EMBED = 'twitch-embed'
const COMMAND = { pause: 2, play: 3, seek: 4, setMuted: 10, setVolume: 11 } as const
/** What the player's own words mean; it calls a pause idle. */
const PLAYBACK: Readonly<Record<string, Playback>> = {
	Idle: 'paused',
	Ready: 'paused',
	Paused: 'paused',
	Buffering: 'buffering',
	Playing: 'playing',
	Ended: 'ended',
}
/** States come when something changes and about each second: the position was true a while before. */
const REPORT_SIGMA_MS = 120

type TwitchRef = Extract<MediaRef, { readonly kind: 'twitch' | 'twitch-live' }>

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

/** What Twitch's frame-ancestors will refuse (https at the default port, or loopback), in words; null if nothing. */
export const pageRefusal = (pageOrigin: string): string | null => {
	const page = new URL(pageOrigin)
	if (LOOPBACK.test(page.hostname)) return null
	if (page.protocol !== 'https:') return playerNotesWords().twitchNeedsHttps
	if (page.port !== '') return playerNotesWords().twitchNeedsPort(page.port)
	return null
}

const clockText = (seconds: number): string => {
	const whole = Math.floor(seconds)
	return `${String(Math.floor(whole / 3600))}h${String(Math.floor(whole / 60) % 60)}m${String(whole % 60)}s`
}

/** The address to embed; `parent` has to be the page's own host. */
export const twitchAddress = (media: TwitchRef, pageOrigin: string): string => {
	const url = new URL(ORIGIN)
	if (media.kind === 'twitch') {
		url.searchParams.set('video', `v${media.video}`)
		if (media.startS !== undefined) url.searchParams.set('time', clockText(media.startS))
	} else url.searchParams.set('channel', media.channel)
	url.searchParams.set('parent', new URL(pageOrigin).hostname)
	url.searchParams.set('autoplay', 'false')
	url.searchParams.set('muted', 'false')
	return url.href
}

/** Twitch tells faults in English prose only. */
const failureOf = (message: string | undefined): PlayerFailure => {
	const text = message ?? 'it gave no reason'
	if (/subscri|sub-only|restricted|authori[sz]|login/i.test(text)) return { type: 'private' }
	if (/mature|\bage\b/i.test(text)) return { type: 'age' }
	if (/region|country|geo/i.test(text)) return { type: 'region' }
	if (/not found|does not exist|deleted|no longer|unavailable|expired/i.test(text)) return { type: 'removed' }
	if (/parent|embed/i.test(text)) return { type: 'page-refused', site: SITE, detail: text }
	return { type: 'unknown', detail: text }
}

const createTwitchPlayer = (stage: HTMLElement, media: TwitchRef, deps: EmbedDeps): Player => {
	const isLive = media.kind === 'twitch-live'
	const refusal = pageRefusal(deps.pageOrigin)
	const shell = createEmbedShell(
		stage,
		{
			src: refusal === null ? twitchAddress(media, deps.pageOrigin) : 'about:blank',
			origin: ORIGIN,
			title: playerNotesWords().playerOf(SITE),
			site: SITE,
		},
		deps,
	)
	const can: PlayerAbilities = isLive
		? { rate: 'none', seek: 'none', read: 'none', volume: true }
		: { rate: 'none', seek: 'direct', read: 'reports', volume: true }
	const say = (eventName: number, params?: unknown): void =>
		shell.frame.post({ eventName, params, namespace: PROXY })
	const { player, heard } = createFramePlayer(
		shell,
		{
			kind: 'twitch',
			can: () => can,
			...(isLive ? { facts: { isLive: true, timeline: 'none', hasAudio: true } as const } : {}),
			...(media.kind === 'twitch' && media.startS !== undefined ? { startS: media.startS } : {}),
			whyNotReady: () => ({ type: 'no-answer', site: SITE }),
		},
		{
			play: () => say(COMMAND.play),
			pause: () => say(COMMAND.pause),
			seek: (positionS) => say(COMMAND.seek, positionS),
			setVolume(volume, isMuted) {
				say(COMMAND.setVolume, volume)
				say(COMMAND.setMuted, isMuted)
			},
		},
		deps,
	)
	let hasBeenLive = false
	let lastVolume = 1
	let lastMuted = false

	const onState = (state: EmbedObject, atLocalMs: number): void => {
		const durationS = ownNumber(state, 'duration', 0.05, POSITION_MAX_S)
		// Of a channel it is how long it has been sending, which is no length.
		if (!isLive && durationS !== undefined) heard.facts({ durationS, hasAudio: true })
		const bufferS = ownNumber(
			ownObject(ownObject(state, 'stats'), 'videoStats'),
			'bufferSize',
			0,
			POSITION_MAX_S,
		)
		if (bufferS !== undefined) heard.buffered(bufferS)
		lastVolume = ownNumber(state, 'volume', 0, 1) ?? lastVolume
		lastMuted = ownBoolean(state, 'muted') ?? lastMuted
		heard.volume(lastVolume, lastMuted)
		const playback = own(PLAYBACK, ownText(state, 'playback') ?? '') as Playback | undefined
		// A channel that pauses for its next film says Ended too: its going away is told by `offline`.
		if (playback !== undefined && !(isLive && playback === 'ended')) onPlayback(playback)
		const positionS = ownPosition(state, 'currentTime')
		if (!isLive && positionS !== undefined) heard.position(positionS, atLocalMs, REPORT_SIGMA_MS)
	}
	const onPlayback = (playback: Playback): void => {
		if (playback === 'playing') hasBeenLive = true
		heard.playback(playback)
	}
	const onEvent = (name: string, params: EmbedObject | undefined, atLocalMs: number): void => {
		switch (name) {
			case 'ready':
			case 'video.ready':
				heard.ready()
				return
			case 'playing':
				onPlayback('playing')
				return
			case 'pause':
				onPlayback('paused')
				return
			case 'seek': {
				const positionS = ownPosition(params, 'position')
				if (!isLive && positionS !== undefined) heard.went(positionS, atLocalMs)
				return
			}
			case 'ended':
				if (!isLive) onPlayback('ended')
				return
			case 'offline':
				if (isLive) shell.fail({ type: hasBeenLive ? 'live-ended' : 'live-not-begun' })
				return
			case 'playbackBlocked':
				heard.blocked()
				return
			case 'error':
				shell.fail(failureOf(ownText(params, 'message')))
				return
			// It says more than we need (`play`, `online`, `video.play`…).
		}
	}
	shell.frame.onMessage((data, atLocalMs) => {
		const message = readMessage(data)
		const params = ownObject(message, 'params')
		const name = ownText(message, 'eventName')
		const namespace = own(message, 'namespace')
		if (namespace === PROXY && name === 'UPDATE_STATE' && params !== undefined) {
			shell.heard()
			onState(params, atLocalMs)
		} else if (namespace === EMBED && name !== undefined) {
			shell.heard()
			onEvent(name, params, atLocalMs)
		} else shell.puzzled(data)
	})
	if (refusal !== null) shell.fail({ type: 'page-refused', site: SITE, detail: refusal })
	return player
}

export const createTwitchLoader = (deps: EmbedDeps): PlayerLoader => ({
	kind: 'twitch',
	canPlay: (media) => media.kind === 'twitch' || media.kind === 'twitch-live',
	load: async (stage, media) => {
		if (media.kind !== 'twitch' && media.kind !== 'twitch-live')
			throw new Error(`twitch cannot play ${media.kind}`)
		return await Promise.resolve(createTwitchPlayer(stage, media, deps))
	},
})
