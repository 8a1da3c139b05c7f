import { expect, it } from 'vitest'
import { createLateness, patientMs } from './lateness.ts'

it('[TR43] a machine that is late waits longer for answers, at most three times as long; asleep is not late', () => {
	const lateness = createLateness(1_000, 0)
	expect(patientMs(12_000, lateness.lateMs())).toBe(12_000)
	lateness.tick(1_000)
	expect(lateness.lateMs()).toBe(0)
	lateness.tick(3_000)
	expect(patientMs(12_000, lateness.lateMs())).toBe(17_000)
	lateness.tick(8_000)
	expect(patientMs(12_000, lateness.lateMs())).toBe(32_000)
	lateness.tick(19_000)
	expect(patientMs(12_000, lateness.lateMs())).toBe(36_000)
	for (let i = 1; i <= 40; i++) lateness.tick(19_000 + i * 1_000)
	expect(lateness.lateMs()).toBeLessThan(10)
	lateness.tick(3_600_000)
	expect(lateness.lateMs()).toBeLessThan(10)
})
