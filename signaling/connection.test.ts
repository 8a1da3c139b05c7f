import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createConnection, type Connection, type Protocol } from './connection.ts'
import { createCounters, type Counters } from './counters.ts'
import { createOutbox } from './outbox.ts'
import { textFrame } from './ws-frames.ts'

const protocol: Protocol = {
	messages: { perSecond: 1, burst: 10 },
	bytes: { perSecond: 1, burst: 10_000 },
	message: () => undefined,
	binary: () => undefined,
	overLimit: () => undefined,
	isAdmitted: () => true,
	closed: () => undefined,
}

interface Pair {
	readonly connection: Connection
	readonly client: WebSocket
	readonly counters: Counters
	readonly writes: () => number
	readonly heard: string[]
	endTurn(): void
}

let closeAll: () => void = () => undefined
afterEach(() => closeAll())

const open = async (bufferedBytes = 1_000_000): Promise<Pair> => {
	const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
	await once(server, 'listening')
	let flush: (() => void) | null = null
	const counters = createCounters()
	const outbox = createOutbox((end) => (flush = end))
	const deps = {
		...{ protocol, counters, outbox, bufferedBytes },
		...{ nowMs: () => 0, onFault: () => undefined, onEnd: () => undefined },
	}
	const opened = new Promise<Pick<Pair, 'connection' | 'writes'>>((resolve) => {
		server.on('connection', (ws, { socket }) => {
			const write = vi.spyOn(socket, 'write')
			resolve({
				connection: createConnection(deps, ws, socket, 1, ''),
				writes: () => write.mock.calls.length,
			})
		})
	})
	const client = new WebSocket(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
	const heard: string[] = []
	client.on('message', (data: Buffer) => heard.push(data.toString()))
	client.on('close', (code) => heard.push(`closed with ${String(code)}`))
	closeAll = () => {
		client.terminate()
		server.close()
	}
	const endTurn = () => {
		const due = flush
		flush = null
		due?.()
	}
	return { ...(await opened), client, counters, heard, endTurn }
}

it('[SG56] frames of one turn leave in one write, in order, when it ends', async () => {
	const { connection, writes, heard, endTurn } = await open()
	connection.send('one')
	connection.write(textFrame('two'))
	connection.send('three')
	expect(writes()).toBe(0)
	endTurn()
	expect(writes()).toBe(1)
	connection.send('four')
	endTurn()
	expect(writes()).toBe(2)
	await expect.poll(() => heard).toEqual(['one', 'two', 'three', 'four'])
})

it('[SG56] what is much leaves before its turn ends', async () => {
	const { connection, writes, heard, endTurn } = await open()
	const large = 'x'.repeat(20_000)
	connection.send('small')
	connection.send(large)
	expect(writes()).toBe(1)
	connection.send('after')
	endTurn()
	await expect.poll(() => heard).toEqual(['small', large, 'after'])
})

it('[SG56] a goodbye overtakes nothing, and nothing comes after it', async () => {
	const { connection, heard, endTurn } = await open()
	connection.send('last words')
	connection.close('tooBig')
	connection.send('too late')
	endTurn()
	await expect.poll(() => heard).toEqual(['last words', 'closed with 1009'])
})

it('[SG23] what is held for the end of a turn counts as unread, too', async () => {
	const { connection, counters, heard } = await open(1_000)
	for (let i = 0; i < 4; i++) connection.send('x'.repeat(600))
	expect(counters.count('too-slow')).toBe(1)
	expect(connection.isOpen()).toBe(false)
	await expect.poll(() => heard.at(-1)).toMatch('closed with')
})
