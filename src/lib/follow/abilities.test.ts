/**
 * The follow loop with players that can do less than a `<video>`, and with those that misbehave.
 */
import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { ItemId } from '#lib/core/units.ts'
import { createFakePlayer, type FakeOptions } from '#lib/players/fake.ts'
import { createVirtualTime } from '#lib/players/virtual-time.ts'
import { createFollower } from './follow.ts'
import type { FollowDeps, FollowReading } from './follower.ts'
import { createLags, memoryLagStore } from './lags.ts'

const ITEM = 'alice.1' as ItemId
const T0 = 1_700_000_000_000
const YOUTUBE = {
	can: { rate: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2], read: 'reports' },
	startLagMs: 150,
	seekLagMs: 300,
	reportStaleMs: 10,
} as const satisfies Partial<FakeOptions>
const TWITCH = { ...YOUTUBE, can: { rate: 'none', read: 'reports' } } as const satisfies Partial<FakeOptions>
const BILIBILI = {
	can: { rate: 'none', seek: 'reload', read: 'none', pause: 'reload', seekGrainS: 1 },
	reloadLagMs: 3_200,
} as const satisfies Partial<FakeOptions>

const createScene = async (fake: Partial<FakeOptions> = {}, deps: Partial<FollowDeps> = {}) => {
	const time = createVirtualTime(T0)
	const player = createFakePlayer({
		local: time.now,
		after: time.after,
		random: () => 0.5,
		lagSigmaMs: 0,
		durationS: 600,
		...fake,
	})
	let vector: PlaybackVector = { ...EMPTY_VECTOR, itemId: ITEM, rev: 'v0' }
	const intents: string[] = []
	const readings: FollowReading[] = []
	let revs = 0
	const follower = createFollower({
		itemId: ITEM,
		player,
		local: time.now,
		roomNow: time.now,
		timers: time,
		getVector: () => vector,
		lagStore: memoryLagStore(),
		onIntent: ({ intent }) => intents.push(intent),
		onReading: (reading) => readings.push(reading),
		...deps,
	})
	follower.start()
	await time.advance(200)
	const act = (change: Partial<PlaybackVector>) => {
		vector = { ...vector, atMs: time.now(), ...change, rev: `v${++revs}` }
		follower.vectorChanged()
	}
	return {
		time,
		player,
		follower,
		intents,
		readings,
		act,
		/** Target minus true position, in milliseconds. */
		errorMs: () => (positionAt(vector, time.now()) - player.trueS()) * 1000,
		doing: () => follower.status().doing.type,
	}
}
const playing = async (fake: Partial<FakeOptions>, deps: Partial<FollowDeps> = {}, forMs = 12_000) => {
	const scene = await createScene(fake, deps)
	scene.act({ isPlaying: true, atMs: scene.time.now() + 400 })
	await scene.time.advance(forMs)
	return scene
}

describe('rates in steps', () => {
	it('[FO23] an error of 250 ms is gone after one pulse, without a seek, and the pulse ends to the millisecond', async () => {
		const { time, player, errorMs } = await playing(YOUTUBE)
		player.setBack(250)
		const { seeks, rates } = player.counts
		await time.advance(8_000)
		expect(Math.abs(errorMs())).toBeLessThan(22)
		expect(player.counts.seeks).toBe(seeks)
		// To 1.25 and back.
		expect(player.counts.rates - rates).toBe(2)
	})
	it('[FO23] beyond 1.5 s it seeks, with the lag that was learned', async () => {
		const { time, player, act, errorMs } = await playing(YOUTUBE)
		for (const positionS of [100, 200, 300]) {
			act({ positionS })
			await time.advance(9_000)
		}
		player.setBack(5_000)
		const { seeks } = player.counts
		await time.advance(9_000)
		expect(player.counts.seeks - seeks).toBe(1)
		expect(Math.abs(errorMs())).toBeLessThan(25)
	})
	it('[FO23] a pulse ends with whatever the room does', async () => {
		const { time, player, act, errorMs } = await playing(YOUTUBE)
		player.setBack(1_000)
		await time.advance(2_600)
		expect(player.rate()).toBe(1.25)
		act({ isPlaying: false, positionS: 40 })
		await time.advance(1_000)
		expect(player.rate()).toBe(1)
		expect(errorMs()).toBeCloseTo(0)
	})
	it('[FO33] at a speed it does not have it stays near by pulses, and says what it plays at', async () => {
		const { time, act, errorMs, follower, player } = await playing(YOUTUBE)
		act({ positionS: player.trueS(), rate: 1.1 })
		const errors: number[] = []
		for (let k = 0; k < 200; k++) {
			await time.advance(100)
			errors.push(Math.abs(errorMs()))
		}
		expect(follower.status().playsAtRate).toBe(1)
		expect(Math.max(...errors.slice(50))).toBeLessThan(350)
		expect(follower.status().jumps).toBeLessThanOrEqual(1)
	})
})

