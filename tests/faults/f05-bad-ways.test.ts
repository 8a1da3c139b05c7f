/**
 * F5: ways between members that lose, delay, reorder and repeat, or are as slow as a telephone: twelve of them, on the
 * simulated network. Everything arrives everywhere, and an act is soon seen.
 */
import { expect, it } from 'vitest'
import { createMeshSwarm } from './mesh-swarm.ts'
import type { NetworkConditions } from '#lib/transport/memory-network.ts'
import { simSeedOf, sizeOf } from './sizes.ts'
import { createVerdict, percentile } from './verdict.ts'

const SECONDS = sizeOf('FAULT_WAY_SECONDS', 30, 600)
const SEED = simSeedOf('FAULT_SEED')
const MEMBERS = 4
const TALK_EVERY_MS = 1_000
const AGREE_MS = 60_000
/** At 5 % and 100 ms. */
const P99_MS = 1_500
/** 64 kbit/s. */
const TELEPHONE_BYTES_PER_MS = 8

interface Cell {
	readonly name: string
	readonly conditions: Partial<NetworkConditions>
	readonly isJudgedByLatency?: true
}

/** Jitter reorders the datagrams; on the ordered lane it makes them wait for one another. */
const CELLS: readonly Cell[] = [
	...[1, 5, 20].flatMap((loss) =>
		[20, 100, 300].map((delayMs): Cell => ({
			name: `${String(loss)} % lost, ${String(delayMs)} ms`,
			conditions: { lossRate: loss / 100, delayMs, jitterMs: delayMs / 2 },
			...(loss === 5 && delayMs === 100 && { isJudgedByLatency: true }),
		})),
	),
	{
		name: '64 kbit/s, 100 ms',
		conditions: { bytesPerMs: TELEPHONE_BYTES_PER_MS, delayMs: 100, jitterMs: 20, lossRate: 0 },
	},
	{
		name: '64 kbit/s, 5 % lost, 300 ms',
		conditions: { bytesPerMs: TELEPHONE_BYTES_PER_MS, delayMs: 300, jitterMs: 60, lossRate: 0.05 },
	},
	{ name: 'jitter of 500 ms', conditions: { delayMs: 20, jitterMs: 500, lossRate: 0.01 } },
]

interface Outcome {
	readonly name: string
	readonly isConverged: boolean
	readonly heard: number
	readonly expected: number
	readonly p50Ms: number
	readonly p99Ms: number
	readonly links: number
	readonly strikes: number
}

const run = async ({ name, conditions }: Cell, seed: number): Promise<Outcome> => {
	const names = Array.from({ length: MEMBERS }, (_, i) => `member ${String(i)}`)
	const swarm = await createMeshSwarm({ seed, names })
	const { clock, members, random } = swarm
	expect(await clock.runUntil(() => swarm.isWhole(), 60_000)).toBe(true)
	swarm.network.setConditions(conditions)

	const saidAtMs = new Map<string, number>()
	const latencies: number[] = []
	for (const member of members) {
		const heard = new Set<string>()
		member.room.onChange(({ chat }) => {
			for (const { text } of chat) {
				if (text === null || heard.has(text)) continue
				heard.add(text)
				const atMs = saidAtMs.get(text)
				if (atMs !== undefined && !text.startsWith(member.name)) latencies.push(clock.nowMs() - atMs)
			}
		})
		for (let atMs = random.integer(TALK_EVERY_MS); atMs < SECONDS * 1_000; atMs += TALK_EVERY_MS)
			clock.setTimeout(() => {
				const text = `${member.name} at ${String(atMs)}`
				saidAtMs.set(text, clock.nowMs())
				void member.say(text)
			}, atMs)
	}
	await clock.run(SECONDS * 1_000)
	await clock.runUntil(
		() => latencies.length >= saidAtMs.size * (MEMBERS - 1) && swarm.divergence() === null,
		AGREE_MS,
	)
	const outcome: Outcome = {
		name,
		isConverged: swarm.divergence() === null,
		heard: latencies.length,
		expected: saidAtMs.size * (MEMBERS - 1),
		p50Ms: percentile(latencies, 0.5),
		p99Ms: percentile(latencies, 0.99),
		links: Math.min(...members.map(({ at }) => at.linked().length)),
		strikes: members.reduce((sum, { strikes }) => sum + strikes.length, 0),
	}
	swarm.stop()
	return outcome
}

it(`[FA5, SY20] ${String(CELLS.length)} bad ways: all of it arrives everywhere, soon where 5 % are lost at 100 ms`, async () => {
	const outcomes: Outcome[] = []
	for (const cell of CELLS) outcomes.push(await run(cell, SEED))
	const judged = CELLS.findIndex(({ isJudgedByLatency }) => isJudgedByLatency)
	const verdict = createVerdict(`F5 bad ways (seed ${String(SEED)})`)
	verdict.is('ways', outcomes.length, 12)
	verdict.is('converged', outcomes.filter(({ isConverged }) => isConverged).length, CELLS.length)
	verdict.is(
		'not heard',
		outcomes.reduce((sum, { expected, heard }) => sum + expected - heard, 0),
		0,
	)
	verdict.atMost('p99 at 5 % and 100 ms', outcomes[judged]?.p99Ms ?? Infinity, P99_MS, ' ms')
	verdict.is(
		'strikes',
		outcomes.reduce((sum, { strikes }) => sum + strikes, 0),
		0,
	)
	verdict.note(
		'p50/p99 in ms',
		outcomes.map(({ name, p50Ms, p99Ms }) => `${name}: ${p50Ms.toFixed(0)}/${p99Ms.toFixed(0)}`).join(', '),
	)
	expect(verdict.end(), JSON.stringify(outcomes)).toEqual([])
}, 1_800_000)
