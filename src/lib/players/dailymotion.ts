/**
 * Dailymotion's frame (geo.dailymotion.com/player.html). Its documented way to lead it is a script on our page, which
 * no site gets. Its own former script spoke to the frame in events and commands as text, and its present one names the
 * same events: that is spoken here, as far as the frame goes along with it. If it stays silent after it has loaded, as
 * it does at the time of writing by all accounts, what is left is to load it at a place (`dailymotion-silent.ts`).
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { Seconds } from '#lib/core/units.ts'
import { playerNotesWords } from '#lib/words/player-notes.ts'
import { createSilentDailymotion, SILENT_CAN, type SilentCommands } from './dailymotion-silent.ts'
import { booleanOf, failureOf, numberOf, readDailymotion } from './dailymotion-words.ts'
import type { EmbedDeps } from './embed-frame.ts'
import { createEmbedShell } from './embed-shell.ts'
import { ownText, type EmbedObject } from './embed-values.ts'
import { createFramePlayer } from './frame-player.ts'
import type { Player, PlayerAbilities, PlayerLoader } from './player.ts'

const PLAYER = 'https://geo.dailymotion.com/player.html'
const SITE = 'Dailymotion'
/** Given back with each event of the older player. */
const OUR_ID = 'matinee'
const TALKING_CAN: PlayerAbilities = { rate: 'none', seek: 'direct', read: 'reports', volume: true }
/** A frame that talks at all says so while it loads; this long after it, it never will. */
export const SILENT_MS = 5_000
/** How long its length may take after its first word; a live one has none. */
const SETTLES_MS = 1_500
const REPORT_SIGMA_MS = 100
const TIME = ['time', 'videoTime']
const DURATION = ['duration', 'videoDuration']

type DailymotionRef = Extract<MediaRef, { readonly kind: 'dailymotion' }>

export const dailymotionAddress = (
	media: DailymotionRef,
	positionS: Seconds,
	starts: boolean,
	pageOrigin: string,
): string => {
	const url = new URL(PLAYER)
	for (const [name, value] of Object.entries({
		video: media.id,
		startTime: String(Math.floor(positionS)),
		autoplay: String(starts),
		// What is played next is the room's to say.
		'queue-enable': 'false',
		'queue-autoplay-next': 'false',
		api: 'postMessage',
		id: OUR_ID,
		origin: pageOrigin,
	}))
		url.searchParams.set(name, value)
	return url.href
}

const createDailymotionPlayer = (stage: HTMLElement, media: DailymotionRef, deps: EmbedDeps): Player => {
	const startS = Math.floor(media.startS ?? 0)
	const shell = createEmbedShell(
		stage,
		{
			src: dailymotionAddress(media, startS, false, deps.pageOrigin),
			title: playerNotesWords().playerOf(SITE),
			site: SITE,
		},
		deps,
	)
	let isTalking = false
	let silent: SilentCommands | null = null
	const say = (command: string, ...parameters: readonly unknown[]): void =>
		shell.frame.post(JSON.stringify({ command, parameters }))
	const { player: talking, heard } = createFramePlayer(
		shell,
		{
			kind: 'dailymotion',
			can: () => TALKING_CAN,
			...(startS > 0 ? { startS } : {}),
			whyNotReady: () => (silent === null ? { type: 'no-answer', site: SITE } : null),
		},
		{
			play: () => say('play'),
			pause: () => say('pause'),
			seek: (positionS) => say('seek', positionS),
			setVolume(volume, isMuted) {
				say('volume', volume)
				say('muted', isMuted)
			},
		},
		deps,
	)

	const onWord = (name: string, message: EmbedObject, atLocalMs: number): void => {
		const durationS = numberOf(message, DURATION)
		if (durationS !== undefined && durationS > 0 && !name.startsWith('ad_'))
			heard.facts({ durationS, hasAudio: true })
		const title =
			ownText(message, 'videoTitle') ?? (name === 'videochange' ? ownText(message, 'title') : undefined)
		if (title !== undefined) heard.facts({ title })
		const isAd = booleanOf(message, ['adIsPlaying'])
		if (isAd !== undefined) heard.ad(isAd)
		const volume = numberOf(message, ['volume', 'playerVolume'], 1)
		if (volume !== undefined) heard.volume(volume, booleanOf(message, ['muted', 'playerIsMuted']) ?? false)
		if (booleanOf(message, ['playerIsPlaybackAllowed']) === false) heard.blocked()
		if (shell.facts().durationS !== null) heard.ready()
		onEvent(name, message, atLocalMs)
	}
	const onEvent = (name: string, message: EmbedObject, atLocalMs: number): void => {
		const timeS = numberOf(message, TIME)
		switch (name) {
			case 'ad_start':
			case 'ad_play':
				heard.ad(true)
				return
			case 'ad_end':
			case 'ad_error':
				heard.ad(false)
				return
			case 'playing':
			case 'video_start':
				heard.playback('playing')
				return
			case 'pause':
				heard.playback('paused')
				return
			case 'waiting':
				heard.playback('buffering')
				return
			case 'rebuffer':
				heard.playback(booleanOf(message, ['rebuffering']) === true ? 'buffering' : 'playing')
				return
			case 'end':
			case 'video_end':
				heard.playback('ended')
				return
			case 'timeupdate':
				if (timeS !== undefined) heard.position(timeS, atLocalMs, REPORT_SIGMA_MS)
				return
			case 'seeking':
				// Ours has an end of its own; a person's is told where it begins.
				if (timeS !== undefined && shell.state().type !== 'seeking') heard.went(timeS, atLocalMs)
				return
			case 'seeked':
				if (timeS !== undefined) heard.went(timeS, atLocalMs)
				return
			case 'progress': {
				const hereS = talking.sample()?.positionS
				if (timeS !== undefined && hereS !== undefined) heard.buffered(Math.max(0, timeS - hereS))
				return
			}
			case 'error':
				shell.fail(failureOf(message))
				return
			// It says more than we need (`qualitychange`, `ad_timeupdate`…).
		}
	}
	shell.frame.onMessage((data, atLocalMs) => {
		const message = silent === null ? readDailymotion(data) : undefined
		const name = ownText(message, 'event')
		if (message === undefined || name === undefined) {
			shell.puzzled(data)
			return
		}
		if (!isTalking) {
			isTalking = true
			shell.heard()
			shell.after(SETTLES_MS, () => heard.ready())
		}
		onWord(name, message, atLocalMs)
	})
	const stopLoad = shell.frame.onLoad(() => {
		stopLoad()
		shell.after(SILENT_MS, () => {
			if (isTalking || shell.isOver()) return
			shell.heard()
			// Whoever asked it to play was asking another player.
			talking.pause()
			silent = createSilentDailymotion(shell, SITE, startS, (positionS) =>
				dailymotionAddress(media, positionS, true, deps.pageOrigin),
			)
		})
	})

	return {
		...talking,
		get can() {
			return silent === null ? TALKING_CAN : SILENT_CAN
		},
		play: () => (silent ?? talking).play(),
		pause: () => (silent ?? talking).pause(),
		seek: (positionS) => (silent ?? talking).seek(positionS),
		sample: () => (silent === null ? talking.sample() : null),
	}
}

export const createDailymotionLoader = (deps: EmbedDeps): PlayerLoader => ({
	kind: 'dailymotion',
	canPlay: (media) => media.kind === 'dailymotion',
	load: async (stage, media) => {
		if (media.kind !== 'dailymotion') throw new Error(`dailymotion cannot play ${media.kind}`)
		return await Promise.resolve(createDailymotionPlayer(stage, media, deps))
	},
})
