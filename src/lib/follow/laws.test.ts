import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR } from '#lib/core/playback.ts'
import type { ItemId } from '#lib/core/units.ts'
import { createDriftWindow } from './drift.ts'
import type { UserIntent } from './follower.ts'
import { isPersonsAct, type IntentScene } from './intent.ts'
import { decidePulse, learnLoss } from './pulse.ts'
import { playsAt, pulseSteps, rateAbility, stepsAround } from './rates.ts'
import { createReportWindow } from './reports.ts'
import { createTags } from './tags.ts'

const QUARTERS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
const STEPS = stepsAround(QUARTERS, 1)

describe('readings', () => {
	it('[FO30] a jump is believed as soon as three readings agree on it, a lone glitch never', () => {
		const window = createDriftWindow()
		for (let k = 0; k < 5; k++) window.push(2, k * 50)
		window.push(400, 250)
		expect(window.medianMs()).toBe(2)
		expect(window.wantsSoon()).toBe(true)
		window.push(2, 260)
		expect(window.medianMs()).toBe(2)
		for (const [k, errorMs] of [400, 401, 400].entries()) window.push(errorMs, 300 + k * 10)
		expect(window.medianMs()).toBe(400)
	})
	it('[FO30] a player that stands, hops and stands again is not steady until it moves', () => {
		const window = createDriftWindow()
		// Measured in Chromium after a start with sound: error by time.
		const trace = [0, 10, 20, 30, 40, 50, 60, 70, 80, 83, 83, 83, 83, 83]
		const steadyAt = trace.findIndex((errorMs, k) => {
			window.push(errorMs, k * 10)
			return window.isSteady(4)
		})
		expect(steadyAt).toBe(12)
	})
	it('[FO23] reports are judged by the furthest of four to eight, all carried to one moment', () => {
		const window = createReportWindow()
		const report = (atLocalMs: number, staleMs: number) =>
			window.push({ positionS: (atLocalMs - staleMs) / 1000, atLocalMs, sigmaMs: 20 }, 1)
		expect([0, 250, 500].map((at) => report(at, 40))).toEqual([true, true, true])
		expect(window.positionS(600)).toBeNull()
		expect(report(500, 0)).toBe(false)
		report(750, 10)
		expect(window.positionS(1_000)).toBeCloseTo(0.99)
		for (let at = 1_000; at <= 3_000; at += 250) report(at, 30)
		expect(window.positionS(4_000)).toBeCloseTo(3.97)
	})
	it('[FO23] one report far ahead of all others is not believed, and three far behind are', () => {
		const window = createReportWindow()
		const report = (atLocalMs: number, offMs: number) =>
			window.push({ positionS: (atLocalMs + offMs) / 1000, atLocalMs, sigmaMs: 20 }, 1)
		for (let at = 0; at < 1_000; at += 250) report(at, -10)
		report(1_000, 5_000)
		expect(window.positionS(1_000)).toBeCloseTo(0.99)
		for (let at = 1_250; at < 2_500; at += 250) report(at, -2_000)
		expect(window.positionS(2_500)).toBeCloseTo(0.5)
	})
	it('[FO23] only reports about the time after a hold count, also at another rate', () => {
		const window = createReportWindow()
		window.clear(1_000)
		window.clear(0)
		for (let at = 250; at <= 2_000; at += 250)
			window.push({ positionS: (1.5 * at) / 1000, atLocalMs: at, sigmaMs: 20 }, 1.5)
		expect(window.positionS(2_000)).toBeCloseTo(3)
		window.push({ positionS: 3.375, atLocalMs: 2_250, sigmaMs: 20 }, 1)
		expect(window.positionS(2_250)).toBeNull()
	})
})

