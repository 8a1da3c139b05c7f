/**
 * Sealed histories of rooms over HTTP: who may have one kept, who reads and writes it, and what is refused.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RoomId } from '#lib/core/units.ts'
import { apiError } from '#lib/protocol/http.ts'
import { createMemoryStore } from '../../signaling/store/memory.ts'
import type { Store } from '../../signaling/store/store.ts'
import {
	askHistory,
	claimOf,
	giveOrder,
	HISTORY_KEY,
	historyUrl,
	keepHistory,
	readHistory,
	registerRoom,
	verifierOf,
	writeHistory,
	type HistoryAnswer,
} from '../support/history-client.ts'
import { ask, newPerson, newRoomId, type Answer, type Person } from '../support/ws-client.ts'
import { startServer, type ConfigChange, type TestServer } from '../support/ws-server.ts'

const HOUR_MS = 3_600_000
const PLENTY = { historiesPerMinute: 1_000_000, historyPerSubjectPerMinute: 1_000_000 }

let server: TestServer
let store: Store
let nowMs = 0
const start = async (change: ConfigChange = {}) => {
	store = createMemoryStore()
	nowMs = Date.now()
	server = await startServer(
		{ ...change, limits: { ordersPerMinute: 1_000_000, ...PLENTY, ...change.limits } },
		{ store, nowMs: () => nowMs },
	)
}
beforeEach(() => start())
afterEach(() => server.close())
const restart = async (change: ConfigChange) => {
	await server.close()
	await start(change)
}

const errorOf = ({ status, body }: Pick<Answer, 'status' | 'body'>): [number, string] => {
	const error = apiError.parse(body)
	if (error === undefined) throw new Error(`not an error of ours: ${String(status)} ${JSON.stringify(body)}`)
	return [status, error.error]
}
const versionOf = ({ headers }: HistoryAnswer): number =>
	Number(/^"(\d+)"$/.exec(headers.get('etag') ?? '')?.[1])

/** A room of alice's that keeps a history of which nothing is written. */
const setUp = async (): Promise<{ alice: Person; bob: Person; room: RoomId; version: number }> => {
	const [alice, bob] = [await newPerson(server.url, 'Alice'), await newPerson(server.url, 'Bob')]
	const room = newRoomId()
	await registerRoom(server.url, alice, room)
	expect((await keepHistory(server.url, alice, room)).status).toBe(200)
	return { alice, bob, room, version: versionOf(await readHistory(server.url, alice, room)) }
}
const FIRST = Buffer.from('first, sealed')
const SECOND = Buffer.from('second, sealed')

