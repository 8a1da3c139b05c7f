/**
 * How far another clock is from ours, from probes with four stamps (after NTP, and DVB-CSS's lowest dispersion):
 * the samples with the least possible error are averaged, and old ones count for less because clocks drift.
 */
export interface ProbeStamps {
	/** Our clock at sending, theirs on receipt and on answering, ours at the answer's arrival; milliseconds. */
	readonly t0: number
	readonly t1: number
	readonly t2: number
	readonly t3: number
}

export interface OffsetEstimate {
	/** Their clock minus ours. */
	readonly offsetMs: number
	/** The estimate is wrong by at most this. */
	readonly errorMs: number
	readonly rttMs: number
	/** 95th percentile of half the round trip, for how far ahead a start must be announced. */
	readonly oneWayP95Ms: number
	/** Their seconds minus ours, per second, in millionths; 0 until it is known well enough. */
	readonly skewPpm: number
	readonly samples: number
}

export interface OffsetEstimator {
	/**
	 * `refused`: the stamps cannot be true (negative or endless round trips). `contradicts`: neither can both these and
	 * the earlier ones; the second in a row means that a clock has jumped, and the earlier ones are forgotten.
	 */
	add(stamps: ProbeStamps): 'fits' | 'contradicts' | 'refused'
	estimate(localMs: number): OffsetEstimate | null
	reset(): void
}

interface Sample {
	readonly atMs: number
	readonly offsetMs: number
	readonly rttMs: number
}

const KEPT = 60
const MAX_RTT_MS = 10_000
/** Two quartz clocks part by at most this; less once their skew is fitted. */
const DRIFT_PPM = 60
const FITTED_DRIFT_PPM = 10
const FIT_AFTER_MS = 30_000
const FIT_WINDOW_MS = 5_000
const SKEW_MAX_PPM = 300
/** Bounds that miss one another by more than this, or by more than any quartz parts, contradict. */
const CONTRADICTION_MS = 2
const CONTRADICTION_PPM = 500
/** What the other side says it took to answer is taken off the round trip up to this: more would let it seem near. */
const ANSWERING_MAX_MS = 2
/** A fit vaguer than this does more harm than ageing. */
const SKEW_SIGMA_PPM = 15

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length

/** Slope through the best sample of each window, in ms per ms; 0 where time is short or the fit is vague. */
const fitSkew = (samples: readonly Sample[]): number => {
	const first = samples[0]
	const last = samples.at(-1)
	if (!first || !last || last.atMs - first.atMs < FIT_AFTER_MS) return 0
	const best = new Map<number, Sample>()
	for (const sample of samples) {
		const window = Math.floor((sample.atMs - first.atMs) / FIT_WINDOW_MS)
		const rival = best.get(window)
		if (!rival || sample.rttMs < rival.rttMs) best.set(window, sample)
	}
	const points = [...best.values()]
	if (points.length < 5) return 0
	const meanT = mean(points.map(({ atMs }) => atMs))
	const meanO = mean(points.map(({ offsetMs }) => offsetMs))
	const spread = points.reduce((sum, p) => sum + (p.atMs - meanT) ** 2, 0)
	const slope = points.reduce((sum, p) => sum + (p.atMs - meanT) * (p.offsetMs - meanO), 0) / spread
	const rest = points.reduce((sum, p) => sum + (p.offsetMs - meanO - slope * (p.atMs - meanT)) ** 2, 0)
	const sigma = Math.sqrt(rest / (points.length - 2) / spread)
	if (sigma > SKEW_SIGMA_PPM / 1e6 || Math.abs(slope) < 2 * sigma) return 0
	return Math.max(-SKEW_MAX_PPM, Math.min(SKEW_MAX_PPM, slope * 1e6)) / 1e6
}

export const createOffsetEstimator = (): OffsetEstimator => {
	let samples: Sample[] = []
	/** The last one, while it alone says that a clock has jumped. */
	let odd: Sample | null = null
	const contradicts = (a: Sample) =>
		samples.some(
			(b) =>
				Math.abs(a.offsetMs - b.offsetMs) >
				(a.rttMs + b.rttMs) / 2 + CONTRADICTION_MS + (a.atMs - b.atMs) * (CONTRADICTION_PPM / 1e6),
		)
	return {
		add({ t0, t1, t2, t3 }) {
			const rttMs = t3 - t0 - Math.min(ANSWERING_MAX_MS, t2 - t1)
			// Half a millisecond of grace: stamps are rounded to 0.1 ms on both sides.
			if (!(t3 - t0 - (t2 - t1) >= -0.5) || !(rttMs <= MAX_RTT_MS) || t2 < t1) return 'refused'
			const sample = { atMs: t3, offsetMs: (t1 - t0 + (t2 - t3)) / 2, rttMs: Math.max(0, rttMs) }
			const isOdd = contradicts(sample)
			if (isOdd && odd === null) {
				odd = sample
				return 'contradicts'
			}
			if (isOdd && odd !== null) samples = [odd]
			odd = null
			samples.push(sample)
			if (samples.length > KEPT) samples = samples.slice(-KEPT)
			return isOdd ? 'contradicts' : 'fits'
		},
		estimate(localMs) {
			if (samples.length === 0) return null
			const skew = fitSkew(samples)
			const drift = (skew === 0 ? DRIFT_PPM : FITTED_DRIFT_PPM) / 1e6
			const aged = samples.map(({ atMs, offsetMs, rttMs }) => {
				const ageMs = Math.max(0, localMs - atMs)
				return { offsetMs: offsetMs + skew * ageMs, errorMs: rttMs / 2 + drift * ageMs, rttMs }
			})
			const least = Math.min(...aged.map(({ errorMs }) => errorMs))
			const good = aged.filter(({ errorMs }) => errorMs <= least + Math.max(0.3, 0.03 * least))
			const low = Math.max(...aged.map(({ offsetMs, errorMs }) => offsetMs - errorMs))
			const high = Math.min(...aged.map(({ offsetMs, errorMs }) => offsetMs + errorMs))
			const middle = mean(good.map(({ offsetMs }) => offsetMs))
			const halves = samples.map(({ rttMs }) => rttMs / 2).sort((a, b) => a - b)
			return {
				// Where the bounds contradict one another (a clock stepped), there is nothing to clip to.
				offsetMs: low <= high ? Math.min(high, Math.max(low, middle)) : middle,
				errorMs: least,
				rttMs: mean(good.map(({ rttMs }) => rttMs)),
				oneWayP95Ms: halves[Math.min(halves.length - 1, Math.floor(halves.length * 0.95))] ?? 0,
				skewPpm: skew * 1e6,
				samples: samples.length,
			}
		},
		reset() {
			samples = []
			odd = null
		},
	}
}
