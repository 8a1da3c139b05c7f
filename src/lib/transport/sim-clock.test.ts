import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSimClock } from './sim-clock.ts'

describe('the simulated clock', () => {
	it('[TR19] timers run in order of their due time, those due together in order of being set', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }), async (delays) => {
				const clock = createSimClock({ startMs: 0 })
				const ran: [number, number][] = []
				delays.forEach((delayMs, i) => {
					clock.setTimeout(() => {
						expect(clock.nowMs()).toBe(delayMs)
						ran.push([delayMs, i])
					}, delayMs)
				})
				await clock.run(100)
				expect(clock.nowMs()).toBe(100)
				expect(ran).toEqual(
					delays.map((delayMs, i) => [delayMs, i]).sort(([a, i], [b, j]) => a! - b! || i! - j!),
				)
			}),
			{ numRuns: 50 },
		)
	})

	it('[TR19] promises settle between timers, and what they set in train runs in the same run', async () => {
		const clock = createSimClock()
		const said: string[] = []
		const sleep = (forMs: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, forMs))
		const work = async () => {
			for (let i = 0; i < 3; i++) {
				await sleep(10)
				said.push(`woke ${i}`)
			}
		}
		void work()
		await clock.run(25)
		expect(said).toEqual(['woke 0', 'woke 1'])
		await clock.run(10)
		expect(said.length).toBe(3)
		expect(clock.pendingCount).toBe(0)
	})

	it('[TR19] a cleared timer does not run, also when another one due at the same moment clears it', async () => {
		const clock = createSimClock()
		let ran = 0
		const second = { handle: null as unknown }
		clock.setTimeout(() => clock.clearTimeout(second.handle), 5)
		second.handle = clock.setTimeout(() => ran++, 5)
		clock.clearTimeout(clock.setTimeout(() => ran++, 1))
		clock.clearTimeout(null)
		await clock.run(10)
		expect(ran).toBe(0)
		expect(clock.pendingCount).toBe(0)
	})

	it('[TR19] runs until something is so, and says whether it came to be', async () => {
		const clock = createSimClock({ startMs: 0 })
		let isDone = false
		clock.setTimeout(() => (isDone = true), 300)
		expect(await clock.runUntil(() => isDone, 100)).toBe(false)
		expect(clock.nowMs()).toBe(100)
		expect(await clock.runUntil(() => isDone, 1_000)).toBe(true)
		expect(clock.nowMs()).toBe(300)
	})
})
