/**
 * The room clock without browsers: our estimator of another clock beside the rivals' (their own pace and rule, from
 * their sources), rooms of 3, 6 and 12 with ways longer in one direction, and what one lying neighbour does under
 * each way of taking the middle. On virtual time, seeded. Writes bench/out/clock.json.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createWorld, gauss, seeded, type Lie, type WorldOptions } from '../src/lib/follow/clock-sim.ts'
import {
	combineVotes,
	medianOf,
	voteWeight,
	type ClockVote,
	type CombineVotes,
} from '../src/lib/follow/clock-vote.ts'
import { spreadOf, type Spread } from '../src/lib/follow/figures.ts'
import { createOffsetEstimator, type ProbeStamps } from '../src/lib/follow/offset.ts'

const SEEDS = Number(process.env['BENCH_SEEDS'] ?? 5)
const GATE_P95_MS = 5
const GOAL_P95_MS = 2

/* ── One other clock ─────────────────────────────────────────────────────────────────────────────────────── */

interface Estimator {
	/** When to probe next, after so many probes. */
	readonly everyMs: (sent: number) => number
	add(stamps: ProbeStamps): void
	offsetMs(localMs: number): number | null
}
interface Sample {
	readonly atMs: number
	readonly offMs: number
	readonly rttMs: number
}
const sampleOf = ({ t0, t1, t2, t3 }: ProbeStamps): Sample => ({
	atMs: t3,
	offMs: (t1 - t0 + (t2 - t3)) / 2,
	rttMs: t3 - t0 - (t2 - t1),
})
const least = (samples: readonly Sample[]): number | null =>
	samples.reduce<Sample | null>((best, one) => (best === null || one.rttMs < best.rttMs ? one : best), null)
		?.offMs ?? null
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length

/** `rule` over the last `kept` samples. */
const keeping = (
	kept: number,
	everyMs: Estimator['everyMs'],
	rule: (samples: readonly Sample[]) => number | null,
): Estimator => {
	let samples: Sample[] = []
	return {
		everyMs,
		add: (stamps) => void (samples = [...samples, sampleOf(stamps)].slice(-kept)),
		offsetMs: () => (samples.length === 0 ? null : rule(samples)),
	}
}

const ESTIMATORS: Readonly<Record<string, () => Estimator>> = {
	Matinee: () => {
		const estimator = createOffsetEstimator()
		return {
			everyMs: (sent) => (sent < 16 ? 40 : 2_000),
			add: (stamps) => void estimator.add(stamps),
			offsetMs: (localMs) => estimator.estimate(localMs)?.offsetMs ?? null,
		}
	},
	'timing-provider, least of 60': () => keeping(60, () => 1_000, least),
	'Snapcast, median of 200': () =>
		keeping(
			200,
			(sent) => (sent < 50 ? 20 : 1_000),
			(samples) => medianOf(samples.map(({ offMs }) => offMs)),
		),
	'Jellyfin, least of 8': () => keeping(8, (sent) => (sent < 3 ? 1_000 : 60_000), least),
	'VideoTogether, best ever': () => keeping(Infinity, () => 2_000, least),
	'Syncplay, EWMA': () => {
		let smoothMs: number | null = null
		let offMs: number | null = null
		return {
			everyMs: () => 1_000,
			add(stamps) {
				const { rttMs } = sampleOf(stamps)
				smoothMs = smoothMs === null ? rttMs : 0.85 * smoothMs + 0.15 * rttMs
				// The state that comes with the answer is as old as half of that.
				offMs = stamps.t2 - stamps.t3 + smoothMs / 2
			},
			offsetMs: () => offMs,
		}
	},
	'timesync, 5 an hour': () =>
		keeping(
			5,
			(sent) => (sent < 5 ? 1_000 : 3_600_000),
			(samples) => {
				const rtts = samples.map(({ rttMs }) => rttMs)
				const middle = medianOf(rtts)
				const sigma = Math.sqrt(mean(rtts.map((rtt) => (rtt - mean(rtts)) ** 2)))
				return mean(samples.filter(({ rttMs }) => rttMs <= middle + sigma).map(({ offMs }) => offMs))
			},
		),
	'Metastream, one sample': () => keeping(1, (sent) => (sent < 1 ? 0 : Infinity), least),
}

