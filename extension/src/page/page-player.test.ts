import { beforeEach, describe, expect, it } from 'vitest'
import { PLAYER_CONTRACT } from '#lib/players/contract.ts'
import type { PlayerEvent } from '#lib/players/player.ts'
import { createVirtualTime, type VirtualTime } from '#lib/players/virtual-time.ts'
import { createFakeVideo, type FakeVideo } from './fake-video.ts'
import { createPagePlayer, type PagePlayer } from './page-player.ts'
import { pumped } from './pumped.ts'

/** A stand-in for a stand-in: there is no document here. */
const element = (): HTMLElement => {
	const one = { isConnected: true, remove: () => (one.isConnected = false) }
	return one as unknown as HTMLElement
}

let time: VirtualTime
let video: FakeVideo
let isTouched = false
let isHeld = false
let isAd = false
let isLive = false
let siteChanged: () => void = () => undefined
let siteWatchers = 0
let refusal: DOMException | null = null
const open = (): PagePlayer => {
	video = createFakeVideo({ local: time.now, after: time.after, refuse: () => refusal })
	return createPagePlayer(video, {
		local: time.now,
		setTimer: (fn, ms) => time.after(ms, fn),
		isTouched: () => isTouched,
		isHeld: () => isHeld,
		isAd: () => isAd,
		isLive: () => isLive,
		watchSite: (fn) => {
			siteChanged = fn
			siteWatchers++
			return () => siteWatchers--
		},
		standIn: element(),
	})
}

beforeEach(() => {
	time = createVirtualTime()
	isTouched = false
	isHeld = false
	isAd = false
	isLive = false
	siteWatchers = 0
	refusal = null
})

describe('the player of a page’s video keeps the contract', () => {
	for (const check of PLAYER_CONTRACT.filter(({ name }) => !name.startsWith('[PL22]')))
		it(check.name, async () => {
			await check.run({
				open: async () => pumped(open(), time),
				wait: (ms) => time.advance(ms),
				toleranceS: 0.2,
			})
		})
})