describe('whoever has the room’s key', () => {
	it('[HK5] writes in place of what they know and reads what was written, whoever wrote it', async () => {
		const { alice, bob, room, version } = await setUp()
		const nothing = await readHistory(server.url, bob, room)
		expect([nothing.status, nothing.bytes.length]).toEqual([204, 0])
		const written = await writeHistory(server.url, alice, room, version, FIRST)
		expect([written.status, written.body]).toEqual([200, { version: version + 1 }])
		const read = await readHistory(server.url, bob, room)
		expect([read.status, read.bytes, versionOf(read)]).toEqual([200, FIRST, version + 1])
		expect(read.headers.get('cache-control')).toBe('no-store')
		expect(read.headers.get('access-control-expose-headers')).toBe('etag')
		const again = await readHistory(server.url, bob, room, version + 1)
		expect([again.status, versionOf(again)]).toEqual([204, version + 1])
		expect((await writeHistory(server.url, bob, room, version + 1, SECOND)).body).toEqual({
			version: version + 2,
		})
		expect((await readHistory(server.url, alice, room)).bytes).toEqual(SECOND)
	})

	it('[HK5] is told the version where somebody else wrote meanwhile, and what was written stays', async () => {
		const { alice, bob, room, version } = await setUp()
		await writeHistory(server.url, alice, room, version, FIRST)
		const late = await writeHistory(server.url, bob, room, version, SECOND)
		expect(errorOf(late)).toEqual([409, 'stale-history'])
		expect(late.body['version']).toBe(version + 1)
		expect((await readHistory(server.url, bob, room)).bytes).toEqual(FIRST)
		expect(server.app.counters.count('history-stale')).toBe(1)
	})

	it('[HK5] proves by signature what is asked, of which room, with which bytes', async () => {
		const { alice, bob, room, version } = await setUp()
		const put = await claimOf(server.url, alice, room, 'PUT', version, FIRST)
		const get = await claimOf(server.url, alice, room, 'GET', 0, null)
		for (const [method, claim, body] of [
			['PUT', put, SECOND],
			['PUT', { ...put, version: version + 1 }, FIRST],
			['PUT', { ...put, atMs: Number(put['atMs']) + 1 }, FIRST],
			['PUT', { ...put, token: bob.token }, FIRST],
			['PUT', get, FIRST],
			['GET', put, null],
			['GET', { ...get, version: 1 }, null],
		] as const)
			expect(errorOf(await askHistory(server.url, room, method, claim, body))).toEqual([401, 'bad-proof'])
		const old = await readHistory(server.url, alice, room, 0, { atMs: nowMs - 301_000 })
		expect(errorOf(old)).toEqual([401, 'clock-off'])
		expect(errorOf(await readHistory(server.url, alice, room, 0, { token: 'a.b.c' }))).toEqual([
			401,
			'bad-token',
		])
		expect((await store.history.facts(room))?.size).toBe(0)
		const replayed = await askHistory(server.url, room, 'PUT', put, FIRST)
		expect(replayed.status).toBe(200)
		expect(errorOf(await askHistory(server.url, room, 'PUT', put, FIRST))).toEqual([409, 'stale-history'])
	})

	it('[HK5] is refused once removed from the room, and let in again', async () => {
		const { alice, bob, room, version } = await setUp()
		await giveOrder(server.url, alice, room, { type: 'remove', subject: bob.subject })
		expect(errorOf(await readHistory(server.url, bob, room))).toEqual([403, 'removed'])
		expect(errorOf(await writeHistory(server.url, bob, room, version, FIRST))).toEqual([403, 'removed'])
		await giveOrder(server.url, alice, room, { type: 'let-in', subject: bob.subject })
		expect((await readHistory(server.url, bob, room)).status).toBe(204)
	})
})

describe('whoever has not', () => {
	it('[HK5] gets one answer for a room that keeps a history, one that keeps none, and one nobody made', async () => {
		const { alice, bob, room, version } = await setUp()
		await writeHistory(server.url, alice, room, version, FIRST)
		const plain = newRoomId()
		await registerRoom(server.url, alice, plain)
		const key = Buffer.alloc(32, 8).toString('base64url')
		const answers = []
		for (const id of [room, plain, newRoomId()])
			for (const answer of [
				await readHistory(server.url, bob, id, 0, { key }),
				await writeHistory(server.url, bob, id, version + 1, SECOND, { key }),
			]) {
				expect(errorOf(answer)).toEqual([404, 'not-found'])
				const headers = [...answer.headers].filter(([name]) => name !== 'date')
				answers.push(JSON.stringify([answer.bytes.toString(), headers]))
			}
		expect(new Set(answers).size).toBe(1)
		expect(server.app.counters.count('history-unknown')).toBe(6)
		// Somebody who was removed does not learn more than others.
		await giveOrder(server.url, alice, room, { type: 'remove', subject: bob.subject })
		expect(errorOf(await readHistory(server.url, bob, room, 0, { key }))).toEqual([404, 'not-found'])
		expect((await readHistory(server.url, alice, room)).bytes).toEqual(FIRST)
	})

	it('[HK5] costs the store the same questions, whether there is a history or not', async () => {
		const { alice, bob, room } = await setUp()
		const asked: string[] = []
		const { facts, read } = store.history
		const { isRemoved } = store.rooms
		Object.assign(store.history, {
			facts: (id: RoomId) => (asked.push('facts'), facts(id)),
			read: (id: RoomId) => (asked.push('read'), read(id)),
		})
		Object.assign(store.rooms, {
			isRemoved: (...args: Parameters<typeof isRemoved>) => (asked.push('isRemoved'), isRemoved(...args)),
		})
		const questions = async (id: RoomId, change: Record<string, unknown>) => {
			asked.length = 0
			await readHistory(server.url, bob, id, 0, change)
			return asked.join()
		}
		const wrong = { key: Buffer.alloc(32, 9).toString('base64url') }
		const known = await questions(room, wrong)
		expect(known).toBe('facts,isRemoved')
		expect(await questions(newRoomId(), {})).toBe(known)
		expect((await readHistory(server.url, alice, room)).status).toBe(204)
	})

	const HUGE = `{"token":"${'x'.repeat(5_000)}"}`
	it.each([
		['missing', undefined],
		['empty', ''],
		['null', 'null'],
		['an empty object', '{}'],
		['no JSON', '['],
		['huge', HUGE],
		['with a prototype', '{"__proto__":{}}'],
	])('[HK5] a claim that is none is refused before any byte of a body is read: %s', async (_name, claim) => {
		const { room } = await setUp()
		const answer = await askHistory(server.url, room, 'PUT', claim, new Uint8Array(900_000))
		expect(errorOf(answer)).toEqual([400, 'bad-request'])
	})
})

