/**
 * Randomness that a seed repeats exactly, for simulations; and draws from any RandomSource.
 * Never for keys: the generator (sfc32, Chris Doty-Humphrey, PractRand) is fast, not secret.
 */
import type { RandomSource } from '#lib/core/clock.ts'

const UINT32 = 2 ** 32

/** Uniform in [0, 1). */
export const drawUnit = (random: RandomSource): number => {
	const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4)
	return (a * 0x1000000 + b * 0x10000 + c * 0x100 + d) / UINT32
}

/** Uniform in [min, max). */
export const drawBetween = (random: RandomSource, min: number, max: number): number =>
	min + drawUnit(random) * (max - min)

export interface SeededRandom extends RandomSource {
	/** Uniform in [0, 1). */
	unit(): number
	/** Uniform integer in [0, below). */
	integer(below: number): number
}

export const createSeededRandom = (seed: number): SeededRandom => {
	let a = 0x9e3779b9
	let b = 0x243f6a88
	let c = Math.floor(seed / UINT32) | 0
	let d = seed | 0
	const next = (): number => {
		const sum = (((a + b) | 0) + d) | 0
		d = (d + 1) | 0
		a = b ^ (b >>> 9)
		b = (c + (c << 3)) | 0
		c = (((c << 21) | (c >>> 11)) + sum) | 0
		return sum >>> 0
	}
	for (let i = 0; i < 12; i++) next() // lets near seeds drift apart
	const unit = () => next() / UINT32
	return {
		unit,
		integer: (below) => Math.floor(unit() * below),
		bytes: (count) => Uint8Array.from({ length: count }, () => next() >>> 24),
	}
}
