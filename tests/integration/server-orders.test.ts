/**
 * Orders about rooms: who may give them, what they do to sockets and tickets, and what is refused.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RoomId } from '#lib/core/units.ts'
import { apiError, roomAnswer } from '#lib/protocol/http.ts'
import { SIGNALING_VERSION } from '#lib/protocol/signaling.ts'
import { deviceOf } from '../../signaling/proof.ts'
import { createMemoryStore } from '../../signaling/store/memory.ts'
import { StoreUnavailable } from '../../signaling/store/sql.ts'
import {
	ask,
	askTicket,
	audienceOf,
	joinRoom,
	newPeerId,
	newPerson,
	newRoomId,
	newTicket,
	openSocket,
	send,
	type Answer,
	type Person,
} from '../support/ws-client.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'

let server: TestServer
beforeEach(async () => {
	server = await startServer({ limits: { ordersPerMinute: 1_000_000 } })
})
afterEach(() => server.close())

const errorOf = (answer: Answer): [number, string] => {
	const error = apiError.parse(answer.body)
	if (error === undefined) throw new Error(`not an error of ours: ${JSON.stringify(answer.body)}`)
	return [answer.status, error.error]
}
const ownerBy = (person: Person, room: RoomId, subject = person.subject) => ({
	jwk: person.jwk,
	subject,
	signature: person.prove(`matinee-room-owner-1|${room}|${subject}`),
})
const register = (person: Person, room: RoomId, owner: unknown = ownerBy(person, room)) =>
	send(`${server.url}/api/rooms/${room}`, 'PUT', { root: 'c2VhbGVk', owner, token: person.token })

const signOrder = async (by: Person, room: RoomId, order: unknown, atMs = Date.now()) => {
	const text = typeof order === 'string' ? order : JSON.stringify(order)
	const proof = by.prove(`matinee-order-1|${await audienceOf(server.url)}|${room}|${String(atMs)}|${text}`)
	return { token: by.token, atMs, order: text, proof }
}
const post = (room: RoomId, body: unknown) => send(`${server.url}/api/rooms/${room}/orders`, 'POST', body)
const give = async (by: Person, room: RoomId, order: unknown) => post(room, await signOrder(by, room, order))
const expectDone = async (by: Person, room: RoomId, order: unknown) => {
	const { status, body } = await give(by, room, order)
	expect([status, body]).toEqual([200, {}])
}

/** A room of alice's. */
const setUp = async () => {
	const [alice, bob, charlie] = [
		await newPerson(server.url, 'Alice'),
		await newPerson(server.url, 'Bob'),
		await newPerson(server.url, 'Charlie'),
	]
	const room = newRoomId()
	expect((await register(alice, room)).status).toBe(201)
	return { alice, bob, charlie, room }
}

describe('the owner of a room', () => {
	it('[SG43] is named by who makes it, signed by the device that is named', async () => {
		const [alice, bob] = [await newPerson(server.url), await newPerson(server.url)]
		const room = newRoomId()
		const stolen = { ...ownerBy(alice, newRoomId()) }
		expect(errorOf(await register(alice, room, stolen))).toEqual([401, 'bad-proof'])
		expect(errorOf(await register(bob, room, { ...ownerBy(bob, room), jwk: alice.jwk }))).toEqual([
			401,
			'bad-proof',
		])
		expect((await ask(`${server.url}/api/rooms/${room}`)).status).toBe(404)
		expect((await register(alice, room)).status).toBe(201)
		expect((await register(alice, room)).status).toBe(200)
		await expectDone(alice, room, { type: 'operators', subjects: [], version: 1 })
	})

	it('[SG43] [SG45] is never named later: not over another, and not where none was named', async () => {
		const { alice, bob, charlie, room } = await setUp()
		expect((await register(bob, room, ownerBy(bob, room))).status).toBe(200)
		expect(errorOf(await give(bob, room, { type: 'remove', subject: charlie.subject }))).toEqual([
			403,
			'not-allowed',
		])
		const ownerless = newRoomId()
		const nameless = { root: 'c2VhbGVk', token: alice.token }
		expect((await send(`${server.url}/api/rooms/${ownerless}`, 'PUT', nameless)).status).toBe(201)
		for (const claimer of [alice, bob, charlie]) {
			expect((await register(claimer, ownerless)).status).toBe(200)
			expect(errorOf(await give(claimer, ownerless, { type: 'moved', notes: 'eA' }))).toEqual([
				403,
				'not-allowed',
			])
		}
	})
})

