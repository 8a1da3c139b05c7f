/**
 * Hundreds of seeded rooms: two or three followers, each with a simulated player of its own lags and its own idea of
 * room time, through start, seek, glitch, pause and restart. A failure names its seed.
 */
import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { ItemId } from '#lib/core/units.ts'
import { createFakePlayer, type FakePlayer } from '#lib/players/fake.ts'
import { createVirtualTime } from '#lib/players/virtual-time.ts'
import { settleMs, spreadOf, type ErrorReading } from './figures.ts'
import { createFollower, type Follower } from './follow.ts'
import { memoryLagStore } from './lags.ts'

const ITEM = 'alice.1' as ItemId
const SEED = Number(process.env['SIM_SEED'] ?? 1)
const ROOMS = Number(process.env['SIM_ROOMS'] ?? 300)

const seeded = (seed: number) => () => {
	seed = (seed + 0x6d2b79f5) | 0
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

interface Member {
	readonly player: FakePlayer
	readonly follower: Follower
	readonly errors: ErrorReading[]
}

/** One room through one evening; the figures of all phases. */
const evening = async (seed: number) => {
	const random = seeded(seed)
	const between = (low: number, high: number) => low + (high - low) * random()
	const time = createVirtualTime(1_700_000_000_000)
	let vector: PlaybackVector = { ...EMPTY_VECTOR, itemId: ITEM, rev: '0' }
	let rev = 0
	const members: Member[] = Array.from({ length: random() < 0.5 ? 2 : 3 }, () => {
		const hasAudio = random() < 0.6
		// This member's room time is off by a few milliseconds, slowly wandering; its local clock by hours.
		const off = between(-2, 2)
		const sway = between(0, 1.5)
		const phase = between(0, 6)
		const localOff = between(-1e7, 1e7)
		let seen = vector
		const player = createFakePlayer({
			local: () => time.now() + localOff,
			after: time.after,
			random,
			durationS: 600,
			hasAudio,
			startLagMs: hasAudio ? between(60, 95) : between(0, 6),
			seekLagMs: hasAudio ? between(70, 130) : between(2, 40),
			lagSigmaMs: between(2, 12),
			readSigmaMs: between(0.05, 0.5),
			skewPpm: between(-60, 60),
			loadMs: between(50, 800),
		})
		const follower = createFollower({
			itemId: ITEM,
			player,
			local: () => time.now() + localOff,
			roomNow: () => time.now() + off + sway * Math.sin(time.now() / 9_000 + phase),
			timers: { after: (ms, fn) => time.after(ms + between(0, 4), fn) },
			getVector: () => {
				// News takes up to 120 ms to arrive.
				if (seen.rev !== vector.rev && time.now() - (sentAt.get(vector.rev) ?? 0) > delay) seen = vector
				return seen
			},
			lagStore: memoryLagStore(),
		})
		const delay = between(5, 120)
		follower.start()
		return { player, follower, errors: [] }
	})
	const sentAt = new Map<string, number>()
	const act = (change: Partial<PlaybackVector>) => {
		rev += 1
		vector = { ...vector, ...change, rev: String(rev) }
		sentAt.set(vector.rev, time.now())
	}
	const pairs: number[] = []
	/** Lets time pass and writes down each member's error, and the gap between the first two. */
	const watch = async (ms: number, isSteady = false) => {
		for (let i = 0; i < ms; i += 50) {
			await time.advance(50)
			const positions = members.map(({ player }) => player.trueS())
			members.forEach(({ errors }, k) =>
				errors.push({ atMs: time.now(), errorMs: (positionAt(vector, time.now()) - positions[k]!) * 1000 }),
			)
			if (isSteady) pairs.push((positions[0]! - positions[1]!) * 1000)
		}
	}
	const settled = (fromMs: number) =>
		members.map(({ errors }) =>
			settleMs(
				errors.filter(({ atMs }) => atMs > fromMs),
				fromMs,
				40,
			),
		)

	await watch(1_500)
	act({ isPlaying: true, positionS: 0, atMs: time.now() + 400 })
	await watch(4_000)
	await watch(15_000, true)
	const startMs = time.now()

	// Three seeks: the last one with lags learned.
	const seekSettles: (number | null)[] = []
	for (let k = 0; k < 3; k++) {
		const atMs = time.now()
		act({ positionS: between(10, 500), atMs })
		await watch(6_000)
		if (k === 2) seekSettles.push(...settled(atMs))
	}
	await watch(5_000, true)

	const setBackAt = time.now()
	members[1]!.player.setBack(400)
	await watch(5_000)
	const setBackSettles = settled(setBackAt)[1]!
	await watch(3_000, true)

	act({ isPlaying: false, positionS: 42.5, atMs: time.now() })
	await watch(2_000)
	const restMs = members.map(({ player }) => Math.abs(player.trueS() - 42.5) * 1000)
	const restartAt = time.now() + 400
	act({ isPlaying: true, positionS: 42.5, atMs: restartAt })
	await watch(6_000)
	const restartSettles = settled(restartAt + 100)

	const beforeSteady = members.map(({ follower }) => follower.status().jumps)
	await watch(20_000, true)
	const result = {
		seed,
		pairs,
		steadyJumps: members.map(({ follower }, k) => follower.status().jumps - beforeSteady[k]!),
		jumps: members.map(({ follower }) => follower.status().jumps),
		seekSettles,
		setBackSettles,
		restMs,
		restartSettles,
		minutes: (time.now() - startMs) / 60_000,
	}
	for (const { follower, player } of members) {
		follower.dispose()
		player.dispose()
	}
	return result
}

describe('rooms in simulation', () => {
	it('[FO9] two or three players stay within milliseconds, land seeks, repair set-backs, and never storm with seeks', async () => {
		const evenings: Awaited<ReturnType<typeof evening>>[] = []
		for (let k = 0; k < ROOMS; k++) evenings.push(await evening(SEED + k))

		const steady = spreadOf(evenings.flatMap(({ pairs }) => pairs))
		const seeks = evenings.flatMap(({ seekSettles }) => seekSettles)
		const late = evenings.filter(({ seekSettles }) => seekSettles.some((ms) => ms === null || ms > 1_500))
		const backs = evenings.map(({ setBackSettles }) => setBackSettles ?? Infinity)
		const restarts = evenings.flatMap(({ restartSettles }) => restartSettles.map((ms) => ms ?? Infinity))
		console.info(
			JSON.stringify({
				rooms: ROOMS,
				steady,
				seekSettle: spreadOf(seeks.map((ms) => ms ?? Infinity)),
				setBack: spreadOf(backs),
				restart: spreadOf(restarts),
				jumps: spreadOf(evenings.flatMap(({ jumps }) => jumps)),
			}),
		)
		expect(steady.p50).toBeLessThanOrEqual(15)
		expect(steady.p95).toBeLessThanOrEqual(40)
		expect(late.map(({ seed }) => seed).length).toBeLessThanOrEqual(ROOMS * 0.02)
		expect(
			evenings.filter(({ setBackSettles }) => (setBackSettles ?? Infinity) > 4_500).map(({ seed }) => seed),
		).toEqual([])
		// Paused: exactly there, everybody.
		expect(evenings.filter(({ restMs }) => restMs.some((ms) => ms > 5)).map(({ seed }) => seed)).toEqual([])
		// Nobody seeks while all runs well, and a whole evening takes few jumps.
		expect(
			evenings.filter(({ steadyJumps }) => steadyJumps.some((n) => n > 0)).map(({ seed }) => seed),
		).toEqual([])
		expect(evenings.filter(({ jumps }) => jumps.some((n) => n > 8)).map(({ seed }) => seed)).toEqual([])
	}, 120_000)
})