describe('seeks alone', () => {
	it('[FO24] half a second is left alone, more is sought, and lands', async () => {
		const { time, player, errorMs, act } = await playing(TWITCH)
		for (const positionS of [100, 200]) {
			act({ positionS })
			await time.advance(9_000)
		}
		const { seeks } = player.counts
		player.setBack(400)
		await time.advance(6_000)
		expect(player.counts.seeks).toBe(seeks)
		player.setBack(300)
		await time.advance(6_000)
		expect(player.counts.seeks - seeks).toBe(1)
		expect(Math.abs(errorMs())).toBeLessThan(50)
	})
	it('[FO24] what an embed buffers at a start or seek belongs to its lag; a stall does not', async () => {
		const { time, player, errorMs, act, follower } = await playing({ ...TWITCH, showsBuffering: true })
		for (const positionS of [100, 200, 300]) {
			act({ positionS })
			await time.advance(9_000)
		}
		expect(follower.status().seekLagMs).toBeGreaterThan(250)
		expect(Math.abs(errorMs())).toBeLessThan(50)
		const { seekLagMs } = follower.status()
		act({ positionS: 400 })
		await time.advance(200)
		player.stall(4_000)
		await time.advance(12_000)
		expect(follower.status().seekLagMs).toBeLessThan(seekLagMs + 50)
	})
	it('[FO24] a player that never lands where it is sent is sent there less and less', async () => {
		let seed = 7
		const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
		const { time, player } = await playing({ ...TWITCH, seekLagMs: 1_500, lagSigmaMs: 1_400, random })
		const counts: number[] = []
		for (let k = 0; k < 4; k++) {
			const before = player.counts.seeks
			for (let i = 0; i < 4; i++) {
				player.setBack(700)
				await time.advance(15_000)
			}
			counts.push(player.counts.seeks - before)
		}
		// 60 s each: never faster than one in 3 s, and in the end not every miss is chased.
		expect(Math.max(...counts)).toBeLessThanOrEqual(16)
		expect(counts.at(-1)).toBeLessThan(10)
	})
	it('[FO33] at a speed that it cannot even make up for it is sought now and then, not all the time', async () => {
		for (const fake of [TWITCH, YOUTUBE]) {
			const { time, act, player, follower } = await playing(fake)
			act({ positionS: 0, rate: 4 })
			const { seeks } = player.counts
			await time.advance(60_000)
			expect(follower.status().playsAtRate).toBe(fake === TWITCH ? 1 : 2)
			expect(player.counts.seeks - seeks).toBeGreaterThan(2)
			expect(player.counts.seeks - seeks).toBeLessThan(8)
		}
	})
	it('[FO27] what can neither be sought nor read is started and stopped with the room, and never corrected', async () => {
		const { time, player, follower, act } = await playing({
			can: { rate: 'none', seek: 'none', read: 'reports' },
			timeline: 'none',
		})
		expect(player.state().type).toBe('playing')
		expect(follower.status()).toMatchObject({ doing: { type: 'tracking', law: 'blind' }, driftMs: null })
		player.setBack(9_000)
		await time.advance(5_000)
		act({ isPlaying: false, positionS: 3 })
		await time.advance(500)
		expect(player.state().type).toBe('paused')
		act({ isPlaying: true, positionS: 3, atMs: time.now() + 300 })
		await time.advance(2_000)
		expect(player.state().type).toBe('playing')
		expect(player.counts).toMatchObject({ seeks: 0, plays: 2, pauses: 1 })
	})
})

