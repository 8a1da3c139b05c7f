/**
 * F6: Redis goes down, is started again, is flushed, stands still, under two processes of the server. Members of one
 * room have links through the server alone: at one process, and across. No process ends, what one process carries goes
 * on, what crosses is whole again in time, and nothing that was said is lost.
 */
import * as Y from 'yjs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { joinAsNode, lookUpRoom, type NodeMember } from '../support/node-member.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startProcess, type ServerProcess } from '../support/processes.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { sleep, waitUntil } from '../support/wrtc.ts'
import { foundRoom, UNLIMITED } from './real-rooms.ts'
import { sizeOf } from './sizes.ts'
import { createVerdict } from './verdict.ts'

const ROUNDS = sizeOf('FAULT_REDIS_ROUNDS', 1, 5)
const DOWN_MS = 1_000 * sizeOf('FAULT_REDIS_DOWN_SECONDS', 6, 30)
/** Of talk after what is over at once. */
const TALK_MS = 2_000
const WHOLE_MS = 5_000
const TALK_EVERY_MS = 500
/** For links that were given up meanwhile, and made again, to carry what was missed. */
const EVERYBODY_HAS_IT_MS = 90_000

let redis: TestRedis
let postgres: TestPostgres
let processes: ServerProcess[] = []
beforeAll(async () => {
	;[redis, postgres] = await Promise.all([startRedis(), startPostgres()])
	const env = {
		LOG_LEVEL: 'warn',
		REDIS_URL: redis.url,
		DATABASE_URL: await postgres.newDatabase(),
		...UNLIMITED,
	}
	processes = [await startProcess(env)]
	processes.push(await startProcess(env))
}, 180_000)
afterAll(async () => {
	for (const process of processes) await process.close()
	await redis.close()
	await postgres.close()
})

const TROUBLES = [
	{ name: 'down', lastsMs: DOWN_MS, begin: () => redis.kill(), end: () => redis.start() },
	{
		name: 'started again',
		lastsMs: TALK_MS,
		begin: async () => {
			await redis.kill()
			await redis.start()
		},
		end: () => Promise.resolve(),
	},
	{
		name: 'flushed',
		lastsMs: TALK_MS,
		begin: async () => void (await redis.command('FLUSHALL')),
		end: () => Promise.resolve(),
	},
	{
		name: 'standing still',
		lastsMs: DOWN_MS,
		begin: () => Promise.resolve(redis.freeze()),
		end: () => Promise.resolve(redis.thaw()),
	},
]

/** Members of a new room whose links all go through the server, at these processes. */
const openRelayed = async (places: readonly ServerProcess[]): Promise<NodeMember[]> => {
	const [first] = places
	if (first === undefined) throw new Error('nowhere')
	const link = await foundRoom(first.url)
	const members: NodeMember[] = []
	for (const { url } of places)
		members.push(
			await joinAsNode(await lookUpRoom(link.replace(first.url, url)), new Y.Doc(), undefined, {
				isRelayOnly: true,
			}),
		)
	const isWhole = () => members.every(({ mesh }) => mesh.links().length === members.length - 1)
	if (!(await waitUntil(isWhole, 90_000))) throw new Error('the room did not become whole')
	return members
}

const has = ({ room }: NodeMember, text: string) => room.state().chat.some((message) => message.text === text)
const missing = (members: readonly NodeMember[], texts: readonly string[]): number =>
	members.reduce((sum, member) => sum + texts.filter((text) => !has(member, text)).length, 0)
const doubled = (members: readonly NodeMember[]): number =>
	members.reduce((sum, { room }) => {
		const { chat } = room.state()
		return sum + chat.length - new Set(chat.map(({ text }) => text)).size
	}, 0)

it.each(TROUBLES)(
	`[FA6, BU6] Redis $name, ${String(ROUNDS)} times: no process ends, one process's rooms notice nothing, the others are whole in time`,
	async ({ name, lastsMs, begin, end }) => {
		const [one, two] = processes as [ServerProcess, ServerProcess]
		const near = await openRelayed([one, one])
		const far = await openRelayed([one, two])
		let dropped = 0
		for (const { mesh } of near) mesh.on(({ type }) => void (dropped += type === 'peer-down' ? 1 : 0))
		const said = { near: [] as string[], far: [] as string[] }
		let count = 0
		const sayAll = async () => {
			for (const [where, members] of [
				['near', near],
				['far', far],
			] as const)
				for (const member of members) {
					const text = `line ${String(count++)}`
					const outcome = await member.room.chat.send(text)
					if (outcome.type !== 'done') throw new Error(`not said: ${outcome.type}`)
					said[where].push(text)
				}
		}
		const nearMs: number[] = []
		const wholeMs: number[] = []
		const everywhereMs: number[] = []
		for (let round = 0; round < ROUNDS; round++) {
			await begin()
			const untilMs = performance.now() + lastsMs
			while (performance.now() < untilMs) {
				await sayAll()
				const beganMs = performance.now()
				await waitUntil(() => missing(near, said.near) === 0, 10_000)
				nearMs.push(performance.now() - beganMs)
				await sleep(TALK_EVERY_MS)
			}
			await end()
			const backMs = performance.now()
			// The servers' part; links that were given up meanwhile are made again by their ends.
			const crosses = async () =>
				(await Promise.all(processes.map(({ url }) => fetch(`${url}/readyz`)))).every(({ ok }) => ok)
			while (!(await crosses()) && performance.now() - backMs < 60_000) await sleep(50)
			wholeMs.push(performance.now() - backMs)
			await sayAll()
			await waitUntil(() => missing(far, said.far) === 0, EVERYBODY_HAS_IT_MS)
			everywhereMs.push(performance.now() - backMs)
		}
		const verdict = createVerdict(`F6 Redis ${name}`)
		verdict.note('rounds', ROUNDS)
		verdict.is('processes that ended', processes.filter((process) => !process.isRunning()).length, 0)
		verdict.note('said', said.near.length + said.far.length)
		verdict.is('lost at one process', missing(near, said.near), 0)
		verdict.is('links dropped there', dropped, 0)
		verdict.within('slowest word there', Math.max(...nearMs), 2_000)
		verdict.is('lost across', missing(far, said.far), 0)
		verdict.is('doubled', doubled(near) + doubled(far), 0)
		verdict.within('slowest to carry across again', Math.max(...wholeMs), WHOLE_MS)
		verdict.note('slowest until all was everywhere', `${Math.max(...everywhereMs).toFixed(0)} ms`)
		expect(verdict.end()).toEqual([])
		for (const member of [...near, ...far]) member.stop()
	},
	3_600_000,
)
