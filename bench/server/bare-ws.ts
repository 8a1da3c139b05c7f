/**
 * A plain publish loop over `ws`, the peer of the server benchmark: no tickets, no schema, no limits. `FRAME=once` sends
 * one framed buffer to all, `FRAME=each` lets ws frame the text for each of them, as most programs do.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

const isOnce = process.env['FRAME'] === 'once'
const rooms = new Map<string, Set<WebSocket>>()
const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 64 * 1024 })

sockets.on('connection', (socket) => {
	let room = new Set<WebSocket>()
	socket.on('message', (data: Buffer, isBinary) => {
		if (!isBinary) {
			const name = data.toString()
			room = rooms.get(name) ?? new Set()
			rooms.set(name, room.add(socket))
			socket.send('joined')
			return
		}
		const message = isOnce ? data : data.toString('latin1')
		for (const other of room) if (other !== socket) other.send(message, { binary: isOnce })
	})
	socket.on('close', () => room.delete(socket))
	socket.on('error', () => socket.terminate())
})
server.listen(0, '127.0.0.1', () => {
	console.log(`at ${String((server.address() as AddressInfo).port)}`)
})
