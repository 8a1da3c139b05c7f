/**
 * What can be tested without real media: jsdom's media element plays nothing, so a script moves it.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHtml5Loader, securedAddress } from './html5.ts'
import type { MediaElementDeps } from './media-element.ts'
import type { Player, PlayerEvent } from './player.ts'

const FILM = { kind: 'file', url: 'https://films.example/night-bus.mp4' } as const

/** The scripted parts of the element. */
interface Script {
	readyState: number
	paused: boolean
	seeking: boolean
	ended: boolean
	duration: number
	currentTime: number
	error: { code: number; message: string } | null
	buffered: [number, number][]
	/** Null: from beginning to end. */
	seekable: [number, number][] | null
	networkState: number
	playAnswer: () => Promise<void>
}

let script: Script
let timers: { ms: number; fn: () => void }[]
let fetched: { url: string; init: RequestInit | undefined }[]
let answer: (url: string, init?: RequestInit) => Promise<Response>
let isOnline = true
let localMs = 1_234

const deps = (): MediaElementDeps => ({
	local: () => localMs,
	setTimer: (fn, ms) => {
		const timer = { ms, fn }
		timers.push(timer)
		return () => (timers = timers.filter((other) => other !== timer))
	},
	pageIsSecure: true,
	fetch: (input, init) => {
		fetched.push({ url: input as string, init })
		return answer(input as string, init)
	},
	isOnline: () => isOnline,
	timeoutSignal: () => new AbortController().signal,
})

const install = (element: HTMLElement): void => {
	const ranges = (all: [number, number][]) => ({
		length: all.length,
		start: (i: number) => all[i]![0],
		end: (i: number) => all[i]![1],
	})
	for (const key of [
		'readyState',
		'networkState',
		'paused',
		'seeking',
		'ended',
		'duration',
		'error',
	] as const)
		Object.defineProperty(element, key, { configurable: true, get: () => script[key] })
	Object.defineProperty(element, 'buffered', { get: () => ranges(script.buffered) })
	Object.defineProperty(element, 'seekable', { get: () => ranges(script.seekable ?? [[0, script.duration]]) })
	Object.defineProperty(element, 'currentTime', {
		get: () => script.currentTime,
		set: (toS: number) => {
			script.currentTime = toS
			script.seeking = true
		},
	})
	Object.assign(element, {
		load: () => undefined,
		pause: () => (script.paused = true),
		play: async () => {
			await script.playAnswer()
			script.paused = false
		},
	})
}

/** The timers that are not the look-out for silence, which runs all the time. */
const WATCH_MS = 2_500
const retries = () => timers.filter(({ ms }) => ms !== WATCH_MS)
const retry = () => {
	const next = retries()[0]!
	timers = timers.filter((timer) => timer !== next)
	next.fn()
}

let player: Player
let events: PlayerEvent[]
const fire = (name: string) => player.element.dispatchEvent(new Event(name))
const becomeReady = () => {
	script.readyState = 4
	script.duration = 120
	fire('loadedmetadata')
	fire('canplay')
}
const breakDown = (code: number, message = '') => {
	script.error = { code, message }
	fire('error')
}
const settle = () => vi.waitFor(() => expect(player.state().type).toBe('failed'))
const failure = () => {
	const state = player.state()
	return state.type === 'failed' ? state.failure : null
}

beforeEach(async () => {
	script = {
		readyState: 0,
		paused: true,
		seeking: false,
		ended: false,
		duration: NaN,
		currentTime: 0,
		error: null,
		buffered: [],
		seekable: null,
		networkState: 1,
		playAnswer: async () => undefined,
	}
	timers = []
	fetched = []
	isOnline = true
	answer = async () => new Response(null, { status: 404 })
	const proto = HTMLMediaElement.prototype
	vi.spyOn(proto, 'load').mockImplementation(() => undefined)
	vi.spyOn(proto, 'pause').mockImplementation(() => undefined)
	const stage = document.createElement('div')
	document.body.append(stage)
	player = await createHtml5Loader(deps()).load(stage, FILM)
	install(player.element)
	events = []
	player.on((event) => events.push(event))
})
afterEach(() => {
	player.dispose()
	document.body.replaceChildren()
	vi.restoreAllMocks()
})

