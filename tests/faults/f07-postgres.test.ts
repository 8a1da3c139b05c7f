/**
 * F7: PostgreSQL is down, stands still, has a full disk, or is read-only as after a failover, under a server with people
 * in a room. The room lives, what needs the database says 503 at once, and no event of the audit log is lost.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostgresStore } from '../../signaling/store/postgres.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startProcess, type ServerProcess } from '../support/processes.ts'
import { joinRoom, newPerson, newRoomId, send, type Joined, type Person } from '../support/ws-client.ts'
import { sleep, waitUntil } from '../support/wrtc.ts'
import { UNLIMITED } from './real-rooms.ts'
import { sizeOf } from './sizes.ts'
import { createVerdict } from './verdict.ts'

const ROUNDS = sizeOf('FAULT_POSTGRES_ROUNDS', 1, 5)
const DOWN_MS = 1_000 * sizeOf('FAULT_POSTGRES_DOWN_SECONDS', 3, 30)
const ANSWER_MS = 10_000
const BACK_MS = 30_000
/** A database has about 8 MB from its first day on. */
const DISK_MIB = 24

/** A disk of so many MiB for the test alone: only root can make one. */
const whyNoDisk =
	process.platform !== 'linux' || process.getuid?.() !== 0 ? 'A full disk needs root, on Linux.' : null
if (whyNoDisk !== null) console.log(`F7 with a full disk is left out. ${whyNoDisk}`)

let postgres: TestPostgres
let disk: string | null = null
beforeAll(async () => {
	postgres = await startPostgres()
}, 120_000)
afterAll(async () => {
	await postgres.close()
	if (disk === null) return
	spawnSync('umount', [disk])
	rmSync(disk, { recursive: true, force: true })
})

/** Statements one by one, outside of a transaction. */
const run = async (
	url: string,
	...statements: string[]
): Promise<pg.QueryResult<Record<string, unknown>>> => {
	const client = new pg.Client({ connectionString: url })
	await client.connect()
	try {
		let result: pg.QueryResult<Record<string, unknown>> | null = null
		for (const statement of statements) result = await client.query(statement)
		if (result === null) throw new Error('nothing to run')
		return result
	} finally {
		await client.end()
	}
}
const nameOf = (url: string): string => new URL(url).pathname.slice(1)
const beside = (url: string): string => url.replace(/[^/]*$/, 'postgres')

/** Moves the database to a disk of its own, which can be filled up. */
const onSmallDisk = async (url: string): Promise<void> => {
	const { rows } = await run(beside(url), 'SHOW data_directory')
	const owner = statSync(String(rows[0]?.['data_directory']))
	if (disk === null) {
		disk = mkdtempSync(join(tmpdir(), 'matinee-disk-'))
		const { status, stderr } = spawnSync(
			'mount',
			['-t', 'tmpfs', '-o', `size=${String(DISK_MIB)}m`, 'tmpfs', disk],
			{ encoding: 'utf8' },
		)
		if (status !== 0) throw new Error(`no disk: ${stderr}`)
		chownSync(disk, owner.uid, owner.gid)
		chmodSync(disk, 0o700)
		await run(beside(url), `CREATE TABLESPACE small LOCATION '${disk}'`)
	}
	await run(beside(url), `ALTER DATABASE ${nameOf(url)} SET TABLESPACE small`)
}
const fillerOf = () => join(disk ?? '', 'filler')
const fillDisk = (): void => {
	const file = openSync(fillerOf(), 'w')
	try {
		for (;;) writeSync(file, new Uint8Array(4_096))
	} catch {
		closeSync(file) // it is full
	}
}

