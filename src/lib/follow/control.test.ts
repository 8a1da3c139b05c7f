import { describe, expect, it } from 'vitest'
import {
	decide,
	INITIAL_CONTROL,
	noteLanding,
	seekThresholdMs,
	type ControlInput,
	type ControlState,
} from './control.ts'
import { createDriftWindow } from './drift.ts'
import { percentile, settleMs, spreadOf } from './figures.ts'
import { createLags, memoryLagStore, parseLags } from './lags.ts'
import { startDelayMs } from './schedule.ts'

const input = (errorMs: number, change: Partial<ControlInput> = {}): ControlInput => ({
	errorMs,
	rate: 1,
	localMs: 100_000,
	isTargetBuffered: true,
	seekSigmaMs: 10,
	can: 'fine',
	canSeek: true,
	isFresh: false,
	canKeepUp: true,
	...change,
})
const rateFor = (
	errorMs: number,
	state: ControlState = INITIAL_CONTROL,
	change: Partial<ControlInput> = {},
) => decide(state, input(errorMs, change))

describe('the control law', () => {
	it('[FO6] leaves the rate alone within half a millisecond, and until one once locked', () => {
		expect(rateFor(0.4).command).toEqual({ type: 'rate', rate: 1, isPitchKept: false })
		expect(rateFor(0.9).state.law).toBe('lock')
		expect(rateFor(0.9, { ...INITIAL_CONTROL, law: 'fine' }).state.law).toBe('fine')
	})
	it('[FO6] up to 40 ms bends the rate by at most 0.8 %, with the pitch let go', () => {
		expect(rateFor(6).command).toEqual({ type: 'rate', rate: 1.004, isPitchKept: false })
		expect(rateFor(-39).command).toEqual({ type: 'rate', rate: 0.992, isPitchKept: false })
	})
	it('[FO6] beyond 40 ms keeps the pitch and pays the loss of that in advance, until 20 ms are left', () => {
		const begun = rateFor(44)
		expect(begun.command).toEqual({ type: 'rate', rate: 1.08, isPitchKept: true })
		expect(rateFor(200).command).toMatchObject({ rate: 1.1 })
		expect(rateFor(-200).command).toMatchObject({ rate: 0.9 })
		expect(rateFor(25, begun.state).state.law).toBe('coarse')
		expect(rateFor(19, begun.state).state.law).toBe('fine')
	})
	it('[FO39] what has only just begun jumps over more than 100 ms at once, where it is buffered', () => {
		const fresh = { isFresh: true, seekSigmaMs: null }
		expect(rateFor(-271, INITIAL_CONTROL, fresh).command.type).toBe('jump')
		expect(rateFor(90, INITIAL_CONTROL, fresh).command.type).toBe('rate')
		for (const change of [{ isTargetBuffered: false }, { canSeek: false }, { isFresh: false }])
			expect(rateFor(-271, INITIAL_CONTROL, { ...fresh, ...change }).command.type).toBe('rate')
	})
	it('[FO40] within the person’s own tolerance only what is not heard is done, and nothing jumps', () => {
		const own = { toleranceMs: 300 }
		expect(rateFor(280, INITIAL_CONTROL, own).command).toEqual({
			type: 'rate',
			rate: 1.008,
			isPitchKept: false,
		})
		expect(rateFor(320, INITIAL_CONTROL, own).state.law).toBe('coarse')
		const fresh = { ...own, isFresh: true }
		expect(rateFor(280, INITIAL_CONTROL, fresh).command.type).toBe('rate')
		expect(rateFor(320, INITIAL_CONTROL, fresh).command.type).toBe('jump')
		expect(rateFor(-360, INITIAL_CONTROL, { toleranceMs: 400 }).command.type).toBe('rate')
		// Without one it is as it was.
		expect(rateFor(41, INITIAL_CONTROL, { toleranceMs: 0 }).state.law).toBe('coarse')
	})
	it('[FO6] holds a coarse rate until another would differ by 2 %', () => {
		const begun = rateFor(44)
		expect(rateFor(40, begun.state).command).toMatchObject({ rate: 1.08 })
		expect(rateFor(24, begun.state).command).toMatchObject({ rate: 1.055 })
	})
	it('[FO6] away from normal speed the pitch is always kept and 40 ms are tolerated', () => {
		expect(rateFor(30, INITIAL_CONTROL, { rate: 1.5 }).command).toEqual({
			type: 'rate',
			rate: 1.5,
			isPitchKept: true,
		})
		expect(rateFor(60, INITIAL_CONTROL, { rate: 1.5 }).command).toMatchObject({
			rate: 1.5 * 1.1,
			isPitchKept: true,
		})
	})
	it('[FO7] jumps beyond 350 ms where seeks are known to land, else beyond 1,000', () => {
		expect(rateFor(360).command).toEqual({ type: 'jump' })
		expect(rateFor(-360).command).toEqual({ type: 'jump' })
		expect(rateFor(360, INITIAL_CONTROL, { isTargetBuffered: false }).command.type).toBe('rate')
		expect(rateFor(360, INITIAL_CONTROL, { seekSigmaMs: null }).command.type).toBe('rate')
		expect(rateFor(1_100, INITIAL_CONTROL, { isTargetBuffered: false }).command.type).toBe('jump')
		// Where they scatter, by as much later.
		expect(rateFor(390, INITIAL_CONTROL, { seekSigmaMs: 80 }).command.type).toBe('rate')
		expect(rateFor(410, INITIAL_CONTROL, { seekSigmaMs: 80 }).command.type).toBe('jump')
	})
	it('[FO7] jumps at most once in 1.5 s', () => {
		const { state } = rateFor(5_000)
		expect(rateFor(5_000, state, { localMs: 101_400 }).command).toMatchObject({ type: 'rate', rate: 1.1 })
		expect(rateFor(5_000, state, { localMs: 101_500 }).command.type).toBe('jump')
	})
	it('[FO7] three jumps within ten seconds that miss double the threshold', () => {
		let state = INITIAL_CONTROL
		for (const localMs of [0, 2_000, 4_000]) state = noteLanding(state, input(600, { localMs }))
		expect(seekThresholdMs(state, input(0))).toBe(700)
		expect(noteLanding(INITIAL_CONTROL, input(100))).toBe(INITIAL_CONTROL)
		let slow = INITIAL_CONTROL
		for (const localMs of [0, 20_000, 40_000]) slow = noteLanding(slow, input(600, { localMs }))
		expect(slow.seekFactor).toBe(1)
	})
	it('[FO6] a player without rates is left alone up to half a second and then sought', () => {
		expect(rateFor(400, INITIAL_CONTROL, { can: 'none' }).command).toMatchObject({ type: 'rate', rate: 1 })
		expect(rateFor(600, INITIAL_CONTROL, { can: 'none' }).command.type).toBe('jump')
		expect(rateFor(600, INITIAL_CONTROL, { can: 'none', canSeek: false }).command.type).toBe('rate')
	})
})

