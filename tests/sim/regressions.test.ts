/**
 * Seeds that once failed, by what was wrong. A schedule's seed means the same as long as `schedule.ts` is not
 * changed; what must hold for ever has a test of its own beside the code that was mended.
 */
import { expect, it } from 'vitest'
import { runSchedule } from './schedule.ts'

const SEEDS: readonly (readonly [seed: number, what: string])[] = [
	[288, 'an item moved before the first of next, with nothing current, went to what was played'],
	[530, 'deletions of an update were applied while the rest of it waited for what it builds on'],
	[889, 'a newcomer that handed on deletions it could not judge was struck for them'],
	[
		1067,
		'two honest members, of whom one had lost a message, were at odds over a key until they were struck',
	],
	[1139, 'the same, again and again, since nobody asked for what was lost'],
]

for (const [seed, what] of SEEDS)
	it(`[SY20] ${what} (seed ${seed})`, async () => {
		expect((await runSchedule(seed)).faults).toEqual([])
	})