interface Way {
	readonly outMs: number
	readonly backMs: number
	readonly jitterMs: number
	readonly loss: number
	readonly ppm: number
	readonly seconds: number
}
const WAYS: Readonly<Record<string, Way>> = {
	'40 ± 10 ms, 1 % loss': { outMs: 40, backMs: 40, jitterMs: 10, loss: 0.01, ppm: 20, seconds: 600 },
	'50 ± 3 ms': { outMs: 50, backMs: 50, jitterMs: 3, loss: 0, ppm: 20, seconds: 600 },
	'50 ± 20 ms, 2 % loss': { outMs: 50, backMs: 50, jitterMs: 20, loss: 0.02, ppm: 20, seconds: 600 },
	'20 out, 80 back': { outMs: 20, backMs: 80, jitterMs: 3, loss: 0, ppm: 20, seconds: 300 },
	'40 ± 10 ms, 1 % loss, 100 ppm, an hour': {
		outMs: 40,
		backMs: 40,
		jitterMs: 10,
		loss: 0.01,
		ppm: 100,
		seconds: 3_600,
	},
}

/** Errors each second from the third on. */
const followOne = (way: Way, estimator: Estimator, seed: number): number[] => {
	const random = seeded(seed)
	const ppm = (seed % 2 === 0 ? 1 : -1) * way.ppm
	const offsetAt = (t: number) => 123_456.7 + (ppm * t) / 1e6
	const pending: ProbeStamps[] = []
	const errors: number[] = []
	let nextMs = 0
	let sent = 0
	for (let t = 0; t < way.seconds * 1_000; t += 10) {
		if (t >= nextMs) {
			const out = way.outMs + way.jitterMs * Math.abs(gauss(random))
			const back = way.backMs + way.jitterMs * Math.abs(gauss(random))
			if (random() >= way.loss && random() >= way.loss) {
				const t1 = t + out + offsetAt(t + out)
				pending.push({ t0: t, t1, t2: t1 + 0.1, t3: t + out + 0.1 + back })
			}
			sent += 1
			nextMs = t + Math.max(10, estimator.everyMs(sent))
		}
		for (let k = pending.length - 1; k >= 0; k--)
			if (pending[k]!.t3 <= t) for (const stamps of pending.splice(k, 1)) estimator.add(stamps)
		if (t > 3_000 && t % 1_000 === 0) {
			const offMs = estimator.offsetMs(t)
			if (offMs !== null) errors.push(offMs - offsetAt(t))
		}
	}
	return errors
}

/* ── Rooms, and ways to take the middle ──────────────────────────────────────────────────────────────────── */

const weightedMean = (votes: readonly ClockVote[]): number | null => {
	const weights = votes.map(({ rttMs }) => voteWeight(rttMs))
	const total = weights.reduce((sum, one) => sum + one, 0)
	return total === 0 ? null : votes.reduce((sum, { offMs }, k) => sum + (weights[k] ?? 0) * offMs, 0) / total
}
const RULES: Readonly<Record<string, CombineVotes>> = {
	'window round the median (ours)': combineVotes,
	'weighted mean': weightedMean,
	'weighted median': (votes) => {
		const sorted = votes
			.map(({ offMs, rttMs }) => ({ offMs, weight: voteWeight(rttMs) }))
			.sort((a, b) => a.offMs - b.offMs)
		const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2
		let sum = 0
		return sorted.find(({ weight }) => (sum += weight) >= half)?.offMs ?? null
	},
	'median with oneself': (votes, doesOwnCount) =>
		votes.length === 0
			? null
			: medianOf([...(doesOwnCount && votes.length > 1 ? [0] : []), ...votes.map(({ offMs }) => offMs)]),
	'trimmed mean (W-MSR)': (votes, doesOwnCount) => {
		if (!doesOwnCount) return weightedMean(votes)
		const cut = Math.floor(votes.length / 3)
		const up = votes.filter(({ offMs }) => offMs > 0).sort((a, b) => a.offMs - b.offMs)
		const down = votes.filter(({ offMs }) => offMs <= 0).sort((a, b) => b.offMs - a.offMs)
		const kept = [up, down].flatMap((side) => side.slice(0, Math.max(0, side.length - cut)))
		return votes.length === 0 ? null : (weightedMean(kept) ?? 0)
	},
}
const lyingBy =
	(ms: (sinceMs: number) => number): Lie =>
	(word, sinceMs) =>
		word.correctionMs === null ? word : { ...word, correctionMs: word.correctionMs + ms(sinceMs) }
const LIES: Readonly<Record<string, Lie | null>> = {
	nobody: null,
	'10 ms, always': lyingBy(() => 10),
	'50 ms, always': lyingBy(() => 50),
	'5 s, always': lyingBy(() => 5_000),
	'drifting by 500 ppm': lyingBy((sinceMs) => sinceMs * 500e-6),
	'jumping ± 200 ms': lyingBy((sinceMs) => (Math.floor(sinceMs / 7_000) % 2 === 0 ? -200 : 200)),
}

