import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { ItemId } from '#lib/core/units.ts'
import { createFakePlayer, type FakeOptions } from '#lib/players/fake.ts'
import { createVirtualTime } from '#lib/players/virtual-time.ts'
import { createFollower } from './follow.ts'
import type { FollowDeps, FollowStatus } from './follower.ts'
import { memoryLagStore } from './lags.ts'

const ITEM = 'alice.1' as ItemId
const T0 = 1_700_000_000_000

/** One follower with a simulated player, and a vector to write. */
const createScene = (fake: Partial<FakeOptions> = {}, deps: Partial<FollowDeps> = {}) => {
	const time = createVirtualTime(T0)
	const player = createFakePlayer({
		local: time.now,
		after: time.after,
		random: () => 0.5,
		lagSigmaMs: 0,
		durationS: 100,
		...fake,
	})
	let vector: PlaybackVector = { ...EMPTY_VECTOR, itemId: ITEM, rev: 'v0' }
	const told: FollowStatus[] = []
	const intents: string[] = []
	let revs = 0
	const follower = createFollower({
		itemId: ITEM,
		player,
		local: time.now,
		roomNow: time.now,
		timers: time,
		getVector: () => vector,
		lagStore: memoryLagStore(),
		onStatus: (status) => told.push(status),
		onIntent: ({ intent }) => intents.push(intent),
		...deps,
	})
	follower.start()
	return {
		time,
		player,
		follower,
		told,
		intents,
		act: (change: Partial<PlaybackVector>) => {
			vector = { ...vector, atMs: time.now(), ...change, rev: `v${++revs}` }
			follower.vectorChanged()
		},
		/** Target minus true position, in milliseconds. */
		errorMs: () => (positionAt(vector, time.now()) - player.trueS()) * 1000,
		doing: () => follower.status().doing.type,
	}
}
const playing = async (fake: Partial<FakeOptions> = {}, deps: Partial<FollowDeps> = {}) => {
	const scene = createScene(fake, deps)
	await scene.time.advance(200)
	scene.act({ isPlaying: true, atMs: scene.time.now() + 400 })
	await scene.time.advance(3_000)
	expect(scene.doing()).toBe('tracking')
	return scene
}

