/**
 * PeerTube's embed, on whatever host somebody pasted: the methods of its embed API over its own channel. Asked for the
 * place four times a second it answers within a millisecond or two, which is far better than its reports each 500 ms;
 * its speeds are taken from the list that it gives. The host is a stranger: its frame may not navigate our page.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { Millis } from '#lib/core/units.ts'
import { playerNotesWords } from '#lib/words/player-notes.ts'
import type { EmbedDeps } from './embed-frame.ts'
import { createEmbedShell } from './embed-shell.ts'
import { asObject, ownNumber, ownPosition, ownText, own, POSITION_MAX_S, readRates } from './embed-values.ts'
import type { Playback } from './frame-dialect.ts'
import { createFramePlayer } from './frame-player.ts'
import { createPeerTubeChannel } from './peertube-channel.ts'
import { askPeerTubeHost, type PeerTubeHostDeps } from './peertube-host.ts'
import type { Player, PlayerAbilities, PlayerFailure, PlayerLoader } from './player.ts'

const SITE = 'PeerTube'
/** What PeerTube's own embed code allows itself; above all not to take our page elsewhere. */
const SANDBOX = 'allow-same-origin allow-scripts allow-popups allow-forms'
/** How long it may take to tell its speeds, which old ones cannot, and its length, which live ones have not. */
const SETTLES_MS = 1_000
const LEAST_SIGMA_MS = 2
/** Its own reports say where it was when it sent them. */
const REPORT_SIGMA_MS = 10
const PLAYBACK: Readonly<Record<string, Playback>> = {
	unstarted: 'unstarted',
	playing: 'playing',
	paused: 'paused',
	ended: 'ended',
}

export type PeerTubeDeps = EmbedDeps & PeerTubeHostDeps
type PeerTubeRef = Extract<MediaRef, { readonly kind: 'peertube' }>

/** Where its embed is to be had from a page like ours; null if a browser will not load it. */
export const peertubeOrigin = (origin: string, pageOrigin: string): string | null => {
	const url = new URL(origin)
	const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
	if (url.protocol === 'https:' || isLoopback || !pageOrigin.startsWith('https:')) return origin
	return url.port === '' ? `https://${url.host}` : null
}

export const peertubeAddress = (origin: string, media: PeerTubeRef): string => {
	const url = new URL(`/videos/embed/${encodeURIComponent(media.id)}`, origin)
	url.searchParams.set('api', '1')
	url.searchParams.set('autoplay', '0')
	url.searchParams.set('warningTitle', '0')
	url.searchParams.set('peertubeLink', '0')
	if (media.startS !== undefined) url.searchParams.set('start', `${String(Math.floor(media.startS))}s`)
	return url.href
}