describe('loading anew', () => {
	it('[FO25] it is loaded at a whole second, at the moment that makes it stand right, and the moment is told', async () => {
		const { time, player, act, errorMs, follower } = await createScene({ ...BILIBILI, reloadLagMs: 2_000 })
		act({ isPlaying: true, positionS: 10.4, atMs: time.now() - 5_250 })
		expect(follower.status().startsAtMs).toBe(time.now() + 2_350)
		expect(follower.status().doing).toEqual({ type: 'waiting', atMs: time.now() + 2_350 })
		await time.advance(340)
		expect(player.counts.loads).toBe(0)
		await time.advance(4_000)
		// The first guess of 2 s is right here.
		expect(Math.abs(errorMs())).toBeLessThan(20)
		expect(follower.status()).toMatchObject({
			doing: { type: 'tracking', law: 'blind' },
			driftMs: null,
			startsAtMs: null,
		})
		await time.advance(60_000)
		expect(player.counts.loads).toBe(1)
	})
	it('[FO25] a start for all is reached in time if it can be', async () => {
		const { time, player, act, errorMs } = await createScene({ ...BILIBILI, reloadLagMs: 2_000 })
		act({ isPlaying: true, positionS: 30, atMs: time.now() + 3_000 })
		await time.advance(2_990)
		expect(player.trueS()).toBe(30)
		await time.advance(1_000)
		expect(Math.abs(errorMs())).toBeLessThan(20)
		expect(player.counts.loads).toBe(1)
	})
	it('[FO25] "I am behind" loads once more, with the lag that it tells, and keeps it', async () => {
		const { time, player, act, errorMs, follower } = await createScene(BILIBILI)
		act({ isPlaying: true, positionS: 0 })
		await time.advance(9_000)
		const behindMs = errorMs()
		expect(behindMs).toBeCloseTo(1_200, -2)
		follower.correct(behindMs)
		await time.advance(9_000)
		expect(Math.abs(errorMs())).toBeLessThan(20)
		expect(player.counts.loads).toBe(2)
		act({ positionS: 100 })
		await time.advance(9_000)
		expect(Math.abs(errorMs())).toBeLessThan(20)
		follower.correct(NaN)
		follower.correct(0)
		await time.advance(9_000)
		expect(player.counts.loads).toBe(3)
	})
	it('[FO25] a pause stands at the whole second before; what is re-asserted loads nothing', async () => {
		const { time, player, act, errorMs } = await createScene({ ...BILIBILI, reloadLagMs: 2_000 })
		act({ isPlaying: true, positionS: 0 })
		await time.advance(9_000)
		const atS = player.trueS() + errorMs() / 1000
		act({ positionS: atS + 0.1 })
		await time.advance(3_000)
		expect(player.counts.loads).toBe(1)
		act({ isPlaying: false, positionS: 77.7 })
		await time.advance(100)
		expect(player.trueS()).toBe(77)
		expect(player.state().type).toBe('paused')
		await time.advance(5_000)
		expect(player.counts.loads).toBe(2)
		act({ isPlaying: false, positionS: 77.9 })
		await time.advance(5_000)
		expect(player.counts.loads).toBe(2)
	})
	it('[FO25] who drags along the bar is followed to the last place only', async () => {
		const { time, player, act, errorMs } = await createScene({ ...BILIBILI, reloadLagMs: 2_000 })
		act({ isPlaying: true, positionS: 0 })
		await time.advance(9_000)
		for (const positionS of [50, 60, 70, 80, 90]) {
			act({ positionS })
			await time.advance(100)
		}
		await time.advance(6_000)
		expect(player.counts.loads).toBeLessThanOrEqual(3)
		expect(Math.abs(errorMs())).toBeLessThan(20)
	})
	it('[FO25] a player that an extension comes to lead is led like any other', async () => {
		const { time, player, act, errorMs, follower } = await createScene(BILIBILI)
		act({ isPlaying: true, positionS: 0 })
		await time.advance(9_000)
		player.narrow({ rate: 'fine', seek: 'direct', read: 'clock', pause: 'direct' })
		await time.advance(5_000)
		expect(Math.abs(errorMs())).toBeLessThan(10)
		expect(follower.status().driftMs).not.toBeNull()
	})
})