describe('the html5 player with a file on the own disk', () => {
	const open = async () => {
		player.dispose()
		const url = 'blob:https://matinee.example/0b5e1b1e-6d7c-4c38-9a55-2f1d6c1d3c11'
		player = await createHtml5Loader(deps()).load(document.body, { kind: 'file', url })
		install(player.element)
		return url
	}

	it('[PL121] the file is moved away in mid-film: told at once, with no network to wait for', async () => {
		const url = await open()
		becomeReady()
		isOnline = false
		answer = async () => Promise.reject(new TypeError('Failed to fetch'))
		breakDown(2, 'PIPELINE_ERROR_READ: FFmpegDemuxer: data source error')
		await settle()
		expect(failure()).toEqual({ type: 'file-gone' })
		expect(retries()).toEqual([])
		expect(fetched.map((request) => request.url)).toEqual([url])
	})
	it('[PL121] a file that is gone before it is loaded is told as such, too', async () => {
		await open()
		answer = async () => {
			const body = new ReadableStream({
				pull: (stream) => stream.error(new DOMException('', 'NotReadableError')),
			})
			return new Response(body)
		}
		breakDown(4)
		await settle()
		expect(failure()).toEqual({ type: 'file-gone' })
	})
	it('[PL121] a file that is there and not understood has an unknown format, online or not', async () => {
		await open()
		isOnline = false
		answer = async () => new Response(new Uint8Array([1, 2]), { status: 206 })
		breakDown(4, 'DEMUXER_ERROR_COULD_NOT_OPEN')
		await settle()
		expect(failure()).toEqual({ type: 'codec', detail: 'DEMUXER_ERROR_COULD_NOT_OPEN' })
	})
	it('[PL121] a disk that stumbles is read again', async () => {
		await open()
		becomeReady()
		answer = async () => new Response(new Uint8Array([1, 2]), { status: 206 })
		breakDown(2)
		await vi.waitFor(() => expect(player.state().type).toBe('stalled'))
		expect(retries()).toHaveLength(1)
	})
})

describe('the html5 player', () => {
	it('[PL10] is a video without controls of its own, inline, asking for no CORS, named for tests', () => {
		const video = player.element as HTMLVideoElement
		expect(video.tagName).toBe('VIDEO')
		expect(video.dataset['testid']).toBe('player')
		expect(video.controls).toBe(false)
		expect(video.hasAttribute('playsinline')).toBe(true)
		expect(video.hasAttribute('crossorigin')).toBe(false)
		expect(video.getAttribute('preload')).toBe('auto')
		expect(video.src).toBe(FILM.url)
	})
	it('[PL11] tells loading, ready, playing, stalled, seeking, paused and ended apart', async () => {
		const seen: string[] = []
		player.on((event) => {
			if (event.type === 'state') seen.push(event.state.type)
		})
		expect(player.state().type).toBe('loading')
		becomeReady()
		await player.play()
		fire('playing')
		script.readyState = 2
		fire('waiting')
		script.readyState = 4
		fire('playing')
		player.seek(30)
		script.seeking = false
		fire('seeked')
		player.pause()
		script.ended = true
		fire('ended')
		expect(seen).toEqual(['ready', 'playing', 'stalled', 'playing', 'seeking', 'playing', 'paused', 'ended'])
	})
	it('[PL11] tells its length once it is known', () => {
		becomeReady()
		expect(events.find(({ type }) => type === 'facts')).toMatchObject({
			facts: { durationS: 120, isLive: false },
		})
		script.duration = Infinity
		fire('durationchange')
		expect(player.facts()).toMatchObject({ durationS: null, isLive: true })
	})
	it('[PL12] a start the browser refuses is blocked, not failed, until it is allowed', async () => {
		becomeReady()
		script.playAnswer = () => Promise.reject(new DOMException('no gesture', 'NotAllowedError'))
		expect(await player.play()).toBe('blocked')
		expect(player.state().type).toBe('blocked')
		script.playAnswer = async () => undefined
		expect(await player.play()).toBe('playing')
		expect(player.state().type).toBe('playing')
	})
	it('[PL12] a start that another command overtook is neither blocked nor a failure of the film', async () => {
		becomeReady()
		script.playAnswer = () => Promise.reject(new DOMException('overtaken', 'AbortError'))
		expect(await player.play()).toBe('failed')
		expect(player.state().type).toBe('ready')
	})
	it('[PL13] a seek before the length is known is kept until it is', () => {
		player.seek(42)
		expect(script.currentTime).toBe(0)
		becomeReady()
		expect(script.currentTime).toBe(42)
	})
	it('[PL13] knows what is buffered ahead and around a place', () => {
		becomeReady()
		script.buffered = [
			[0, 40],
			[60, 120],
		]
		script.currentTime = 10
		expect(player.bufferedAheadS()).toBe(30)
		expect(player.isBuffered(20)).toBe(true)
		expect(player.isBuffered(39.5)).toBe(false)
		expect(player.isBuffered(50)).toBe(false)
		expect(player.isBuffered(119.9)).toBe(true)
	})
	it('[PL14] a rate near 1 lets the pitch go and others keep it', () => {
		const video = player.element as HTMLVideoElement & { preservesPitch: boolean }
		player.setRate(1.004, false)
		expect([video.playbackRate, video.preservesPitch]).toEqual([1.004, false])
		player.setRate(1.5, true)
		expect([video.playbackRate, video.preservesPitch]).toEqual([1.5, true])
	})
	it('[PL19] sound without a picture is marked, so that the stage need not be black', () => {
		becomeReady()
		expect(player.element.dataset['soundOnly']).toBe('true')
	})
	it('[PL9] dispose takes the element away and may be called twice', async () => {
		player.dispose()
		player.dispose()
		expect(player.element.isConnected).toBe(false)
		expect(await player.play()).toBe('failed')
	})
})

