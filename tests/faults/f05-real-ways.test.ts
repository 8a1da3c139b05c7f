/**
 * F5 once more, small and real: members in network namespaces of their own, over real data channels, joined by a router
 * that loses, delays, reorders and repeats packets or is as slow as a telephone. Root only.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sleep, waitUntil } from '../support/wrtc.ts'
import { openFarRoom, type FarRoom } from '../wan/room.ts'
import { openWan, whyNoWan, type Wan, type WanConditions } from '../wan/wan.ts'
import { sizeOf } from './sizes.ts'
import { createVerdict, percentile } from './verdict.ts'

const SECONDS = sizeOf('FAULT_REAL_WAY_SECONDS', 5, 60)
const CELLS = sizeOf('FAULT_REAL_WAYS', 5, 12)
const TALK_EVERY_MS = 400
const ARRIVE_MS = 60_000
/** At 5 % and 100 ms. */
const P99_MS = 1_500

const GOOD: WanConditions = { delay: 20, jitter: 0, loss: 0, reorder: 0, duplicate: 0, rate: 0 }

interface Cell {
	readonly name: string
	readonly conditions: Partial<WanConditions>
	readonly isJudgedByLatency?: true
}
/** The first ones are CI's. */
const ALL: readonly Cell[] = [
	{ name: '5 %, 100 ms', conditions: { loss: 5, delay: 100 }, isJudgedByLatency: true },
	{ name: '20 %, 100 ms', conditions: { loss: 20, delay: 100, jitter: 10 } },
	{ name: '64 kbit/s, 5 %', conditions: { rate: 64, delay: 100, loss: 5 } },
	{ name: '30 % reordered, 60 ms', conditions: { reorder: 30, delay: 60, jitter: 20 } },
	{ name: '20 % doubled, 5 % lost', conditions: { duplicate: 20, loss: 5, delay: 40 } },
	{ name: '1 %, 20 ms', conditions: { loss: 1, delay: 20 } },
	{ name: '1 %, 300 ms', conditions: { loss: 1, delay: 300 } },
	{ name: '5 %, 20 ms', conditions: { loss: 5, delay: 20 } },
	{ name: '5 %, 300 ms', conditions: { loss: 5, delay: 300, jitter: 30 } },
	{ name: '20 %, 20 ms', conditions: { loss: 20, delay: 20 } },
	{ name: '20 %, 300 ms', conditions: { loss: 20, delay: 300 } },
	{
		name: 'all at once',
		conditions: { loss: 5, delay: 60, jitter: 40, reorder: 20, duplicate: 10, rate: 256 },
	},
]

const why = whyNoWan()
if (why !== null) console.log(`F5 over real ways is left out. ${why}`)

let wan: Wan
let room: FarRoom
beforeAll(async () => {
	if (why !== null) return
	wan = await openWan({ delayMs: 20, jitterMs: 0, lossPct: 0, seconds: 3_600, ports: [] })
	room = await openFarRoom(wan)
}, 300_000)
afterAll(async () => {
	if (why !== null) return
	await room.close()
	await wan.close()
}, 60_000)

it.skipIf(why !== null)(
	`[FA25] ${String(CELLS)} bad ways between real networks: all of it arrives everywhere, soon where 5 % are lost at 100 ms`,
	async () => {
		const { members } = room
		const cells = ALL.slice(0, CELLS)
		const verdict = createVerdict('F5 bad ways between real networks')
		const told: string[] = []
		let lost = 0
		let said = 0
		for (const [n, { name, conditions, isJudgedByLatency }] of cells.entries()) {
			wan.change({ ...GOOD, ...conditions })
			const texts: string[] = []
			const endMs = performance.now() + SECONDS * 1_000
			for (let i = 0; performance.now() < endMs; i++) {
				for (const member of members) {
					const text = `${String(n)} ${member.place} ${String(i)}`
					texts.push(text)
					member.say(text)
				}
				await sleep(TALK_EVERY_MS)
			}
			const everybodyHas = () =>
				texts.every((text) => members.every((one) => one.heardAtMs.has(text) || one.saidAtMs.has(text)))
			await waitUntil(everybodyHas, ARRIVE_MS)
			said += texts.length
			const latencies: number[] = []
			for (const text of texts) {
				const atMs = members.find((one) => one.saidAtMs.has(text))?.saidAtMs.get(text)
				for (const one of members) {
					if (one.saidAtMs.has(text)) continue
					const heardMs = one.heardAtMs.get(text)
					if (heardMs === undefined || atMs === undefined) lost++
					else latencies.push(heardMs - atMs)
				}
			}
			const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)]
			told.push(`${name}: ${p50.toFixed(0)}/${p99.toFixed(0)}`)
			if (isJudgedByLatency) verdict.within(`p99 at ${name}`, p99, P99_MS)
		}
		wan.change(GOOD)
		verdict.is('ways', cells.length, CELLS)
		verdict.note('said', said)
		verdict.is('not heard', lost, 0)
		const [first = [], ...others] = await Promise.all(members.map((member) => member.all()))
		verdict.is('twice', first.length - new Set(first).size, 0)
		verdict.is('heard by the first', first.length, said)
		verdict.is(
			'members that read otherwise',
			others.filter((texts) => texts.join('\n') !== first.join('\n')).length,
			0,
		)
		verdict.note('p50/p99 in ms', told.join(', '))
		expect(verdict.end()).toEqual([])
	},
	3_600_000,
)
