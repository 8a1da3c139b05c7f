/**
 * Histories of rooms at two processes of one server: what one keeps, the other gives; what is dropped at one is gone at
 * both, at once. Over SQLite in one folder without a bus, and over PostgreSQL with Redis between them.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoomId } from '#lib/core/units.ts'
import { HISTORY_HEADER } from '#lib/protocol/history.ts'
import { apiError } from '#lib/protocol/http.ts'
import {
	askHistory,
	claimOf,
	giveOrder,
	historyUrl,
	keepHistory,
	readHistory,
	registerRoom,
	writeHistory,
	type HistoryAnswer,
} from '../support/history-client.ts'
import { startPostgres } from '../support/postgres.ts'
import { startProcess, type ServerProcess } from '../support/processes.ts'
import { startRedis } from '../support/redis.ts'
import { newPerson, newRoomId, type Person } from '../support/ws-client.ts'

const PAGES = 'https://pages.example'
const LIMITS = {
	HISTORIES_PER_MINUTE: '1000000',
	HISTORY_PER_SUBJECT_PER_MINUTE: '1000000',
	ORDERS_PER_MINUTE: '1000000',
	ROOMS_PER_MINUTE: '1000000',
	HISTORY_MAX_BYTES: String(64 * 1024),
	HISTORY_TOTAL_BYTES: String(200 * 1024),
}

interface Shared {
	readonly env: Record<string, string>
	close(): Promise<void>
}
const withSqlite = async (): Promise<Shared> => {
	const dir = mkdtempSync(join(tmpdir(), 'matinee-history-'))
	return {
		env: { MATINEE_DATA: dir },
		close: async () => rmSync(dir, { recursive: true, force: true }),
	}
}
const withPostgres = async (): Promise<Shared> => {
	const [redis, postgres] = await Promise.all([startRedis(), startPostgres()])
	return {
		env: { DATABASE_URL: await postgres.newDatabase(), REDIS_URL: redis.url },
		close: async () => {
			await Promise.all([redis.close(), postgres.close()])
		},
	}
}

const versionOf = ({ headers }: HistoryAnswer): number =>
	Number(/^"(\d+)"$/.exec(headers.get('etag') ?? '')?.[1])
const errorOf = ({ body }: Pick<HistoryAnswer, 'body'>) => apiError.parse(body)?.error
const FIRST = Buffer.from('first, sealed')
const SECOND = Buffer.from('second, sealed')

describe.each([
	['SQLite in one folder', withSqlite],
	['PostgreSQL and Redis', withPostgres],
] as const)('two processes over %s', (_name, open) => {
	let shared: Shared
	let one: ServerProcess
	let two: ServerProcess
	let alice: Person
	let bob: Person
	beforeAll(async () => {
		shared = await open()
		const env = {
			...shared.env,
			...LIMITS,
			ALLOWED_ORIGINS: PAGES,
			// One name for both, which proofs are for.
			PUBLIC_ORIGIN: 'http://watch.example',
		}
		one = await startProcess(env)
		two = await startProcess(env)
		;[alice, bob] = [await newPerson(one.url, 'Alice'), await newPerson(two.url, 'Bob')]
	}, 120_000)
	afterAll(async () => {
		for (const process of [one, two]) await process.close()
		await shared.close()
	})

	const setUp = async (): Promise<{ room: RoomId; version: number }> => {
		const room = newRoomId()
		await registerRoom(one.url, alice, room)
		expect((await keepHistory(one.url, alice, room)).status).toBe(200)
		return { room, version: versionOf(await readHistory(two.url, bob, room)) }
	}

	it('[HK15] what is written at one is read at the other, and replaced in place of what was read there', async () => {
		const { room, version } = await setUp()
		expect((await writeHistory(one.url, alice, room, version, FIRST)).status).toBe(200)
		const read = await readHistory(two.url, bob, room)
		expect([read.status, read.bytes, versionOf(read)]).toEqual([200, FIRST, version + 1])
		expect((await writeHistory(two.url, bob, room, version + 1, SECOND)).status).toBe(200)
		const late = await writeHistory(one.url, alice, room, version + 1, FIRST)
		expect([late.status, errorOf(late)]).toEqual([409, 'stale-history'])
		expect((await readHistory(one.url, alice, room)).bytes).toEqual(SECOND)
	})

	it('[HK15] of many who write at both at once, knowing the same version, one does', async () => {
		const { room, version } = await setUp()
		const answers = await Promise.all(
			Array.from({ length: 12 }, (_, i) =>
				writeHistory(
					(i % 2 ? one : two).url,
					i % 2 ? alice : bob,
					room,
					version,
					Buffer.from(`of ${String(i)}`),
				),
			),
		)
		expect(answers.map(({ status }) => status).sort()).toEqual([
			200,
			...Array.from({ length: 11 }, () => 409),
		])
		expect(versionOf(await readHistory(one.url, alice, room))).toBe(version + 1)
	})

	it('[HK15] dropped at one it is gone at both at once, and whoever still writes brings none back', async () => {
		const { room, version } = await setUp()
		await writeHistory(two.url, bob, room, version, FIRST)
		const underWay = await claimOf(two.url, bob, room, 'PUT', version + 1, SECOND)
		expect((await giveOrder(one.url, alice, room, { type: 'drop-history' })).status).toBe(200)
		for (const { url } of [one, two]) {
			const answer = await readHistory(url, bob, room)
			expect([answer.status, errorOf(answer)]).toEqual([404, 'not-found'])
		}
		expect((await askHistory(two.url, room, 'PUT', underWay, SECOND)).status).toBe(404)
		await keepHistory(two.url, alice, room)
		const fresh = await readHistory(one.url, bob, room)
		expect([fresh.status, fresh.bytes.length]).toEqual([204, 0])
		expect(versionOf(fresh)).toBeGreaterThan(version + 1)
		expect((await askHistory(one.url, room, 'PUT', underWay, SECOND)).status).toBe(409)
	})

	it('[HK15] who was removed at one is given none at the other', async () => {
		const { room, version } = await setUp()
		await writeHistory(one.url, alice, room, version, FIRST)
		await giveOrder(one.url, alice, room, { type: 'remove', subject: bob.subject })
		await expect
			.poll(async () => errorOf(await readHistory(two.url, bob, room)), { timeout: 10_000 })
			.toBe('removed')
	})

	it('[HK15] the limit of all together is one for both', async () => {
		const rooms = await Promise.all(Array.from({ length: 6 }, setUp))
		const answers = await Promise.all(
			rooms.map(({ room, version }, i) =>
				writeHistory((i % 2 ? one : two).url, alice, room, version, new Uint8Array(60 * 1024)),
			),
		)
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 507, 507, 507])
	})

	it('[HK15] a page of another origin may ask, write, and read which version it was given', async () => {
		const { room, version } = await setUp()
		for (const method of ['GET', 'PUT'])
			for (const { url } of [one, two]) {
				const asked = await fetch(historyUrl(url, room), {
					method: 'OPTIONS',
					headers: {
						origin: PAGES,
						'access-control-request-method': method,
						'access-control-request-headers': `content-type,${HISTORY_HEADER}`,
					},
				})
				expect(asked.headers.get('access-control-allow-origin')).toBe(PAGES)
				expect(asked.headers.get('access-control-allow-methods')).toContain(method)
				expect(asked.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(HISTORY_HEADER)
			}
		await writeHistory(one.url, alice, room, version, FIRST)
		const claim = JSON.stringify(await claimOf(two.url, bob, room, 'GET', 0, null))
		const get = (origin: string) =>
			fetch(historyUrl(two.url, room), { headers: { origin, [HISTORY_HEADER]: claim } })
		const read = await get(PAGES)
		expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, PAGES])
		expect(read.headers.get('access-control-expose-headers')).toContain('etag')
		expect((await get('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
	})
})