describe('starting and stopping', () => {
	it('[FO39] a joiner whose clock is set right after the start jumps there, later on it creeps', async () => {
		let shiftMs = 0
		let now = () => T0
		const scene = createScene({}, { roomNow: () => now() + shiftMs })
		const { time } = scene
		now = time.now
		await time.advance(200)
		scene.act({ isPlaying: true, positionS: 20, atMs: time.now() - 5_000 })
		await time.advance(1_200)
		expect(scene.doing()).toBe('tracking')
		shiftMs = 271
		await time.advance(1_000)
		expect(Math.abs(scene.errorMs() + 271)).toBeLessThan(40)
		expect(scene.follower.status().jumps).toBe(1)
		await time.advance(3_000)
		shiftMs = 0
		await time.advance(1_000)
		expect(scene.follower.status().jumps).toBe(1)
		await time.advance(5_000)
		expect(Math.abs(scene.errorMs())).toBeLessThan(40)
	})
	it('[FO11] before a start for all the player stands paused at its place, and moves exactly then', async () => {
		const { time, player, act, doing, errorMs } = createScene()
		await time.advance(200)
		act({ isPlaying: true, positionS: 12, atMs: time.now() + 500 })
		await time.advance(400)
		expect(doing()).toBe('waiting')
		expect(player.trueS()).toBe(12)
		await time.advance(98)
		expect(player.trueS()).toBeCloseTo(12, 1)
		await time.advance(50)
		// The lag of 75 ms was paid in advance.
		expect(Math.abs(errorMs())).toBeLessThan(5)
		expect(player.counts.plays).toBe(1)
	})
	it('[FO11] the start that is awaited is told, and told anew when it is put off', async () => {
		const { time, act, told } = createScene()
		await time.advance(200)
		const firstMs = time.now() + 500
		act({ isPlaying: true, positionS: 12, atMs: firstMs })
		act({ isPlaying: true, positionS: 12, atMs: firstMs + 300 })
		await time.advance(1_500)
		const starts = told.map(({ startsAtMs }) => startsAtMs).filter((atMs) => atMs !== null)
		expect(starts).toEqual([firstMs, firstMs + 300])
		expect(told.at(-1)?.startsAtMs).toBeNull()
	})
	it('[FO11] a running player pauses for a start that lies ahead', async () => {
		const { time, player, act } = await playing()
		act({ isPlaying: true, positionS: 50, atMs: time.now() + 600 })
		await time.advance(300)
		expect(player.trueS()).toBe(50)
		await time.advance(2_000)
		expect(player.trueS()).toBeCloseTo(51.7, 1)
	})
	it('[FO12] a paused vector means exactly its position, also when the player was moved away', async () => {
		const { time, player, act, doing } = await playing()
		act({ isPlaying: false, positionS: 33.333 })
		await time.advance(1_000)
		expect(player.trueS()).toBe(33.333)
		expect(doing()).toBe('paused')
		player.seek(60)
		await time.advance(2_000)
		expect(player.trueS()).toBe(33.333)
	})
	it('[FO12] a player that starts by itself in a paused room is paused again', async () => {
		const { time, player, act } = createScene()
		await time.advance(200)
		act({ isPlaying: false, positionS: 5 })
		await time.advance(1_000)
		await player.play()
		await time.advance(1_500)
		expect(player.state().type).toBe('paused')
		expect(player.trueS()).toBe(5)
	})
	it('[FO13] who comes late stands where the film will be and is in step at once', async () => {
		const { time, act, errorMs, player } = createScene({ loadMs: 700 })
		act({ isPlaying: true, positionS: 20, atMs: T0 - 10_000 })
		await time.advance(1_300)
		expect(Math.abs(errorMs())).toBeLessThan(40)
		// Once while it loads, once to the exact place.
		expect(player.counts.seeks).toBe(2)
	})
	it('[FO13] a place that takes long to load is chosen anew, further ahead', async () => {
		const { time, act, errorMs, doing } = createScene({ seekLagMs: 1_600 })
		await time.advance(100)
		act({ isPlaying: true, positionS: 20, atMs: time.now() - 10_000 })
		await time.advance(6_000)
		expect(doing()).toBe('tracking')
		expect(Math.abs(errorMs())).toBeLessThan(100)
	})
	it('[FO14] a new vector within 40 ms of the old one moves nothing but the rate', async () => {
		const { time, player, act, errorMs } = await playing()
		const before = player.counts.seeks
		act({ positionS: player.trueS() + 0.02 })
		await time.advance(100)
		act({ positionS: player.trueS(), rate: 1.5 })
		await time.advance(100)
		expect(player.rate()).toBeCloseTo(1.5, 1)
		expect(player.counts.seeks).toBe(before)
		await time.advance(4_000)
		expect(Math.abs(errorMs())).toBeLessThan(70)
	})
	it('[FO14] a plain seek lands on the moving target, and better each time', async () => {
		const { time, act, errorMs } = await playing({ seekLagMs: 150 })
		const landed: number[] = []
		for (const positionS of [30, 50, 10, 60]) {
			act({ positionS })
			await time.advance(500)
			landed.push(Math.abs(errorMs()))
			await time.advance(5_000)
		}
		expect(landed[0]).toBeGreaterThan(40)
		expect(landed[3]).toBeLessThan(8)
	})
	it('[FO14] a seek that another overtakes is sent elsewhere at once', async () => {
		const { time, act, errorMs } = await playing({ seekLagMs: 300 })
		for (const positionS of [30, 50, 10]) {
			act({ positionS })
			await time.advance(3_000)
		}
		act({ positionS: 70 })
		await time.advance(100)
		act({ positionS: 20 })
		await time.advance(450)
		expect(Math.abs(errorMs())).toBeLessThan(40)
	})
	it('[FO14] a start lands better each time', async () => {
		const { time, act, errorMs } = createScene({ startLagMs: 160 })
		await time.advance(500)
		const landed: number[] = []
		for (let k = 0; k < 4; k++) {
			act({ isPlaying: true, positionS: 10, atMs: time.now() + 400 })
			await time.advance(580)
			landed.push(Math.abs(errorMs()))
			await time.advance(3_000)
			act({ isPlaying: false, positionS: 10 })
			await time.advance(1_000)
		}
		expect(landed[0]).toBeGreaterThan(60)
		expect(landed[3]).toBeLessThan(8)
	})
	it('[FO15] the item of another vector leaves the player at rest', async () => {
		const { time, player, act, doing } = await playing()
		act({ itemId: 'bob.7' as ItemId })
		await time.advance(300)
		expect(doing()).toBe('idle')
		expect(player.state().type).toBe('paused')
	})
	it('[FO15] after dispose nothing is commanded any more', async () => {
		const { time, player, follower, act } = await playing()
		follower.dispose()
		const before = { ...player.counts }
		act({ positionS: 80 })
		await time.advance(3_000)
		expect(player.counts).toEqual(before)
	})
})