/** Every connection anew, as after a failover. */
const breakConnections = (url: string) =>
	run(beside(url), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${nameOf(url)}'`)

interface Trouble {
	readonly name: string
	readonly needsDisk?: true
	begin(url: string): Promise<unknown>
	end(url: string): Promise<unknown>
}
const TROUBLES: readonly Trouble[] = [
	{ name: 'down', begin: () => postgres.kill(), end: () => postgres.start() },
	{
		name: 'standing still',
		begin: () => Promise.resolve(postgres.freeze()),
		end: () => Promise.resolve(postgres.thaw()),
	},
	{
		name: 'with a full disk',
		needsDisk: true,
		begin: () => Promise.resolve(fillDisk()),
		end: () => Promise.resolve(rmSync(fillerOf())),
	},
	{
		name: 'read-only after a failover',
		begin: async (url) => {
			await run(beside(url), `ALTER DATABASE ${nameOf(url)} SET default_transaction_read_only = on`)
			await breakConnections(url)
		},
		end: async (url) => {
			await run(beside(url), `ALTER DATABASE ${nameOf(url)} RESET default_transaction_read_only`)
			await breakConnections(url)
		},
	},
]

const exchange = async (alice: Joined, bob: Joined): Promise<void> => {
	const text = newRoomId()
	alice.send({ type: 'signal', to: bob.peer, data: text })
	expect((await bob.next('signal', 30_000)).data).toBe(text)
}
/** Large, so that no page has room for it any more. */
const ROOT = Buffer.alloc(3_000, 7).toString('base64url')
const registerBy = (server: ServerProcess, { token }: Person) =>
	send(`${server.url}/api/rooms/${newRoomId()}`, 'PUT', { root: ROOT, token })

it.each(TROUBLES.filter(({ needsDisk }) => needsDisk !== true || whyNoDisk === null))(
	`[FA7, SD12] PostgreSQL $name, ${String(ROUNDS)} times: rooms live, the rest is answered at once, no event of the audit log is lost`,
	async ({ name, needsDisk, begin, end }) => {
		const databaseUrl = await postgres.newDatabase()
		if (needsDisk === true) await onSmallDisk(databaseUrl)
		const server = await startProcess({ LOG_LEVEL: 'error', DATABASE_URL: databaseUrl, ...UNLIMITED })
		const room = newRoomId()
		const subjects: string[] = []
		const come = async () => {
			const member = await joinRoom(server.url, room)
			subjects.push(member.person.subject)
			return member
		}
		const members = [await come(), await come()]
		const [alice, bob] = members as [Joined, Joined]
		const owner = await newPerson(server.url)
		subjects.push(owner.subject)
		const statuses = new Map<number, number>()
		let slowestMs = 0
		let isMet = true
		const register = async () => {
			const beganMs = performance.now()
			const { status } = await registerBy(server, owner)
			slowestMs = Math.max(slowestMs, performance.now() - beganMs)
			statuses.set(status, (statuses.get(status) ?? 0) + 1)
			return status
		}
		const backMs: number[] = []
		for (let round = 0; round < ROUNDS; round++) {
			await begin(databaseUrl)
			// A full disk is met once the pages at hand are full.
			for (let n = 0; (await register()) !== 503 && n < 5_000; n++);
			isMet &&= (statuses.get(503) ?? 0) > 0
			const untilMs = performance.now() + DOWN_MS
			while (performance.now() < untilMs) {
				await exchange(alice, bob)
				await exchange(bob, alice)
				await register()
				// Guests go on coming, and each is an event.
				const member = await come()
				members.push(member)
				await exchange(member, alice)
				await sleep(200)
			}
			await end(databaseUrl)
			const endedMs = performance.now()
			while ((await registerBy(server, owner)).status !== 201 && performance.now() - endedMs < BACK_MS)
				await sleep(100)
			backMs.push(performance.now() - endedMs)
		}
		const store = await openPostgresStore(databaseUrl)
		const noted = async () => {
			const seen: string[] = []
			for (let from = 1; ;) {
				const rows = await store.audit.read(from, 500)
				for (const { event } of rows) {
					const { type, subject } = JSON.parse(event) as Record<string, unknown>
					if (type === 'identity-issued') seen.push(String(subject))
				}
				if (rows.length < 500) return seen
				from += rows.length
			}
		}
		let seen = await noted()
		const sinceMs = performance.now()
		while (seen.length < subjects.length && performance.now() - sinceMs < 30_000) {
			await sleep(200)
			seen = await noted()
		}
		await store.close()
		const verdict = createVerdict(`F7 PostgreSQL ${name}`)
		verdict.note('rounds', ROUNDS)
		verdict.is('met', isMet ? 1 : 0, 1)
		verdict.is('server ended', server.isRunning() ? 0 : 1, 0)
		verdict.is('members lost', members.filter((member) => !member.isOpen()).length, 0)
		verdict.note('who came meanwhile', members.length - 2)
		verdict.note('answered 503', statuses.get(503) ?? 0)
		verdict.is(
			'answered otherwise',
			[...statuses].reduce((sum, [code, count]) => sum + (code === 201 || code === 503 ? 0 : count), 0),
			0,
		)
		verdict.within('slowest answer', slowestMs, ANSWER_MS)
		verdict.within('slowest to be back', Math.max(...backMs), 5_000)
		verdict.note('audit events', seen.length)
		verdict.is('lost of them', subjects.filter((subject) => !seen.includes(subject)).length, 0)
		verdict.is('noted twice', seen.length - new Set(seen).size, 0)
		verdict.is('out of order', seen.join() === subjects.join() ? 0 : 1, 0)
		expect(verdict.end(), JSON.stringify([...statuses])).toEqual([])
		for (const member of members) member.close()
		expect((await server.stop()).code).toBe(0)
		await server.close()
	},
	3_600_000,
)

it('[FA7] a server whose PostgreSQL is away keeps the time of a stop all the same', async () => {
	const server = await startProcess({ LOG_LEVEL: 'error', DATABASE_URL: await postgres.newDatabase() })
	await newPerson(server.url)
	await postgres.kill()
	const { code, tookMs } = await server.stop()
	await postgres.start()
	const verdict = createVerdict('F7 a stop meanwhile')
	verdict.is('exit code', code ?? -1, 0)
	verdict.within('took', tookMs, 5_000)
	expect(verdict.end()).toEqual([])
	await server.close()
	expect(await waitUntil(() => !server.isRunning(), 1_000)).toBe(true)
}, 120_000)
