/**
 * geo.dailymotion.com/player.html: the events and commands of its former script, as JSON or as the text of a query; or,
 * as it is today without the site's script on the page, a frame that says nothing and starts when it likes.
 */
import { sendText, type FakeSite } from './fake-site.ts'
import { isFilm, sendFilmFrame } from './film-frame.ts'

export interface DailymotionSwitches {
	/** Neither answers nor takes commands, but for something that is no word of it. */
	isSilent: boolean
	/** Starts whatever its address says. */
	startsByItself: boolean
	/** Speaks in the text of a query. */
	isQuery: boolean
	/** Names the states as its newer player does. */
	isNew: boolean
	/** An ad of so many milliseconds before the film. */
	adMs: number
	error: { readonly code: string; readonly title: string; readonly message: string } | null
	/** The frame's page never comes. */
	hangs: boolean
}

export const dailymotionSwitches = (): DailymotionSwitches => ({
	isSilent: false,
	startsByItself: false,
	isQuery: false,
	isNew: false,
	adMs: 0,
	error: null,
	hangs: false,
})

const SCRIPT = `
const id = query.get('id')
const canTalk = !switches.isSilent && query.get('api') === 'postMessage'
const say = (event, more = {}) => {
	if (!canTalk) return
	const words = { event, id, ...more }
	parent.postMessage(switches.isQuery ? String(new URLSearchParams(words)) : JSON.stringify(words), '*')
}
const time = () => switches.isNew ? { videoTime: film.currentTime, videoDuration: film.duration } : { time: film.currentTime }
let isAd = false
let hadAd = switches.adMs === 0
film.addEventListener('playing', () => say('playing'))
film.addEventListener('pause', () => { if (!film.ended) say('pause') })
film.addEventListener('waiting', () => say('waiting'))
film.addEventListener('seeking', () => say('seeking', time()))
film.addEventListener('seeked', () => { say('seeked', time()); if (!film.paused) say('playing') })
film.addEventListener('timeupdate', () => say('timeupdate', time()))
film.addEventListener('volumechange', () => say('volumechange', { volume: film.volume, muted: film.muted }))
film.addEventListener('progress', () => {
	if (film.buffered.length) say('progress', { time: film.buffered.end(film.buffered.length - 1) })
})
film.addEventListener('ended', () => { say('video_end'); say('end') })
const play = () => {
	if (hadAd) return film.play().catch(() => {})
	if (isAd) return
	isAd = true
	say('ad_start', switches.isNew ? { adIsPlaying: true } : {})
	const beat = setInterval(() => say('ad_timeupdate', { time: 1 }), 200)
	setTimeout(() => {
		clearInterval(beat)
		isAd = false
		hadAd = true
		say('ad_end', switches.isNew ? { adIsPlaying: false } : {})
		film.play().catch(() => {})
	}, switches.adMs)
}
const commands = {
	play,
	pause: () => film.pause(),
	seek: (to) => { film.currentTime = to },
	volume: (to) => { film.volume = to },
	muted: (to) => { film.muted = to },
}
addEventListener('message', ({ data, source }) => {
	if (source !== parent || !canTalk) return
	const { command, parameters } = JSON.parse(data)
	commands[command]?.(...parameters)
})
if (switches.isSilent) parent.postMessage({ command: 'get' }, '*')
say('apiready')
film.addEventListener('loadedmetadata', () => {
	film.currentTime = Number(query.get('startTime') ?? 0)
	if (switches.error) return say('error', switches.error)
	say('loadedmetadata')
	say('durationchange', switches.isNew ? time() : { duration: film.duration })
	say('playback_ready')
	if (query.get('autoplay') === 'true' || switches.startsByItself) play()
})
`

export const createFakeDailymotion = (switches: DailymotionSwitches): FakeSite => ({
	hosts: ['geo.dailymotion.com'],
	handle(url, request, response) {
		if (isFilm(url, request, response) || switches.hangs) return
		if (url.pathname === '/player.html' && url.searchParams.has('video'))
			sendFilmFrame(response, 'Dailymotion', switches, SCRIPT)
		else sendText(response, 404, 'text/plain', 'no video is named')
	},
})