const createPeerTubePlayer = (stage: HTMLElement, media: PeerTubeRef, deps: PeerTubeDeps): Player => {
	const origin = peertubeOrigin(media.origin, deps.pageOrigin)
	// Our own pages are no PeerTube, and a frame of ours with scripts is one too many.
	const refusal: PlayerFailure | null =
		origin === null
			? { type: 'insecure' }
			: origin === deps.pageOrigin
				? { type: 'not-media', contentType: 'text/html' }
				: null
	const shell = createEmbedShell(
		stage,
		{
			src: origin === null || refusal !== null ? 'about:blank' : peertubeAddress(origin, media),
			origin: origin ?? media.origin,
			title: playerNotesWords().playerOf(SITE),
			site: SITE,
			sandbox: SANDBOX,
		},
		deps,
	)
	let can: PlayerAbilities = { rate: 'none', seek: 'direct', read: 'reports', volume: true }
	let hasRates = false
	let isHere = false
	let wasAsked = false
	const startS = media.startS === undefined ? undefined : Math.floor(media.startS)

	const channel = createPeerTubeChannel(shell.frame, deps.local, {
		onGreeting: () => {
			shell.heard()
			channel.call('isReady', undefined, (isReady) => {
				if (isReady === true) onReady()
			})
		},
		onNotification,
		onStrange: (data) => shell.puzzled(data),
		onFlood() {
			shell.fail({ type: 'nonsense', site: SITE, detail: playerNotesWords().tooMany })
			shell.frame.navigate('about:blank')
		},
	})
	const askHost = async (): Promise<PlayerFailure | null> => {
		const video = await askPeerTubeHost(origin ?? media.origin, media.id, deps)
		if (video.type === 'failed') return video.failure
		if (video.title !== null) heard.facts({ title: video.title })
		if (video.isLive) onLive()
		return null
	}
	const { player, heard } = createFramePlayer(
		shell,
		{
			kind: 'peertube',
			can: () => can,
			...(startS === undefined ? {} : { startS }),
			whyNotReady: async () => (await askHost()) ?? { type: 'no-answer', site: SITE },
		},
		{
			play: () => channel.call('play'),
			pause: () => channel.call('pause'),
			seek: (positionS) => channel.call('seek', positionS),
			setRate: (rate) => channel.call('setPlaybackRate', rate),
			setVolume: (volume, isMuted) => channel.call('setVolume', isMuted ? 0 : volume),
			ask: () => channel.call('getCurrentTime', undefined, onTime),
		},
		deps,
	)

	function onTime(result: unknown, sentMs: Millis, gotMs: Millis): void {
		if (typeof result !== 'number' || !(result >= 0 && result <= POSITION_MAX_S)) return
		// It was read somewhere between the question and the answer.
		heard.position(result, (sentMs + gotMs) / 2, Math.max(LEAST_SIGMA_MS, (gotMs - sentMs) / 2))
	}
	function onReady(): void {
		if (isHere) return
		isHere = true
		shell.heard()
		channel.call('getPlaybackRates', undefined, (result) => {
			const rates = readRates(result)
			if (!hasRates && rates !== undefined && rates.some((rate) => rate !== 1)) can = { ...can, rate: rates }
			hasRates = true
		})
		shell.after(SETTLES_MS, () => heard.ready())
	}
	function onStatus(params: unknown, atLocalMs: Millis): void {
		const status = asObject(params)
		const durationS = ownNumber(status, 'duration', 0.05, POSITION_MAX_S)
		onReady()
		if (durationS !== undefined) {
			heard.facts({ durationS })
			if (hasRates) heard.ready()
		} else if (!wasAsked) {
			// Live, or not loaded yet: in JSON both are null.
			wasAsked = true
			void askHost().then((failure) => {
				if (failure?.type === 'live-ended' || failure?.type === 'live-not-begun') shell.fail(failure)
			})
		}
		const playback = own(PLAYBACK, ownText(status, 'playbackState') ?? '') as Playback | undefined
		if (playback !== undefined) heard.playback(playback)
		const positionS = ownPosition(status, 'position')
		if (positionS !== undefined && !shell.facts().isLive)
			heard.position(positionS, atLocalMs, REPORT_SIGMA_MS)
		onVolume(own(status, 'volume'))
	}
	function onLive(): void {
		can = { rate: 'none', seek: 'none', read: 'none', volume: true }
		heard.facts({ isLive: true, durationS: null, timeline: 'none' })
	}
	function onVolume(volume: unknown): void {
		if (typeof volume !== 'number' || !(volume >= 0 && volume <= 1)) return
		heard.volume(volume, volume === 0)
	}
	function onNotification(method: string, params: unknown, atLocalMs: Millis): void {
		switch (method) {
			case 'ready':
				onReady()
				return
			case 'playbackStatusUpdate':
				onStatus(params, atLocalMs)
				return
			case 'playbackStatusChange': {
				const playback = typeof params === 'string' ? own(PLAYBACK, params) : undefined
				if (playback !== undefined) heard.playback(playback as Playback)
				return
			}
			case 'volumeChange':
				onVolume(params)
				return
			// Resolutions and captions are the person's own.
		}
	}
	shell.frame.onLoad(() => {
		if (refusal === null && !shell.isOver()) channel.greet()
	})
	if (refusal !== null) shell.fail(refusal)
	return player
}

export const createPeerTubeLoader = (deps: PeerTubeDeps): PlayerLoader => ({
	kind: 'peertube',
	canPlay: (media) => media.kind === 'peertube',
	load: async (stage, media) => {
		if (media.kind !== 'peertube') throw new Error(`peertube cannot play ${media.kind}`)
		return await Promise.resolve(createPeerTubePlayer(stage, media, deps))
	},
})
