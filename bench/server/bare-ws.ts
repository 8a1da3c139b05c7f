/**
 * A plain publish loop over `ws`, the peer of the server benchmark: no tickets, no schema, no limits, one timer for all
 * heartbeats. Each message is framed once and written to everybody in one piece, which costs less than `ws.send`;
 * `FRAME=each` lets ws frame the text for each of them, as most programs do.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'

const HEARTBEAT_MS = 15_000
const isFramedForEach = process.env['FRAME'] === 'each'

interface Member {
	readonly ws: WebSocket
	readonly socket: Duplex
	isAlive: boolean
}

const rooms = new Map<string, Set<Member>>()
const members = new Set<Member>()
const server = createServer()
const sockets = new WebSocketServer({
	noServer: true,
	perMessageDeflate: false,
	maxPayload: 64 * 1024,
	clientTracking: false,
})

/** RFC 6455, 5.2: binary, unmasked, below 64 KiB. */
const frameOf = (data: Buffer): Buffer => {
	const headBytes = data.length < 126 ? 2 : 4
	const frame = Buffer.allocUnsafe(headBytes + data.length)
	frame[0] = 0x82
	if (headBytes === 2) frame[1] = data.length
	else {
		frame[1] = 126
		frame.writeUInt16BE(data.length, 2)
	}
	data.copy(frame, headBytes)
	return frame
}

const publish = (from: Member, room: ReadonlySet<Member>, data: Buffer): void => {
	if (isFramedForEach) {
		const text = data.toString('latin1')
		for (const other of room) if (other !== from) other.ws.send(text)
		return
	}
	const frame = frameOf(data)
	for (const other of room)
		if (other !== from && other.ws.readyState === WebSocket.OPEN) other.socket.write(frame)
}

const enter = (ws: WebSocket, socket: Duplex): void => {
	const member: Member = { ws, socket, isAlive: true }
	let room = new Set<Member>()
	members.add(member)
	ws.on('message', (data: Buffer, isBinary) => {
		if (isBinary) return publish(member, room, data)
		const name = data.toString()
		room = rooms.get(name) ?? new Set()
		rooms.set(name, room.add(member))
		ws.send('joined')
	})
	ws.on('pong', () => {
		member.isAlive = true
	})
	ws.on('close', () => {
		room.delete(member)
		members.delete(member)
	})
	ws.on('error', () => ws.terminate())
}

server.on('upgrade', (request, socket, head) =>
	sockets.handleUpgrade(request, socket, head, (ws) => enter(ws, socket)),
)
setInterval(() => {
	for (const member of members) {
		if (!member.isAlive) member.ws.terminate()
		member.isAlive = false
		member.ws.ping()
	}
}, HEARTBEAT_MS)
server.listen(0, '127.0.0.1', () => {
	console.log(`at ${String((server.address() as AddressInfo).port)}`)
})
