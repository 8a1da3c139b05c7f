/**
 * F3: each member loses the network for 2 s in every 10, for a minute, while everybody talks. All of it is delivered:
 * where packets are only held up, and where the drop tears every link.
 */
import { expect, it } from 'vitest'
import { createMeshSwarm, type SwarmMember } from './mesh-swarm.ts'
import { simSeedOf, sizeOf } from './sizes.ts'
import { createVerdict } from './verdict.ts'

const MEMBERS = sizeOf('FAULT_DROP_MEMBERS', 10, 10)
const ROUNDS = sizeOf('FAULT_DROP_ROUNDS', 6, 60)
const SEEDS = sizeOf('FAULT_DROP_RUNS', 1, 20)
const SEED = simSeedOf('FAULT_SEED')
const EVERY_MS = 10_000
const DROP_MS = 2_000
/** The same share of it comes while somebody is away. */
const TALK_EVERY_MS = sizeOf('FAULT_DROP_TALK_MS', 2_000, 1_000)
const AGREE_MS = 15_000

const NAMES = Array.from({ length: MEMBERS }, (_, i) => `member ${String(i)}`)

interface Outcome {
	readonly sent: number
	readonly delivered: number
	readonly drops: number
	readonly strikes: number
	/** From the last drop until everybody had everything. */
	readonly agreedMs: number
}

const run = async (seed: number, how: 'held up' | 'torn'): Promise<Outcome> => {
	const swarm = await createMeshSwarm({ seed, names: NAMES })
	const { clock, members, random } = swarm
	expect(await clock.runUntil(() => swarm.isWhole(), 60_000)).toBe(true)

	const out = new Set<SwarmMember>()
	let drops = 0
	const others = (one: SwarmMember) => members.filter((member) => member !== one)
	const review = () =>
		swarm.cut(
			[...out].flatMap((one) =>
				others(one).flatMap((other) => [[one, other] as const, [other, one] as const]),
			),
		)
	const drop = (member: SwarmMember) => {
		drops++
		out.add(member)
		review()
		if (how === 'torn')
			for (const other of others(member)) swarm.network.breakLink(member.at.peer, other.at.peer)
		clock.setTimeout(() => {
			out.delete(member)
			review()
		}, DROP_MS)
	}
	const said: string[] = []
	for (const member of members) {
		const phaseMs = random.integer(EVERY_MS)
		for (let round = 0; round < ROUNDS; round++)
			clock.setTimeout(() => drop(member), phaseMs + round * EVERY_MS)
		for (let atMs = random.integer(TALK_EVERY_MS); atMs < ROUNDS * EVERY_MS; atMs += TALK_EVERY_MS)
			clock.setTimeout(() => {
				const text = `${member.name} at ${String(atMs)}`
				said.push(text)
				void member.say(text)
			}, atMs)
	}
	await clock.run((ROUNDS + 1) * EVERY_MS + DROP_MS)
	const endedMs = clock.nowMs()
	await clock.runUntil(() => swarm.divergence() === null, AGREE_MS)
	const agreedMs = clock.nowMs() - endedMs

	let delivered = 0
	for (const { room } of members) {
		const texts = room.state().chat.map(({ text }) => text)
		const unique = new Set(texts)
		// Once each: what came twice would be in the list twice.
		delivered += texts.length === unique.size ? said.filter((text) => unique.has(text)).length : 0
	}
	const strikes = members.reduce((sum, member) => sum + member.strikes.length, 0)
	swarm.stop()
	return { sent: said.length * MEMBERS, delivered, drops, strikes, agreedMs }
}

it.each(['held up', 'torn'] as const)(
	'[FA3, SY3, SY5] drops of 2 s in every 10 s at each member, links %s: everything is delivered to all',
	async (how) => {
		const outcomes: Outcome[] = []
		for (let i = 0; i < SEEDS; i++) outcomes.push(await run(SEED + i, how))
		const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((all, one) => all + pick(one), 0)
		const [sent, delivered] = [sum((one) => one.sent), sum((one) => one.delivered)]
		const verdict = createVerdict(`F3 drops of 2 s, links ${how} (seed ${String(SEED)})`)
		verdict.note('runs × members', `${String(SEEDS)} × ${String(MEMBERS)}`)
		verdict.is(
			'drops',
			sum((one) => one.drops),
			SEEDS * MEMBERS * ROUNDS,
		)
		verdict.note('deliveries', sent)
		verdict.is('delivered %', (100 * delivered) / sent, 100)
		verdict.note('slowest to agree', `${Math.max(...outcomes.map((one) => one.agreedMs)).toFixed(0)} ms`)
		verdict.is(
			'strikes',
			sum((one) => one.strikes),
			0,
		)
		expect(verdict.end()).toEqual([])
	},
	1_800_000,
)