describe('the pulse', () => {
	const pulse = (errorMs: number, change: object = {}) =>
		decidePulse({ errorMs, rate: 1, steps: STEPS, lossMs: 20, ...change })
	it('[FO23] takes the whole error and what the pulse itself loses, beyond 22 ms', () => {
		expect(pulse(22)).toBeNull()
		expect(pulse(80)).toEqual({ rate: 1.25, forMs: 400 })
		expect(pulse(-120)).toEqual({ rate: 0.75, forMs: 400 })
		// What it loses is as much as it should.
		expect(pulse(-23)).toBeNull()
	})
	it('[FO23] around another listed speed of the room the steps beside it are used', () => {
		const steps = stepsAround(QUARTERS, 1.5)
		expect(steps).toEqual({ base: 1.5, faster: 1.75, slower: 1.25 })
		expect(pulse(80, { rate: 1.5, steps })).toEqual({ rate: 1.75, forMs: 600 })
	})
	it('[FO23] what a pulse loses is learned from what is left', () => {
		expect(learnLoss(20, 10)).toBe(23)
		expect(learnLoss(20, -100)).toBe(0)
		expect(learnLoss(55, 100)).toBe(60)
	})
	it('[FO33] a speed that is not in the list is played at the nearest, and told', () => {
		const can = { rate: QUARTERS, seek: 'direct', read: 'reports', volume: true } as const
		expect(playsAt(can, 1.1)).toBe(1)
		expect(playsAt(can, 1.4)).toBe(1.5)
		expect(playsAt(can, 4)).toBe(2)
		expect(playsAt(can, 1.25)).toBeNull()
		expect(playsAt({ ...can, rate: 'none' }, 1.5)).toBe(1)
		expect(playsAt({ ...can, rate: 'fine' }, 1.1)).toBeNull()
		expect(stepsAround(QUARTERS, 2)).toEqual({ base: 2, faster: null, slower: 1.75 })
		// Behind, and nothing faster to be had: a seek has to do it.
		expect(pulse(200, { rate: 2, steps: stepsAround(QUARTERS, 2) })).toBeNull()
	})
	it('[FO32] a list of rates may hold nonsense', () => {
		const can = (rate: unknown) =>
			({ rate: rate as number[], seek: 'direct', read: 'reports', volume: true }) as const
		expect(rateAbility(can([NaN, 1, 1, -3, Infinity, 1e9]))).toBe('none')
		expect(rateAbility(can([NaN, 0.5, 1]))).toBe('steps')
		expect(stepsAround([NaN, 1, 1.25, Infinity], 1)).toEqual({ base: 1, faster: 1.25, slower: null })
	})
	it('[FO23] a player of any rate that only reports gets gentler pulses for small errors', () => {
		const can = { rate: 'fine', seek: 'direct', read: 'reports', volume: true } as const
		expect(pulseSteps(can, 100, 1)).toEqual({ base: 1, faster: 1.1, slower: 0.9 })
		expect(pulseSteps(can, 900, 1)).toEqual({ base: 1, faster: 1.25, slower: 0.75 })
	})
})

describe('tags', () => {
	it('[FO28] each command has its own answers, for 700 ms', () => {
		let now = 0
		const tags = createTags(() => now)
		expect(tags.isOpen()).toBe(false)
		tags.open('pause')
		expect([tags.fits('pause'), tags.fits('play'), tags.fits('seek')]).toEqual([true, false, false])
		tags.open('seek')
		expect([tags.fits('pause'), tags.fits('play'), tags.fits('seek')]).toEqual([true, true, true])
		now = 701
		expect(tags.isOpen()).toBe(false)
		expect(tags.fits('seek')).toBe(false)
	})
	it('[FO28] of play and pause the later one counts', () => {
		const tags = createTags(() => 0)
		tags.open('play')
		tags.open('pause')
		expect([tags.awaits('play'), tags.awaits('pause')]).toEqual([false, true])
	})
})