describe('why a film does not play', () => {
	it('[PL15] a status says not found, and the probe asks for two bytes without credentials', async () => {
		breakDown(4)
		await settle()
		expect(failure()).toEqual({ type: 'not-found', status: 404 })
		expect(fetched[0]?.init).toMatchObject({ headers: { Range: 'bytes=0-1' }, credentials: 'omit' })
	})
	it('[PL15] a web page is no media', async () => {
		answer = async () => new Response('<h1>', { headers: { 'content-type': 'text/html; charset=utf-8' } })
		breakDown(4)
		await settle()
		expect(failure()).toEqual({ type: 'not-media', contentType: 'text/html' })
	})
	it('[PL15] media that the browser does not know is a matter of the codec', async () => {
		answer = async () => new Response('x', { headers: { 'content-type': 'video/mp4' } })
		breakDown(4, 'no decoder')
		await settle()
		expect(failure()).toEqual({ type: 'codec', detail: 'no decoder' })
	})
	it('[PL96] an address that leads only to others is told so', async () => {
		answer = async (_url, init) => {
			if (init?.redirect !== 'manual') throw new TypeError('Failed to fetch')
			const redirect = new Response(null)
			Object.defineProperty(redirect, 'type', { value: 'opaqueredirect' })
			return redirect
		}
		breakDown(4)
		await settle()
		expect(failure()).toEqual({ type: 'redirects' })
	})
	it('[PL96] not even two bytes is an empty file; no permission is a private one', async () => {
		answer = async () => new Response(null, { status: 416 })
		breakDown(4)
		await settle()
		expect(failure()).toEqual({ type: 'empty' })
	})
	it('[PL15] an answer that may not be read is told from no answer at all', async () => {
		answer = async (_url, init) => {
			if (init?.mode === 'no-cors') return new Response(null)
			throw new TypeError('Failed to fetch')
		}
		breakDown(4)
		await settle()
		expect(failure()).toEqual({ type: 'cors' })
	})
	it('[PL15] a file that was read and not understood is a matter of the codec, readable or not', async () => {
		answer = async (_url, init) => {
			if (init?.mode === 'no-cors') return new Response(null)
			throw new TypeError('Failed to fetch')
		}
		breakDown(4, 'DEMUXER_ERROR_COULD_NOT_OPEN')
		await settle()
		expect(failure()).toMatchObject({ type: 'codec' })
	})
	it('[PL15] no answer, or no network, is unreachable', async () => {
		answer = () => Promise.reject(new TypeError('Failed to fetch'))
		breakDown(4)
		await settle()
		expect(failure()).toEqual({ type: 'unreachable' })
		expect(fetched.map(({ init }) => init?.redirect ?? init?.method ?? 'GET')).toEqual([
			'GET',
			'HEAD',
			'manual',
		])
	})
	it('[PL15] offline nothing is asked', async () => {
		isOnline = false
		breakDown(4)
		await settle()
		expect(failure()).toEqual({ type: 'unreachable' })
		expect(fetched).toEqual([])
	})
	it('[PL15] a film that breaks while being decoded is told at once', () => {
		becomeReady()
		breakDown(3, 'bad frame')
		expect(failure()).toEqual({ type: 'codec', detail: 'bad frame' })
	})
	it('[PL16] a network lost in mid-film is a stall: loaded again with patience, at the same place', async () => {
		becomeReady()
		await player.play()
		script.currentTime = 33
		breakDown(2)
		expect(player.state().type).toBe('stalled')
		expect(retries().map(({ ms }) => ms)).toEqual([1_000])
		script.readyState = 0
		retry()
		script.currentTime = 0
		breakDown(4)
		expect(retries().map(({ ms }) => ms)).toEqual([2_000])
		retry()
		becomeReady()
		expect(script.currentTime).toBe(33)
		fire('playing')
		script.seeking = false
		fire('seeked')
		expect(player.state().type).toBe('playing')
	})
	it('[PL16] after two minutes of attempts the film is unreachable', () => {
		becomeReady()
		breakDown(2)
		let waitedMs = 0
		while (retries().length > 0) {
			waitedMs += retries()[0]!.ms
			retry()
			breakDown(2)
		}
		expect(waitedMs).toBeGreaterThan(110_000)
		expect(waitedMs).toBeLessThan(130_000)
		expect(failure()).toEqual({ type: 'unreachable' })
	})
})