describe('what a person does with the site’s own controls', () => {
	let player: PagePlayer
	let acts: string[]
	beforeEach(async () => {
		player = open()
		acts = []
		player.on((event: PlayerEvent) => {
			if (event.type === 'user-intent') acts.push(`${event.intent} ${event.positionS.toFixed(1)}`)
		})
		await time.advance(100)
	})
	const start = async () => {
		void player.play()
		await time.advance(1_000)
	}

	it('[XT1] a pause by the site’s button is an act, told once it has stayed', async () => {
		await start()
		isTouched = true
		video.pause()
		await time.advance(150)
		expect(acts).toEqual([])
		await time.advance(100)
		expect(acts).toEqual(['pause 1.0'])
	})
	it('[XT1] until then the room hears nothing that it would set right', async () => {
		await start()
		const told: string[] = []
		player.on((event) => told.push(event.type === 'state' ? event.state.type : event.type))
		isTouched = true
		video.currentTime = 30
		video.pause()
		// Also before the video's own events, which come later than the change.
		expect([player.state().type, player.sample(), told]).toEqual(['playing', null, []])
		await time.advance(100)
		expect([player.state().type, player.sample(), told]).toEqual(['playing', null, []])
		await time.advance(150)
		expect(told).toEqual(['user-intent', 'user-intent', 'paused'])
		expect(player.sample()?.positionS).toBeCloseTo(30, 1)
	})
	it('[XT1] it is one too while the film is sent somewhere', async () => {
		await start()
		isTouched = true
		video.pause()
		await time.advance(100)
		player.seek(1.2)
		await time.advance(400)
		expect(acts).toEqual(['pause 1.2'])
	})
	it('[XT1] so is a play, and a seek on the bar', async () => {
		isTouched = true
		video.currentTime = 30
		await time.advance(300)
		void video.play()
		await time.advance(300)
		expect(acts).toEqual(['seek 30.0', 'play 30.2'])
	})
	it('[XT1] a bar that pauses while it is dragged is one seek and no pause', async () => {
		await start()
		isTouched = true
		video.pause()
		video.currentTime = 10
		await time.advance(50)
		video.currentTime = 20
		await time.advance(100)
		void video.play()
		await time.advance(400)
		expect(acts).toHaveLength(1)
		expect(acts[0]).toMatch(/^seek 20\.\d$/)
	})
	it('[XT1] however long it is dragged, and at most ten seconds', async () => {
		await start()
		isTouched = true
		isHeld = true
		video.pause()
		for (let toS = 10; toS < 20; toS++) {
			video.currentTime = toS
			await time.advance(300)
		}
		expect([acts, player.state().type, player.sample()]).toEqual([[], 'playing', null])
		void video.play()
		isHeld = false
		await time.advance(400)
		expect(acts).toHaveLength(1)
		expect(acts[0]).toMatch(/^seek 19\.\d$/)
		isHeld = true
		video.pause()
		await time.advance(11_000)
		expect(acts.at(-1)).toMatch(/^pause/)
	})
	it('[XT2] what the site does by itself is nobody’s act', async () => {
		await start()
		video.pause()
		await time.advance(1_000)
		video.currentTime = 40
		void video.play()
		await time.advance(1_000)
		expect(acts).toEqual([])
	})
	it('[XT2] the echo of a command is no act though a person is touching the page', async () => {
		isTouched = true
		await start()
		player.seek(12)
		await time.advance(400)
		player.pause()
		await time.advance(400)
		player.setRate(1.004, false)
		await time.advance(400)
		expect(acts).toEqual([])
	})
	it('[XT2] a click right after a command of ours still counts: one command has one answer', async () => {
		await start()
		player.pause()
		await time.advance(50)
		isTouched = true
		void video.play()
		await time.advance(300)
		expect(acts).toHaveLength(1)
		expect(acts[0]).toMatch(/^play/)
	})
	it('[XT2] the pause at the end of the film is the film’s', async () => {
		await start()
		isTouched = true
		player.seek(59.5)
		await time.advance(2_000)
		expect(player.state().type).toBe('ended')
		expect(acts).toEqual([])
	})

	it('[XT3] during the site’s ad nothing is sought or paced, and nothing is anybody’s act', async () => {
		await start()
		isAd = true
		isTouched = true
		expect(player.state().type).toBe('ad')
		expect(player.sample()).toBeNull()
		const beforeS = video.currentTime
		player.seek(40)
		player.setRate(1.1, true)
		video.pause()
		await time.advance(500)
		expect(video.currentTime).toBeCloseTo(beforeS, 3)
		expect(video.playbackRate).toBe(1)
		expect(acts).toEqual([])
	})
	it('[XT3] the ad’s length is not taken for the film’s', async () => {
		expect(player.facts().durationS).toBe(60)
		isAd = true
		video.reload(15)
		await time.advance(200)
		expect(player.facts().durationS).not.toBe(15)
	})
	it('[XT55] an ad is told the moment its player is marked, and runs at the rate that the site gave it', async () => {
		await start()
		player.setRate(1.04, false)
		const told: string[] = []
		player.on((event) => told.push(event.type === 'state' ? event.state.type : event.type))
		isAd = true
		siteChanged()
		expect([told, video.playbackRate]).toEqual([['ad'], 1])
		video.reload(15)
		await time.advance(200)
		isAd = false
		siteChanged()
		video.reload(60)
		await time.advance(200)
		expect([told.at(-1), player.facts().durationS]).toEqual(['playing', 60])
		player.dispose()
		expect(siteWatchers).toBe(0)
	})
	it('[XT56] who skips an ad has not sought the film: the site starts and places it after that', async () => {
		await start()
		isAd = true
		siteChanged()
		video.reload(15)
		await time.advance(3_000)
		isTouched = true
		isAd = false
		siteChanged()
		video.reload(60)
		video.pause()
		await time.advance(100)
		video.currentTime = 20
		void video.play()
		await time.advance(300)
		expect([acts, player.state().type]).toEqual([[], 'playing'])
		expect(player.sample()?.positionS).toBeCloseTo(20.2, 0)
		// A touch lasts no longer than that; the next one counts.
		await time.advance(800)
		video.pause()
		await time.advance(400)
		expect(acts).toHaveLength(1)
	})
	it('[XT56] who goes to the next film in the same element has not stopped this one', async () => {
		await start()
		isTouched = true
		video.pause()
		await time.advance(100)
		video.reload(90)
		await time.advance(1_000)
		expect(acts).toEqual([])
	})
	it('[XT59] live, by its length or by the site’s word, there is no place to seek and none to compare', async () => {
		expect(player.can.seek).toBe('direct')
		isLive = true
		video.starve(false)
		await start()
		expect(player.facts()).toMatchObject({ isLive: true, durationS: null, timeline: 'none' })
		expect([player.can.seek, player.can.read, player.sample()]).toEqual(['none', 'none', null])
		const atS = video.currentTime
		player.seek(50)
		expect(video.currentTime).toBeCloseTo(atS, 3)
		isLive = false
		video.reload(Infinity)
		await time.advance(2_000)
		expect([player.facts().isLive, player.can.seek]).toEqual([true, 'none'])
	})
	it('[XT60] a player that puts every seek back is no longer sought, until it shows another film', async () => {
		await start()
		for (let i = 0; i < 2; i++) {
			expect([player.refuses(), player.can.seek]).toEqual([null, 'direct'])
			player.seek(40)
			video.currentTime = 3
			await time.advance(1_000)
		}
		expect([player.refuses(), player.can.seek]).toEqual(['seek', 'none'])
		const atS = video.currentTime
		player.seek(40)
		expect(video.currentTime).toBeCloseTo(atS, 3)
		video.reload(60)
		await time.advance(100)
		expect([player.refuses(), player.can.seek]).toEqual([null, 'direct'])
	})
	it('[XT62] events that the page’s scripts send to the video change nothing', async () => {
		await start()
		const told: string[] = []
		player.on((event) => told.push(event.type))
		isTouched = true
		for (const name of ['pause', 'play', 'seeking', 'seeked', 'emptied', 'ended', 'loadedmetadata'])
			video.dispatchEvent(new Event(name))
		await time.advance(1_000)
		expect([told, acts, player.facts().durationS, player.state().type]).toEqual([[], [], 60, 'playing'])
	})
	it('[XT4] the site’s volume is left to the person; only our own muting is taken back', async () => {
		player.setVolume(0.2, false)
		expect([video.volume, video.muted]).toEqual([1, false])
		video.muted = true
		player.setVolume(1, false)
		expect(video.muted).toBe(true)
		video.muted = false
		player.setVolume(1, true)
		expect(video.muted).toBe(true)
		player.setVolume(1, false)
		expect(video.muted).toBe(false)
	})
	it('[XT4] leaves the video as it was found, playing and without a listener', async () => {
		await start()
		player.setRate(1.004, false)
		player.dispose()
		expect([video.playbackRate, video.preservesPitch, video.paused]).toEqual([1, true, false])
		expect(video.listeners()).toBe(0)
	})
	it('[PL12] a start that the browser refuses is blocked, until it is allowed', async () => {
		refusal = new DOMException('no gesture', 'NotAllowedError')
		expect(await player.play()).toBe('blocked')
		expect(player.state().type).toBe('blocked')
		refusal = null
		const outcome = player.play()
		await time.advance(100)
		expect(await outcome).toBe('playing')
	})
	it('[PL11] the next film in the same element begins anew', async () => {
		await start()
		video.reload(90)
		await time.advance(10)
		expect(player.state().type).toBe('loading')
		await time.advance(100)
		expect(player.facts().durationS).toBe(90)
	})
})
