import { expect, it } from 'vitest'
import { createRepairTimer } from './repair-timer.ts'
import { createSimClock } from './sim-clock.ts'

const setUp = () => {
	const clock = createSimClock()
	const runs: string[] = []
	const timer = createRepairTimer(
		clock,
		() => runs.push('repair'),
		() => runs.push('tick'),
	)
	return { clock, runs, timer }
}

it('[TR12] links are looked after once a second, and once for all changes of a moment', async () => {
	const { clock, runs, timer } = setUp()
	timer.start()
	timer.soon()
	timer.soon()
	expect(runs).toEqual([])
	await clock.run(2_500)
	expect(runs).toEqual(['repair', 'tick', 'tick'])
	timer.soon()
	await clock.run(1)
	expect(runs.at(-1)).toBe('repair')
})

it('[TR8] nothing is done after the end', async () => {
	const { clock, runs, timer } = setUp()
	timer.start()
	timer.soon()
	timer.stop()
	timer.stop()
	timer.soon()
	await clock.run(5_000)
	expect([runs, clock.pendingCount]).toEqual([[], 0])
})
