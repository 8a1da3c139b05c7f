/**
 * YouTube's embed: `initialDelivery`, `onReady` and `infoDelivery` once it was listened to, commands by name, rates in
 * quarters, events as asked for. What it does at starts, ends, seeks and ads is what the real one was seen to do
 * (seeks before the start play, a pause comes before the end). A person's hand is `hand` in the frame, or a click.
 */
import { sendText, type FakeSite } from './fake-site.ts'
import { isFilm, sendFilmFrame } from './film-frame.ts'

export interface YouTubeSwitches {
	/** It reports each so many milliseconds while playing. */
	reportMs: number
	/** It is there and says nothing. */
	isSilent: boolean
	/** It says only what is no word of it. */
	talksNonsense: boolean
	/** 2, 5, 100, 101, 150 or 153: said at once instead of getting ready. */
	error: number | null
	isLive: boolean
	rates: readonly unknown[]
	/** Refuses to start, whatever the browser thinks: says so, goes back to −1 by way of 3, or stands at 5. */
	refusesStart: 'no' | 'aloud' | 'by-way-of-3' | 'silently'
	/** Seconds of ad before the film, and what is said meanwhile. */
	preRollS: number
	/** The state it tells during ads: −1, 3 or 1. */
	adState: number
	/** The ad's length and position are told as if they were the film's. */
	adTellsItself: boolean
	/** No data for so long after each start and seek. */
	bufferMs: number
	/** A seek at rest makes it play. */
	playsOnSeek: boolean
	/** The length comes only with the first picture. */
	isLengthLate: boolean
	/** Half of what it says is no sense: huge numbers, wrong types, keys of prototypes. */
	isSpiteful: boolean
}

export const youtubeSwitches = (): YouTubeSwitches => ({
	reportMs: 250,
	isSilent: false,
	talksNonsense: false,
	error: null,
	isLive: false,
	rates: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2],
	refusesStart: 'no',
	preRollS: 0,
	adState: -1,
	adTellsItself: false,
	bufferMs: 0,
	playsOnSeek: false,
	isLengthLate: false,
	isSpiteful: false,
})

