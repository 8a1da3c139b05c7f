/**
 * The sound of the sample film: waves, a slow pad, a few bell notes, the two trains passing, and a soft click
 * exactly on each second. 16-bit stereo at 48 kHz, computed sample by sample.
 */
export const SAMPLE_RATE = 48_000

const TAU = Math.PI * 2
const hz = (midi: number) => 440 * 2 ** ((midi - 69) / 12)
const smooth = (from: number, to: number, x: number) => {
	const u = Math.min(1, Math.max(0, (x - from) / (to - from)))
	return u * u * (3 - 2 * u)
}
const seeded = (seed: number) => () => {
	seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
	return seed / 2147483648 - 1
}

/** Ten seconds a chord, Dmaj9, Bm9, Gmaj7, A6 and round again. */
const CHORDS = [
	[38, 57, 61, 66, 69, 76],
	[35, 54, 62, 66, 69, 73],
	[43, 55, 59, 66, 71, 74],
	[33, 57, 61, 64, 66, 71],
] as const
const CHORD_S = 10

/** [second, midi note]: sparse, on the beat of the clicks, so that an ear can hear two rooms apart. */
const BELLS = [
	[3, 81],
	[5, 78],
	[6, 76],
	[10, 74],
	[13, 78],
	[15, 73],
	[20, 71],
	[22, 74],
	[26, 78],
	[31, 76],
	[33, 73],
	[36, 69],
	[41, 74],
	[43, 78],
	[46, 81],
	[51, 78],
	[54, 74],
	[57, 73],
	[61, 71],
	[64, 74],
	[66, 79],
	[71, 76],
	[74, 73],
	[78, 69],
	[82, 74],
	[84, 81],
	[87, 78],
	[92, 73],
	[95, 74],
	[101, 74],
	[104, 79],
	[107, 78],
	[111, 76],
	[113, 73],
	[115, 74],
] as const

const TRAINS = [
	[13, 37],
	[90, 113],
] as const

/** The whole track, interleaved. */
export const renderSound = (durationS: number): Int16Array => {
	const n = durationS * SAMPLE_RATE
	const left = new Float32Array(n)
	const right = new Float32Array(n)
	const noise = [seeded(4), seeded(10)] as const

	// Waves: brown-ish noise in slow breaths, each side its own.
	for (const [side, out] of [left, right].entries()) {
		let low = 0
		let lower = 0
		for (let i = 0; i < n; i++) {
			const t = i / SAMPLE_RATE
			const swell =
				0.35 + 0.65 * Math.pow(0.5 + 0.5 * Math.sin((TAU * t) / (7.3 + side * 0.9) + side * 1.3), 2)
			const cutoff = 0.025 + 0.09 * swell
			low += cutoff * (noise[side as 0 | 1]() - low)
			lower += 0.004 * (low - lower)
			out[i] = (low - lower) * 0.2 * swell
		}
	}

	// The pad: each chord swells in as the last one fades, two slightly detuned voices a note.
	for (let bar = 0; bar * CHORD_S < durationS; bar++) {
		const chord = CHORDS[bar % CHORDS.length]!
		const from = bar * CHORD_S - 1.5
		const to = from + CHORD_S + 3
		for (const [voice, midi] of chord.entries()) {
			const f = hz(midi)
			const gain = (voice === 0 ? 0.05 : 0.019) * (1 - 0.06 * voice)
			const pan = 0.5 + 0.28 * Math.sin(voice * 2.1)
			for (let i = Math.max(0, Math.floor(from * SAMPLE_RATE)); i < Math.min(n, to * SAMPLE_RATE); i++) {
				const t = i / SAMPLE_RATE
				const env = smooth(from, from + 3, t) * (1 - smooth(to - 3, to, t))
				const beat = 1 + 0.2 * Math.sin(TAU * (0.11 + 0.03 * voice) * t + voice)
				const a =
					Math.sin(TAU * f * t) + 0.28 * Math.sin(TAU * 2 * f * t + 0.4) + 0.07 * Math.sin(TAU * 3 * f * t)
				const b = Math.sin(TAU * f * 1.0028 * t + 1) + 0.22 * Math.sin(TAU * 2.004 * f * t)
				left[i]! += gain * env * beat * (a * (1 - pan) + b * 0.5)
				right[i]! += gain * env * beat * (b * pan + a * 0.5)
			}
		}
	}

	// Bells: two decaying partials and a quiet echo on the other side.
	const strike = (atS: number, midi: number, gain: number, out: Float32Array) => {
		const f = hz(midi)
		const first = Math.round(atS * SAMPLE_RATE)
		for (let i = 0; i < 2.6 * SAMPLE_RATE && first + i < n; i++) {
			const s = i / SAMPLE_RATE
			const attack = Math.min(1, s / 0.004)
			out[first + i]! +=
				gain *
				attack *
				(Math.sin(TAU * f * s) * Math.exp(-s * 2.1) + 0.3 * Math.sin(TAU * 2.76 * f * s) * Math.exp(-s * 7))
		}
	}
	for (const [k, [atS, midi]] of BELLS.entries()) {
		const [near, far] = k % 2 ? [left, right] : [right, left]
		strike(atS, midi, 0.085, near)
		strike(atS, midi, 0.05, far)
		strike(atS + 0.375, midi, 0.022, far)
		strike(atS + 0.75, midi, 0.012, near)
	}

	// Trains: low rumble and the beat of rail joints, walking from left to right.
	for (const [fromS, toS] of TRAINS) {
		const rumble = seeded(fromS)
		let low = 0
		for (let i = fromS * SAMPLE_RATE; i < toS * SAMPLE_RATE; i++) {
			const t = i / SAMPLE_RATE
			const near = smooth(fromS, fromS + 7, t) * (1 - smooth(toS - 8, toS, t))
			low += 0.012 * (rumble() - low)
			const joint = (t * 1.9) % 1
			const clack = (s: number) => (s > 0 && s < 0.05 ? Math.exp(-s * 90) * rumble() * 0.05 : 0)
			const x = near * (low * 0.5 + clack(joint) + clack(joint - 0.13))
			const pan = smooth(fromS, toS, t)
			left[i]! += x * (1 - 0.7 * pan)
			right[i]! += x * (0.3 + 0.7 * pan)
		}
	}

	// The click: 12 ms of wood, its first sample exactly on the second.
	for (let s = 0; s < durationS; s++)
		for (let i = 0; i < 0.03 * SAMPLE_RATE; i++) {
			const u = i / SAMPLE_RATE
			const x = 0.15 * Math.exp(-u * 260) * (Math.sin(TAU * 1760 * u) + 0.5 * Math.sin(TAU * 2637 * u))
			left[s * SAMPLE_RATE + i]! += x
			right[s * SAMPLE_RATE + i]! += x
		}

	const out = new Int16Array(n * 2)
	for (let i = 0; i < n; i++) {
		const t = i / SAMPLE_RATE
		const fade = smooth(0, 1.5, t) * (1 - smooth(durationS - 3, durationS, t))
		// The clicks go on under the fade at both ends, softly: a start must be audible too.
		const level = 0.12 + 0.88 * fade
		out[2 * i] = Math.round(32_000 * Math.tanh(1.5 * level * left[i]!))
		out[2 * i + 1] = Math.round(32_000 * Math.tanh(1.5 * level * right[i]!))
	}
	return out
}