describe('trouble', () => {
	it('[FO16] a stall is told when it has lasted 1.5 s, is repaired afterwards, and teaches no lag', async () => {
		const { time, player, follower, told, doing, errorMs } = await playing()
		const before = follower.status().startLagMs
		told.length = 0
		player.stall(2_400)
		await time.advance(1_400)
		expect(told.map(({ doing: { type } }) => type)).toEqual(['stalled'])
		await time.advance(300)
		expect(told.at(-1)?.doing).toMatchObject({ type: 'stalled' })
		expect(told.length).toBe(2)
		await time.advance(4_000)
		expect(doing()).toBe('tracking')
		expect(Math.abs(errorMs())).toBeLessThan(40)
		expect(follower.status().startLagMs).toBe(before)
	})
	it('[FO16] a stall right after a start teaches no lag either', async () => {
		const { time, player, follower, act } = await playing()
		act({ isPlaying: false, positionS: 10 })
		await time.advance(1_000)
		const before = follower.status().startLagMs
		act({ isPlaying: true, positionS: 10, atMs: time.now() + 300 })
		await time.advance(330)
		player.stall(200)
		await time.advance(3_000)
		expect(follower.status().startLagMs).toBe(before)
	})
	it('[FO16] a set-back of 0.4 s is repaired within a second once seeks are learned', async () => {
		const { time, player, act, errorMs } = await playing()
		for (const positionS of [20, 40, 10]) {
			act({ positionS })
			await time.advance(3_000)
		}
		player.setBack(400)
		await time.advance(1_000)
		expect(Math.abs(errorMs())).toBeLessThan(40)
	})
	it('[FO17] where the browser refuses sound it starts muted and says so; the sound joins without a seek', async () => {
		const scene = createScene(
			{ autoplay: 'muted-only' },
			{ muteToStart: () => scene.player.setVolume(1, true) },
		)
		const { time, player, follower, act, doing } = scene
		await time.advance(100)
		act({ isPlaying: true, positionS: 5 })
		await time.advance(2_000)
		expect(doing()).toBe('tracking')
		expect(follower.status().isMutedByBrowser).toBe(true)
		const before = player.counts.seeks
		player.gesture()
		expect(await follower.join()).toBe('playing')
		await time.advance(500)
		expect(follower.status().isMutedByBrowser).toBe(false)
		expect(player.counts.seeks).toBe(before)
	})
	it('[FO17] a refused start is told as blocked, and a gesture joins the others where they are', async () => {
		const { time, player, follower, act, doing, errorMs, told } = createScene({ autoplay: 'refused' })
		await time.advance(100)
		act({ isPlaying: true, positionS: 5 })
		await time.advance(5_000)
		expect(doing()).toBe('blocked')
		expect(told.at(-1)?.doing.type).toBe('blocked')
		player.gesture()
		expect(await follower.join()).toBe('playing')
		await time.advance(3_000)
		expect(Math.abs(errorMs())).toBeLessThan(40)
	})
	it('[FO18] what the browser pauses is started again, but not while the page is hidden', async () => {
		let isHidden = false
		const { time, player, doing, errorMs } = await playing({}, { isHidden: () => isHidden })
		isHidden = true
		player.pauseByBrowser()
		await time.advance(3_000)
		expect(doing()).toBe('parked')
		expect(player.state().type).toBe('paused')
		isHidden = false
		await time.advance(3_000)
		expect(doing()).toBe('tracking')
		expect(Math.abs(errorMs())).toBeLessThan(40)
	})
	it('[FO19] the end is told by room time, once, and nobody starts the item again', async () => {
		const { time, player, act, told, doing, follower } = await playing()
		act({ positionS: 98 })
		await time.advance(3_000)
		expect(told.filter(({ hasEnded }) => hasEnded).length).toBeGreaterThanOrEqual(1)
		expect(follower.status().hasEnded).toBe(true)
		expect(doing()).toBe('ended')
		const { plays, seeks } = player.counts
		await time.advance(5_000)
		expect(player.counts).toMatchObject({ plays, seeks })
	})
	it('[FO19] a seek back from the end plays on', async () => {
		const { time, act, doing, errorMs, follower } = await playing()
		act({ positionS: 99 })
		await time.advance(3_000)
		act({ positionS: 30 })
		await time.advance(3_000)
		expect(follower.status().hasEnded).toBe(false)
		expect(doing()).toBe('tracking')
		expect(Math.abs(errorMs())).toBeLessThan(40)
	})
	it('[FO19] who comes after the end hears of it and starts nothing', async () => {
		const { time, act, player, follower } = createScene()
		act({ isPlaying: true, positionS: 0, atMs: T0 - 500_000 })
		await time.advance(2_000)
		expect(follower.status().hasEnded).toBe(true)
		expect(player.counts.plays).toBe(0)
	})
	it('[FO20] a failed player is told and left alone', async () => {
		const { time, player, doing } = await playing()
		player.fail({ type: 'unreachable' })
		const before = { ...player.counts }
		await time.advance(3_000)
		expect(doing()).toBe('failed')
		expect(player.counts).toEqual(before)
	})
})

