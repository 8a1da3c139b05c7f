/**
 * A PeerTube host: the embed with its API over jschannel (greeting, calls, notifications; what was kept back before
 * the greeting comes last first, as in the real one), and the host's word on a video.
 */
import { sendJson, sendText, type FakeSite } from './fake-site.ts'
import { isFilm, sendFilmFrame } from './film-frame.ts'

export interface PeerTubeSwitches {
	isSilent: boolean
	talksNonsense: boolean
	/** What the host answers for the video; the embed shows its own words then and is never ready. */
	status: 200 | 403 | 404
	/** A live video that has not begun, goes on, or is over. */
	live: 'no' | 'waiting' | 'on' | 'ended'
	/** Old ones list no speeds. */
	rates: readonly number[] | null
	isBlocked: boolean
	/** It tells places that no film has. */
	lies: boolean
	/** Tries to take the page elsewhere. */
	isHostile: boolean
}

export const peertubeSwitches = (): PeerTubeSwitches => ({
	isSilent: false,
	talksNonsense: false,
	status: 200,
	live: 'no',
	rates: [0.5, 0.75, 1, 1.25, 1.5, 2],
	isBlocked: false,
	lies: false,
	isHostile: false,
})

const SCRIPT = `
let isOpen = false
let kept = []
const send = (message) => {
	if (switches.isSilent) return
	if (!isOpen && message.method !== 'peertube::__ready') kept.push(message)
	else parent.postMessage(switches.talksNonsense ? 'what?' : JSON.stringify(message), '*')
}
const notify = (method, params) => send({ method: 'peertube::' + method, params })
let isReady = false
let playbackState = 'unstarted'
const become = (next) => {
	playbackState = next
	notify('playbackStatusChange', next)
}
const isLive = switches.live !== 'no'
const bound = {
	isReady: () => isReady,
	isPlaying: () => !film.paused,
	play: () => { if (!switches.isBlocked) film.play().catch(() => {}) },
	pause: () => film.pause(),
	seek: (to) => { film.currentTime = to },
	getCurrentTime: () => switches.lies ? -1e300 : film.currentTime,
	setVolume: (to) => { film.volume = to },
	getVolume: () => film.volume,
	setPlaybackRate: (to) => { film.playbackRate = to },
	getPlaybackRate: () => film.playbackRate,
	...(switches.rates ? { getPlaybackRates: () => switches.rates } : {}),
}
addEventListener('message', ({ data, source }) => {
	if (source !== parent) return
	const message = JSON.parse(data)
	const method = message.method.split('::')[1]
	if (method === '__ready') {
		if (isOpen) return
		isOpen = true
		if (message.params === 'ping') send({ method: 'peertube::__ready', params: 'pong' })
		while (kept.length) send(kept.pop())
	} else if (bound[method]) send({ id: message.id, result: bound[method](message.params) })
})
if (switches.isHostile) setTimeout(() => { try { top.location = 'https://films.example/elsewhere' } catch {} }, 300)
setTimeout(() => send({ method: 'peertube::__ready', params: 'ping' }), 0)
if (switches.status === 200) {
	film.addEventListener('loadedmetadata', () => {
		const start = parseInt(query.get('start') ?? '0', 10)
		if (start > 0) film.currentTime = start
		isReady = true
		notify('ready', true)
		setInterval(() => notify('playbackStatusUpdate', {
			position: switches.lies ? 1e12 : film.currentTime,
			volume: film.volume,
			duration: isLive ? Infinity : film.duration,
			playbackState,
		}), 500)
		film.addEventListener('play', () => become('playing'))
		film.addEventListener('pause', () => become('paused'))
		film.addEventListener('ended', () => become('ended'))
		film.addEventListener('volumechange', () => notify('volumeChange', film.volume))
	}, { once: true })
} else film.remove()
`

const STATE = { no: 1, waiting: 4, on: 1, ended: 5 }

export const createFakePeerTube = (switches: PeerTubeSwitches): FakeSite => ({
	hosts: ['peertube.example'],
	handle(url, request, response) {
		if (isFilm(url, request, response)) return
		if (url.pathname.startsWith('/api/v1/videos/')) {
			const { status, live } = switches
			if (status !== 200) sendJson(response, status, { status })
			else
				sendJson(response, 200, {
					name: 'Saltmarsh at dusk',
					isLive: live !== 'no',
					state: { id: STATE[live], label: live },
				})
		} else if (/^\/videos\/embed\/[\w-]+$/.test(url.pathname) && url.searchParams.get('api') === '1')
			sendFilmFrame(response, 'PeerTube', switches, SCRIPT)
		else sendText(response, 404, 'text/plain', 'no such video')
	},
})