describe('live streams with dates', () => {
	const live = async (deps: Partial<FollowDeps> = {}) => {
		let latencyMs: number | null = 6_000
		const scene = await createScene(
			{
				timeline: 'date',
				liveLatencyMs: 3_500,
				get liveEdgeS() {
					return () => scene_.now() / 1000
				},
			},
			{ liveLatencyMs: () => latencyMs, ...deps },
		)
		return {
			...scene,
			setLatency: (next: number | null) => (latencyMs = next),
			behindMs: () => scene.time.now() - scene.player.trueS() * 1000,
		}
	}
	let scene_ = { now: () => T0 }
	const started = async (deps: Partial<FollowDeps> = {}) => {
		const scene = await live(deps)
		scene_ = scene.time
		scene.act({ isPlaying: true, positionS: 1_234, atMs: scene.time.now() + 400 })
		await scene.time.advance(4_000)
		return scene
	}
	it('[FO26] everybody plays the common latency behind the present, whatever the vector’s position says', async () => {
		const { behindMs, follower, time } = await started()
		expect(behindMs()).toBeCloseTo(6_000, -1)
		await time.advance(10_000)
		expect(behindMs()).toBeCloseTo(6_000, -1)
		expect(follower.status().hasEnded).toBe(false)
	})
	it('[FO26] a change of it is slewed to, unheard or with the pitch kept, without a seek', async () => {
		const { behindMs, setLatency, time, player, readings } = await started()
		const { seeks } = player.counts
		setLatency(6_100)
		await time.advance(40_000)
		expect(behindMs()).toBeCloseTo(6_100, -1)
		setLatency(8_000)
		readings.length = 0
		await time.advance(45_000)
		expect(behindMs()).toBeCloseTo(8_000, -1)
		expect(Math.max(...readings.map(({ errorMs }) => Math.abs(errorMs ?? 0)))).toBeLessThan(60)
		expect(player.counts.seeks).toBe(seeks)
	})
	it('[FO26] after a pause it comes back to the common latency', async () => {
		const { behindMs, act, time, player } = await started()
		const { seeks } = player.counts
		act({ isPlaying: false, positionS: 55 })
		await time.advance(10_000)
		expect(player.state().type).toBe('paused')
		// Standing still, it is not sent to the vector's place.
		expect(player.counts.seeks).toBe(seeks)
		act({ isPlaying: true, positionS: 55, atMs: time.now() + 400 })
		await time.advance(4_000)
		expect(behindMs()).toBeCloseTo(6_000, -1)
	})
	it('[FO26] while nobody has said a latency the player’s own holds', async () => {
		const { behindMs } = await started({ liveLatencyMs: () => null })
		expect(behindMs()).toBeCloseTo(3_500, -1)
	})
})