describe('an order', () => {
	it('[SG44] counts by the signature of the device in the token, over this very text, room, time and server', async () => {
		const { alice, bob, charlie, room } = await setUp()
		const good = await signOrder(alice, room, { type: 'remove', subject: bob.subject })
		const other = JSON.stringify({ type: 'remove', subject: charlie.subject })
		for (const bad of [
			{ ...good, order: other },
			{ ...good, order: `${good.order} ` },
			{ ...good, atMs: good.atMs + 1 },
			{ ...good, token: bob.token },
			{ ...good, proof: charlie.prove('x') },
		])
			expect(errorOf(await post(room, bad))).toEqual([401, 'bad-proof'])
		expect(errorOf(await post(room, { ...good, token: 'a.b.c' }))).toEqual([401, 'bad-token'])
		const elsewhere = newRoomId()
		await register(alice, elsewhere)
		expect(errorOf(await post(elsewhere, good))).toEqual([401, 'bad-proof'])
		expect((await askTicket(server.url, bob, room, newPeerId())).status).toBe(200)
	})

	it('[SG44] is taken within five minutes of its time', async () => {
		const { alice, bob, room } = await setUp()
		const order = { type: 'remove', subject: bob.subject }
		for (const offMs of [-301_000, 301_000]) {
			const answer = await post(room, await signOrder(alice, room, order, Date.now() + offMs))
			expect(errorOf(answer)).toEqual([401, 'clock-off'])
		}
	})

	it('[SG44] counts once, so that nobody who saw it gives it again', async () => {
		const { alice, bob, room } = await setUp()
		const order = await signOrder(alice, room, { type: 'remove', subject: bob.subject })
		expect((await post(room, order)).status).toBe(200)
		await expectDone(alice, room, { type: 'let-in', subject: bob.subject })
		for (let i = 0; i < 3; i++) expect(errorOf(await post(room, order))).toEqual([401, 'bad-proof'])
		expect((await askTicket(server.url, bob, room, newPeerId())).status).toBe(200)
		expect(server.app.counters.count('order-replayed')).toBe(3)
	})

	it.each([
		'',
		'null',
		'[]',
		'{"type":"remove"}',
		'{"type":"remove","subject":"g_x","by":"me"}',
		'{"type":"remove","subject":"<script>"}',
		'{"type":"operators","subjects":"all","version":1}',
		'{"type":"operators","subjects":[],"version":-1}',
		'{"type":"hand-over","subject":"a_x","device":"short"}',
		'{"type":"moved","notes":"not base64url!"}',
		'{"type":"burn"}',
		'{"__proto__":{"type":"remove"},"subject":"g_x"}',
	])('[SG44] that reads %j is none, whoever signed it', async (text) => {
		const { alice, room } = await setUp()
		expect(errorOf(await give(alice, room, text))).toEqual([400, 'bad-request'])
	})

	it('[SG44] about a room that nobody made is about none', async () => {
		const alice = await newPerson(server.url)
		expect(errorOf(await give(alice, newRoomId(), { type: 'take-over' }))).toEqual([404, 'no-such-room'])
		expect(errorOf(await post('short' as RoomId, {}))).toEqual([404, 'no-such-room'])
	})

	it('[SG45] of somebody who may not has no effect, and is counted', async () => {
		const { alice, bob, charlie, room } = await setUp()
		for (const order of [
			{ type: 'operators', subjects: [bob.subject], version: 9 },
			{ type: 'remove', subject: charlie.subject },
			{ type: 'remove', subject: alice.subject },
			{ type: 'let-in', subject: charlie.subject },
			{ type: 'hand-over', subject: bob.subject, device: deviceOf(bob.jwk) },
			{ type: 'take-over' },
			{ type: 'moved', notes: 'eA' },
		])
			expect(errorOf(await give(bob, room, order))).toEqual([403, 'not-allowed'])
		expect(server.app.counters.count('order-not-allowed')).toBe(7)
		expect((await ask(`${server.url}/api/rooms/${room}`)).body).toEqual({ root: 'c2VhbGVk', moved: null })
		expect((await askTicket(server.url, charlie, room, newPeerId())).status).toBe(200)
	})

	it('[SG25] is counted by address in a measure of its own', async () => {
		await server.close()
		server = await startServer({ limits: { ordersPerMinute: 2 } })
		const { alice, room } = await setUp()
		const order = { type: 'operators', subjects: [], version: 1 }
		await expectDone(alice, room, order)
		await expectDone(alice, room, { ...order, version: 2 })
		expect(errorOf(await give(alice, room, order))).toEqual([429, 'too-many-requests'])
	})

	it('[SG44] while the store is away is answered as such, and may then be given again as it is', async () => {
		await server.close()
		const working = createMemoryStore()
		let isAway = false
		server = await startServer(
			{},
			{
				store: {
					...working,
					rooms: {
						...working.rooms,
						addRemoval: (...args) =>
							isAway ? Promise.reject(new StoreUnavailable('away')) : working.rooms.addRemoval(...args),
					},
				},
			},
		)
		const { alice, bob, room } = await setUp()
		const order = await signOrder(alice, room, { type: 'remove', subject: bob.subject })
		isAway = true
		expect(errorOf(await post(room, order))).toEqual([503, 'unavailable'])
		isAway = false
		expect((await post(room, order)).status).toBe(200)
	})
})

