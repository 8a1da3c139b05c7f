/**
 * Figures that members share, from the browser's own code to what the operator's Prometheus reads, over real HTTP.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DRIFT, ROUND_TRIP, tally } from '#lib/protocol/figures.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import { keepSharingFigures } from '#lib/session/share-figures.ts'
import { REPORT_GAP_MS } from '../../signaling/figures.ts'
import { METRICS_TYPE } from '../../signaling/metrics.ts'
import { freePort } from '../support/app.ts'
import { ROOT } from '../support/source-files.ts'
import {
	ask,
	askIdentity,
	audienceOf,
	joinRoom,
	newDevice,
	newPerson,
	newRoomId,
	send,
	type Answer,
	type Person,
} from '../support/ws-client.ts'
import { startServer, type ConfigChange, type TestServer } from '../support/ws-server.ts'

const METRICS_TOKEN = 'a-token-of-the-operator'
const NEVER = 'never seen'

let nowMs: number
const servers: TestServer[] = []
const start = async (change: ConfigChange = {}): Promise<TestServer> => {
	const server = await startServer({ metricsToken: METRICS_TOKEN, ...change }, { nowMs: () => nowMs })
	servers.push(server)
	return server
}
beforeEach(() => {
	nowMs = Date.now()
})
afterEach(async () => {
	for (const server of servers.splice(0)) await server.close()
})

const figures = (drifts: number[] = [3], trips: number[] = []) => ({
	drift: tally(drifts, DRIFT),
	roundTrip: tally(trips, ROUND_TRIP),
})
const report = (url: string, person: Pick<Person, 'token'>, body: object = figures()): Promise<Answer> =>
	send(`${url}/api/figures`, 'POST', { token: person.token, ...body })
const scrape = (url: string, authorization = `Bearer ${METRICS_TOKEN}`, method = 'GET'): Promise<Response> =>
	fetch(`${url}/metrics`, { method, headers: authorization === '' ? {} : { authorization } })

/** The samples, by name and labels. Throws where the text is not what the format allows. */
const samplesOf = (text: string): ReadonlyMap<string, number> => {
	const samples = new Map<string, number>()
	const families = new Map<string, string>()
	expect(text.endsWith('\n')).toBe(true)
	for (const line of text.slice(0, -1).split('\n')) {
		const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line)
		if (type !== null) {
			expect(families.has(type[1] ?? '')).toBe(false)
			families.set(type[1] ?? '', type[2] ?? '')
			continue
		}
		if (/^# HELP [a-z_]+ \S/.test(line)) continue
		const [, sample = '', name = '', value = ''] =
			/^(([a-z_]+)(?:\{[a-z]+="[^"\\]+"\})?) (\S+)$/.exec(line) ?? []
		const family = [...families.keys()].at(-1) ?? ''
		expect(name.startsWith(family), line).toBe(true)
		expect(samples.has(sample), line).toBe(false)
		expect(Number.isFinite(Number(value)), line).toBe(true)
		samples.set(sample, Number(value))
	}
	return samples
}
const metricsOf = async (url: string): Promise<ReadonlyMap<string, number>> =>
	samplesOf(await (await scrape(url)).text())

describe('from a browser to Prometheus', () => {
	it('[FG5, FG7] what a member agreed to share is in the histograms, and nothing from before', async () => {
		const { url } = await start()
		const alice = await newPerson(url)
		let due: () => void = () => undefined
		const answered = Promise.withResolvers<number>()
		let drifts = [900, 900]
		let applied = [5_000]
		const stop = keepSharingFigures({
			device: {
				api: createServerApi({
					fetch: async (path, init) => {
						const answer = await fetch(new URL(path as string, url), init)
						if (path === '/api/figures') answered.resolve(answer.status)
						return answer
					},
					pageOrigin: url,
					wallNowMs: () => nowMs,
				}),
				identity: { token: () => Promise.resolve({ token: alice.token }) },
				name: () => Promise.resolve('Alice'),
			},
			timers: {
				after: (_ms, fn) => {
					due = fn
					return () => undefined
				},
			},
			takeDrifts: () => drifts.splice(0),
			takeApplied: () => applied.splice(0),
			roundTripsMs: () => [12, 30],
		})
		drifts = [1, 4, 4.5, 2_000]
		applied = [90, 300]
		due()
		expect(await answered.promise).toBe(200)
		stop()

		const metrics = await metricsOf(url)
		const drift = 'matinee_member_drift_seconds'
		expect(metrics.get('matinee_member_reports_total')).toBe(1)
		expect(metrics.get(`${drift}_bucket{le="0.001"}`)).toBe(1)
		expect(metrics.get(`${drift}_bucket{le="0.005"}`)).toBe(3)
		expect(metrics.get(`${drift}_bucket{le="1.28"}`)).toBe(3)
		expect(metrics.get(`${drift}_bucket{le="+Inf"}`)).toBe(4)
		expect(metrics.get(`${drift}_count`)).toBe(4)
		expect(metrics.get('matinee_member_apply_seconds_bucket{le="0.16"}')).toBe(1)
		expect(metrics.get('matinee_member_apply_seconds_count')).toBe(2)
		expect(metrics.get(`${drift}_sum`)).toBe(2.01)
		expect(metrics.get('matinee_member_round_trip_seconds_bucket{le="0.02"}')).toBe(1)
		expect(metrics.get('matinee_member_round_trip_seconds_sum')).toBe(0.042)
	})

	it('[FG5] sockets, rooms, members and refusals are there', async () => {
		const { url } = await start()
		const room = newRoomId()
		const alice = await joinRoom(url, room, { name: 'Alice' })
		await joinRoom(url, room, { name: 'Bob' })
		await report(url, { token: 'a.b.c' })
		const metrics = await metricsOf(url)
		expect(metrics.get('matinee_sockets')).toBe(2)
		expect(metrics.get('matinee_rooms')).toBe(1)
		expect(metrics.get('matinee_members')).toBe(2)
		expect(metrics.get('matinee_refused_total{why="bad-token"}')).toBe(1)
		alice.close()
		await expect.poll(async () => (await metricsOf(url)).get('matinee_members')).toBe(1)
	})

	it('[FG5] the answer is of the type that Prometheus asks for, and kept by nobody', async () => {
		const { url } = await start()
		for (const method of ['GET', 'HEAD']) {
			const answer = await scrape(url, undefined, method)
			expect([answer.status, answer.headers.get('content-type')]).toEqual([200, METRICS_TYPE])
			expect(answer.headers.get('cache-control')).toBe('no-store')
		}
	})
})

describe('taking reports', () => {
	it.each<[string, unknown]>([
		['nothing', {}],
		['a list', []],
		['other figures beside it', { ...figures(), latencyMs: 3 }],
		['counts of another length', { ...figures(), drift: { counts: [1], sumMs: 1 } }],
		['a sum that cannot be', { ...figures(), drift: { ...tally([3], DRIFT), sumMs: 60_000 } }],
		['a million', { ...figures(), drift: { counts: [1e6, ...new Array<number>(11).fill(0)], sumMs: 1 } }],
		['a prototype', JSON.parse('{"__proto__": {"drift": 1}}')],
	])('[FG2] %s is refused, counted, and adds nothing', async (_what, body) => {
		const { url, app } = await start()
		const alice = await newPerson(url)
		const answer = Array.isArray(body)
			? await send(`${url}/api/figures`, 'POST', body)
			: await report(url, alice, body as object)
		expect([answer.status, answer.body['error']]).toEqual([400, 'bad-request'])
		expect(app.counters.count('http-bad-request')).toBe(1)
		// It was no report: the person's minute is still theirs.
		expect((await report(url, alice)).status).toBe(200)
		expect((await metricsOf(url)).get('matinee_member_drift_seconds_count')).toBe(1)
	})

	it('[FG2] 64 KiB are refused before anybody reads them', async () => {
		const { url, app } = await start()
		const answer = await report(url, { token: 'a.b.c' }, { more: 'x'.repeat(64 * 1024) })
		expect([answer.status, app.counters.count('http-bad-request')]).toEqual([413, 1])
	})

	it('[FG2] only holders of an identity of this server report', async () => {
		const { url, app } = await start()
		const elsewhere = await start()
		const stranger = await newPerson(elsewhere.url)
		for (const token of [stranger.token, 'a.b.c'])
			expect((await report(url, { token })).body['error']).toBe('bad-token')
		expect(app.counters.count('bad-token')).toBe(2)
		const alice = await newPerson(url)
		nowMs += 25 * 3_600_000
		expect((await report(url, alice)).body['error']).toBe('expired-token')
		expect((await metricsOf(url)).get('matinee_member_reports_total')).toBe(0)
	})

	it('[FG2] a closed door keeps reports out; the metrics have a key of their own', async () => {
		const { url } = await start({ doorPassword: 'open sesame', allowedOrigins: ['https://pages.example'] })
		expect((await report(url, { token: 'a.b.c' })).body['error']).toBe('door-closed')
		const headers = { 'content-type': 'application/json', origin: 'https://pages.example' }
		const body = JSON.stringify({ password: 'open sesame' })
		const door = String((await ask(`${url}/api/door`, { method: 'POST', headers, body })).body['door'])
		const inside = await ask(`${url}/api/figures`, {
			method: 'POST',
			headers: { ...headers, 'x-matinee-door': door },
			body: JSON.stringify({ token: 'a.b.c', ...figures() }),
		})
		expect(inside.body['error']).toBe('bad-token')
		expect((await scrape(url)).status).toBe(200)
	})

	it('[FG3] one report a minute a person; a faster one is told when, and counted', async () => {
		const { url, app } = await start()
		const [alice, bob] = [await newPerson(url), await newPerson(url, 'Bob')]
		expect((await report(url, alice)).status).toBe(200)
		const second = await report(url, alice)
		expect([second.status, second.body['error']]).toEqual([429, 'too-many-requests'])
		expect(second.body['retryAfterMs']).toBe(REPORT_GAP_MS)
		expect(second.headers.get('retry-after')).toBe('55')
		expect((await report(url, bob)).status).toBe(200)

		nowMs += REPORT_GAP_MS - 1_000
		expect((await report(url, alice)).status).toBe(429)
		nowMs += 1_001
		expect((await report(url, alice)).status).toBe(200)
		expect(app.counters.count('figures-rate')).toBe(2)
		expect((await metricsOf(url)).get('matinee_member_reports_total')).toBe(3)
	})

	it('[FG3] a minute that is forgotten by the sweep was over', async () => {
		const { url, app } = await start()
		const alice = await newPerson(url)
		await report(url, alice)
		app.sweep(nowMs)
		expect((await report(url, alice)).status).toBe(429)
		nowMs += REPORT_GAP_MS
		app.sweep(nowMs)
		expect((await report(url, alice)).status).toBe(200)
	})

	it('[FG3] many people of one address are limited together', async () => {
		const { url, app } = await start({ limits: { figuresPerMinute: 3 } })
		const people = await Promise.all(['Ann', 'Bo', 'Cy', 'Di'].map((name) => newPerson(url, name)))
		const statuses: number[] = []
		for (const person of people) statuses.push((await report(url, person)).status)
		expect(statuses).toEqual([200, 200, 200, 429])
		expect(app.counters.count('http-rate')).toBe(1)
	})
})

describe('who may read', () => {
	it.each([
		['no header', ''],
		['another token', `Bearer ${METRICS_TOKEN}x`],
		['a part of it', `Bearer ${METRICS_TOKEN.slice(0, -1)}`],
		['nothing', 'Bearer '],
		['another scheme', `Basic ${METRICS_TOKEN}`],
		['the token bare', METRICS_TOKEN],
		['two tokens', `Bearer ${METRICS_TOKEN} ${METRICS_TOKEN}`],
	])('[FG6] %s opens nothing, and is counted', async (_what, authorization) => {
		const { url, app } = await start()
		const answer = await scrape(url, authorization)
		expect(answer.status).toBe(401)
		expect(answer.headers.get('www-authenticate')).toBe('Bearer')
		expect(await answer.text()).not.toContain('matinee_')
		expect(app.counters.count('metrics-token')).toBe(1)
		expect((await scrape(url, `bearer ${METRICS_TOKEN}`)).status).toBe(200)
	})

	it('[FG6] the identity of a member is no token for it', async () => {
		const { url } = await start()
		expect((await scrape(url, `Bearer ${(await newPerson(url)).token}`)).status).toBe(401)
	})

	it('[FG6] without METRICS_TOKEN there is nothing, not even a page; reports are taken all the same', async () => {
		const dir = mkdtempSync(join(tmpdir(), 'matinee-client-'))
		try {
			mkdirSync(join(dir, '_app'))
			writeFileSync(join(dir, '200.html'), '<!doctype html>')
			const { url, app } = await start({ metricsToken: null, clientDir: dir })
			for (const authorization of ['', `Bearer ${METRICS_TOKEN}`, 'Bearer null']) {
				const answer = await scrape(url, authorization)
				expect([answer.status, await answer.json()]).toMatchObject([404, { error: 'not-found' }])
			}
			expect(app.counters.count('http-not-found')).toBe(3)
			expect((await report(url, await newPerson(url))).status).toBe(200)
		} finally {
			rmSync(dir, { recursive: true })
		}
	})
})

it('[FG4] a report leaves nothing behind: no line in a log, no byte on the disk, no figure after a restart', async () => {
	const dir = mkdtempSync(join(tmpdir(), 'matinee-figures-'))
	const port = await freePort()
	const url = `http://127.0.0.1:${String(port)}`
	let said = ''
	const run = () => {
		const { PATH = '', HOME = '' } = process.env
		const env = {
			...{ PATH, HOME, METRICS_TOKEN, MATINEE_CLIENT: 'none', HOST: '127.0.0.1', PORT: String(port) },
			...{ MATINEE_DATA: dir, LOG_LEVEL: 'trace' },
		}
		const child = spawn(process.execPath, ['signaling/server.ts'], {
			cwd: ROOT,
			env,
			stdio: ['ignore', 'pipe', 'pipe'],
		})
		said = ''
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
		return { child, exit: once(child, 'close') }
	}
	const whenUp = () => expect.poll(() => said, { timeout: 60_000 }).toContain('Matinee is at')
	/** Without SQLite's shared memory, which readers change too. */
	const disk = () =>
		readdirSync(dir)
			.filter((name) => !name.endsWith('-shm'))
			.sort()
			.map((name) => [name, readFileSync(join(dir, name), 'latin1')])
	const reports = 'matinee_member_reports_total'

	let { child, exit } = run()
	try {
		await whenUp()
		nowMs = Date.now()
		const device = newDevice()
		const proof = device.prove(`matinee-identity-1|${await audienceOf(url)}|${String(nowMs)}|${NEVER}`)
		const { body } = await askIdentity(url, device, NEVER, { atMs: nowMs, proof })
		const alice = { token: String(body['token']) }
		// An identity is written down, in time: not before it has been can a report be seen to write nothing.
		await expect.poll(() => JSON.stringify([said, disk()])).toContain(String(body['subject']))
		let before: unknown[] = []
		const isQuiet = (): boolean => {
			const was = JSON.stringify(before)
			before = [said, disk()]
			return JSON.stringify(before) === was
		}
		await expect.poll(isQuiet, { interval: 500, timeout: 60_000 }).toBe(true)

		expect((await report(url, alice, figures([3, 4], [5]))).status).toBe(200)
		expect((await report(url, alice)).status).toBe(429)
		expect((await report(url, alice, { drift: NEVER })).status).toBe(400)
		const text = await (await scrape(url)).text()
		expect(samplesOf(text).get(reports)).toBe(1)
		for (const word of [NEVER, String(body['subject']), '127.0.0.1']) expect(text).not.toContain(word)
		expect([said, disk()]).toEqual(before)
	} finally {
		child.kill('SIGTERM')
		await exit
	}
	expect(said).not.toContain(METRICS_TOKEN)

	;({ child, exit } = run())
	try {
		await whenUp()
		expect((await metricsOf(url)).get(reports)).toBe(0)
	} finally {
		child.kill('SIGTERM')
		await exit
		rmSync(dir, { recursive: true })
	}
}, 40_000)
