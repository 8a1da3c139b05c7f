import { describe, expect, it } from 'vitest'
import { percentile } from './figures.ts'
import { createOffsetEstimator, type OffsetEstimator } from './offset.ts'

const seeded = (seed: number) => () => {
	seed = (seed + 0x6d2b79f5) | 0
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const gauss = (random: () => number) =>
	Math.abs(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))

interface Way {
	readonly outMs: number
	readonly backMs: number
	readonly jitterMs: number
	readonly loss: number
	readonly offsetMs: number
	readonly skewPpm?: number
}
/** Probes as the room clock sends them: 16 at 40 ms, then each 2 s; returns the errors once a second. */
const measure = (way: Way, seconds: number, seed: number): number[] => {
	const random = seeded(seed)
	const estimator = createOffsetEstimator()
	const offsetAt = (t: number) => way.offsetMs + ((way.skewPpm ?? 0) * t) / 1e6
	const errors: number[] = []
	let nextProbeMs = 0
	let sent = 0
	for (let t = 0; t < seconds * 1_000; t += 20) {
		if (t >= nextProbeMs) {
			nextProbeMs += ++sent < 16 ? 40 : 2_000
			const out = way.outMs + way.jitterMs * gauss(random)
			const back = way.backMs + way.jitterMs * gauss(random)
			if (random() >= way.loss) {
				const t1 = t + out + offsetAt(t + out)
				const t3 = t + out + 0.2 + back
				estimator.add({ t0: t, t1, t2: t1 + 0.2, t3 })
			}
		}
		if (t > 3_000 && t % 1_000 === 0) {
			const estimate = estimator.estimate(t)
			if (estimate) errors.push(Math.abs(estimate.offsetMs - offsetAt(t)))
		}
	}
	return errors
}
const many = (way: Way, seconds = 60) =>
	Array.from({ length: 60 }, (_, seed) => measure(way, seconds, seed + 1)).flat()

describe('the offset of another clock', () => {
	const even = { outMs: 50, backMs: 50, offsetMs: 123_456.7 }

	it('[FO1] is exact on a quiet, even way', () => {
		expect(percentile(many({ ...even, jitterMs: 0, loss: 0 }), 0.99)).toBeLessThan(0.2)
	})
	it('[FO1] is known to a millisecond with jitter of 3 ms, and to 4 ms with jitter of 20 ms and 2 % loss', () => {
		expect(percentile(many({ ...even, jitterMs: 3, loss: 0 }), 0.9)).toBeLessThan(1)
		expect(percentile(many({ ...even, jitterMs: 20, loss: 0.02 }), 0.9)).toBeLessThan(4)
	})
	it('[FO1] is off by half of what the two ways differ, and owns up to that bound', () => {
		const errors = many({ outMs: 20, backMs: 80, jitterMs: 0, loss: 0, offsetMs: -5 })
		expect(percentile(errors, 0.5)).toBeCloseTo(30, 0)
		const estimator = createOffsetEstimator()
		estimator.add({ t0: 0, t1: 15, t2: 15, t3: 100 })
		expect(estimator.estimate(100)?.errorMs).toBe(50)
	})
	it('[FO1] keeps up with a clock that runs 100 ppm fast', () => {
		expect(percentile(many({ ...even, jitterMs: 5, loss: 0, skewPpm: 100 }, 180), 0.9)).toBeLessThan(2.5)
		expect(percentile(many({ ...even, jitterMs: 0, loss: 0, skewPpm: 100 }, 180), 0.9)).toBeLessThan(1.5)
	})
	it('[FO1] trusts new samples over old ones of equal quality', () => {
		const estimator = createOffsetEstimator()
		const add = (atMs: number, offset: number) =>
			estimator.add({ t0: atMs, t1: atMs + 10 + offset, t2: atMs + 10 + offset, t3: atMs + 20 })
		add(0, 0)
		add(20_000, 1)
		expect(estimator.estimate(20_020)?.offsetMs).toBeCloseTo(1, 1)
	})
	it('[FO2] refuses stamps that cannot be true', () => {
		const estimator: OffsetEstimator = createOffsetEstimator()
		expect(estimator.add({ t0: 100, t1: 0, t2: 0, t3: 50 })).toBe('refused')
		expect(estimator.add({ t0: 0, t1: 5, t2: 4, t3: 10 })).toBe('refused')
		expect(estimator.add({ t0: 0, t1: 5, t2: 5, t3: 60_000 })).toBe('refused')
		expect(estimator.add({ t0: 0, t1: NaN, t2: 5, t3: 10 })).toBe('refused')
		expect(estimator.estimate(0)).toBeNull()
	})
	it('[CK9] forgets what was before a jump, and does not believe a single odd answer', () => {
		const estimator = createOffsetEstimator()
		const add = (atMs: number, offset: number) =>
			estimator.add({ t0: atMs, t1: atMs + 10 + offset, t2: atMs + 10 + offset, t3: atMs + 20 })
		expect([0, 40, 80].map((atMs) => add(atMs, 5))).toEqual(['fits', 'fits', 'fits'])
		expect(add(120, 900)).toBe('contradicts')
		expect(estimator.estimate(140)?.offsetMs).toBeCloseTo(5)
		expect(add(160, 5)).toBe('fits')
		expect(estimator.estimate(180)).toMatchObject({ samples: 4 })
		expect([add(200, -400), add(240, -400), add(280, -400)]).toEqual(['contradicts', 'contradicts', 'fits'])
		expect(estimator.estimate(300)).toMatchObject({ samples: 3, offsetMs: -400 })
	})
	it('[CK9] nobody seems nearer by saying that the answer took long', () => {
		const estimator = createOffsetEstimator()
		estimator.add({ t0: 0, t1: 1_000, t2: 1_079, t3: 80 })
		expect(estimator.estimate(80)?.rttMs).toBe(78)
	})
})
