/** A publish loop over Socket.IO 4, the peer of the server benchmark: rooms, one event, WebSocket only. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'

const server = createServer()
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false })
io.on('connection', (socket) => {
	let room = ''
	socket.on('join', (name: string) => {
		room = name
		void socket.join(name)
		socket.emit('joined')
	})
	socket.on('msg', (text: string) => socket.to(room).emit('msg', text))
})
server.listen(0, '127.0.0.1', () => {
	console.log(`at ${String((server.address() as AddressInfo).port)}`)
})
