/**
 * Relay frames over real sockets: brought as they are, within limits of their own, and nobody else is disturbed.
 */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import { encodeRelayFrame, parseRelayDelivery, RELAY_BYTES_MAX } from '#lib/protocol/relay.ts'
import { joinRoom, newRoomId, openSocket, type Joined } from '../support/ws-client.ts'
import { startServer, type ConfigChange, type TestServer } from '../support/ws-server.ts'

let server: TestServer
let skippedMs = 0
const nowMs = () => performance.timeOrigin + performance.now() + skippedMs
const restart = async (change: ConfigChange) => {
	await server.close()
	server = await startServer(change, { nowMs })
}
beforeEach(async () => {
	skippedMs = 0
	server = await startServer({}, { nowMs })
})
afterEach(() => server.close())

const room = newRoomId()
const join = (name: string) => joinRoom(server.url, room, { name })
const relay = (from: Joined, ...parcels: (readonly [PeerId, Uint8Array])[]) =>
	from.ws.send(encodeRelayFrame(parcels.map(([to, bytes]) => ({ to, bytes }))))
const received = (socket: Joined) => socket.deliveries.map(({ from, bytes }) => [from, Buffer.from(bytes)])
const until = async (isDone: () => boolean) => {
	for (let i = 0; i < 3_000 && !isDone(); i++) await new Promise((resolve) => setTimeout(resolve, 20))
	expect(isDone()).toBe(true)
}

it('[SG49] one frame brings several members their bytes, whole and in order', async () => {
	const [alice, bob, charlie] = [await join('Alice'), await join('Bob'), await join('Charlie')]
	const [small, large] = [randomBytes(20), randomBytes(RELAY_BYTES_MAX)]
	relay(alice, [bob.peer, small], [charlie.peer, small], [bob.peer, Uint8Array.of(1)])
	relay(alice, [bob.peer, large])
	relay(charlie, [alice.peer, small])
	await until(
		() => bob.deliveries.length === 3 && charlie.deliveries.length === 1 && alice.deliveries.length === 1,
	)
	expect(received(bob)).toEqual([
		[alice.peer, small],
		[alice.peer, Buffer.from([1])],
		[alice.peer, large],
	])
	expect(received(charlie)).toEqual([[alice.peer, small]])
	expect(received(alice)).toEqual([[charlie.peer, small]])
	expect(server.app.stats().relayed.frames).toBe(5)
	for (const socket of [alice, bob, charlie]) socket.close()
})

it('[SG51] who cannot be reached is named to the sender, as text', async () => {
	const alice = await join('Alice')
	const elsewhere = await joinRoom(server.url, newRoomId())
	relay(alice, [elsewhere.peer, Uint8Array.of(1)])
	expect(await alice.next('refused')).toMatchObject({ why: 'no-such-peer', peer: elsewhere.peer })
	expect(elsewhere.deliveries).toEqual([])
	for (const socket of [alice, elsewhere]) socket.close()
})