describe('a removed person', () => {
	it('[SG46] is out of the room in every tab within a second, is told so, and is refused until let in', async () => {
		const { alice, bob, room } = await setUp()
		const watching = await joinRoom(server.url, room, { person: alice })
		const tabs = [
			await joinRoom(server.url, room, { person: bob }),
			await joinRoom(server.url, room, { person: bob }),
		]
		const elsewhere = await joinRoom(server.url, newRoomId(), { person: bob })
		const early = newPeerId()
		const ticket = await newTicket(server.url, bob, room, early)

		const beforeMs = performance.now()
		await expectDone(alice, room, { type: 'remove', subject: bob.subject })
		for (const tab of tabs) {
			const refusal = await tab.next('refused')
			expect(refusal).toMatchObject({ why: 'removed', message: expect.stringMatching(/removed/) as string })
			expect(await tab.closed).toMatchObject({ code: 4010 })
			expect(await watching.next('peer-left')).toMatchObject({ why: 'closed' })
		}
		expect(performance.now() - beforeMs).toBeLessThan(1_000)
		await elsewhere.clock()
		expect(server.app.stats()).toMatchObject({ joined: 2, inGrace: 0 })

		expect(errorOf(await askTicket(server.url, bob, room, newPeerId()))).toEqual([403, 'removed'])
		const late = await openSocket(server.url)
		late.send({ type: 'join', v: SIGNALING_VERSION, room, peer: early, ticket })
		expect((await late.next('refused')).why).toBe('removed')
		expect((await late.closed).code).toBe(4010)

		await expectDone(alice, room, { type: 'let-in', subject: bob.subject })
		expect((await joinRoom(server.url, room, { person: bob })).joined.roster).toHaveLength(1)
	})

	it('[SG46] stays removed when the server starts again', async () => {
		const store = createMemoryStore()
		await server.close()
		server = await startServer({}, { store: { ...store, close: () => Promise.resolve() } })
		const { alice, bob, room } = await setUp()
		await expectDone(alice, room, { type: 'remove', subject: bob.subject })
		await server.close()
		server = await startServer({}, { store })
		expect(errorOf(await askTicket(server.url, bob, room, newPeerId()))).toEqual([403, 'removed'])
	})

	it('[SG46] stays out while the store is away, and everybody else comes in', async () => {
		await server.close()
		const working = createMemoryStore()
		let isAway = false
		server = await startServer(
			{},
			{
				store: {
					...working,
					rooms: {
						...working.rooms,
						isRemoved: (...args) =>
							isAway ? Promise.reject(new StoreUnavailable('away')) : working.rooms.isRemoved(...args),
					},
				},
			},
		)
		const { alice, bob, charlie, room } = await setUp()
		await expectDone(alice, room, { type: 'remove', subject: bob.subject })
		isAway = true
		expect(errorOf(await askTicket(server.url, bob, room, newPeerId()))).toEqual([403, 'removed'])
		await joinRoom(server.url, room, { person: charlie })
	})

	it('[SG45] gives no orders any more, operator or heir as they may be', async () => {
		const { alice, bob, charlie, room } = await setUp()
		await expectDone(alice, room, { type: 'operators', subjects: [bob.subject], version: 1 })
		await expectDone(alice, room, { type: 'hand-over', subject: bob.subject, device: deviceOf(bob.jwk) })
		await expectDone(bob, room, { type: 'remove', subject: charlie.subject })
		await expectDone(alice, room, { type: 'remove', subject: bob.subject })
		for (const order of [{ type: 'let-in', subject: charlie.subject }, { type: 'take-over' }])
			expect(errorOf(await give(bob, room, order))).toEqual([403, 'removed'])
	})
})

