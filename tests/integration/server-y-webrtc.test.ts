/**
 * `/y-webrtc` against the stock client, and against those who misuse it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../support/ws-server.ts'

let server: TestServer
const children: { end(): Promise<void> }[] = []
beforeEach(async () => {
	server = await startServer()
})
afterEach(async () => {
	for (const child of children.splice(0)) await child.end()
	await server.close()
})

const startPeer = (room: string, key: string) => {
	const url = `${server.url.replace('http', 'ws')}/y-webrtc`
	const child = spawn(process.execPath, ['tests/support/ws-y-peer.ts', url, room, key], {
		stdio: ['pipe', 'pipe', 'pipe'],
	})
	let errors = ''
	child.stderr.on('data', (chunk) => (errors += String(chunk)))
	const seen: Record<string, unknown>[] = []
	createInterface(child.stdout).on('line', (line) => seen.push(JSON.parse(line) as Record<string, unknown>))
	const exited = once(child, 'exit')
	children.push({
		async end() {
			child.stdin.end()
			const timer = setTimeout(() => child.kill('SIGKILL'), 3_000)
			await exited
			clearTimeout(timer)
		},
	})
	return { latest: () => seen.at(-1), errors: () => errors }
}

it('[SG32] two stock y-webrtc providers find each other and exchange updates', async () => {
	const alice = startPeer('a film', 'alice')
	const bob = startPeer('a film', 'bob')
	const stranger = startPeer('another film', 'stranger')
	for (const peer of [alice, bob])
		await expect
			.poll(() => peer.latest() ?? peer.errors(), { timeout: 60_000 })
			.toEqual({ alice: true, bob: true })
	await expect
		.poll(() => stranger.latest() ?? stranger.errors(), { timeout: 60_000 })
		.toEqual({ stranger: true })
	expect(Object.keys(server.app.counters.all())).toEqual([])
})

interface Listener {
	readonly ws: WebSocket
	readonly inbox: Record<string, unknown>[]
	readonly closed: Promise<number>
	send(message: unknown): void
	/** Everything sent before is done when this resolves. */
	ping(): Promise<void>
}
const connect = async (): Promise<Listener> => {
	const ws = new WebSocket(`${server.url.replace('http', 'ws')}/y-webrtc`, { origin: server.url })
	const inbox: Record<string, unknown>[] = []
	ws.on('message', (data: Buffer) => inbox.push(JSON.parse(data.toString()) as Record<string, unknown>))
	ws.on('error', () => ws.terminate())
	const closed = new Promise<number>((resolve) => {
		ws.on('close', resolve)
	})
	await once(ws, 'open')
	const send = (message: unknown) => ws.send(typeof message === 'string' ? message : JSON.stringify(message))
	return {
		ws,
		inbox,
		closed,
		send,
		async ping() {
			const pongs = () => inbox.filter(({ type }) => type === 'pong').length
			const before = pongs()
			send({ type: 'ping' })
			await expect.poll(pongs).toBe(before + 1)
		},
	}
}

describe('the protocol', () => {
	it('[SG32] passes what is published to all who subscribed, with their count, the publisher too', async () => {
		const [alice, bob, charlie] = [await connect(), await connect(), await connect()]
		alice.send({ type: 'subscribe', topics: ['a', 'b'] })
		bob.send({ type: 'subscribe', topics: ['a'] })
		charlie.send({ type: 'subscribe', topics: ['c'] })
		for (const peer of [alice, bob, charlie]) await peer.ping()
		const message = { type: 'publish', topic: 'a', data: { type: 'announce', from: 'alice', deep: [{}] } }
		alice.send(message)
		await alice.ping()
		await bob.ping()
		await charlie.ping()
		for (const { inbox } of [alice, bob])
			expect(inbox.filter(({ type }) => type === 'publish')).toEqual([{ ...message, clients: 2 }])
		expect(charlie.inbox.filter(({ type }) => type === 'publish')).toEqual([])
	})

	it('[SG32] stops when one unsubscribes or goes', async () => {
		const [alice, bob, charlie] = [await connect(), await connect(), await connect()]
		for (const peer of [alice, bob, charlie]) {
			peer.send({ type: 'subscribe', topics: ['a'] })
			await peer.ping()
		}
		bob.send({ type: 'unsubscribe', topics: ['a', 'never'] })
		await bob.ping()
		charlie.ws.terminate()
		await expect.poll(() => server.app.stats().sockets).toBe(2)
		alice.send({ type: 'publish', topic: 'a', data: 'sealed' })
		await alice.ping()
		await bob.ping()
		expect(alice.inbox[1]).toEqual({ type: 'publish', topic: 'a', data: 'sealed', clients: 1 })
		expect(bob.inbox.filter(({ type }) => type === 'publish')).toEqual([])
	})
})

