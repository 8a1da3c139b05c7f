/**
 * How hls.js is held: jsdom plays nothing, so a stand-in for it says what the real one would. Real streams run in
 * tests/e2e/players-media.spec.ts.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HlsConfig } from 'hls.js'
import { createHlsLoader, type LoadHls } from './hls.ts'
import type { MediaElementDeps } from './media-element.ts'
import type { Player } from './player.ts'

const URL_ = 'https://films.example/live/index.m3u8'

class FakeHls {
	static Events = {
		ERROR: 'error',
		LEVEL_UPDATED: 'updated',
		LEVEL_PTS_UPDATED: 'pts',
		MANIFEST_LOADED: 'manifest',
		MANIFEST_PARSED: 'parsed',
	}
	static ErrorTypes = { MEDIA_ERROR: 'mediaError' }
	static isSupported = () => true
	readonly config: Partial<HlsConfig>
	readonly heard = new Map<string, (name: string, data: unknown) => void>()
	readonly targetLatency = 6
	readonly liveSyncPosition = null
	levels: { height: number; bitrate: number }[] = []
	currentLevel = -1
	nextLevel = -1
	isDestroyed = false
	mediaRecoveries = 0
	constructor(config: Partial<HlsConfig>) {
		this.config = config
		made.push(this)
	}
	on(name: string, fn: (name: string, data: unknown) => void) {
		this.heard.set(name, fn)
	}
	tell(name: string, data: unknown) {
		this.heard.get(name)?.(name, data)
	}
	loadSource() {}
	attachMedia() {}
	recoverMediaError() {
		this.mediaRecoveries += 1
	}
	destroy() {
		this.isDestroyed = true
	}
}

let made: FakeHls[]
let builds: string[]
let localMs: number
let timers: { ms: number; fn: () => void }[]
let player: Player
const newest = () => made.at(-1)!

const deps = (): MediaElementDeps => ({
	local: () => localMs,
	setTimer: (fn, ms) => {
		const timer = { ms, fn }
		timers.push(timer)
		return () => (timers = timers.filter((other) => other !== timer))
	},
	pageIsSecure: true,
	fetch: () => Promise.reject(new TypeError('Failed to fetch')),
	isOnline: () => true,
	timeoutSignal: () => new AbortController().signal,
})
const load: LoadHls = async (build) => {
	builds.push(build)
	return FakeHls as never
}
const failure = () => {
	const state = player.state()
	return state.type === 'failed' ? state.failure : null
}
/** A live playlist of five parts of 2 s, the last of which ended `behindMs` ago. */
const livePlaylist = (change: object = {}, behindMs = 1_000) => ({
	details: {
		live: true,
		advanced: true,
		type: null,
		targetduration: 2,
		hasProgramDateTime: true,
		fragments: Array.from({ length: 5 }, (_, i) => ({
			start: i * 2,
			duration: 2,
			programDateTime: localMs - behindMs - (5 - i) * 2_000,
			cc: 0,
		})),
		...change,
	},
})
const becomeReady = () => {
	const { element } = player
	for (const [name, value] of Object.entries({ readyState: 4, duration: Infinity }))
		Object.defineProperty(element, name, { configurable: true, get: () => value })
	element.dispatchEvent(new Event('loadedmetadata'))
}

beforeEach(async () => {
	made = []
	builds = []
	timers = []
	localMs = Date.UTC(2026, 10, 21, 12)
	const proto = HTMLMediaElement.prototype
	vi.spyOn(proto, 'load').mockImplementation(() => undefined)
	vi.spyOn(proto, 'pause').mockImplementation(() => undefined)
	vi.spyOn(proto, 'canPlayType').mockImplementation(() => '')
	const stage = document.createElement('div')
	document.body.append(stage)
	player = await createHlsLoader(deps(), load).load(stage, { kind: 'hls', url: URL_ })
	await vi.waitFor(() => expect(made.length).toBe(1))
})
afterEach(() => {
	player.dispose()
	document.body.replaceChildren()
	vi.restoreAllMocks()
})