describe('a history', () => {
	it('[HK3] is kept where the owner or an operator says so, and nobody else', async () => {
		const [alice, bob, charlie] = [
			await newPerson(server.url),
			await newPerson(server.url),
			await newPerson(server.url),
		]
		const room = newRoomId()
		await registerRoom(server.url, alice, room)
		expect(errorOf(await readHistory(server.url, bob, room))).toEqual([404, 'not-found'])
		expect(errorOf(await keepHistory(server.url, bob, room))).toEqual([403, 'not-allowed'])
		await giveOrder(server.url, alice, room, { type: 'operators', subjects: [bob.subject], version: 1 })
		expect((await keepHistory(server.url, bob, room)).status).toBe(200)
		expect((await readHistory(server.url, charlie, room)).status).toBe(204)
		const drop = { type: 'drop-history' }
		expect(errorOf(await giveOrder(server.url, charlie, room, drop))).toEqual([403, 'not-allowed'])
		expect((await giveOrder(server.url, alice, room, drop)).status).toBe(200)
		expect(errorOf(await readHistory(server.url, bob, room))).toEqual([404, 'not-found'])
		expect(errorOf(await keepHistory(server.url, alice, newRoomId()))).toEqual([404, 'no-such-room'])
	})

	it('[HK3] is gone at once when it is dropped; begun anew, none of its versions comes again', async () => {
		const { alice, room, version } = await setUp()
		await writeHistory(server.url, alice, room, version, FIRST)
		await giveOrder(server.url, alice, room, { type: 'drop-history' })
		expect(await store.history.read(room)).toBeNull()
		nowMs += 2
		await keepHistory(server.url, alice, room)
		const fresh = versionOf(await readHistory(server.url, alice, room))
		expect(fresh).toBeGreaterThan(version + 1)
		expect(errorOf(await writeHistory(server.url, alice, room, version + 1, SECOND))).toEqual([
			409,
			'stale-history',
		])
	})

	it('[HK3] goes when the room moves, and is not begun again there', async () => {
		const { alice, room, version } = await setUp()
		await writeHistory(server.url, alice, room, version, FIRST)
		expect((await giveOrder(server.url, alice, room, { type: 'moved', notes: 'eA' })).status).toBe(200)
		expect(await store.history.facts(room)).toBeNull()
		expect(errorOf(await keepHistory(server.url, alice, room))).toEqual([403, 'not-allowed'])
	})

	it('[HK3] is a matter of the audit log, without a byte of it', async () => {
		const { alice, room, version } = await setUp()
		await writeHistory(server.url, alice, room, version, FIRST)
		await giveOrder(server.url, alice, room, { type: 'drop-history' })
		await expect
			.poll(async () => (await store.audit.read(1, 50)).map(({ event }) => event).join('\n'))
			.toContain('"drop-history"')
		const log = (await store.audit.read(1, 50)).map(({ event }) => event).join('\n')
		expect(log).toContain('"keep-history"')
		for (const secret of [HISTORY_KEY, verifierOf(HISTORY_KEY), room, FIRST.toString()])
			expect(log).not.toContain(secret)
	})

	it('[HK5] has a size, told in /config.json; what is larger is refused with the number, and the old one stays', async () => {
		await restart({ history: { maxBytes: 64 * 1024, totalBytes: 1_000_000 } })
		expect((await ask(`${server.url}/config.json`)).body['history']).toEqual({ maxBytes: 64 * 1024 })
		const { alice, room, version } = await setUp()
		expect((await writeHistory(server.url, alice, room, version, new Uint8Array(64 * 1024))).status).toBe(200)
		const answer = await writeHistory(server.url, alice, room, version + 1, new Uint8Array(64 * 1024 + 1))
		expect(answer.status).toBe(413)
		expect(answer.body['message']).toContain('64 KiB')
		expect((await readHistory(server.url, alice, room)).bytes).toHaveLength(64 * 1024)
		expect(server.app.counters.count('history-too-big')).toBe(1)
		const empty = await writeHistory(server.url, alice, room, version + 1, new Uint8Array(0))
		expect(errorOf(empty)).toEqual([400, 'bad-request'])
	})

	it('[HK5] finds no place where all together would be too much, and the old one stays', async () => {
		await restart({ history: { maxBytes: 64 * 1024, totalBytes: 70 * 1024 } })
		const first = await setUp()
		const second = await setUp()
		await writeHistory(server.url, first.alice, first.room, first.version, new Uint8Array(40 * 1024))
		await writeHistory(server.url, second.alice, second.room, second.version, new Uint8Array(20 * 1024))
		const answer = await writeHistory(
			server.url,
			second.alice,
			second.room,
			second.version + 1,
			new Uint8Array(40 * 1024),
		)
		expect(errorOf(answer)).toEqual([507, 'history-full'])
		expect((await readHistory(server.url, second.alice, second.room)).bytes).toHaveLength(20 * 1024)
		expect(server.app.counters.count('history-full')).toBe(1)
	})

	it('[HK5] is asked for so often by one person, and so often from one address', async () => {
		await restart({ limits: { historyPerSubjectPerMinute: 4, historiesPerMinute: 8 } })
		const { alice, bob, room } = await setUp()
		const statuses = []
		for (let i = 0; i < 4; i++) statuses.push((await readHistory(server.url, alice, room)).status)
		expect(statuses).toEqual([204, 204, 204, 429])
		for (let i = 0; i < 3; i++) expect((await readHistory(server.url, bob, room)).status).toBe(204)
		const answer = await readHistory(server.url, bob, room)
		expect(errorOf(answer)).toEqual([429, 'too-many-requests'])
		expect(answer.headers.get('retry-after')).not.toBeNull()
		const { history_rate, http_rate } = {
			history_rate: server.app.counters.count('history-rate'),
			http_rate: server.app.counters.count('http-rate'),
		}
		expect([history_rate, http_rate]).toEqual([1, 1])
	})

	it('[HK4] goes when nobody has read or written it for the days that are configured', async () => {
		await restart({ historyKeepDays: 1 })
		const unread = await setUp()
		const isRead = await setUp()
		for (const { alice, room, version } of [unread, isRead])
			await writeHistory(server.url, alice, room, version, FIRST)
		nowMs += 20 * HOUR_MS
		const read = await readHistory(server.url, isRead.bob, isRead.room, 0, { atMs: nowMs })
		expect(read.bytes).toEqual(FIRST)
		nowMs += 10 * HOUR_MS
		server.app.sweep(nowMs)
		await expect.poll(() => store.history.facts(unread.room)).toBeNull()
		expect(await store.history.read(isRead.room)).not.toBeNull()
	})

	it('[HK5] is not offered where the operator keeps none', async () => {
		await restart({ history: null })
		expect((await ask(`${server.url}/config.json`)).body['history']).toBeUndefined()
		const alice = await newPerson(server.url)
		const room = newRoomId()
		await registerRoom(server.url, alice, room)
		expect(errorOf(await keepHistory(server.url, alice, room))).toEqual([403, 'not-offered'])
		expect(errorOf(await readHistory(server.url, alice, room))).toEqual([403, 'not-offered'])
		expect((await giveOrder(server.url, alice, room, { type: 'drop-history' })).status).toBe(200)
	})

	it('[HK5] a number that is no room gets the answer of a room that keeps none, at the address of one', async () => {
		const alice = await newPerson(server.url)
		const answer = await askHistory(
			server.url,
			'short' as RoomId,
			'GET',
			await claimOf(server.url, alice, 'x' as RoomId, 'GET', 0, null),
		)
		expect(answer.status).toBe(404)
		expect((await ask(historyUrl(server.url, newRoomId()), { method: 'DELETE' })).status).toBe(404)
	})
})