const later = (ms: number) => {
	localMs += ms
}
/** The look-out for silence has its turn, every 2.5 s for so long. */
const lookFor = (ms: number) => {
	for (let passedMs = 0; passedMs < ms; passedMs += WATCH_MS) {
		later(WATCH_MS)
		const watch = timers.filter((timer) => timer.ms === WATCH_MS)
		timers = timers.filter((timer) => timer.ms !== WATCH_MS)
		for (const timer of watch) timer.fn()
	}
}

describe('a server that goes silent', () => {
	it('[PL99] before anything came is asked why, and given up within 20 s', async () => {
		script.networkState = 2
		answer = () => Promise.reject(new DOMException('too late', 'TimeoutError'))
		lookFor(15_000)
		expect(player.state().type).toBe('loading')
		lookFor(5_000)
		expect(failure()).toEqual({ type: 'unreachable' })
		expect(fetched.length).toBeGreaterThan(0)
	})
	it('[PL99] is told for what it is if it says so to somebody who asks', async () => {
		script.networkState = 2
		answer = async () => new Response(null, { status: 403 })
		lookFor(7_500)
		await vi.waitFor(() => expect(fetched.length).toBe(1))
		await Promise.resolve()
		lookFor(12_500)
		expect(failure()).toEqual({ type: 'private', status: 403 })
	})
	it('[PL99] is not given up while something comes, for a minute', () => {
		script.networkState = 2
		for (let i = 0; i < 11; i++) {
			lookFor(5_000)
			fire('progress')
		}
		expect(player.state().type).toBe('loading')
		lookFor(5_000)
		expect(failure()).toEqual({ type: 'no-beginning' })
	})
	it('[PL99] a load that the browser itself put off is left in peace', () => {
		script.networkState = 1
		lookFor(120_000)
		expect(player.state().type).toBe('loading')
	})
	it('[PL99] in mid-film is asked again', async () => {
		becomeReady()
		await player.play()
		fire('playing')
		script.networkState = 2
		script.readyState = 2
		lookFor(15_000)
		expect(player.state().type).toBe('stalled')
		expect(retries().map(({ ms }) => ms)).toContain(1_000)
	})
	it('[PL99] a film that claims to play and does not move is asked for again', async () => {
		becomeReady()
		await player.play()
		fire('playing')
		lookFor(12_500)
		expect(player.state().type).toBe('stalled')
	})
})