describe('what happens to players', () => {
	it('[FO31] in an ad nothing is corrected, it is told, and made good for afterwards', async () => {
		const { time, player, doing, errorMs, follower } = await playing(YOUTUBE)
		const { seeks, plays, pauses } = player.counts
		player.ad(6_000)
		await time.advance(5_000)
		expect(doing()).toBe('ad')
		expect(player.counts).toMatchObject({ seeks, plays, pauses })
		expect(follower.status().driftMs).toBeNull()
		await time.advance(15_000)
		expect(doing()).toBe('tracking')
		expect(Math.abs(errorMs())).toBeLessThan(30)
	})
	it('[FO34] a stall of 0.4 s, and a set-back from outside, are repaired within 0.3 s once seeks are learned', async () => {
		const { time, player, act, errorMs } = await playing({}, {}, 3_000)
		for (const positionS of [20, 40, 10]) {
			act({ positionS })
			await time.advance(3_000)
		}
		player.stall(400)
		await time.advance(700)
		expect(Math.abs(errorMs())).toBeLessThan(40)
		await time.advance(3_000)
		player.seek(player.trueS() - 0.4)
		await time.advance(300)
		expect(Math.abs(errorMs())).toBeLessThan(40)
		await time.advance(3_000)
		player.setBack(400)
		await time.advance(300)
		expect(Math.abs(errorMs())).toBeLessThan(40)
	})
	it('[FO32] nonsense from a player moves nothing, and it is followed again once it talks sense', async () => {
		const { time, player, errorMs, act } = await playing({}, {}, 3_000)
		const { seeks, rates } = player.counts
		for (const positionS of [NaN, Infinity, -Infinity, 1e300]) {
			player.claim({ positionS, atLocalMs: time.now(), sigmaMs: NaN })
			await time.advance(1_000)
		}
		player.claim({ positionS: 5, atLocalMs: NaN, sigmaMs: 0 })
		await time.advance(1_000)
		expect(player.counts).toMatchObject({ seeks, rates })
		player.claim(undefined)
		act({ positionS: 50 })
		await time.advance(3_000)
		expect(Math.abs(errorMs())).toBeLessThan(40)
	})
	it('[FO32] a length may change, be 0 or unknown, without an end that is none', async () => {
		const { time, player, follower, act } = await playing({}, {}, 3_000)
		for (const durationS of [0, NaN, -3, null]) {
			player.setDuration(durationS)
			await time.advance(500)
			expect(follower.status().hasEnded).toBe(false)
		}
		player.setDuration(30)
		act({ positionS: 29 })
		await time.advance(2_000)
		expect(follower.status().hasEnded).toBe(true)
		player.setDuration(90)
		await time.advance(500)
		expect(follower.status().hasEnded).toBe(false)
	})
	it('[FO30] a start without knowledge of the sound track costs a silent player nothing', async () => {
		const { time, act, errorMs } = await createScene({ hasAudio: false, knowsAudioAfterMs: 3_000 })
		act({ isPlaying: true, positionS: 5, atMs: time.now() + 400 })
		await time.advance(600)
		expect(Math.abs(errorMs())).toBeLessThan(10)
	})
	it('[FO35] rates are written only when they change, and each look can be watched', async () => {
		const { time, player, readings } = await playing({ readSigmaMs: 0.2 }, {}, 6_000)
		player.setBack(30)
		readings.length = 0
		const { rates } = player.counts
		await time.advance(10_000)
		expect(player.counts.rates - rates).toBeLessThan(40)
		expect(readings.length).toBeGreaterThanOrEqual(190)
		expect(readings.at(-1)).toMatchObject({ doing: 'tracking', law: 'lock', rate: 1 })
		expect(readings.at(-1)?.errorMs).toBeLessThan(3)
	})
	it('[FO36] what still loads is sent to where it will be needed', async () => {
		const scene = await createScene({ loadMs: 700 })
		scene.act({ isPlaying: true, positionS: 100 })
		await scene.time.advance(100)
		expect(scene.player.trueS()).toBeGreaterThan(100)
		await scene.time.advance(1_500)
		expect(Math.abs(scene.errorMs())).toBeLessThan(40)
	})
	it('[FO29] a person’s pause in an embed is told, and left standing until the room answers', async () => {
		const { time, player, intents, act } = await playing(YOUTUBE)
		player.useControls('pause')
		player.pauseByBrowser()
		await time.advance(600)
		expect(intents).toEqual(['pause'])
		expect(player.state().type).toBe('paused')
		const { plays } = player.counts
		act({ isPlaying: false, positionS: player.trueS() })
		await time.advance(2_000)
		expect(player.counts.plays).toBe(plays)
	})
})

describe('what cannot be read', () => {
	it('[FO37] ends when the item is over by what the room knows of its length', async () => {
		const { act, follower, player, time } = await playing(BILIBILI, { itemDurationS: () => 30 })
		player.setDuration(null)
		await time.advance(200)
		expect(follower.status().hasEnded).toBe(false)
		act({ positionS: 25 })
		await time.advance(8_000)
		expect(follower.status().hasEnded).toBe(true)
	})
	it('[FO38] begins with the load time that was seen, until a person says better', () => {
		const store = memoryLagStore()
		let seenMs: number | null = null
		const lags = createLags(
			store,
			'bilibili',
			() => true,
			() => true,
			() => seenMs,
		)
		expect(lags.loadMs()).toBe(2_000)
		seenMs = 700
		expect(lags.loadMs()).toBe(1_100)
		lags.correctLoad(500)
		seenMs = 3_000
		expect(lags.loadMs()).toBe(1_600)
	})
})