describe('hls.js', () => {
	it('[PL92] is told to correct nothing: neither the speed nor the place', () => {
		expect(newest().config).toMatchObject({ maxLiveSyncPlaybackRate: 1, lowLatencyMode: false })
		expect(newest().config.liveMaxLatencyDurationCount).toBeUndefined()
		expect(newest().config.liveMaxLatencyDuration).toBeUndefined()
	})
	it('[PL102] is fetched in its small build, and whole only for sound in playlists of its own', async () => {
		newest().tell('manifest', { audioTracks: [{ url: '' }] })
		expect(builds).toEqual(['light'])
		newest().tell('manifest', { audioTracks: [], subtitles: [{ url: '' }] })
		expect(builds).toEqual(['light'])
		newest().tell('manifest', { audioTracks: [{ url: 'https://films.example/sound.m3u8' }] })
		await vi.waitFor(() => expect(made.length).toBe(2))
		expect(builds).toEqual(['light', 'full'])
		expect(made[0]!.isDestroyed).toBe(true)
		newest().tell('manifest', { audioTracks: [{ url: 'https://films.example/sound.m3u8' }] })
		expect(builds.length).toBe(2)
	})
	it.each([
		['text', 9 * 1024 * 1024, 'playlist'],
		['arraybuffer', 129 * 1024 * 1024, 'part'],
	])('[PL102] %s of more than such a thing can be long is broken off', (responseType, loaded, what) => {
		const request = new EventTarget()
		const abort = vi.fn()
		Object.assign(request, { abort })
		void newest().config.xhrSetup?.(request as never, URL_, { responseType } as never)
		request.dispatchEvent(new ProgressEvent('progress', { loaded: 1_000 }))
		expect(abort).not.toHaveBeenCalled()
		request.dispatchEvent(new ProgressEvent('progress', { loaded }))
		expect(abort).toHaveBeenCalled()
		expect(failure()).toEqual({ type: 'too-big', what })
	})
	it('[PL102] a request whose answer stops coming is given up after ten seconds', () => {
		const request = new EventTarget()
		const abort = vi.fn()
		Object.assign(request, { abort })
		void newest().config.xhrSetup?.(request as never, URL_, { responseType: 'arraybuffer' } as never)
		request.dispatchEvent(new ProgressEvent('progress', { loaded: 1 }))
		request.dispatchEvent(new ProgressEvent('progress', { loaded: 2 }))
		expect(timers.map(({ ms }) => ms)).toEqual([10_000])
		timers[0]!.fn()
		expect(abort).toHaveBeenCalledTimes(1)
		request.dispatchEvent(new Event('loadend'))
		expect(timers).toEqual([])
	})
	it('[PL103] parts over plain http, which this page may not load, are told so', () => {
		const frag = { url: 'http://films.example/1.ts' }
		newest().tell('error', { fatal: true, type: 'networkError', details: 'fragLoadError', frag })
		expect(failure()).toEqual({ type: 'insecure' })
	})
	it('[PL102] an accident of the decoder is got over once in half a minute', () => {
		const accident = { fatal: true, type: 'mediaError', details: 'bufferAppendError' }
		newest().tell('error', accident)
		expect(newest().mediaRecoveries).toBe(1)
		localMs += 31_000
		newest().tell('error', accident)
		expect(newest().mediaRecoveries).toBe(2)
		localMs += 5_000
		newest().tell('error', accident)
		expect(failure()).toEqual({ type: 'codec', detail: 'bufferAppendError' })
	})
	it('[PL102] what nobody can decode is not tried again', () => {
		newest().tell('error', { fatal: true, type: 'mediaError', details: 'manifestIncompatibleCodecsError' })
		expect(failure()).toEqual({ type: 'codec', detail: 'manifestIncompatibleCodecsError' })
	})
})

describe('live', () => {
	it('[PL101] tells how far behind it has to stay, by its own dates', () => {
		newest().tell('updated', livePlaylist())
		becomeReady()
		expect(player.facts()).toMatchObject({
			isLive: true,
			timeline: 'date',
			durationS: null,
			liveLatencyMs: 7_000,
		})
		expect(player.sample()?.positionS).toBeCloseTo((localMs - 11_000) / 1000, 3)
	})
	it('[PL95] a playlist that stands still for 45 s has ended', () => {
		newest().tell('updated', livePlaylist())
		becomeReady()
		localMs += 40_000
		newest().tell('updated', livePlaylist({ advanced: false }))
		expect(player.state().type).not.toBe('failed')
		localMs += 6_000
		newest().tell('updated', livePlaylist({ advanced: false }))
		expect(failure()).toEqual({ type: 'live-ended' })
	})
	it('[PL95] once its dates are known it keeps them, also when it says that it is over', () => {
		newest().tell('updated', livePlaylist())
		becomeReady()
		newest().tell('updated', livePlaylist({ live: false }))
		expect(player.facts()).toMatchObject({ timeline: 'date', durationS: null })
	})
	it('[PL95] a part that is gone is asked for again from the newest on', async () => {
		newest().tell('updated', livePlaylist())
		becomeReady()
		const frag = { url: 'https://films.example/1.m4s' }
		const response = { code: 404 }
		newest().tell('error', { fatal: true, type: 'networkError', details: 'fragLoadError', frag, response })
		expect(player.state().type).toBe('stalled')
		timers.find(({ ms }) => ms === 1_000)?.fn()
		await vi.waitFor(() => expect(made.length).toBe(2))
	})
	it('[PL94] without dates its place is not known, with them later it is', () => {
		newest().tell('updated', livePlaylist({ hasProgramDateTime: false }))
		becomeReady()
		expect(player.facts().timeline).toBe('none')
		expect(player.sample()).toBeNull()
		newest().tell('updated', livePlaylist())
		expect(player.facts().timeline).toBe('date')
	})

	it('[WT12] a stream that comes in several qualities offers each once, best first, and keeps the one chosen', () => {
		expect(player.qualities?.()).toBeNull()
		newest().levels = [
			{ height: 360, bitrate: 800_000 },
			{ height: 720, bitrate: 2_500_000 },
			{ height: 720, bitrate: 2_600_000 },
			{ height: 0, bitrate: 64_000 },
		]
		newest().currentLevel = 1
		expect(player.qualities?.()).toEqual({
			all: [
				{ id: 1, height: 720, bitsPerS: 2_500_000 },
				{ id: 0, height: 360, bitsPerS: 800_000 },
				{ id: 3, height: null, bitsPerS: 64_000 },
			],
			chosen: null,
			shown: 1,
		})
		player.setQuality?.(0)
		expect([newest().nextLevel, player.qualities?.()?.chosen]).toEqual([0, 0])
		// Loaded anew, after the network was away or with the larger build: as the person wanted it.
		newest().nextLevel = -1
		newest().tell('parsed', {})
		expect(newest().nextLevel).toBe(0)
		player.setQuality?.(null)
		expect([newest().nextLevel, player.qualities?.()?.chosen]).toEqual([-1, null])
		newest().levels = newest().levels.slice(0, 1)
		expect(player.qualities?.()).toBeNull()
	})
})
