/**
 * w.soundcloud.com/player: `{method, value}` as JSON text, times in milliseconds, events only to those who asked; a
 * seek before the first play is ignored, as the real one does.
 */
import { sendText, type FakeSite } from './fake-site.ts'
import { isFilm, sendFilmFrame } from './film-frame.ts'

export interface SoundCloudSwitches {
	isSilent: boolean
	talksNonsense: boolean
	/** The track is gone or private: it says only that there is an error. */
	isGone: boolean
	/** Progress comes each so many milliseconds. */
	reportMs: number
	isBlocked: boolean
}

export const soundcloudSwitches = (): SoundCloudSwitches => ({
	isSilent: false,
	talksNonsense: false,
	isGone: false,
	reportMs: 200,
	isBlocked: false,
})

const SCRIPT = `
const wanted = new Set(['ready'])
const send = (method, value) => {
	if (switches.isSilent) return
	parent.postMessage(switches.talksNonsense ? '[1,2' : JSON.stringify({ widgetId: 'fake', method, value }), '*')
}
const event = (name, value) => { if (wanted.has(name)) send(name, value) }
const ms = () => film.currentTime * 1000
const at = () => ({
	soundId: 7,
	currentPosition: ms(),
	relativePosition: film.currentTime / film.duration,
	loadedProgress: film.buffered.length ? film.buffered.end(film.buffered.length - 1) / film.duration : 0,
})
let hasPlayed = false
film.addEventListener('playing', () => { hasPlayed = true; event('play', at()) })
film.addEventListener('pause', () => { if (!film.ended) event('pause', at()) })
film.addEventListener('seeking', () => event('seek', at()))
film.addEventListener('ended', () => event('finish', at()))
film.addEventListener('progress', () => event('loadProgress', at()))
setInterval(() => { if (!film.paused) event('playProgress', at()) }, switches.reportMs)
const methods = {
	addEventListener: (name) => { wanted.add(name); if (name === 'error' && switches.isGone) event('error') },
	removeEventListener: (name) => wanted.delete(name),
	play: () => { if (!switches.isBlocked) film.play().catch(() => {}) },
	pause: () => film.pause(),
	seekTo: (to) => { if (hasPlayed) film.currentTime = to / 1000 },
	setVolume: (to) => { film.volume = to / 100 },
	getVolume: () => send('getVolume', film.volume * 100),
	getDuration: () => send('getDuration', film.duration * 1000),
	getPosition: () => send('getPosition', ms()),
	isPaused: () => send('isPaused', film.paused),
	getCurrentSound: () => send('getCurrentSound', {
		title: 'Saltmarsh at dusk', duration: film.duration * 1000, user: { username: 'The Wading Birds' },
	}),
}
addEventListener('message', ({ data, source }) => {
	if (source !== parent) return
	const { method, value } = JSON.parse(data)
	methods[method]?.(value)
})
if (!switches.isGone) film.addEventListener('loadedmetadata', () => send('ready'))
`

export const createFakeSoundCloud = (switches: SoundCloudSwitches): FakeSite => ({
	hosts: ['w.soundcloud.com'],
	handle(url, request, response) {
		if (isFilm(url, request, response)) return
		if (url.pathname === '/player/' && url.searchParams.has('url'))
			sendFilmFrame(response, 'SoundCloud', switches, SCRIPT)
		else sendText(response, 404, 'text/plain', 'no track is named')
	},
})
