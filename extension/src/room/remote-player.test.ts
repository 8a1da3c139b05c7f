import { beforeEach, describe, expect, it } from 'vitest'
import { PLAYER_CONTRACT } from '#lib/players/contract.ts'
import type { Player } from '#lib/players/player.ts'
import { createVirtualTime, type VirtualTime } from '#lib/players/virtual-time.ts'
import { createFakeVideo, type FakeVideo } from '../page/fake-video.ts'
import { createPagePlayer } from '../page/page-player.ts'
import { createPlayerHost, type PlayerHost } from '../page/player-host.ts'
import { pumped } from '../page/pumped.ts'
import { createPortPair, type PortPair } from '../wire/fake-ports.ts'
import { fromPage, toPage, type FromPage, type ToPage } from '../wire/page-messages.ts'
import { createLine, type Line } from '../wire/port.ts'
import { createRemotePlayer } from './remote-player.ts'

const element = (): HTMLElement => {
	const one = { isConnected: true, remove: () => (one.isConnected = false) }
	return one as unknown as HTMLElement
}

let time: VirtualTime
/** The page's clock is so much ahead of the room's. */
let aheadMs: number
let wayMs: number
let videos: FakeVideo[]
let chosen: number | null
let isTouched: boolean
let touchWatchers: number
let pair: PortPair
let room: Line<FromPage, ToPage>
let host: PlayerHost
let url: string

beforeEach(() => {
	time = createVirtualTime()
	aheadMs = 0
	wayMs = 2
	isTouched = false
	touchWatchers = 0
	url = 'https://site.example/watch?v=1'
})

const open = (): Player => {
	const pageLocal = () => time.now() + aheadMs
	videos = [createFakeVideo({ local: time.now, after: time.after })]
	chosen = 0
	pair = createPortPair((fn) => time.after(wayMs, fn))
	room = createLine(pair.here, fromPage)
	host = createPlayerHost({
		line: createLine(pair.there, toPage),
		local: pageLocal,
		onEnd: () => undefined,
		page: {
			url: () => url,
			title: () => 'The night bus',
			isHidden: () => false,
			video: () => (chosen === null ? null : (videos[chosen] ?? null)),
			isPlayedHere: () => true,
			isAd: () => false,
			frame: () => null,
			watchMoves: () => () => undefined,
			createPlayer: (video) =>
				createPagePlayer(video, {
					local: pageLocal,
					setTimer: (fn, ms) => time.after(ms, fn),
					isTouched: () => isTouched,
					isAd: () => false,
					standIn: element(),
				}),
			watchTouch: () => {
				touchWatchers += 1
				return () => (touchWatchers -= 1)
			},
		},
	})
	return createRemotePlayer({
		line: room,
		local: time.now,
		setTimer: (fn, ms) => time.after(ms, fn),
		standIn: element(),
	})
}
const playing = async (): Promise<Player> => {
	const player = open()
	await time.advance(200)
	await pumped(player, time).play()
	await time.advance(500)
	return player
}
const errorMs = (player: Player): number =>
	((player.sample()?.positionS ?? NaN) - (videos[0]?.currentTime ?? NaN)) * 1000

describe('the player of another document keeps the contract', () => {
	for (const way of [1, 40])
		describe(`${String(way)} ms away`, () => {
			for (const check of PLAYER_CONTRACT.filter(({ name }) => !name.startsWith('[PL22]')))
				it(check.name, async () => {
					wayMs = way
					await check.run({
						open: async () => pumped(open(), time),
						wait: (ms) => time.advance(ms),
						toleranceS: 0.2,
					})
				})
		})
})

describe('the player of another document', () => {
	it('[XT7] knows where the film is at any moment, to a millisecond, between two reports', async () => {
		const player = await playing()
		for (let i = 0; i < 40; i++) {
			await time.advance(17)
			expect(Math.abs(errorMs(player))).toBeLessThan(1)
		}
		player.setRate(1.05, false)
		await time.advance(50)
		for (let i = 0; i < 40; i++) {
			await time.advance(17)
			expect(Math.abs(errorMs(player))).toBeLessThan(1)
		}
	})
	it('[XT7] even where the page’s clock was started under another time of day', async () => {
		aheadMs = 7_300
		const player = await playing()
		expect(Math.abs(errorMs(player))).toBeLessThan(1)
	})
	it('[XT8] says nothing of where the film is once the page has fallen silent', async () => {
		const player = await playing()
		wayMs = 60_000
		await time.advance(2_000)
		expect(player.sample()).toBeNull()
	})
	it('[XT8] a page that goes takes no play, and leaves it loading', async () => {
		const player = await playing()
		const outcome = player.play()
		host.dispose()
		expect(await outcome).toBe('failed')
		expect(player.state().type).toBe('loading')
		expect(await player.play()).toBe('failed')
		expect(player.sample()).toBeNull()
	})
	it('[XT1] hands on what a person does on the page', async () => {
		const player = await playing()
		const acts: string[] = []
		player.on((event) => {
			if (event.type === 'user-intent') acts.push(event.intent)
		})
		isTouched = true
		videos[0]?.pause()
		await time.advance(400)
		expect(acts).toEqual(['pause'])
		expect(player.state().type).toBe('paused')
	})
	it('[XT6] follows the site to the next video it puts there', async () => {
		const player = await playing()
		const next = createFakeVideo({ local: time.now, after: time.after, durationS: 90 })
		videos.push(next)
		chosen = 1
		await time.advance(2_500)
		expect(player.facts().durationS).toBe(90)
		expect(player.state().type).toBe('ready')
		expect(videos[0]?.listeners()).toBe(0)
		chosen = null
		await time.advance(5_000)
		expect(player.state().type).toBe('loading')
	})
	it('[XT9] leaves no listener on the page after it was released', async () => {
		const player = await playing()
		expect(touchWatchers).toBe(1)
		player.dispose()
		await time.advance(100)
		expect([touchWatchers, videos[0]?.listeners()]).toEqual([0, 0])
	})
	it('[XT9] the page tells where it is, and again when the site goes on within itself', async () => {
		const pages: string[] = []
		open()
		room.on((message) => {
			if (message.type === 'page') pages.push(message.url)
		})
		await time.advance(100)
		url = 'https://site.example/watch?v=2'
		host.pageChanged()
		host.pageChanged()
		await time.advance(100)
		expect(pages).toEqual(['https://site.example/watch?v=1', 'https://site.example/watch?v=2'])
	})
	it('[XT10] what does not fit is dropped, and whoever sends nothing else is cut off', async () => {
		const player = await playing()
		const before = player.state().type
		const bad: unknown[] = [
			null,
			'play',
			{ type: 'film', state: 'playing' },
			{ type: 'intent', intent: 'stop', positionS: 1 },
			{ type: 'intent', intent: 'seek', positionS: -1 },
			{ type: 'intent', intent: 'seek', positionS: 1, extra: true },
			{ type: 'page', url: 'javascript:alert(1)', title: '', hasVideo: true, fileUrl: null, isHidden: false },
			JSON.parse('{"type":"intent","intent":"seek","positionS":1,"__proto__":{"x":1}}'),
		]
		const acts: string[] = []
		player.on((event) => acts.push(event.type))
		for (const message of bad) pair.there.postMessage(message)
		await time.advance(50)
		expect(room.refused()).toBe(bad.length)
		expect([acts, player.state().type]).toEqual([[], before])
		for (let i = 0; i < 20; i++) pair.there.postMessage({ type: 'nonsense' })
		await time.advance(50)
		expect(room.isOpen()).toBe(false)
	})
})
