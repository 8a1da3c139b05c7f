/**
 * The server as a process beside a real PostgreSQL that is frozen, killed, late or wrong.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openPostgresStore } from '../../signaling/store/postgres.ts'
import { freePort } from '../support/app.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { ROOT } from '../support/source-files.ts'
import {
	ask,
	askIdentity,
	joinRoom,
	newDevice,
	newPerson,
	newRoomId,
	send,
	type Joined,
} from '../support/ws-client.ts'

let postgres: TestPostgres
let dir: string
const cleanups: (() => Promise<unknown>)[] = []
beforeAll(async () => {
	dir = mkdtempSync(join(tmpdir(), 'matinee-server-pg-'))
	postgres = await startPostgres()
}, 60_000)
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
	postgres.thaw()
	await postgres.start()
})
afterAll(async () => {
	await postgres.close()
	rmSync(dir, { recursive: true })
})

const run = async (databaseUrl: string, env: Record<string, string> = {}) => {
	const port = await freePort()
	const { PATH = '', HOME = '' } = process.env
	const child = spawn(process.execPath, ['signaling/server.ts'], {
		cwd: ROOT,
		env: {
			...{ PATH, HOME, HOST: '127.0.0.1', PORT: String(port), MATINEE_CLIENT: 'none' },
			...{ MATINEE_DATA: join(dir, 'unused'), DATABASE_URL: databaseUrl, READS_PER_MINUTE: '100000' },
			ROOMS_PER_MINUTE: '100000',
			...env,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	})
	let [out, err] = ['', '']
	child.stdout.on('data', (chunk) => (out += String(chunk)))
	child.stderr.on('data', (chunk) => (err += String(chunk)))
	const exit = once(child, 'close').then(([code]) => code as number | null)
	cleanups.push(async () => {
		child.kill('SIGKILL')
		await exit
	})
	return {
		url: `http://127.0.0.1:${String(port)}`,
		exit,
		stop: () => child.kill('SIGTERM'),
		isRunning: () => child.exitCode === null,
		err: () => err,
		/** Lines of the log that hold `part`. */
		logged: (part: string) => err.split('\n').filter((line) => line.includes(part)),
		up: () => expect.poll(() => out + err, { timeout: 60_000 }).toContain('Matinee is at'),
	}
}
type Server = Awaited<ReturnType<typeof run>>

const start = async (databaseUrl: string, env: Record<string, string> = {}): Promise<Server> => {
	const server = await run(databaseUrl, env)
	await server.up()
	return server
}

/** What a request that needs the database is answered with. */
const statusOfRooms = async ({ url }: Server): Promise<number> =>
	(await ask(`${url}/api/rooms/${newRoomId()}`)).status
const isBack = (server: Server) =>
	expect.poll(() => statusOfRooms(server), { timeout: 60_000, interval: 100 }).toBe(404)

/** Both hear each other through the server. */
const exchange = async (alice: Joined, bob: Joined): Promise<void> => {
	const text = newRoomId()
	alice.send({ type: 'signal', to: bob.peer, data: text })
	expect((await bob.next('signal')).data).toBe(text)
	bob.send({ type: 'signal', to: alice.peer, data: text })
	expect((await alice.next('signal')).data).toBe(text)
}

