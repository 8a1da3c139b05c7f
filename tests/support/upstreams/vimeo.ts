/**
 * player.vimeo.com: `{method, value}` answered in the same shape, events to those who asked for them, errors by name.
 * A seek before the start starts it, the length is whole seconds until then, buffering is told at rest too. An unlisted
 * video wants its hash. A person's hand is `hand` in the frame, or a click.
 */
import { sendText, type FakeSite } from './fake-site.ts'
import { isFilm, sendFilmFrame } from './film-frame.ts'

export interface VimeoSwitches {
	/** It is there and says nothing. */
	isSilent: boolean
	/** It says only what is no word of it. */
	talksNonsense: boolean
	/** The owner lets the speed be changed. */
	takesRates: boolean
	/** The only `h` with which it plays. */
	hash: string | null
	/** An error instead of getting ready. */
	readyError: { readonly name: string; readonly message: string } | null
	/** The browser refuses a start with sound. */
	refusesStart: boolean
	/** No data for so long after each start and seek. */
	bufferMs: number
	/** It never says `playing`, as older players did not. */
	isOld: boolean
	isSpiteful: boolean
	/** Everything goes as JSON text. */
	talksText: boolean
}

export const vimeoSwitches = (): VimeoSwitches => ({
	isSilent: false,
	talksNonsense: false,
	takesRates: true,
	hash: null,
	readyError: null,
	refusesStart: false,
	bufferMs: 0,
	isOld: false,
	isSpiteful: false,
	talksText: false,
})

const SCRIPT = `
const asked = new Set()
let hasStarted = false
let isReady = false
let running = false
const post = (message) => {
	if (switches.isSilent) return
	if (switches.talksNonsense) return parent.postMessage('vimeo says hello', '*')
	parent.postMessage(switches.talksText ? JSON.stringify(message) : message, '*')
	if (!switches.isSpiteful) return
	const wild = [
		{ event: 'timeupdate', data: { seconds: 1e300, duration: -1 } },
		{ event: 'timeupdate', data: { seconds: NaN, duration: Infinity } },
		{ event: 'seeked', data: null },
		{ event: 'error', data: { method: {}, name: 7 } },
		{ event: 'volumechange', data: { volume: 900 } },
		{ method: 'getCurrentTime', value: '40' },
		JSON.parse('{"event":"timeupdate","data":{"__proto__":{"seconds":70}}}'),
		{ event: ['ended'] }, [], null, 12, 'x'.repeat(200000),
	]
	for (const word of wild) parent.postMessage(word, '*')
}
const length = () => (hasStarted ? film.duration : Math.round(film.duration))
const times = () => ({ duration: length(), percent: film.currentTime / film.duration, seconds: film.currentTime })
const say = (event, data) => { if (asked.has(event)) post({ event, data }) }
const fail = (method, name, message) => post({ event: 'error', data: { method, name, message } })
const greet = () => {
	if (switches.hash !== null && query.get('h') !== switches.hash) return fail('ready', 'PrivacyError', 'This video is private.')
	if (switches.readyError) return fail('ready', switches.readyError.name, switches.readyError.message)
	isReady = true
	post({ event: 'ready' })
}
const start = () => {
	if (switches.refusesStart && !film.muted) return fail('play', 'NotAllowedError', 'play() failed because the user did not interact')
	running = true
	say('play', times())
	if (switches.bufferMs > 0) say('bufferstart')
	setTimeout(() => {
		if (!running) return
		if (switches.bufferMs > 0) say('bufferend')
		film.play().then(() => post({ method: 'play' }), (error) => {
			running = false
			fail('play', error.name, error.message)
		})
	}, switches.bufferMs)
}
const pause = () => {
	const was = running
	running = false
	film.pause()
	if (was) say('pause', times())
}
film.addEventListener('loadedmetadata', () => { if (!switches.isSilent) greet() })
film.addEventListener('playing', () => {
	if (!hasStarted) {
		hasStarted = true
		say('durationchange', { duration: film.duration })
	}
	if (!switches.isOld) say('playing', times())
})
film.addEventListener('timeupdate', () => say('timeupdate', times()))
film.addEventListener('progress', () => film.buffered.length && say('progress', { ...times(), seconds: film.buffered.end(film.buffered.length - 1) }))
film.addEventListener('seeking', () => { say('seeking', times()); say('bufferstart') })
film.addEventListener('seeked', () => { say('bufferend'); say('seeked', times()) })
film.addEventListener('ended', () => {
	running = false
	say('pause', times())
	say('ended', { duration: film.duration, percent: 1, seconds: film.duration })
})
film.addEventListener('volumechange', () => say('volumechange', { volume: film.volume, muted: film.muted }))
film.addEventListener('ratechange', () => say('playbackratechange', { playbackRate: film.playbackRate }))
const methods = {
	addEventListener: (name) => void asked.add(name),
	play: start,
	pause() {
		pause()
		post({ method: 'pause' })
	},
	setCurrentTime(toS) {
		if (toS < 0 || toS > film.duration) return fail('setCurrentTime', 'RangeError', 'out of range')
		film.currentTime = toS
		film.addEventListener('seeked', () => post({ method: 'setCurrentTime', value: film.currentTime }), { once: true })
		if (!hasStarted) start()
	},
	getCurrentTime: () => post({ method: 'getCurrentTime', value: film.currentTime }),
	getDuration: () => post({ method: 'getDuration', value: length() }),
	getVideoTitle: () => post({ method: 'getVideoTitle', value: 'Saltmarsh, from Vimeo' }),
	setPlaybackRate(rate) {
		if (!switches.takesRates) return fail('setPlaybackRate', 'Error', 'Setting the playback rate is not enabled for this video.')
		film.playbackRate = rate
		post({ method: 'setPlaybackRate', value: rate })
	},
	setVolume(volume) {
		film.volume = volume
		post({ method: 'setVolume', value: volume })
	},
	setMuted(isMuted) {
		film.muted = isMuted
		post({ method: 'setMuted', value: isMuted })
	},
}
addEventListener('message', ({ data, source }) => {
	if (source !== parent || typeof data !== 'object' || data === null) return
	if (data.method === 'ping') return isReady && post({ method: 'ping' })
	if (isReady && Object.hasOwn(methods, data.method)) methods[data.method](data.value)
})
/** The person's own use of the player's controls. */
globalThis.hand = {
	toggle: () => (film.paused ? start() : pause()),
	seek(toS) {
		film.currentTime = toS
	},
	stall(ms) {
		film.pause()
		say('bufferstart')
		setTimeout(() => {
			say('bufferend')
			film.play()
		}, ms)
	},
}
film.addEventListener('click', () => hand.toggle())
`

export const createFakeVimeo = (switches: VimeoSwitches): FakeSite => ({
	hosts: ['player.vimeo.com'],
	handle(url, request, response) {
		if (isFilm(url, request, response)) return
		if (!/^\/video\/\d{5,12}$/.test(url.pathname)) {
			sendText(response, 404, 'text/plain', 'no such page')
			return
		}
		sendFilmFrame(response, 'Vimeo', switches, SCRIPT)
	},
})
