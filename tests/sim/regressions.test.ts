/**
 * Seeds that once failed, by what was wrong. A schedule's seed means the same as long as `schedule.ts` is not
 * changed; what must hold for ever has a test of its own beside the code that was mended.
 */
import { expect, it } from 'vitest'
import { runSchedule } from './schedule.ts'

const SEEDS: readonly (readonly [seed: number, what: string])[] = [
	[52, 'an item moved before the first of next, with nothing current, went to what was played'],
	[384, 'a lost message made a later deletion look like an attack by an honest member'],
	[214, 'of two honest repairs one was lost, and the other was taken for an attack'],
	[353, 'deletions of an update were applied while the rest of it waited for what it builds on'],
]

for (const [seed, what] of SEEDS)
	it(`[SY20] ${what} (seed ${seed})`, async () => {
		expect((await runSchedule(seed)).faults).toEqual([])
	})