describe('a person’s act in an embed', () => {
	const vector = { ...EMPTY_VECTOR, itemId: 'a' as ItemId, isPlaying: true }
	const act = (intent: UserIntent['intent'], positionS: number): UserIntent => ({
		type: 'user-intent',
		intent,
		positionS,
	})
	const scene = (change: Partial<IntentScene> = {}): IntentScene => ({
		event: act('pause', 50),
		isQuiet: true,
		visibleForMs: 10_000,
		doing: 'tracking',
		trackedAgoMs: 0,
		vector,
		targetS: 50,
		leftS: 100,
		isExact: false,
		driftMs: 10,
		...change,
	})
	it('[FO29] a pause counts where the film was on its target, also when it is told a moment later', () => {
		expect(isPersonsAct(scene())).toBe(true)
		expect(isPersonsAct(scene({ doing: 'settling', trackedAgoMs: 300 }))).toBe(true)
		expect(isPersonsAct(scene({ event: act('pause', 45) }))).toBe(false)
		expect(isPersonsAct(scene({ event: act('pause', 49.2), isExact: true }))).toBe(false)
	})
	it('[FO29] what a hidden page, a command, a stall, an ad or the end causes is nobody’s', () => {
		expect(isPersonsAct(scene({ visibleForMs: 300 }))).toBe(false)
		expect(isPersonsAct(scene({ isQuiet: false }))).toBe(false)
		for (const doing of ['stalled', 'ad', 'parked', 'blocked', 'ended', 'loading', 'idle', 'failed'] as const)
			for (const intent of ['play', 'pause', 'seek'] as const)
				expect(isPersonsAct(scene({ doing, event: act(intent, 50) }))).toBe(false)
		expect(isPersonsAct(scene({ leftS: 1 }))).toBe(false)
		expect(isPersonsAct(scene({ doing: 'settling', trackedAgoMs: 5_000 }))).toBe(false)
	})
	it('[FO29] a seek counts if the film was in step before it, a start only where the room stands still', () => {
		expect(isPersonsAct(scene({ event: act('seek', 300) }))).toBe(true)
		expect(isPersonsAct(scene({ event: act('seek', 300), driftMs: 9_000 }))).toBe(false)
		expect(isPersonsAct(scene({ event: act('play', 50) }))).toBe(false)
		const paused = { ...vector, isPlaying: false, positionS: 50 }
		expect(isPersonsAct(scene({ event: act('play', 50), doing: 'paused', vector: paused }))).toBe(true)
		expect(isPersonsAct(scene({ event: act('play', 9), doing: 'paused', vector: paused }))).toBe(false)
	})
	it('[FO41] where the touch itself was seen, a pause or start counts while commands are under way too', () => {
		const sure = (intent: UserIntent['intent'], positionS: number): UserIntent => ({
			...act(intent, positionS),
			isSure: true,
		})
		const busy = { isQuiet: false, doing: 'settling', trackedAgoMs: 5_000 } as const
		expect(isPersonsAct(scene({ ...busy, event: sure('pause', 49.2) }))).toBe(true)
		expect(isPersonsAct(scene({ ...busy, event: act('pause', 50) }))).toBe(false)
		const paused = { ...vector, isPlaying: false, positionS: 50 }
		expect(isPersonsAct(scene({ ...busy, event: sure('play', 50), vector: paused }))).toBe(true)
		// What the room does already, or upon a film that is not where the room is.
		expect(isPersonsAct(scene({ ...busy, event: sure('play', 50) }))).toBe(false)
		expect(isPersonsAct(scene({ ...busy, event: sure('pause', 50), vector: paused }))).toBe(false)
		expect(isPersonsAct(scene({ ...busy, event: sure('pause', 20) }))).toBe(false)
		expect(isPersonsAct(scene({ ...busy, event: sure('pause', 50), visibleForMs: 300 }))).toBe(false)
		expect(isPersonsAct(scene({ isQuiet: false, event: sure('seek', 300) }))).toBe(true)
	})
	it('[FO32] a place that is no number is nobody’s act', () => {
		for (const positionS of [NaN, Infinity, -1e300, 1e15])
			expect(isPersonsAct(scene({ event: act('seek', positionS) }))).toBe(false)
	})
})
