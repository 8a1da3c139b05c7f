/**
 * Random lives of a room. `SIM_RUNS=20000 npx vitest run tests/sim` runs more of them, from seed `SIM_FROM` on;
 * `SIM_SEED=123 npx vitest run tests/sim` replays one exactly.
 */
import { describe, expect, it } from 'vitest'
import { runSchedule, type ScheduleReport } from './schedule.ts'

const RUNS = Number(process.env['SIM_RUNS'] ?? 2_000)
const FROM = Number(process.env['SIM_FROM'] ?? 1)
const ONE = process.env['SIM_SEED']
/** Schedules in one test: a failure is told before all are done. */
const PART = 250
const PART_TIMEOUT_MS = 300_000

const describeFailure = ({ seed, faults, log }: ScheduleReport): string =>
	[`Replay it: SIM_SEED=${seed} npx vitest run tests/sim`, ...faults, 'What happened:', ...log].join('\n')

const run = async (from: number, count: number): Promise<void> => {
	const beganMs = performance.now()
	let ops = 0
	let out = 0
	let handOvers = 0
	let slow = 0
	let reactions = 0
	let edits = 0
	for (let seed = from; seed < from + count; seed++) {
		const report = await runSchedule(seed)
		ops += report.ops
		out += report.out
		handOvers += report.handOvers
		slow += report.isSlow ? 1 : 0
		reactions += report.reactions
		edits += report.edits
		if (report.faults.length > 0) expect.fail(describeFailure(report))
	}
	const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1)
	console.log(
		`schedules ${from} to ${from + count - 1}: ${ops} operations, ${out} people out, ${handOvers} hand-overs, ${slow} in slow mode, ${reactions} reactions, ${edits} edits, ${seconds} s`,
	)
}

describe('a room under random schedules', () => {
	if (ONE !== undefined) {
		it(`[SY20] seed ${ONE}`, { timeout: PART_TIMEOUT_MS }, () => run(Number(ONE), 1))
		return
	}
	for (let from = FROM; from < FROM + RUNS; from += PART) {
		const count = Math.min(PART, FROM + RUNS - from)
		it(
			`[SY20] everybody ends up with the same room, nothing lost, nothing doubled, nobody above their rights: seeds ${from} to ${from + count - 1}`,
			{ timeout: PART_TIMEOUT_MS },
			() => run(from, count),
		)
	}
})
