/**
 * SoundCloud's widget (w.soundcloud.com/player): JSON text `{method, value}` both ways, events once they are asked for,
 * times in milliseconds. It ignores a seek before it has played, so that one is made right after the first start, in
 * silence; speeds it has none.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { Millis } from '#lib/core/units.ts'
import { playerNotesWords } from '#lib/words/player-notes.ts'
import type { EmbedDeps } from './embed-frame.ts'
import { createEmbedShell } from './embed-shell.ts'
import { own, ownNumber, ownObject, ownText, POSITION_MAX_S, readMessage } from './embed-values.ts'
import { createFramePlayer } from './frame-player.ts'
import type { Player, PlayerAbilities, PlayerLoader } from './player.ts'

const WIDGET = 'https://w.soundcloud.com/player/'
const SITE = 'SoundCloud'
const CAN: PlayerAbilities = { rate: 'none', seek: 'direct', read: 'reports', volume: true }
const EVENTS = ['play', 'pause', 'finish', 'seek', 'playProgress', 'loadProgress', 'error']
const POSITION_MAX_MS = POSITION_MAX_S * 1000
/** Its progress comes a few times a second; its answers may repeat what it told last. */
const PROGRESS_SIGMA_MS = 60
/** How long its length may take; some tracks have none. */
const SETTLES_MS = 1_500
const ASKED_MAX = 16

type SoundCloudRef = Extract<MediaRef, { readonly kind: 'soundcloud' }>

/** `visual` fills the stage with the cover; `single_active` would let other widgets stop this one. */
export const soundcloudAddress = (media: SoundCloudRef): string => {
	const url = new URL(WIDGET)
	url.searchParams.set('url', media.url)
	for (const [name, value] of Object.entries({
		auto_play: 'false',
		visual: 'true',
		hide_related: 'true',
		show_comments: 'false',
		show_teaser: 'false',
		single_active: 'false',
	}))
		url.searchParams.set(name, value)
	return url.href
}

const createSoundCloudPlayer = (stage: HTMLElement, media: SoundCloudRef, deps: EmbedDeps): Player => {
	const shell = createEmbedShell(
		stage,
		{ src: soundcloudAddress(media), title: playerNotesWords().playerOf(SITE), site: SITE },
		deps,
	)
	const say = (method: string, value?: unknown): void =>
		shell.frame.post(JSON.stringify({ method, value: value ?? null }))
	let volume = 100
	let hasPlayed = false
	/** When it was asked for its place; it answers in order. */
	let asked: Millis[] = []
	const { player, heard } = createFramePlayer(
		shell,
		{
			kind: 'soundcloud',
			can: () => CAN,
			facts: { hasAudio: true },
			keepsSeeks: true,
			whyNotReady: () => ({ type: 'no-answer', site: SITE }),
		},
		{
			play(seeksNext) {
				// What it plays until it can be sought is not what the room hears.
				if (seeksNext) say('setVolume', 0)
				say('play')
			},
			pause: () => say('pause'),
			seek(positionS) {
				say('seekTo', Math.round(positionS * 1000))
				say('setVolume', volume)
			},
			setVolume(next, isMuted) {
				volume = isMuted ? 0 : Math.round(next * 100)
				say('setVolume', volume)
			},
			ask() {
				asked = [...asked.slice(-ASKED_MAX), deps.local()]
				say('getPosition')
			},
		},
		deps,
	)
	const onReady = (): void => {
		for (const name of EVENTS) say('addEventListener', name)
		say('getDuration')
		say('getCurrentSound')
		shell.after(SETTLES_MS, () => heard.ready())
	}
	const onWord = (method: string, value: unknown, atLocalMs: Millis): void => {
		const at = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
		const positionMs = ownNumber(at, 'currentPosition', 0, POSITION_MAX_MS)
		switch (method) {
			case 'ready':
				onReady()
				return
			case 'getDuration':
				if (typeof value !== 'number' || !(value > 0 && value <= POSITION_MAX_MS)) return
				heard.facts({ durationS: value / 1000 })
				heard.ready()
				return
			case 'getCurrentSound': {
				const title = ownText(at, 'title')
				const by = ownText(ownObject(at, 'user'), 'username')
				if (title !== undefined) heard.facts({ title: by === undefined ? title : `${title}, ${by}` })
				return
			}
			case 'getPosition': {
				const sentMs = asked.shift() ?? atLocalMs
				if (typeof value === 'number' && value >= 0 && value <= POSITION_MAX_MS)
					heard.position(value / 1000, (sentMs + atLocalMs) / 2, PROGRESS_SIGMA_MS)
				return
			}
			case 'playProgress':
			case 'play':
				// The first start is told by either; later a progress may still come after the pause.
				if (method === 'play' || !hasPlayed) heard.playback('playing')
				hasPlayed = true
				if (positionMs !== undefined) heard.position(positionMs / 1000, atLocalMs, PROGRESS_SIGMA_MS)
				return
			case 'pause':
				heard.playback('paused')
				return
			case 'seek':
				if (positionMs !== undefined) heard.went(positionMs / 1000, atLocalMs)
				return
			case 'finish':
				heard.playback('ended')
				return
			case 'loadProgress': {
				const durationS = shell.facts().durationS
				const loaded = ownNumber(at, 'loadedProgress', 0, 1) ?? ownNumber(at, 'loadProgress', 0, 1)
				const positionS = player.sample()?.positionS
				if (durationS !== null && loaded !== undefined && positionS !== undefined)
					heard.buffered(Math.max(0, loaded * durationS - positionS))
				return
			}
			case 'error':
				// It gives no reason. Before the first sound it means that there is no such track for us.
				shell.fail(
					hasPlayed ? { type: 'unknown', detail: playerNotesWords().trackBrokeOff } : { type: 'removed' },
				)
				return
			// It says more than we need (`getVolume`, `sharePanelOpened`…).
		}
	}
	shell.frame.onMessage((data, atLocalMs) => {
		const message = typeof data === 'string' ? readMessage(data) : undefined
		const method = ownText(message, 'method')
		if (method === undefined) shell.puzzled(data)
		else {
			shell.heard()
			onWord(method, own(message, 'value'), atLocalMs)
		}
	})
	// A track that cannot be had is told only to those who asked before.
	shell.frame.onLoad(() => say('addEventListener', 'error'))
	return player
}

export const createSoundCloudLoader = (deps: EmbedDeps): PlayerLoader => ({
	kind: 'soundcloud',
	canPlay: (media) => media.kind === 'soundcloud',
	load: async (stage, media) => {
		if (media.kind !== 'soundcloud') throw new Error(`soundcloud cannot play ${media.kind}`)
		return await Promise.resolve(createSoundCloudPlayer(stage, media, deps))
	},
})
