import { beforeEach, describe, expect, it } from 'vitest'
import { createVirtualTime, type VirtualTime } from '#lib/players/virtual-time.ts'
import { createPortPair, type PortPair } from '../wire/fake-ports.ts'
import { fromPage, toPage, type FromPage, type PageIs, type ToPage } from '../wire/page-messages.ts'
import { createLine, type Line } from '../wire/port.ts'
import { createFakeVideo, type FakeVideo } from './fake-video.ts'
import type { VideoFrame } from './find-frame.ts'
import { createPagePlayer } from './page-player.ts'
import { createPlayerHost, type PlayerHost } from './player-host.ts'

let time: VirtualTime
let pair: PortPair
let room: Line<FromPage, ToPage>
let host: PlayerHost
let heard: FromPage[]
let video: FakeVideo | null
let url: string
let isAd: boolean
let isTouched: boolean
let frame: VideoFrame | null
let watchers: Set<() => void>

const pages = (): PageIs[] => heard.filter((message) => message.type === 'page')
const lastPage = (): PageIs | undefined => pages().at(-1)
const acts = (): string[] => heard.flatMap((message) => (message.type === 'intent' ? [message.intent] : []))

beforeEach(async () => {
	time = createVirtualTime()
	url = 'https://site.example/watch?v=1'
	isAd = false
	isTouched = false
	frame = null
	heard = []
	watchers = new Set()
	video = createFakeVideo({ local: time.now, after: time.after })
	Object.assign(video, { currentSrc: 'https://site.example/film.webm', mediaKeys: null })
	pair = createPortPair((fn) => time.after(1, fn))
	room = createLine(pair.here, fromPage)
	room.on((message) => heard.push(message))
	host = createPlayerHost({
		line: createLine(pair.there, toPage),
		local: time.now,
		onEnd: () => undefined,
		page: {
			url: () => url,
			title: () => 'The night bus',
			isHidden: () => false,
			video: () => video,
			isPlayedHere: () => true,
			isAd: () => isAd,
			frame: () => frame,
			watchMoves: (fn) => {
				watchers.add(fn)
				return () => watchers.delete(fn)
			},
			watchTouch: () => () => undefined,
			createPlayer: (one) =>
				createPagePlayer(one, {
					local: time.now,
					setTimer: (fn, ms) => time.after(ms, fn),
					isTouched: () => isTouched,
					isAd: () => isAd,
					standIn: { remove: () => undefined } as unknown as HTMLElement,
				}),
		},
	})
	await time.advance(100)
})
const take = async () => {
	room.send({ type: 'take' })
	await time.advance(100)
	room.send({ type: 'play', seq: 1 })
	await time.advance(2_000)
}
const look = async () => {
	room.send({ type: 'look', look: 1 })
	await time.advance(10)
}

describe('the page’s end of the port', () => {
	it('[XT64] the plain file of a page is the film’s, also while an ad with a file of its own is on', async () => {
		await take()
		expect(lastPage()?.fileUrl).toBe('https://site.example/film.webm')
		isAd = true
		Object.assign(video ?? {}, { currentSrc: 'https://ads.example/ad.mp4' })
		await look()
		expect(lastPage()?.fileUrl).toBe('https://site.example/film.webm')
		isAd = false
		Object.assign(video ?? {}, { currentSrc: 'https://site.example/film.webm' })
		await look()
		expect(pages()).toHaveLength(1)
	})
	it('[XT64] before a film whose ad comes first, no file is told', async () => {
		isAd = true
		url = 'https://site.example/watch?v=2'
		for (const fn of watchers) fn()
		await time.advance(10)
		expect(lastPage()).toMatchObject({ url, hasVideo: true, fileUrl: null })
	})
	it('[XT58] a site that went on within itself is told before anybody asks', async () => {
		url = 'https://site.example/watch?v=2'
		for (const fn of watchers) fn()
		await time.advance(10)
		expect(lastPage()?.url).toBe(url)
	})
	it('[XT56] a pause on the way to another film is no word to the room; another place in the same one is', async () => {
		await take()
		isTouched = true
		video?.pause()
		url = 'https://site.example/watch?v=2'
		await time.advance(400)
		expect(acts()).toEqual([])
		await time.advance(1_100)
		url = 'https://site.example/watch?v=2&t=30#comments'
		void video?.play()
		await time.advance(400)
		expect(acts()).toEqual(['play'])
	})
	it('[XT60] copy protection is told, and what the player refuses', async () => {
		Object.assign(video ?? {}, { mediaKeys: {} })
		await take()
		expect(lastPage()).toMatchObject({ isProtected: true, refuses: null })
		for (let seq = 2; seq < 5; seq++) {
			room.send({ type: 'play', seq })
			await time.advance(300)
			video?.pause()
			await time.advance(2_000)
		}
		await look()
		expect(lastPage()?.refuses).toBe('play')
	})
	it('[XT61] the frame is told where the page has no video, and only there', async () => {
		frame = { host: 'player.example', url: 'https://player.example/1' }
		for (const fn of watchers) fn()
		await time.advance(10)
		expect(lastPage()?.frame).toBeNull()
		video = null
		for (const fn of watchers) fn()
		await time.advance(10)
		expect(lastPage()).toMatchObject({ hasVideo: false, frame })
	})
	it('[XT63] the page is watched until the port is gone, and no longer', async () => {
		await take()
		expect(watchers.size).toBe(1)
		room.close()
		await time.advance(100)
		expect([watchers.size, video?.listeners()]).toEqual([0, 0])
		host.dispose()
	})
})