describe('readings and lags', () => {
	it('[FO6] judges by the median of five readings, three at least', () => {
		const window = createDriftWindow()
		window.push(3)
		window.push(70)
		expect(window.medianMs()).toBeNull()
		for (const reading of [4, 3, 5]) window.push(reading)
		expect(window.medianMs()).toBe(4)
		for (const reading of [9, 9, 9]) window.push(reading)
		expect(window.medianMs()).toBe(9)
	})
	it('[FO8] learns what a start takes, for players with and without sound apart', () => {
		const store = memoryLagStore()
		let hasAudio = true
		const lags = createLags(store, 'html5', () => hasAudio)
		expect(lags.startMs()).toBe(75)
		for (let k = 0; k < 6; k++) lags.learnStart(40 - lags.startMs())
		expect(lags.startMs()).toBeCloseTo(40, 0)
		hasAudio = false
		expect(lags.startMs()).toBe(2)
	})
	it('[FO8] of an embed the first that is seen stands for the guess, of a browser’s own player it only moves it', () => {
		const embed = createLags(
			memoryLagStore(),
			'embed',
			() => true,
			() => true,
		)
		embed.learnSeek(700)
		expect(embed.seekMs()).toBe(795)
		const own = createLags(memoryLagStore(), 'html5', () => true)
		own.learnSeek(100)
		expect(own.seekMs()).toBe(145)
	})
	it('[FO8] one odd start out of five does not spoil the next', () => {
		const lags = createLags(memoryLagStore(), 'html5', () => true)
		for (let k = 0; k < 4; k++) lags.learnStart(70 - lags.startMs())
		const before = lags.startMs()
		lags.learnStart(400)
		expect(Math.abs(lags.startMs() - before)).toBeLessThan(1)
	})
	it('[FO8] how much seeks scatter is told after three, and one that hit a busy moment does not change it', () => {
		const lags = createLags(memoryLagStore(), 'html5', () => true)
		for (const seen of [100, 104]) lags.learnSeek(seen - lags.seekMs())
		expect(lags.seekSigmaMs()).toBeNull()
		for (const seen of [96, 102, 900]) lags.learnSeek(seen - lags.seekMs())
		expect(lags.seekSigmaMs()).toBeLessThan(10)
	})
	it('[FO8] lags stay within 0 to 500 ms for starts and 0 to 3,000 ms for seeks', () => {
		const lags = createLags(memoryLagStore(), 'html5', () => true)
		for (let k = 0; k < 20; k++) {
			lags.learnStart(5_000)
			lags.learnSeek(50_000)
		}
		expect([Math.round(lags.startMs()), Math.round(lags.seekMs())]).toEqual([500, 3_000])
		for (let k = 0; k < 20; k++) lags.learnStart(-5_000)
		expect(lags.startMs()).toBeGreaterThanOrEqual(0)
	})
	it('[FO8] stored lags are believed only whole and within bounds', () => {
		const good = { startMs: 70, seekMs: 90, starts: [70], seeks: [] }
		expect(parseLags(good)).toEqual(good)
		for (const bad of [
			null,
			7,
			{},
			{ ...good, startMs: NaN },
			{ ...good, seekMs: 9e9 },
			{ ...good, starts: ['x'] },
			{ ...good, seeks: [1, 2, 3, 4, 5, 6] },
		])
			expect(parseLags(bad)).toBeNull()
	})
	it('[FO10] a start for all is announced 200 to 1,000 ms ahead, by the slowest way and the slowest player', () => {
		expect(startDelayMs([], [])).toBe(200)
		expect(startDelayMs([30, 150], [75, 90])).toBe(290)
		expect(startDelayMs([5_000], [100])).toBe(1_000)
	})
})

describe('figures', () => {
	it('[FO9] percentiles are by nearest rank and of sizes', () => {
		expect(percentile([5, 1, 3], 0.5)).toBe(3)
		expect(spreadOf([-10, 1, 2, 3])).toEqual({ n: 4, p50: 2, p95: 10, p99: 10 })
		expect(percentile([], 0.5)).toBeNaN()
	})
	it('[FO9] a seek is settled from the first reading on after which nothing but single glitches is off', () => {
		const readings = [900, 300, 50, 20, 10, 70, 5, 0].map((errorMs, i) => ({
			atMs: 1_000 + i * 100,
			errorMs,
		}))
		expect(settleMs(readings, 1_000, 40)).toBe(300)
		expect(settleMs([...readings, { atMs: 1_800, errorMs: 90 }], 1_000, 40)).toBeNull()
	})
})
