import { once } from 'node:events'
import { expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { AddressInfo } from 'node:net'
import { binaryFrame, textFrame } from './ws-frames.ts'

const SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]

it('[SG56] frames of every length are read by a client as they were written', async () => {
	const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
	await once(server, 'listening')
	server.on('connection', (_ws, request) => {
		for (const size of SIZES) {
			request.socket.write(textFrame('é'.repeat(size / 2) + 'x'.repeat(size % 2)))
			request.socket.write(binaryFrame(new Uint8Array(size).fill(size % 251)))
		}
	})
	const client = new WebSocket(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
	const got: [Buffer, boolean][] = []
	client.on('message', (data: Buffer, isBinary) => got.push([data, isBinary]))
	await expect.poll(() => got.length).toBe(2 * SIZES.length)
	SIZES.forEach((size, i) => {
		const [text, binary] = [got[2 * i], got[2 * i + 1]]
		expect(text?.[0].toString()).toBe('é'.repeat(size / 2) + 'x'.repeat(size % 2))
		expect(text?.[1]).toBe(false)
		expect(binary?.[0].equals(Buffer.alloc(size, size % 251))).toBe(true)
		expect(binary?.[1]).toBe(true)
	})
	client.terminate()
	server.close()
})
