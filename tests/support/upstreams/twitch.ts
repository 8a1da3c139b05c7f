/**
 * player.twitch.tv: states as patches, commands by number, events of the embed; it lets itself be framed only by the
 * `parent` it was told, over https. A person's hand is the film itself: `film.pause()` in the frame.
 */
import { sendText, type FakeSite } from './fake-site.ts'
import { isFilm, sendFilmFrame } from './film-frame.ts'

export interface TwitchSwitches {
	/** It is there and says nothing. */
	isSilent: boolean
	/** It says only what is no word of it. */
	talksNonsense: boolean
	/** It takes another page for its parent. */
	refusesParent: boolean
	/** The channel does not send. */
	isOffline: boolean
	/** The recording cannot be played, with this message. */
	error: string | null
	/** It reports each so many milliseconds while playing. */
	reportMs: number
	/** The browser refuses the start, and the player says so. */
	isBlocked: boolean
}

export const twitchSwitches = (): TwitchSwitches => ({
	isSilent: false,
	talksNonsense: false,
	refusesParent: false,
	isOffline: false,
	error: null,
	reportMs: 1_000,
	isBlocked: false,
})

const SCRIPT = `
const PROXY = 'twitch-embed-player-proxy'
const isLive = query.has('channel')
const say = (namespace, eventName, params = {}) => {
	if (switches.isSilent) return
	if (switches.talksNonsense) parent.postMessage({ oops: eventName }, '*')
	else parent.postMessage({ namespace, eventName, params }, '*')
}
const event = (name, params) => say('twitch-embed', name, params)
let playback = 'Idle'
let sent = {}
const report = () => {
	const buffered = film.buffered.length ? film.buffered.end(film.buffered.length - 1) - film.currentTime : 0
	const state = {
		playback,
		currentTime: film.currentTime,
		duration: isLive ? 4211 : film.duration,
		ended: film.ended,
		muted: film.muted,
		volume: film.volume,
		quality: 'auto',
		qualitiesAvailable: ['auto', '720p60'],
		stats: { videoStats: { bufferSize: Math.max(0, buffered), fps: 60 } },
	}
	const patch = {}
	for (const key of Object.keys(state)) if (JSON.stringify(state[key]) !== JSON.stringify(sent[key])) patch[key] = state[key]
	sent = state
	if (Object.keys(patch).length) say(PROXY, 'UPDATE_STATE', patch)
}
const become = (next) => {
	playback = next
	report()
}
film.addEventListener('play', () => event('play', { sessionId: 'fake' }))
film.addEventListener('playing', () => { become('Playing'); event('playing') })
film.addEventListener('pause', () => { if (!film.ended) { become('Idle'); event('pause') } })
film.addEventListener('waiting', () => { if (!film.paused) become('Buffering') })
film.addEventListener('seeking', () => event('seek', { position: film.currentTime }))
film.addEventListener('seeked', () => { report(); if (!film.paused) become('Playing') })
film.addEventListener('ended', () => { become('Ended'); event('ended') })
film.addEventListener('volumechange', report)
setInterval(() => { if (!film.paused) report() }, switches.reportMs)
if (isLive) film.loop = true
film.addEventListener('loadedmetadata', () => {
	const at = /^(\\d+)h(\\d+)m(\\d+)s$/.exec(query.get('time') ?? '')
	if (at) film.currentTime = at[1] * 3600 + at[2] * 60 + Number(at[3])
	playback = 'Ready'
	report()
	event('ready')
	if (switches.error !== null) event('error', { message: switches.error })
	else if (switches.isOffline) event('offline')
	else event('video.ready')
})
addEventListener('message', ({ data, source }) => {
	if (source !== parent || data?.namespace !== PROXY) return
	switch (data.eventName) {
		case 2: return film.pause()
		case 3: return switches.isBlocked ? event('playbackBlocked') : film.play().catch(() => event('playbackBlocked'))
		case 4: if (!isLive) film.currentTime = data.params; return
		case 10: film.muted = data.params; return
		case 11: film.volume = data.params; return
	}
})
`

export const createFakeTwitch = (switches: TwitchSwitches): FakeSite => ({
	hosts: ['player.twitch.tv'],
	handle(url, request, response) {
		if (isFilm(url, request, response)) return
		const parents = switches.refusesParent
			? ['https://elsewhere.example']
			: url.searchParams.getAll('parent').map((parent) => `https://${parent}`)
		if (parents.length === 0) {
			sendText(response, 400, 'text/plain', 'parent is missing')
			return
		}
		response.setHeader('content-security-policy', `frame-ancestors ${parents.join(' ')}`)
		sendFilmFrame(response, 'Twitch', switches, SCRIPT)
	},
})