const SCRIPT = `
const pageOrigin = query.get('origin') ?? '*'
const stamp = () => Date.now() / 1000
let id = null
let state = -1
let isListening = false
let isLoaded = false
let hasStarted = false
let ad = null
let toldPlay = false
let adsLeft = switches.preRollS > 0 ? 1 : 0
const asked = new Set()
const send = (event, info) => {
	if (id === null || switches.isSilent) return
	if (switches.talksNonsense) return parent.postMessage('{"hello":"' + event + '"', pageOrigin)
	parent.postMessage(JSON.stringify({ event, info: info ?? null, id, channel: 'widget' }), pageOrigin)
	if (switches.isSpiteful) {
		const wild = [
			{ event: 'infoDelivery', info: { currentTime: 1e300, duration: -4, playbackRate: 'fast', volume: 7e7 } },
			{ event: 'infoDelivery', info: '\\u0000' },
			{ event: 'infoDelivery', info: { __proto__: { duration: 3 }, currentTime: '12', currentTimeLastUpdated_: 1e22 } },
			{ event: 'onStateChange', info: 99 },
			{ event: 'onError', info: { code: 150 } },
			[1, 2, 3], null, 'x'.repeat(200000),
		]
		for (const word of wild) parent.postMessage(typeof word === 'string' ? word : JSON.stringify(word), pageOrigin)
		parent.postMessage({ event: 'infoDelivery', info: { currentTime: NaN, duration: Infinity, playerState: 1.5 } }, pageOrigin)
	}
}
const length = () => (switches.isLive || (switches.isLengthLate && !hasStarted) ? 0 : film.duration || 0)
const videoData = () => ({
	video_id: location.pathname.split('/').pop(),
	author: 'Saltmarsh Films',
	title: 'Saltmarsh, from the embed',
	isLive: switches.isLive,
})
const fraction = () => (film.buffered.length ? film.buffered.end(film.buffered.length - 1) / film.duration : 0)
const place = () =>
	ad && switches.adTellsItself
		? { currentTime: (performance.now() - ad.sinceMs) / 1000, duration: switches.preRollS }
		: { currentTime: film.currentTime, duration: length() }
const all = () => ({
	...place(),
	playerState: state,
	playbackRate: film.playbackRate,
	availablePlaybackRates: switches.rates,
	videoLoadedFraction: fraction(),
	videoData: videoData(),
	volume: Math.round(film.volume * 100),
	muted: film.muted,
	currentTimeLastUpdated_: stamp(),
})
const become = (next) => {
	if (next === state) return
	state = next
	const { availablePlaybackRates, volume, muted, ...info } = all()
	send('infoDelivery', info)
	if (asked.has('onStateChange')) send('onStateChange', state)
}
const greet = () => {
	if (!isListening || !isLoaded) return
	if (switches.error !== null) {
		if (asked.has('onError')) send('onError', switches.error)
		return
	}
	send('initialDelivery', { ...all(), apiInterface: ['playVideo', 'getCurrentTime'] })
	send('onReady')
}
const start = () => {
	toldPlay = true
	if (switches.refusesStart !== 'no' && !film.muted) {
		if (switches.refusesStart === 'aloud' && asked.has('onAutoplayBlocked')) send('onAutoplayBlocked')
		if (switches.refusesStart === 'by-way-of-3') {
			become(3)
			setTimeout(() => become(-1), 100)
		}
		if (switches.refusesStart === 'silently') become(5)
		return
	}
	if (adsLeft > 0) {
		adsLeft -= 1
		ad = { sinceMs: performance.now() }
		become(3)
		become(switches.adState)
		setTimeout(() => {
			ad = null
			if (switches.adTellsItself) become(3)
			if (toldPlay) run()
			else become(2)
		}, switches.preRollS * 1000)
		return
	}
	if (!ad) run()
}
const run = () => {
	if (state !== 1) become(3)
	setTimeout(() => {
		if (!toldPlay) return
		film.play().catch((error) => {
			if (error.name !== 'NotAllowedError') return
			if (asked.has('onAutoplayBlocked')) send('onAutoplayBlocked')
			become(-1)
		})
	}, switches.bufferMs)
}
const seek = (toS) => {
	const wasPlaying = !film.paused
	film.currentTime = Math.max(0, Math.min(toS, film.duration))
	if (wasPlaying && switches.bufferMs > 0) {
		film.pause()
		become(3)
		run()
	}
	if (state === -1 || state === 5 || state === 0 || (state === 2 && switches.playsOnSeek)) start()
}
film.addEventListener('loadedmetadata', () => {
	isLoaded = true
	if (switches.isLive) film.loop = true
	greet()
})
film.addEventListener('playing', () => {
	hasStarted = true
	become(1)
})
film.addEventListener('waiting', () => { if (!film.paused) become(3) })
film.addEventListener('pause', () => { if (state !== 3 || film.ended) become(2) })
film.addEventListener('ended', () => become(0))
film.addEventListener('seeked', () => send('infoDelivery', { currentTime: film.currentTime, currentTimeLastUpdated_: stamp(), videoLoadedFraction: fraction() }))
film.addEventListener('ratechange', () => send('infoDelivery', { playbackRate: film.playbackRate }))
film.addEventListener('volumechange', () => send('infoDelivery', { muted: film.muted, volume: Math.round(film.volume * 100) }))
setInterval(() => {
	if (film.paused && !(ad && switches.adTellsItself)) return
	send('infoDelivery', {
		...(ad ? place() : { currentTime: film.currentTime }),
		videoLoadedFraction: fraction(),
		currentTimeLastUpdated_: stamp(),
		playbackRate: film.playbackRate,
	})
}, switches.reportMs)
const quarter = (rate) => (rate > 1 ? Math.floor(rate * 4) : Math.ceil(rate * 4)) / 4
const commands = {
	playVideo: start,
	pauseVideo() {
		toldPlay = false
		film.pause()
		if (state === 3) become(2)
	},
	seekTo: seek,
	setPlaybackRate(rate) {
		film.playbackRate = switches.rates.includes(quarter(rate)) ? quarter(rate) : 1
	},
	mute() { film.muted = true },
	unMute() { film.muted = false },
	setVolume(volume) { film.volume = volume / 100 },
	addEventListener(name) {
		asked.add(name)
	},
}
addEventListener('message', ({ data, source, origin }) => {
	if (source !== parent || origin !== pageOrigin || typeof data !== 'string') return
	const word = JSON.parse(data)
	if (word.event === 'command') return Object.hasOwn(commands, word.func) && commands[word.func](...(word.args ?? []))
	if (word.event !== 'listening' || isListening) return
	isListening = true
	id = word.id
	// Listeners are asked for right behind the first word.
	setTimeout(greet, 20)
})
/** The person's own use of the player's controls. */
globalThis.hand = {
	toggle() {
		if (film.paused) start()
		else commands.pauseVideo()
	},
	seek(toS) {
		film.currentTime = toS
	},
	/** No data for so long. */
	stall(ms) {
		film.pause()
		become(3)
		setTimeout(() => film.play(), ms)
	},
	/** Stands still and says that it plays, as some ads in mid-film do. */
	freeze(ms) {
		const rate = film.playbackRate
		film.playbackRate = 0
		setTimeout(() => { film.playbackRate = rate }, ms)
	},
	speed(rate) {
		film.playbackRate = rate
	},
}
film.addEventListener('click', () => hand.toggle())
`

export const createFakeYouTube = (switches: YouTubeSwitches): FakeSite => ({
	hosts: ['www.youtube.com', 'www.youtube-nocookie.com'],
	handle(url, request, response) {
		if (isFilm(url, request, response)) return
		if (!/^\/embed\/[\w-]{11}$/.test(url.pathname)) {
			sendText(response, 404, 'text/plain', 'no such page')
			return
		}
		// Without a Referer the real one refuses by error 153, whatever the video.
		const error = request.headers.referer === undefined ? 153 : switches.error
		sendFilmFrame(response, 'YouTube', { ...switches, error }, SCRIPT)
	},
})
