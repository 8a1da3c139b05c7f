/**
 * The audit log as an operator meets it: what the server writes, what it never writes, and `npm run audit`.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { roomForAudit } from '../../signaling/audit-events.ts'
import { openStore } from '../../signaling/store/open.ts'
import { openSqliteStore } from '../../signaling/store/sqlite.ts'
import { createAccountClient, GOOD_PASSWORD } from '../support/account-client.ts'
import { freePort } from '../support/app.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { ROOT } from '../support/source-files.ts'
import { newDevice, newPeerId, newRoomId } from '../support/ws-client.ts'

let postgres: TestPostgres
let dir: string
const cleanups: (() => Promise<unknown>)[] = []
beforeAll(async () => {
	postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres.close())
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'matinee-audit-'))
})
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
	rmSync(dir, { recursive: true })
})

const { PATH = '', HOME = '' } = process.env
const BASE = { PATH, HOME, MATINEE_CLIENT: 'none' }

const startServer = async (env: Record<string, string>) => {
	const port = await freePort()
	const child = spawn(process.execPath, ['signaling/server.ts'], {
		cwd: ROOT,
		env: { ...BASE, HOST: '127.0.0.1', PORT: String(port), MATINEE_DATA: dir, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	})
	let [out, err] = ['', '']
	child.stdout.on('data', (chunk) => (out += String(chunk)))
	child.stderr.on('data', (chunk) => (err += String(chunk)))
	const exit = once(child, 'close')
	const stop = async () => {
		child.kill('SIGTERM')
		await exit
	}
	cleanups.push(stop)
	await expect.poll(() => out + err, { timeout: 60_000 }).toContain('Matinee is at')
	return { url: `http://127.0.0.1:${String(port)}`, stop, out: () => out, err: () => err }
}

const audit = async (env: Record<string, string>, ...args: string[]) => {
	const run = promisify(execFile)(process.execPath, ['scripts/audit.ts', ...args], {
		cwd: ROOT,
		env: { ...BASE, MATINEE_DATA: dir, ...env },
	})
	try {
		const { stdout, stderr } = await run
		return { code: 0, out: stdout, err: stderr }
	} catch (error) {
		const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
		return { code, out: stdout, err: stderr }
	}
}

const DOOR = 'canary door password'
const LISTED = 'canary-listed-password'
/** Somebody types the password into the field above it. */
const SLIPPED = 'canary-slipped'

/** Everything that is told of, with every kind of secret in it. Answers what must be found nowhere. */
const exercise = async (url: string): Promise<{ secrets: string[]; room: ReturnType<typeof newRoomId> }> => {
	const browser = createAccountClient(url, { userAgent: 'canary-agent' })
	const expectStatus = async (status: number, ...request: Parameters<typeof browser.ask>) => {
		const answer = await browser.ask(...request)
		expect([request[1], answer.status, answer.body['message']]).toEqual([
			request[1],
			status,
			answer.body['message'],
		])
		return answer.body
	}
	await expectStatus(401, 'POST', '/api/door', { password: 'canary wrong door' })
	await expectStatus(200, 'POST', '/api/door', { password: DOOR })
	const { body } = await browser.signUp('canaryname', GOOD_PASSWORD)
	expect(body['account']).toBeDefined()
	const sid = Array.from(browser.cookies.values())
	await expectStatus(200, 'POST', '/api/account/password', {
		current: GOOD_PASSWORD,
		next: 'canary next password',
	})
	sid.push(...browser.cookies.values())

	const device = newDevice()
	const audience = String((await browser.ask('GET', '/config.json')).body['audience'])
	const atMs = Date.now()
	const identity = await expectStatus(200, 'POST', '/api/identity', {
		jwk: device.jwk,
		name: 'Canary Guest',
		atMs,
		proof: device.prove(`matinee-identity-1|${audience}|${String(atMs)}|Canary Guest`),
	})
	const [token, subject] = [String(identity['token']), String(identity['subject'])]
	const [room, peer] = [newRoomId(), newPeerId()]
	await expectStatus(201, 'PUT', `/api/rooms/${room}`, {
		root: 'Y2FuYXJ5cm9vdA',
		token,
		owner: { jwk: device.jwk, subject, signature: device.prove(`matinee-room-owner-1|${room}|${subject}`) },
	})
	const order = JSON.stringify({ type: 'remove', subject: 'g_somebody' })
	await expectStatus(200, 'POST', `/api/rooms/${room}/orders`, {
		token,
		atMs,
		order,
		proof: device.prove(`matinee-order-1|${audience}|${room}|${String(atMs)}|${order}`),
	})
	const ticket = await expectStatus(200, 'POST', '/api/tickets', {
		token,
		room,
		peer,
		atMs,
		proof: device.prove(`matinee-ticket-1|${audience}|${room}|${peer}|${String(atMs)}`),
	})
	await expectStatus(200, 'POST', '/api/auth/sign-out', { everywhere: true })
	await expectStatus(401, 'POST', '/api/auth/sign-in', { username: SLIPPED, password: 'x' })
	await expectStatus(401, 'POST', '/api/auth/sign-in', { username: 'listed', password: 'canary wrong' })
	await expectStatus(200, 'POST', '/api/auth/sign-in', { username: 'listed', password: LISTED })
	sid.push(...browser.cookies.values())
	return {
		room,
		secrets: [
			...['canary', 'Canary', 'Y2FuYXJ5', GOOD_PASSWORD, LISTED, DOOR, SLIPPED, '$argon2'],
			...[token, room, peer, String(ticket['ticket']), device.jwk.x, ...sid],
		],
	}
}

