/**
 * What signing in costs beside the hash, and whether its time tells who exists: `npm run bench:sign-in`. A server in a
 * process of its own with its database on disk; each round hashes once here, signs in once, and fails once with a known
 * and once with an unknown username, one after the other. Prints a table and writes bench/out/sign-in.json.
 */
import { hash } from '@node-rs/argon2'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { ARGON2 } from '../signaling/auth/passwords.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 200)
const WARM_UP = 10
/** What the one before left to be written to disk is written by then. */
const PAUSE_MS = 10
const GOALS = { ratio: 1.3, differenceMs: 5 }
const PASSWORD = 'nine lives of a cat'
const MANY = '1000000'

const startServer = async (dir: string) => {
	const child = spawn(process.execPath, ['signaling/server.ts'], {
		env: {
			...process.env,
			PORT: '0',
			HOST: '127.0.0.1',
			MATINEE_DATA: dir,
			MATINEE_CLIENT: 'none',
			SIGN_INS_PER_MINUTE: MANY,
			SIGN_INS_PER_ACCOUNT_PER_MINUTE: MANY,
		},
		stdio: ['ignore', 'pipe', 'inherit'],
	})
	const exited = once(child, 'exit')
	for await (const line of createInterface(child.stdout)) {
		const url = /^Matinee is at (http:\S+)/.exec(line)?.[1]?.replace('localhost', '127.0.0.1')
		if (url === undefined) continue
		child.stdout.resume() // the audit log goes on there; unread, it would stop the server
		return {
			url,
			async stop() {
				child.kill('SIGTERM')
				await exited
			},
		}
	}
	throw new Error('the server did not start')
}

const percentile = (values: readonly number[], p: number): number => {
	const sorted = values.toSorted((a, b) => a - b)
	return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN
}

const dir = await mkdtemp(join(tmpdir(), 'matinee-sign-in-'))
const server = await startServer(dir)

/** One connection, and no more of a client than there must be: its own cost is not what is asked for. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const post = (path: string, body: unknown): Promise<number> =>
	new Promise((resolve, reject) => {
		request(
			server.url + path,
			{ agent, method: 'POST', headers: { 'content-type': 'application/json' } },
			(response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)),
		)
			.on('error', reject)
			.end(JSON.stringify(body))
	})
const expectStatus = async (wanted: number, work: Promise<number>): Promise<void> => {
	const status = await work
	if (status !== wanted) throw new Error(`answered ${String(status)}, not ${String(wanted)}`)
}
const signIn = (username: string, password: string, wanted: number): Promise<void> =>
	expectStatus(wanted, post('/api/auth/sign-in', { username, password }))

const jobs: Readonly<Record<string, (round: number) => Promise<unknown>>> = {
	'bare argon2id hash': () => hash(PASSWORD, ARGON2),
	'sign-in over HTTP': () => signIn('alice', PASSWORD, 200),
	'wrong password, known name': () => signIn('alice', 'not the password', 401),
	'wrong password, unknown name': (round) => signIn(`nobody${String(round)}`, 'not the password', 401),
}
const tookMs = new Map(Object.keys(jobs).map((name) => [name, [] as number[]]))

try {
	await expectStatus(201, post('/api/auth/sign-up', { username: 'alice', password: PASSWORD }))
	for (let round = -WARM_UP; round < ROUNDS; round++) {
		// In another order each time, so that what comes before is the same for all.
		const names = Object.keys(jobs)
		for (let step = 0; step < names.length; step++) {
			const name = names[(step + round + WARM_UP) % names.length] ?? ''
			await setTimeout(PAUSE_MS)
			const startMs = performance.now()
			await jobs[name]?.(round)
			if (round >= 0) tookMs.get(name)?.push(performance.now() - startMs)
		}
	}
} finally {
	agent.destroy()
	await server.stop()
	await rm(dir, { recursive: true })
}

const figures = Object.fromEntries(
	Array.from(tookMs, ([name, values]) => [
		name,
		{ p10Ms: percentile(values, 10), p50Ms: percentile(values, 50), p95Ms: percentile(values, 95) },
	]),
)
const p50 = (name: string): number => figures[name]?.p50Ms ?? Number.NaN
const ratio = p50('sign-in over HTTP') / p50('bare argon2id hash')
const differenceMs = Math.abs(p50('wrong password, known name') - p50('wrong password, unknown name'))

const rounded = (value: number): number => Math.round(value * 100) / 100
console.table(
	Object.fromEntries(
		Object.entries(figures).map(([name, { p10Ms, p50Ms, p95Ms }]) => [
			name,
			{ 'p10 ms': rounded(p10Ms), 'p50 ms': rounded(p50Ms), 'p95 ms': rounded(p95Ms) },
		]),
	),
)
console.log(`sign-in / hash: ${ratio.toFixed(2)} (goal at most ${String(GOALS.ratio)})`)
console.log(
	`known / unknown name: ${differenceMs.toFixed(2)} ms apart (goal below ${String(GOALS.differenceMs)})`,
)

await mkdir('bench/out', { recursive: true })
await writeFile(
	'bench/out/sign-in.json',
	JSON.stringify({ rounds: ROUNDS, figures, ratio, differenceMs, goals: GOALS }, null, '\t'),
)