const ROOM: Omit<WorldOptions, 'seed' | 'hasServer'> = {
	oneWayMs: 40,
	asymmetryMs: 5,
	jitterMs: 3,
	loss: 0.02,
	ppm: 40,
}
/** Honest members only: how far apart the furthest two are each second, and how fast all of them move together. */
const watchRoom = (people: number, lie: Lie | null, change: Partial<WorldOptions>, seconds: number) => {
	const spreads: number[] = []
	const ppms: number[] = []
	for (let seed = 1; seed <= SEEDS; seed++) {
		const world = createWorld({ ...ROOM, hasServer: false, ...change, seed })
		for (let k = 0; k < people; k++) world.add()
		if (lie !== null) world.add({ lie })
		world.run(20_000)
		const before = mean(world.offsets())
		let steps = 0
		world.run(seconds * 1_000, () => {
			if (++steps % 50 === 0) spreads.push(world.spreadMs())
		})
		ppms.push((Math.abs(mean(world.offsets()) - before) / seconds) * 1_000)
	}
	return { spread: spreadOf(spreads), ppm: medianOf(ppms) }
}

const round = (value: number): number => Math.round(value * 100) / 100
const rounded = ({ n, p50, p95, p99 }: Spread): Spread => ({
	n,
	p50: round(p50),
	p95: round(p95),
	p99: round(p99),
})
const row = ({ p50, p95, p99 }: Spread) => ({ p50: round(p50), p95: round(p95), p99: round(p99) })

const main = async () => {
	const estimators: Record<string, Record<string, Spread>> = {}
	for (const [wayName, way] of Object.entries(WAYS)) {
		const figures: Record<string, Spread> = {}
		for (const [name, create] of Object.entries(ESTIMATORS)) {
			const errors = Array.from({ length: 4 * SEEDS }, (_, seed) => followOne(way, create(), seed + 1)).flat()
			figures[name] = rounded(spreadOf(errors))
		}
		estimators[wayName] = figures
		console.log(`\nError of one other clock, ms: ${wayName}`)
		console.table(Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, row(figure)])))
	}

	const rooms: Record<string, Spread> = {}
	for (const people of [2, 3, 6, 12])
		for (const hasServer of [false, true]) {
			const name = `${String(people)} people${hasServer ? ', server' : ''}`
			rooms[`${name}, ways even, 40 ± 10 ms, 1 % loss`] = rounded(
				watchRoom(people, null, { hasServer, asymmetryMs: 0, jitterMs: 10, loss: 0.01 }, 60).spread,
			)
			rooms[`${name}, ways uneven by σ 5 ms`] = rounded(watchRoom(people, null, { hasServer }, 60).spread)
		}
	console.log('\nBetween the two who are furthest apart, ms')
	console.table(Object.fromEntries(Object.entries(rooms).map(([name, figure]) => [name, row(figure)])))

	const liars: Record<string, Record<string, Spread & { readonly ppm: number }>> = {}
	for (const hasServer of [false, true])
		for (const [lieName, lie] of Object.entries(LIES)) {
			const title = `3 honest${hasServer ? ' and the server' : ''}, one more lies: ${lieName}`
			const figures: Record<string, Spread & { readonly ppm: number }> = {}
			for (const [name, combine] of Object.entries(RULES)) {
				const { spread, ppm } = watchRoom(3, lie, { hasServer, combine }, 120)
				figures[name] = { ...rounded(spread), ppm: round(ppm) }
			}
			liars[title] = figures
			console.log(`\n${title}: apart, ms, and moved together, ppm`)
			console.table(
				Object.fromEntries(
					Object.entries(figures).map(([name, figure]) => [name, { ...row(figure), ppm: figure.ppm }]),
				),
			)
		}

	const clockErrorP95Ms = estimators['40 ± 10 ms, 1 % loss']?.['Matinee']?.p95 ?? Number.NaN
	const verdict = clockErrorP95Ms <= GOAL_P95_MS ? 'goal' : clockErrorP95Ms <= GATE_P95_MS ? 'gate' : 'missed'
	console.log(`\nclock error at 40 ± 10 ms, 1 % loss, p95: ${String(clockErrorP95Ms)} ms (${verdict})`)
	const folder = join(import.meta.dirname, 'out')
	await mkdir(folder, { recursive: true })
	const result = { clockErrorP95Ms, estimators, rooms, liars }
	await writeFile(join(folder, 'clock.json'), `${JSON.stringify(result, null, '\t')}\n`)
	if (verdict === 'missed') process.exitCode = 1
}

await main()