describe('a server whose PostgreSQL', () => {
	it.each([
		['is killed', { begin: () => postgres.kill(), end: () => postgres.start() }],
		['stands still', { begin: async () => postgres.freeze(), end: async () => postgres.thaw() }],
	])(
		'[SD12] %s answers 503 meanwhile, live rooms notice nothing, and all is well by itself when it is back',
		async (_what, { begin, end }) => {
			const databaseUrl = await postgres.newDatabase()
			const server = await start(databaseUrl)
			const room = newRoomId()
			const [alice, bob] = [await joinRoom(server.url, room), await joinRoom(server.url, room)]
			const register = () =>
				send(`${server.url}/api/rooms/${room}`, 'PUT', { root: 'cm9vdA', token: alice.person.token })
			expect((await register()).status).toBe(201)
			await exchange(alice, bob)

			await begin()
			// Many at once: each is answered, none waits for the ones before it.
			const [first, ...others] = await Promise.all(Array.from({ length: 30 }, register))
			for (const answer of [first, ...others]) {
				expect(answer?.status).toBe(503)
				expect(answer?.body).toMatchObject({ error: 'unavailable' })
			}
			await exchange(alice, bob)
			expect((await ask(`${server.url}/healthz`)).status).toBe(200)
			expect((await ask(`${server.url}/.well-known/jwks.json`)).status).toBe(200)
			// A guest needs no database, and a room that is on can be joined.
			const charlie = await joinRoom(server.url, room)
			await exchange(charlie, alice)
			for (let i = 0; i < 20; i++) expect(await statusOfRooms(server)).toBe(503)
			expect(server.logged('is away')).toHaveLength(1)

			await end()
			await isBack(server)
			expect((await register()).status).toBe(200)
			await exchange(alice, bob)
			await expect.poll(() => server.logged('is back after')).toHaveLength(1)
			expect(server.err().trim().split('\n')).toHaveLength(2)

			// What happened meanwhile is in the log, in order.
			const store = await openPostgresStore(databaseUrl)
			const subjects = async () =>
				(await store.audit.read(1, 100))
					.map((row) => JSON.parse(row.event) as Record<string, unknown>)
					.filter((event) => event['type'] === 'identity-issued')
					.map((event) => event['subject'])
			await expect
				.poll(subjects, { timeout: 60_000 })
				.toEqual([alice, bob, charlie].map((member) => member.person.subject))
			await store.close()
			for (const member of [alice, bob, charlie]) member.close()
		},
		60_000,
	)

	it('[SD12] is not there yet starts, says so once, and serves when it comes', async () => {
		const databaseUrl = await postgres.newDatabase()
		await postgres.kill()
		const server = await start(databaseUrl)
		expect((await ask(`${server.url}/healthz`)).status).toBe(200)
		expect((await ask(`${server.url}/config.json`)).status).toBe(503)
		expect(await statusOfRooms(server)).toBe(503)
		expect(server.logged('is away')).toHaveLength(1)
		await postgres.start()
		await isBack(server)
		const person = await newPerson(server.url)
		expect((await joinRoom(server.url, newRoomId(), { person })).joined.self.subject).toBe(person.subject)
	}, 60_000)

	it('[SD12] stays away lets the server stop in time all the same', async () => {
		const server = await start(await postgres.newDatabase())
		postgres.freeze()
		await askIdentity(server.url, newDevice(), 'Alice')
		const startedMs = performance.now()
		server.stop()
		expect(await server.exit).toBe(0)
		expect(performance.now() - startedMs).toBeLessThan(6_000)
		expect(server.logged('standard output only')).toHaveLength(1)
	}, 30_000)

	it('[SD7] is of a newer version, or is not there by that name, stops the start with one line', async () => {
		const databaseUrl = (await postgres.newDatabase()).replace('matinee@', 'matinee:canary-password@')
		const server = await run(`${databaseUrl}_not`)
		expect(await server.exit).toBe(1)
		expect(server.err()).toMatch(/^DATABASE_URL: the database cannot be used: .*does not exist\n$/)
		expect(server.err()).not.toContain('canary')
		const unreadable = await run('postgres//u:canary-password@host/db')
		expect(await unreadable.exit).toBe(1)
		expect(unreadable.err()).toMatch(/^DATABASE_URL is not usable: .*\n$/)
		expect(unreadable.err()).not.toContain('canary')
	})

	it('[SD7] is empty may be given to three servers at once, which then vouch by one key', async () => {
		const databaseUrl = await postgres.newDatabase()
		const servers = await Promise.all([start(databaseUrl), start(databaseUrl), start(databaseUrl)])
		const keys = await Promise.all(
			servers.map(async ({ url }) => (await ask(`${url}/.well-known/jwks.json`)).body),
		)
		expect(keys[1]).toEqual(keys[0])
		expect(keys[2]).toEqual(keys[0])
	})
})