describe('misuse', () => {
	it('[SG33] topics over 50 and names over 200 characters are not taken', async () => {
		const alice = await connect()
		alice.send({ type: 'subscribe', topics: Array.from({ length: 60 }, (_, n) => `topic ${String(n)}`) })
		await alice.ping()
		expect(server.app.counters.count('y-topics')).toBe(10)
		alice.send({ type: 'subscribe', topics: ['x'.repeat(201)] })
		await alice.ping()
		expect(server.app.counters.count('y-bad-message')).toBe(1)
		for (const topic of ['topic 0', 'topic 59']) alice.send({ type: 'publish', topic, data: 1 })
		await alice.ping()
		expect(alice.inbox.filter(({ type }) => type === 'publish').map(({ topic }) => topic)).toEqual([
			'topic 0',
		])
	})

	it.each([
		['text', 'x'],
		['null', 'null'],
		['topics that are none', { type: 'subscribe', topics: 5 }],
		['a topic that is none', { type: 'subscribe', topics: [null] }],
		['nothing to publish', { type: 'publish', topic: 'a' }],
		['a key too many', { type: 'ping', extra: 1 }],
	])('[SG33] %s is dropped and counted; nonsense from the start ends the socket', async (_name, frame) => {
		const [alice, stranger] = [await connect(), await connect()]
		await alice.ping()
		alice.send(frame)
		stranger.send(frame)
		await alice.ping()
		expect(await stranger.closed).toBe(1008)
		expect(server.app.counters.count('y-bad-message')).toBe(2)
	})

	it('[SG33] data nested too deep to be written again is dropped, and harms nobody', async () => {
		const [alice, bob] = [await connect(), await connect()]
		for (const peer of [alice, bob]) peer.send({ type: 'subscribe', topics: ['a'] })
		await bob.ping()
		alice.send(`{"type":"publish","topic":"a","data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)
		await alice.ping()
		await bob.ping()
		expect(server.app.counters.count('internal')).toBe(0)
	})

	it('[SG33] a __proto__ key is passed on as text and touches no object here', async () => {
		const alice = await connect()
		alice.send({ type: 'subscribe', topics: ['__proto__', 'constructor'] })
		alice.send('{"type":"publish","topic":"__proto__","data":{"__proto__":{"isHost":true}}}')
		await alice.ping()
		expect(alice.inbox[0]).toMatchObject({ type: 'publish', topic: '__proto__' })
		expect('isHost' in {}).toBe(false)
	})

	it('[SG33] a flood is dropped, then ended, and others go on', async () => {
		const [alice, bob] = [await connect(), await connect()]
		for (const peer of [alice, bob]) peer.send({ type: 'subscribe', topics: ['a'] })
		await bob.ping()
		for (let n = 0; n < 5_000; n++) alice.send({ type: 'publish', topic: 'a', data: n })
		expect(await alice.closed).toBe(4008)
		await bob.ping()
		const delivered = bob.inbox.filter(({ type }) => type === 'publish').length
		expect(delivered).toBeGreaterThanOrEqual(999)
		expect(delivered).toBeLessThan(1_500)
		expect(server.app.counters.count('y-rate')).toBeGreaterThanOrEqual(2_000)
	})
})
