/**
 * F4: the room falls apart in five shapes, on schedules drawn from a seed, while everybody goes on talking and acting;
 * then the ways are back. Soon everybody has the same room, and a film is sought for the place that was decided elsewhere,
 * and at most once more.
 */
import { expect, it } from 'vitest'
import { createMeshSwarm, type MeshSwarm, type SwarmMember } from './mesh-swarm.ts'
import { simSeedOf, sizeOf } from './sizes.ts'
import { createVerdict, percentile } from './verdict.ts'

const SCHEDULES = sizeOf('FAULT_SCHEDULES', 20, 400)
const SEED = simSeedOf('FAULT_SEED')
const HEALED_MS = 5_000
/** Links live through this much silence; beyond it they are made anew. */
const APART_MIN_MS = 2_000
const APART_MAX_MS = sizeOf('FAULT_APART_MS', 14_000, 14_000)
/** What comes after a heal may still move films: a place decided on the other side. */
const WATCH_MS = 12_000
const IN_STEP_MS = 40

type Pairs = (readonly [SwarmMember, SwarmMember])[]
const bothWays = (some: readonly SwarmMember[], others: readonly SwarmMember[]): Pairs =>
	some.flatMap((a) => others.flatMap((b) => [[a, b] as const, [b, a] as const]))

interface Shape {
	readonly name: string
	readonly size: number
	cut(swarm: MeshSwarm): void
	heal?(swarm: MeshSwarm): void
}

const SHAPES: readonly Shape[] = [
	{
		name: '{2|2}',
		size: 4,
		cut: (swarm) => swarm.cut(bothWays(swarm.members.slice(0, 2), swarm.members.slice(2))),
	},
	{
		name: '{1|5}',
		size: 6,
		cut: (swarm) => {
			const alone = swarm.random.integer(6)
			swarm.cut(
				bothWays(
					swarm.members.filter((_, i) => i === alone),
					swarm.members.filter((_, i) => i !== alone),
				),
			)
		},
	},
	{
		name: 'A→B only',
		size: 4,
		cut: (swarm) => {
			const [a, b] = [swarm.random.integer(4), 1 + swarm.random.integer(3)]
			const [from, to] = [swarm.members[a], swarm.members[(a + b) % 4]]
			if (from !== undefined && to !== undefined) swarm.cut([[to, from]])
		},
	},
	{
		name: 'server only',
		size: 4,
		cut: (swarm) => swarm.cut(bothWays(swarm.members, swarm.members)),
	},
	{
		name: 'mesh only',
		size: 4,
		cut: (swarm) => swarm.switchboard.stopServer(),
		heal: (swarm) => swarm.switchboard.startServer(),
	},
]
const NAMES = ['alice', 'bob', 'charlie', 'dora', 'emil', 'fay']

interface Outcome {
	/** Infinite where it never came. */
	readonly healedMs: number
	readonly divergence: string | null
	/** Of one film, the most of any member, beside one for each place that the room turned out to have gone to. */
	readonly corrections: number
	readonly seeks: number
	readonly strikes: number
	readonly inStep: boolean
}

const run = async (shape: Shape, seed: number): Promise<Outcome> => {
	const swarm = await createMeshSwarm({ seed, names: NAMES.slice(0, shape.size) })
	const { clock, random, members } = swarm
	expect(await clock.runUntil(() => swarm.isWhole(), 60_000)).toBe(true)
	await swarm.putOn()
	await clock.run(8_000)

	shape.cut(swarm)
	const untilMs = clock.nowMs() + APART_MIN_MS + random.integer(APART_MAX_MS - APART_MIN_MS)
	// Somebody on some side goes to another place; perhaps somebody on the other does too.
	const movers = random.integer(3)
	for (let i = 0; i < movers; i++) {
		const mover = members[random.integer(members.length)]
		clock.setTimeout(() => {
			void mover?.room.playback.set({
				positionS: 60 + random.integer(3_000),
				isPlaying: true,
				rate: 1,
				atMs: clock.nowMs(),
			})
		}, random.integer(APART_MIN_MS))
	}
	for (let n = 0; clock.nowMs() < untilMs; n++) {
		for (const member of members) await member.say(`${member.name} ${String(n)}`)
		await clock.run(Math.min(500 + random.integer(1_000), untilMs - clock.nowMs()))
	}

	const seeksOf = () => members.map((member) => member.film()?.player.counts.seeks ?? 0)
	const seeksBefore = seeksOf()
	const places = members.map(({ room }) => {
		const seen = new Set([room.state().playback.rev])
		room.onChange(({ playback }) => seen.add(playback.rev))
		return seen
	})
	swarm.cut([])
	shape.heal?.(swarm)
	const healedAtMs = clock.nowMs()
	const didHeal = await clock.runUntil(() => swarm.divergence() === null, 60_000)
	const healedMs = didHeal ? clock.nowMs() - healedAtMs : Infinity
	await clock.run(WATCH_MS)
	const seeks = seeksOf().map((count, i) => count - (seeksBefore[i] ?? 0))
	const outcome: Outcome = {
		healedMs,
		divergence: swarm.divergence(),
		corrections: Math.max(...seeks.map((count, i) => count - ((places[i]?.size ?? 1) - 1))),
		seeks: Math.max(...seeks),
		strikes: members.reduce((sum, member) => sum + member.strikes.length, 0),
		inStep: Math.max(...swarm.offMs()) < IN_STEP_MS,
	}
	swarm.stop()
	return outcome
}

it.each(SHAPES)(
	`[FA4, SY5, TR12] a room apart as $name, ${String(SCHEDULES)} times: the same for all within 5 s, at most one corrective seek`,
	async (shape) => {
		const outcomes: Outcome[] = []
		const slow: string[] = []
		for (let i = 0; i < SCHEDULES; i++) {
			const outcome = await run(shape, SEED + i)
			outcomes.push(outcome)
			if (outcome.healedMs > HEALED_MS || outcome.divergence !== null || outcome.corrections > 1)
				slow.push(`FAULT_SEED=${String(SEED + i)}: ${JSON.stringify(outcome)}`)
		}
		const healed = outcomes.map(({ healedMs }) => healedMs)
		const verdict = createVerdict(`F4 partition ${shape.name} (seed ${String(SEED)})`)
		verdict.note('schedules', outcomes.length)
		verdict.is('rooms that differ', outcomes.filter(({ divergence }) => divergence !== null).length, 0)
		verdict.atMost('slowest heal', Math.max(...healed), HEALED_MS, ' ms')
		verdict.note('median', `${percentile(healed, 0.5).toFixed(0)} ms`)
		verdict.atMost('corrective seeks of a film', Math.max(...outcomes.map((one) => one.corrections)), 1)
		verdict.note('seeks with those of the room itself', Math.max(...outcomes.map(({ seeks }) => seeks)))
		verdict.is('out of step', outcomes.filter(({ inStep }) => !inStep).length, 0)
		verdict.is(
			'strikes',
			outcomes.reduce((sum, { strikes }) => sum + strikes, 0),
			0,
		)
		expect(verdict.end(), slow.join('\n')).toEqual([])
	},
	1_800_000,
)
