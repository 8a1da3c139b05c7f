/**
 * Joining, presence and signals over real sockets.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../support/ws-server.ts'
import { joinRoom, newPerson, newRoomId, openSocket } from '../support/ws-client.ts'

let server: TestServer
beforeEach(async () => {
	server = await startServer()
})
afterEach(() => server.close())

describe('a room', () => {
	it('[SG1] tells a joiner who is there, and those who are there of the joiner', async () => {
		const room = newRoomId()
		const alice = await joinRoom(server.url, room, { name: 'Alice' })
		expect(alice.joined.roster).toEqual([])
		expect(alice.joined.self).toMatchObject({
			peer: alice.peer,
			name: 'Alice',
			subject: alice.person.subject,
		})

		const bob = await joinRoom(server.url, room, { name: 'Bob' })
		expect(bob.joined.roster).toEqual([alice.joined.self])
		expect((await alice.next('peer-joined')).entry).toEqual(bob.joined.self)
	})

	it('[SG3] brings a signal to the one peer it is addressed to', async () => {
		const room = newRoomId()
		const alice = await joinRoom(server.url, room)
		const bob = await joinRoom(server.url, room)
		const charlie = await joinRoom(server.url, room)
		alice.send({ type: 'signal', to: bob.peer, data: 'sealed-offer' })
		expect(await bob.next('signal')).toEqual({ type: 'signal', from: alice.peer, data: 'sealed-offer' })
		await charlie.clock()
		expect(charlie.inbox.filter((message) => message.type === 'signal')).toEqual([])
	})

	it('[SG4] tells the sender when nobody has the peer id, naming it', async () => {
		const alice = await joinRoom(server.url, newRoomId())
		const stranger = await joinRoom(server.url, newRoomId())
		alice.send({ type: 'signal', to: stranger.peer, data: 'x' })
		expect(await alice.next('refused')).toMatchObject({ why: 'no-such-peer', peer: stranger.peer })
		await stranger.clock()
		expect(stranger.inbox).toEqual([])
	})

	it('[SG5] is left at once by who says so', async () => {
		const room = newRoomId()
		const alice = await joinRoom(server.url, room)
		const bob = await joinRoom(server.url, room)
		bob.send({ type: 'leave' })
		expect(await alice.next('peer-left')).toEqual({ type: 'peer-left', peer: bob.peer, why: 'left' })
		expect((await bob.closed).code).toBe(1000)
		expect(server.app.stats()).toMatchObject({ joined: 1, inGrace: 0 })
	})

	it('[SG7] the same peer joining again takes the place of its old socket', async () => {
		const room = newRoomId()
		const alice = await joinRoom(server.url, room)
		const bob = await joinRoom(server.url, room)
		const again = await joinRoom(server.url, room, { person: bob.person, peer: bob.peer })
		expect((await bob.closed).code).toBe(4006)
		alice.send({ type: 'signal', to: bob.peer, data: 'x' })
		expect((await again.next('signal')).from).toBe(alice.peer)
		expect(alice.inbox.filter((message) => message.type === 'peer-left')).toEqual([])
	})

	it('[SG8] answers clock pings with its own times of receipt and of sending', async () => {
		const alice = await joinRoom(server.url, newRoomId())
		const beforeMs = performance.timeOrigin + performance.now()
		const { t1, t2 } = await alice.clock()
		const afterMs = performance.timeOrigin + performance.now()
		expect(t1).toBeGreaterThanOrEqual(beforeMs)
		expect(t2).toBeGreaterThanOrEqual(t1)
		expect(t2).toBeLessThanOrEqual(afterMs)
	})

	it('[SG2] nothing can be said in a room before joining one', async () => {
		const alice = await joinRoom(server.url, newRoomId())
		const stranger = await openSocket(server.url)
		stranger.send({ type: 'signal', to: alice.peer, data: 'x' })
		expect((await stranger.next('refused')).why).toBe('not-joined')
		await alice.clock()
		expect(alice.inbox).toEqual([])
	})
})

it('[SG9] one person may be in 20 rooms or tabs at once, and no more', async () => {
	const alice = await newPerson(server.url)
	const sockets = []
	for (let i = 0; i < 20; i++) sockets.push(await joinRoom(server.url, newRoomId(), { person: alice }))
	await expect(joinRoom(server.url, newRoomId(), { person: alice })).rejects.toThrow('too-many-sockets')
	sockets[0]?.send({ type: 'leave' })
	await sockets[0]?.closed
	await joinRoom(server.url, newRoomId(), { person: alice })
})