describe('the audit log of a server', () => {
	it.each(['SQLite', 'PostgreSQL'])(
		'[SD11] on %s tells who did what, and holds no secret, nor does anything the server prints',
		async (kind) => {
			const database = await postgres.newDatabase()
			const env: Record<string, string> =
				kind === 'SQLite' ? {} : { DATABASE_URL: database.replace('matinee@', 'matinee:canary-of-database@') }
			const server = await startServer({
				...env,
				LOG_LEVEL: 'trace',
				AUTH_SHARED_PASSWORD: DOOR,
				AUTH_USERS: `listed:${LISTED}`,
				ICE_URLS: '[{"urls":["turn:t.example"],"username":"canary","credential":"canary-turn"}]',
			})
			const { secrets, room } = await exercise(server.url)
			await server.stop()

			const store = await openStore({ databaseUrl: env['DATABASE_URL'] ?? null, dataDir: dir })
			const rows = await store.audit.read(1, 100)
			await store.close()
			const events = rows.map((row) => JSON.parse(row.event) as Record<string, unknown>)
			expect(events.map((event) => event['type'])).toEqual([
				'key-rotated',
				'started',
				'door-refused',
				'door-opened',
				'signed-up',
				'password-changed',
				'identity-issued',
				'room-registered',
				'order',
				'signed-out',
				'sign-in-failed',
				'sign-in-failed',
				'signed-in',
			])
			expect(events[7]).toMatchObject({ room: roomForAudit(room) })
			expect(events[8]).toMatchObject({ order: 'remove', room: roomForAudit(room), target: 'g_somebody' })
			// The same events, in the same order, as JSON lines.
			const printed = server
				.out()
				.split('\n')
				.filter((line) => line.startsWith('{'))
				.map((line) => (JSON.parse(line) as { audit: unknown }).audit)
			expect(printed).toEqual(events)

			const told = [server.out(), server.err(), ...rows.map((row) => row.event)].join('\n')
			for (const secret of secrets) expect(told).not.toContain(secret)
		},
		60_000,
	)
})