describe('files that are not what they say', () => {
	it('[PL97] one that ends long before its length is broken off, with the place', async () => {
		becomeReady()
		Object.defineProperty(player.element, 'videoWidth', { value: 640 })
		delete player.element.dataset['soundOnly']
		await player.play()
		fire('playing')
		script.currentTime = 34
		fire('timeupdate')
		script.ended = true
		script.currentTime = 120
		fire('ended')
		expect(failure()).toEqual({ type: 'broken-off', atS: 34 })
	})
	it('[PL97] a decoding error in a film that played is tried again once; twice in one place it is damaged', async () => {
		becomeReady()
		fire('loadeddata')
		await player.play()
		fire('playing')
		script.currentTime = 50
		fire('timeupdate')
		breakDown(3, 'bad frame')
		expect(player.state().type).toBe('stalled')
		retry()
		breakDown(3, 'bad frame')
		expect(failure()).toEqual({ type: 'broken-off', atS: 50 })
	})
	it('[PL97] a sound file is given its true length when it ends: most only guess it', async () => {
		becomeReady()
		await player.play()
		fire('playing')
		script.currentTime = 90
		fire('timeupdate')
		script.ended = true
		script.currentTime = 120
		fire('ended')
		expect(player.state().type).toBe('ended')
		expect(player.facts().durationS).toBe(90)
	})
	it('[PL104] a length that changes while it plays is told each time', () => {
		becomeReady()
		for (const durationS of [130, 145.5]) {
			script.duration = durationS
			fire('durationchange')
		}
		const lengths = events.flatMap((event) => (event.type === 'facts' ? [event.facts.durationS] : []))
		expect(lengths).toEqual([120, 130, 145.5])
	})
	it('[PL104] one without a length is live, unless the server sends it from any place', async () => {
		answer = async () => new Response('xx', { status: 200 })
		script.seekable = [[0, Infinity]]
		script.readyState = 4
		script.duration = Infinity
		fire('loadedmetadata')
		await vi.waitFor(() => expect(fetched.length).toBe(1))
		expect(player.facts()).toMatchObject({ isLive: true, timeline: 'none' })
		expect(player.can).toMatchObject({ seek: 'none', read: 'none' })
		expect(player.sample()).toBeNull()
		answer = async () => new Response('xx', { status: 206 })
		fire('loadedmetadata')
		await vi.waitFor(() => expect(player.facts()).toMatchObject({ isLive: false, timeline: 'media' }))
		expect(player.can.seek).toBe('direct')
	})
	it('[PL98] one that can only be had from the beginning cannot be sought, and is left where it is', () => {
		script.seekable = [[0, 0]]
		becomeReady()
		script.currentTime = 20
		expect(player.can.seek).toBe('none')
		player.seek(60)
		expect(script.currentTime).toBe(20)
	})
	it('[PL96] sound without loudspeakers is told apart from a broken file', () => {
		breakDown(3, 'NS_ERROR_DOM_MEDIA_MEDIASINK_ERR (0x806e000b)')
		expect(failure()).toEqual({ type: 'no-output' })
	})
})

describe('plain http', () => {
	it('[PL103] where https does not answer either, it is the http that is told', async () => {
		player.dispose()
		player = await createHtml5Loader(deps()).load(document.body, {
			kind: 'file',
			url: 'http://a.example/x.mp4',
		})
		install(player.element)
		expect((player.element as HTMLVideoElement).src).toBe('https://a.example/x.mp4')
		answer = () => Promise.reject(new TypeError('Failed to fetch'))
		breakDown(4)
		await settle()
		expect(failure()).toEqual({ type: 'insecure' })
	})

	it('[PL17] an https page asks for the same address over https, but leaves loopback alone', () => {
		expect(securedAddress('http://a.example/x.mp4', true)).toBe('https://a.example/x.mp4')
		expect(securedAddress('http://127.0.0.1:9/x.mp4', true)).toBe('http://127.0.0.1:9/x.mp4')
		expect(securedAddress('http://a.example/x.mp4', false)).toBe('http://a.example/x.mp4')
	})
})
