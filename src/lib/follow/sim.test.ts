/**
 * Seeded evenings: rooms of two or three followers with simulated players of all abilities, each with its own lags,
 * crystal and idea of room time, through start, seeks, a set-back, a stall, pause and restart, and for embeds ads and
 * hidden pages. SIM_ROOMS says how many, SIM_SEED from which on; what fails names its seeds.
 */
import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { ItemId } from '#lib/core/units.ts'
import { createFakePlayer, type FakeOptions, type FakePlayer } from '#lib/players/fake.ts'
import { createVirtualTime } from '#lib/players/virtual-time.ts'
import { settleMs, spreadOf, type ErrorReading } from './figures.ts'
import { createFollower } from './follow.ts'
import type { Follower } from './follower.ts'
import { memoryLagStore } from './lags.ts'

const ITEM = 'alice.1' as ItemId
const SEED = Number(process.env['SIM_SEED'] ?? 1)
const ROOMS = Number(process.env['SIM_ROOMS'] ?? 800)
const YOUTUBE_RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]

const seeded = (seed: number) => () => {
	seed = (seed + 0x6d2b79f5) | 0
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

type Class = 'fine' | 'steps' | 'seeks' | 'reload' | 'live'
type Between = (low: number, high: number) => number

const drawClass = (share: number): Class =>
	share < 0.6 ? 'fine' : share < 0.82 ? 'steps' : share < 0.94 ? 'seeks' : 'reload'

const classOptions = (kind: Class, between: Between, liveEdgeS: () => number): Partial<FakeOptions> => {
	const hasAudio = between(0, 1) < 0.6
	const lags = {
		hasAudio,
		startLagMs: hasAudio ? between(60, 95) : between(0, 6),
		seekLagMs: hasAudio ? between(70, 130) : between(2, 40),
		lagSigmaMs: between(2, 10),
		readSigmaMs: between(0.05, 0.5),
	}
	const reports = {
		reportEveryMs: between(0, 1) < 0.7 ? 250 : 1_000,
		reportStaleMs: between(0, 40),
		reportJitterMs: between(0, 40),
		showsBuffering: between(0, 1) < 0.5,
	}
	switch (kind) {
		case 'fine':
			// Some players learn only in mid-film that there is a sound track, or none.
			return between(0, 1) < 0.1 && !hasAudio ? { ...lags, knowsAudioAfterMs: 3_000 } : lags
		case 'live':
			return { ...lags, timeline: 'date', liveEdgeS, liveLatencyMs: between(3_000, 6_000) }
		case 'steps':
			return {
				...lags,
				...reports,
				startLagMs: between(80, 250),
				seekLagMs: between(200, 500),
				lagSigmaMs: between(10, 30),
				can: { rate: YOUTUBE_RATES, read: 'reports' },
			}
		case 'seeks':
			return {
				...lags,
				...reports,
				startLagMs: between(80, 300),
				seekLagMs: between(300, 1_200),
				lagSigmaMs: between(20, 90),
				can: { rate: 'none', read: 'reports' },
			}
		case 'reload':
			return {
				...lags,
				reloadLagMs: between(1_000, 5_000),
				lagSigmaMs: between(20, 200),
				can: { rate: 'none', seek: 'reload', read: 'none', pause: 'reload', seekGrainS: 1 },
			}
	}
}

interface Member {
	readonly kind: Class
	readonly player: FakePlayer
	readonly follower: Follower
	readonly errors: ErrorReading[]
	/** How long its news take. */
	readonly delayMs: number
	readonly hear: (vector: PlaybackVector) => void
	intents: number
	/** Milliseconds from the news of a pause to standing still. */
	pausedAfterMs: number | null
	wasAd: boolean
	wasHidden: boolean
	isHidden: boolean
	loadsAsked: number
}

/** A few hours of room time apart, none of them near the others' clocks. */
const evening = async (seed: number) => {
	const random = seeded(seed)
	const between: Between = (low, high) => low + (high - low) * random()
	const time = createVirtualTime(1_700_000_000_000)
	let vector: PlaybackVector = { ...EMPTY_VECTOR, itemId: ITEM, rev: '0' }
	let rev = 0
	let liveLatencyMs = 6_000
	const isLive = random() < 0.08
	const isMixed = random() < 0.2
	const roomClass = drawClass(random())
	const liveEdgeS = () => time.now() / 1000

	const createMember = (): Member => {
		const kind = isLive ? 'live' : isMixed ? drawClass(random()) : roomClass
		// This member's room time is off by a few milliseconds, slowly wandering; its local clock by hours.
		const off = between(-1, 1)
		const sway = between(0, 1)
		const phase = between(0, 6)
		const localOff = between(-1e7, 1e7)
		let seen = vector
		const player = createFakePlayer({
			local: () => time.now() + localOff,
			after: time.after,
			random,
			durationS: 600,
			skewPpm: between(-60, 60),
			loadMs: between(50, 800),
			...classOptions(kind, between, liveEdgeS),
		})
		const member: Member = {
			kind,
			player,
			follower: createFollower({
				itemId: ITEM,
				player,
				local: () => time.now() + localOff,
				roomNow: () => time.now() + off + sway * Math.sin(time.now() / 9_000 + phase),
				timers: { after: (ms, fn) => time.after(ms + random() * Math.min(4, ms), fn) },
				getVector: () => seen,
				liveLatencyMs: () => liveLatencyMs,
				lagStore: memoryLagStore(),
				isHidden: () => member.isHidden,
				onIntent: () => (member.intents += 1),
			}),
			errors: [],
			delayMs: between(5, 120),
			hear: (news) => {
				seen = news
				member.follower.vectorChanged()
			},
			intents: 0,
			pausedAfterMs: null,
			wasAd: false,
			wasHidden: false,
			isHidden: false,
			loadsAsked: 0,
		}
		// What an embed says of its own accord looks just like a person's act.
		player.on((event) => {
			if (event.type !== 'state' || player.can.read === 'clock') return
			if (event.state.type === 'paused' && (member.wasHidden || member.wasAd)) player.useControls('pause')
		})
		member.follower.start()
		return member
	}
	const members = Array.from({ length: random() < 0.5 ? 2 : 3 }, createMember)
	const act = (change: Partial<PlaybackVector>) => {
		rev += 1
		vector = { ...vector, ...change, rev: String(rev) }
		const news = vector
		for (const member of members) {
			member.loadsAsked += 1
			time.after(member.delayMs, () => {
				member.hear(news)
				if (news.isPlaying) return
				const heardAtMs = time.now()
				const fromS = member.player.trueS()
				const check = () => {
					const state = member.player.state().type
					if (state !== 'playing' && state !== 'stalled') member.pausedAfterMs = time.now() - heardAtMs
					else if (time.now() - heardAtMs < 2_000) time.after(5, check)
				}
				if (Number.isFinite(fromS)) check()
			})
		}
	}
	const targetS = (atMs: number): number =>
		isLive ? (atMs - liveLatencyMs) / 1000 : positionAt(vector, atMs)
	const steady: Record<Class, number[]> = { fine: [], steps: [], seeks: [], reload: [], live: [] }
	const pairs: number[] = []
	/** Lets time pass and writes down each member's error, and the gap between the first two. */
	const watch = async (ms: number, isSteady = false) => {
		const stepMs = isSteady ? 100 : 25
		for (let i = 0; i < ms; i += stepMs) {
			await time.advance(stepMs)
			for (const { errors, player, kind } of members) {
				const errorMs = (targetS(time.now()) - player.trueS()) * 1000
				if (isSteady) steady[kind].push(errorMs)
				else errors.push({ atMs: time.now(), errorMs })
			}
			const [a, b] = members
			if (isSteady && a && b && a.kind === b.kind && (a.kind === 'fine' || a.kind === 'live'))
				pairs.push((a.player.trueS() - b.player.trueS()) * 1000)
		}
	}
	const settled = (kind: Class, fromMs: (member: Member) => number) =>
		members
			.filter((member) => member.kind === kind)
			.map((member) => settleMs(member.errors, fromMs(member), 40) ?? Infinity)
	/** A person says how far off the film that cannot be read is: right to a second or so. */
	const correctByHand = async () => {
		for (const member of members) {
			const { kind, player, follower } = member
			if (kind !== 'reload') continue
			const errorMs = (targetS(time.now()) - player.trueS()) * 1000
			if (Math.abs(errorMs) > 300) {
				member.loadsAsked += 1
				follower.correct(Math.round(errorMs / 100) * 100)
			}
		}
		await watch(8_000)
	}

	await watch(1_500)
	act({ isPlaying: true, positionS: 0, atMs: time.now() + 400 })
	await watch(isLive ? 6_000 : 4_000)
	const hasReload = members.some(({ kind }) => kind === 'reload')
	if (hasReload) await correctByHand()
	const hasReports = members.some(({ kind }) => kind === 'steps' || kind === 'seeks')
	if (hasReports) await watch(14_000)
	await watch(8_000, true)

	// Seeks: the last one with lags learned.
	let seekSettles: number[] = []
	for (let k = 0; k < 4; k++) {
		const atMs = time.now()
		act({ positionS: between(10, 500), atMs })
		await watch(hasReports || hasReload ? 9_000 : 2_500)
		if (k === 3) seekSettles = settled('fine', ({ delayMs }) => atMs + delayMs)
	}
	if (hasReload) await correctByHand()
	if (hasReports) await watch(9_000)
	await watch(5_000, true)

	const setBackAt = time.now()
	for (const { player } of members) player.setBack(400)
	await watch(3_000)
	const setBackSettles = settled('fine', () => setBackAt)
	const stallAt = time.now()
	for (const { player } of members) player.stall(400)
	await watch(3_000)
	const stallSettles = settled('fine', () => stallAt + 400)

	if (!isLive && !hasReload) {
		for (const member of members) {
			const what = random()
			if (what < 0.3) member.player.stall(between(100, 3_000))
			else if (what < 0.6 && member.kind !== 'fine') {
				member.wasAd = true
				member.player.ad(between(500, 6_000))
			} else if (what < 0.9) {
				member.wasHidden = member.isHidden = true
				member.player.setHidden(true)
				time.after(between(500, 4_000), () => {
					member.isHidden = false
					member.player.setHidden(false)
				})
			}
		}
		await watch(8_000)
		if (hasReports) await watch(12_000)
		for (const member of members) member.wasAd = member.wasHidden = false
	} else await watch(4_000)
	if (hasReload) await correctByHand()

	act({ isPlaying: false, positionS: 42, atMs: time.now() })
	await watch(2_000)
	const restMs = members.map(({ player }) => (isLive ? 0 : Math.abs(player.trueS() - 42) * 1000))
	const restartAt = time.now() + 500
	act({ isPlaying: true, positionS: 42, atMs: restartAt })
	await watch(6_000)
	const restartSettles = settled('fine', () => restartAt)
	if (isLive) {
		liveLatencyMs += 1_500
		await watch(36_000)
	}
	if (hasReload) await correctByHand()
	if (hasReports) await watch(12_000)

	const before = members.map(({ follower }) => follower.status().jumps)
	await watch(10_000, true)
	const result = {
		seed,
		steady,
		pairs,
		kinds: members.map(({ kind }) => kind),
		steadyJumps: members.map(({ follower }, k) => follower.status().jumps - (before[k] ?? 0)),
		jumps: members.map(({ follower }) => follower.status().jumps),
		intents: members.reduce((sum, { intents }) => sum + intents, 0),
		loads: members.map(({ player, loadsAsked }) => [player.counts.loads, loadsAsked] as const),
		pauses: members.flatMap(({ kind, pausedAfterMs }) =>
			kind === 'reload' ? [] : [pausedAfterMs ?? Infinity],
		),
		seekSettles,
		setBackSettles,
		stallSettles,
		restMs,
		restartSettles,
	}
	for (const { follower, player } of members) {
		follower.dispose()
		player.dispose()
	}
	return result
}
type Evening = Awaited<ReturnType<typeof evening>>

describe('rooms in simulation', () => {
	it('[FO9] players of all abilities stay within their figures, land seeks, repair stalls, and never storm', async () => {
		const evenings: Evening[] = []
		for (let k = 0; k < ROOMS; k++) evenings.push(await evening(SEED + k))
		const all = <T>(pick: (one: Evening) => readonly T[]): T[] => evenings.flatMap((one) => pick(one))
		/** The seeds of the evenings in which something holds. */
		const seedsWhere = (isTrue: (one: Evening) => boolean): readonly number[] =>
			evenings.filter(isTrue).map(({ seed }) => seed)
		const kinds = ['fine', 'steps', 'seeks', 'reload', 'live'] as const
		const steady = Object.fromEntries(kinds.map((kind) => [kind, spreadOf(all((one) => one.steady[kind]))]))
		const settles = {
			seek: spreadOf(all(({ seekSettles }) => seekSettles)),
			setBack: spreadOf(all(({ setBackSettles }) => setBackSettles)),
			stall: spreadOf(all(({ stallSettles }) => stallSettles)),
			restart: spreadOf(all(({ restartSettles }) => restartSettles)),
			pause: spreadOf(all(({ pauses }) => pauses)),
		}
		const pairs = spreadOf(all((one) => one.pairs))
		console.info(JSON.stringify({ rooms: ROOMS, steady, pairs, settles }, null, 1))
		console.info(
			JSON.stringify({
				jumps: Object.fromEntries(
					kinds.map((kind) => [
						kind,
						spreadOf(all((one) => one.jumps.filter((_, k) => one.kinds[k] === kind))).p99,
					]),
				),
				steadyJumps: seedsWhere(({ steadyJumps }) => steadyJumps.some((n) => n > 0)).length,
				worst: {
					seek: seedsWhere((one) => one.seekSettles.some((ms) => ms > 1_500)).slice(0, 5),
					setBack: seedsWhere((one) => one.setBackSettles.some((ms) => ms > 1_000)).slice(0, 5),
					stall: seedsWhere((one) => one.stallSettles.some((ms) => ms > 1_000)).slice(0, 5),
					fine: seedsWhere((one) => one.steady.fine.some((ms) => Math.abs(ms) > 40)).slice(0, 5),
					steps: seedsWhere((one) => one.steady.steps.some((ms) => Math.abs(ms) > 120)).slice(0, 5),
					live: seedsWhere((one) => one.steady.live.some((ms) => Math.abs(ms) > 40)).slice(0, 5),
					seeks: seedsWhere((one) => one.steady.seeks.some((ms) => Math.abs(ms) > 700)).slice(0, 5),
					stormy: seedsWhere((one) =>
						one.jumps.some((n, k) => n > (one.kinds[k] === 'seeks' ? 14 : 8)),
					).slice(0, 8),
					reload: seedsWhere((one) => one.steady.reload.some((ms) => Math.abs(ms) > 2_000)).slice(0, 5),
				},
			}),
		)
		expect(steady['fine']?.p50).toBeLessThanOrEqual(5)
		expect(steady['fine']?.p99).toBeLessThanOrEqual(20)
		expect(pairs.p50).toBeLessThanOrEqual(5)
		expect(pairs.p99).toBeLessThanOrEqual(20)
		expect(steady['live']?.p50).toBeLessThanOrEqual(5)
		expect(steady['live']?.p99).toBeLessThanOrEqual(20)
		expect(steady['steps']?.p50).toBeLessThanOrEqual(25)
		expect(steady['steps']?.p99).toBeLessThanOrEqual(100)
		expect(steady['seeks']?.p99).toBeLessThanOrEqual(500)
		expect(seedsWhere((one) => one.steady.seeks.some((ms) => Math.abs(ms) > 700))).toEqual([])
		expect(seedsWhere((one) => one.steady.reload.some((ms) => Math.abs(ms) > 2_500))).toEqual([])
		// Lags learned: in step within 0.3 s, but for the odd seek that lands wide.
		for (const spread of [settles.seek, settles.setBack, settles.stall, settles.restart])
			expect(spread.p99).toBeLessThanOrEqual(300)
		expect(seedsWhere((one) => one.seekSettles.some((ms) => ms > 1_500))).toEqual([])
		expect(
			seedsWhere((one) => [...one.setBackSettles, ...one.stallSettles].some((ms) => ms > 1_500)),
		).toEqual([])
		// A pause takes no longer than its news; paused means exactly there (or at the whole second).
		expect(settles.pause.p99).toBeLessThanOrEqual(20)
		expect(seedsWhere(({ restMs }) => restMs.some((ms) => ms > 5))).toEqual([])
		// Nobody seeks while all runs well, a whole evening takes few jumps, and loads are made only when asked for.
		expect(seedsWhere(({ steadyJumps }) => steadyJumps.some((n) => n > 0))).toEqual([])
		expect(
			seedsWhere(({ jumps, kinds: of }) => jumps.some((n, k) => n > (of[k] === 'seeks' ? 14 : 10))),
		).toEqual([])
		expect(seedsWhere(({ loads }) => loads.some(([made, asked]) => made > asked))).toEqual([])
		// Whatever players do by themselves, nobody is said to have done it.
		expect(seedsWhere(({ intents }) => intents > 0)).toEqual([])
	}, 300_000)
})