describe('operators', () => {
	it('[SG45] remove and let in whom the owner named them to; of two lists the later one counts', async () => {
		const { alice, bob, charlie, room } = await setUp()
		const list = (subjects: string[], version: number) => ({ type: 'operators', subjects, version })
		await expectDone(alice, room, list([bob.subject], 5))
		await expectDone(bob, room, { type: 'remove', subject: charlie.subject })
		await expectDone(bob, room, { type: 'let-in', subject: charlie.subject })
		for (const subject of [alice.subject, bob.subject])
			expect(errorOf(await give(bob, room, { type: 'remove', subject }))).toEqual([403, 'not-allowed'])
		await expectDone(alice, room, list([charlie.subject], 4))
		await expectDone(bob, room, { type: 'remove', subject: charlie.subject })
		await expectDone(alice, room, list([], 6))
		expect(errorOf(await give(bob, room, { type: 'let-in', subject: charlie.subject }))).toEqual([
			403,
			'not-allowed',
		])
	})
})

describe('a room that is handed over', () => {
	const offer = (to: Person) => ({ type: 'hand-over', subject: to.subject, device: deviceOf(to.jwk) })

	it('[SG47] belongs to the new owner once they have taken it, and to the old one no more', async () => {
		const { alice, bob, charlie, room } = await setUp()
		await expectDone(alice, room, offer(bob))
		expect(errorOf(await give(charlie, room, { type: 'take-over' }))).toEqual([403, 'not-allowed'])
		expect(errorOf(await give(bob, room, { type: 'moved', notes: 'eA' }))).toEqual([403, 'not-allowed'])
		await expectDone(bob, room, { type: 'take-over' })
		await expectDone(bob, room, { type: 'take-over' })
		await expectDone(bob, room, { type: 'remove', subject: alice.subject })
		expect(errorOf(await give(alice, room, { type: 'let-in', subject: alice.subject }))).toEqual([
			403,
			'removed',
		])
	})

	it('[SG47] is taken back by handing it to oneself, and goes to the last who was named', async () => {
		const { alice, bob, charlie, room } = await setUp()
		await expectDone(alice, room, offer(bob))
		await expectDone(alice, room, offer(alice))
		expect(errorOf(await give(bob, room, { type: 'take-over' }))).toEqual([403, 'not-allowed'])
		await expectDone(alice, room, offer(bob))
		await expectDone(alice, room, offer(charlie))
		expect(errorOf(await give(bob, room, { type: 'take-over' }))).toEqual([403, 'not-allowed'])
		await expectDone(charlie, room, { type: 'take-over' })
	})
})

it('[SG48] the notes of a room that has moved are kept beside its root, up to 256 KiB', async () => {
	const { alice, room } = await setUp()
	const notes = 'A'.repeat(256 * 1024)
	await expectDone(alice, room, { type: 'moved', notes })
	const { body } = await ask(`${server.url}/api/rooms/${room}`)
	expect(roomAnswer.parse(body)?.moved).toBe(notes)
	expect((await register(alice, room)).body['moved']).toBe(notes)
	expect(errorOf(await give(alice, room, { type: 'moved', notes: `${notes}A` }))).toEqual([
		400,
		'bad-request',
	])
	const huge = { type: 'moved', notes: 'A'.repeat(400_000) }
	expect(errorOf(await give(alice, room, huge))).toEqual([413, 'bad-request'])
})

it('[SG48] notes, the biggest thing kept here, are taken six times a minute from one address', async () => {
	const { alice, room } = await setUp()
	for (let i = 0; i < 6; i++) await expectDone(alice, room, { type: 'moved', notes: `a${String(i)}` })
	const answer = await give(alice, room, { type: 'moved', notes: 'eA' })
	expect(errorOf(answer)).toEqual([429, 'too-many-requests'])
	expect(answer.body['retryAfterMs']).toBeGreaterThan(0)
})