describe('npm run audit', () => {
	const COLUMNS = ['number', 'at_ms', 'event', 'hash_before', 'hash']
	const fill = async (count: number): Promise<void> => {
		const store = openSqliteStore(dir)
		for (let i = 1; i <= count; i++) await store.audit.append(1_800_000_000_000 + i, `{"id":"${String(i)}"}`)
		await store.close()
	}
	/** As somebody could who has the file. */
	const tamper = (...statements: string[]): void => {
		const db = new DatabaseSync(join(dir, 'matinee.sqlite'))
		db.exec('DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete')
		for (const statement of statements) db.exec(statement)
		db.close()
	}

	it('[SD9] prints the log, and says that it is whole', async () => {
		await fill(1_203)
		const printed = (await audit({})).out.trim().split('\n')
		expect(printed).toHaveLength(1_203)
		expect(printed[1_202]).toBe('1203  2027-01-15T08:00:01.203Z  {"id":"1203"}')
		const verified = await audit({}, '--verify')
		expect(verified).toMatchObject({ code: 0, err: '' })
		expect(verified.out).toMatch(
			/^1203 rows, whole, from 2027-01-15T08:00:00.001Z to 2027-01-15T08:00:01.203Z, head [0-9a-f]{64}\n$/,
		)
	})

	it.each([
		[
			"UPDATE audit SET event = '{}' WHERE number = 3",
			/^Row 3 was changed .* Up to row 2 the log is whole\.\n$/,
		],
		['UPDATE audit SET at_ms = at_ms + 1 WHERE number = 1', /^Row 1 was changed/],
		['DELETE FROM audit WHERE number BETWEEN 3 AND 5', /^Row 6 comes where row 3 should: rows are missing/],
		['DELETE FROM audit WHERE number = 1', /^Row 2 comes where row 1 should/],
		['UPDATE audit SET number = -number WHERE number = 4', /^Row -4 was written as row 4/],
		[
			'UPDATE audit SET number = 100 WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 7; UPDATE audit SET number = 7 WHERE number = 100',
			/^Row 3 was written as row 7: rows were put in another order/,
		],
	])('[SD9] after %s names the row', async (statement, expected) => {
		await fill(9)
		tamper(statement)
		const { code, out, err } = await audit({}, '--verify')
		expect([code, out]).toEqual([1, ''])
		expect(err).toMatch(expected)
	})

	it('[SD9] finds rows taken off the end by a hash noted before', async () => {
		await fill(5)
		const head = /head ([0-9a-f]{64})/.exec((await audit({}, '--verify')).out)?.[1] ?? ''
		await fill(8)
		expect((await audit({}, '--verify', '--head', head)).out).toContain('3 since the given head (row 5)')
		tamper('DELETE FROM audit WHERE number > 4')
		expect((await audit({}, '--verify')).code).toBe(0)
		const { code, err } = await audit({}, '--verify', '--head', head)
		expect([code, err]).toEqual([1, expect.stringContaining('rows were taken off the end')])
	})

	it('[SD9] finds any byte that was changed, in any column of the file', async () => {
		await fill(6)
		const db = new DatabaseSync(join(dir, 'matinee.sqlite'))
		const rows = db.prepare('SELECT * FROM audit').all()
		db.close()
		// Each column of each row, at a place that moves on: the walk over all places is in the test of the chain.
		let place = 0
		const run = async (number: number, column: string) => {
			const value = String(rows[number - 1]?.[column])
			const at = place++ % value.length
			const changed = value.slice(0, at) + (value[at] === '7' ? '8' : '7') + value.slice(at + 1)
			tamper(`UPDATE audit SET ${column} = '${changed}' WHERE number = ${String(number)}`)
			const { code } = await audit({}, '--verify')
			const back = column === 'number' ? changed : String(number)
			tamper(`UPDATE audit SET ${column} = '${value}' WHERE number = ${back}`)
			return code
		}
		for (const [index, column] of COLUMNS.entries())
			expect([column, await run(index + 1, column)]).toEqual([column, 1])
		expect((await audit({}, '--verify')).code).toBe(0)
	}, 30_000)

	it('[SD9] reads PostgreSQL too', async () => {
		const env = { DATABASE_URL: await postgres.newDatabase() }
		const store = await openStore({ databaseUrl: env.DATABASE_URL, dataDir: null })
		for (let i = 1; i <= 700; i++) await store.audit.append(i, `{"id":"${String(i)}"}`)
		await store.close()
		expect((await audit(env, '--verify')).out).toMatch(/^700 rows, whole/)
		const client = new pg.Client({ connectionString: env.DATABASE_URL })
		await client.connect()
		await client.query('ALTER TABLE audit DISABLE TRIGGER ALL')
		await client.query("UPDATE audit SET event = '{}' WHERE number = 650")
		await client.end()
		expect(await audit(env, '--verify')).toMatchObject({
			code: 1,
			err: expect.stringMatching(/^Row 650 was changed/) as string,
		})
	}, 30_000)

	it('[SD9] says in one line why there is nothing to read', async () => {
		const lines = await Promise.all([
			audit({}, '--verify'),
			audit({ DATABASE_URL: `postgres://nobody@127.0.0.1:${String(await freePort())}/db` }, '--verify'),
			audit({}, '--head', 'x'),
			audit({}, '--erase'),
		])
		expect(lines.map(({ code, err }) => [code, err.trim().split('\n').length])).toEqual(Array(4).fill([1, 1]))
		expect(lines[0]?.err).toContain('There is no log in')
		expect(lines[1]?.err).toContain('The database is away: ')
		expect(lines[2]?.err).toContain('64 characters')
		expect(lines[3]?.err).toContain('Usage: ')
	})
})