describe('a person’s own acts', () => {
	it('[FO21] what an embed’s controls do counts, unless our command is younger than 700 ms or the page is hidden', async () => {
		let isHidden = false
		const { time, player, act, intents } = await playing({}, { isHidden: () => isHidden })
		player.useControls('pause')
		expect(intents).toEqual(['pause'])
		act({ positionS: 40 })
		await time.advance(650)
		player.useControls('pause')
		expect(intents).toEqual(['pause'])
		await time.advance(100)
		player.useControls('pause')
		expect(intents).toEqual(['pause', 'pause'])
		isHidden = true
		player.useControls('pause')
		expect(intents).toEqual(['pause', 'pause'])
	})
	it('[FO22] a person’s own delay shifts starts and playing alike', async () => {
		const { player, errorMs, time } = await playing({}, { userDelayMs: () => 150 })
		expect(errorMs()).toBeCloseTo(-150, -1)
		await time.advance(5_000)
		expect(errorMs()).toBeCloseTo(-150, -1)
		expect(player.counts.seeks).toBe(0)
	})
	it('[FO22] the drift is told in milliseconds, + for behind, and null while it means nothing', async () => {
		const { time, player, follower, act } = await playing()
		player.setBack(30)
		await time.advance(250)
		expect(follower.status().driftMs).toBeGreaterThan(15)
		act({ isPlaying: false })
		await time.advance(100)
		expect(follower.status().driftMs).toBeNull()
	})
})