describe('limits', () => {
	it('[SG52] what is over the budget of bytes is dropped and told; later frames go through again', async () => {
		const [alice, bob] = [await join('Alice'), await join('Bob')]
		const bytes = randomBytes(16_000)
		for (let i = 0; i < 20; i++) relay(alice, [bob.peer, bytes])
		expect(await alice.next('refused')).toMatchObject({ why: 'rate-limited' })
		await alice.clock() // all of it has been read
		await until(() => bob.deliveries.length >= 16)
		await bob.clock() // and no more of it is on its way
		expect(bob.deliveries.length).toBe(16)
		expect(server.app.counters.count('relay-rate')).toBe(4)
		skippedMs += 1_000
		relay(alice, [bob.peer, bytes])
		await until(() => bob.deliveries.length === 17)
		for (const socket of [alice, bob]) socket.close()
	})

	it('[SG52] relay frames and messages do not count for one another', async () => {
		const [alice, bob] = [await join('Alice'), await join('Bob')]
		for (let i = 0; i < 300; i++) relay(alice, [bob.peer, Uint8Array.of(1)])
		await until(() => bob.deliveries.length === 300)
		expect(server.app.counters.count('rate-limited')).toBe(0)
		for (const socket of [alice, bob]) socket.close()
	})

	it('[SG52] who goes on at more than twice the limit is closed; the others stay', async () => {
		const [alice, bob] = [await join('Alice'), await join('Bob')]
		for (let i = 0; i < 60; i++) relay(alice, [bob.peer, randomBytes(16_000)])
		expect((await alice.closed).code).toBe(4008)
		expect(await bob.next('peer-left')).toMatchObject({ peer: alice.peer, why: 'closed' })
		await bob.clock()
		bob.close()
	})

	it('[SG23] who does not read what is relayed to them is closed at 1 MiB', async () => {
		await restart({ limits: { relayBytesPerSecond: 1e9, relayByteBurst: 1e9 } })
		const [alice, bob] = [await join('Alice'), await join('Bob')]
		bob.ws.pause()
		let isClosed = false
		void alice.next('peer-left', 20_000).then(() => (isClosed = true))
		for (let i = 0; i < 2_000 && !isClosed; i++) {
			relay(alice, [bob.peer, randomBytes(60_000)])
			if (i % 10 === 9) await alice.clock()
		}
		await until(() => isClosed)
		expect(server.app.counters.count('too-slow')).toBe(1)
		bob.ws.resume()
		expect((await bob.closed).code).toBe(1013)
		alice.close()
	})

	it('[SG50] binary frames that are no relay frames are counted, and ten of them end the socket', async () => {
		const alice = await join('Alice')
		for (let i = 0; i < 11; i++) alice.ws.send(randomBytes(30).fill(2, 0, 1))
		expect((await alice.closed).code).toBe(1008)
		expect(server.app.counters.count('relay-bad')).toBe(11)
	})

	it('[SG2] before joining there is nothing to relay', async () => {
		const bob = await join('Bob')
		const stranger = await openSocket(server.url)
		stranger.ws.send(encodeRelayFrame([{ to: bob.peer, bytes: Uint8Array.of(1) }]))
		expect((await stranger.closed).code).toBe(1008)
		expect(bob.deliveries).toEqual([])
		bob.close()
	})

	it('[SG53] a server that does not relay says so beforehand and takes no binary frame', async () => {
		const offered = async () =>
			((await (await fetch(`${server.url}/config.json`)).json()) as Record<string, unknown>)['relay']
		expect(await offered()).toEqual({ bytesPerSecond: 65_536, byteBurst: 262_144 })
		await restart({ hasRelay: false })
		expect(await offered()).toBeUndefined()
		const [alice, bob] = [await join('Alice'), await join('Bob')]
		relay(alice, [bob.peer, Uint8Array.of(1)])
		expect(await alice.next('refused')).toMatchObject({ why: 'bad-message' })
		expect(bob.deliveries).toEqual([])
		for (const socket of [alice, bob]) socket.close()
	})
})

it('[SG50] thirty thousand bent frames change nothing for others', async () => {
	await restart({ limits: { badMessageBurst: 1e9, relayBytesPerSecond: 1e9, relayByteBurst: 1e9 } })
	const [alice, bob] = [await join('Alice'), await join('Bob')]
	const good = encodeRelayFrame([
		{ to: bob.peer, bytes: randomBytes(40) },
		{ to: alice.peer, bytes: randomBytes(3) },
	])
	let seed = 7
	const draw = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
	for (let i = 0; i < 30_000; i++) {
		const frame = good.slice(0, good.length - (draw(3) === 0 ? draw(good.length) : 0))
		for (let n = draw(4); n > 0 && frame.length > 0; n--) frame[draw(Math.min(frame.length, 60))] = draw(256)
		alice.ws.send(frame)
		if (i % 1_000 === 999) await alice.clock()
	}
	expect(bob.isOpen()).toBe(true)
	for (const { from } of bob.deliveries) expect(from).toBe(alice.peer)
	expect(parseRelayDelivery(Uint8Array.of(1))).toBeNull()
	const before = bob.deliveries.length
	relay(alice, [bob.peer, Uint8Array.of(5)])
	await until(() => bob.deliveries.length > before)
	for (const socket of [alice, bob]) socket.close()
})
