/**
 * Runs in a Worker, so that a busy or hidden page keeps time: timers, and the socket to the server, whose clock
 * probes are stamped here. Everything else is passed on unread.
 */
import type { FromThread, ToThread } from './clock-thread.ts'

const local = () => performance.timeOrigin + performance.now()
const tell = (message: FromThread, handedOver: Transferable[] = []) =>
	postMessage(message, { transfer: handedOver })
let socket: WebSocket | null = null
let socketKey = 0
let isEnding = false
/** A frame that left by then is not worth a word. */
const BUFFER_LOOK_MS = 50

const open = (key: number, url: string) => {
	const opened = new WebSocket(url)
	socket = opened
	socketKey = key
	opened.binaryType = 'arraybuffer'
	opened.onopen = () => tell(['open', key])
	opened.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
		tell(['message', key, data, local()], typeof data === 'string' ? [] : [data])
	opened.onclose = ({ code, reason }) => {
		tell(['close', key, code, reason])
		if (isEnding && socket === opened) close()
	}
}

/** A slow line is seen here alone: the page is told until everything has left. */
let isWatching = false
const watchBuffer = (of: WebSocket, key: number) => {
	if (isWatching || of.bufferedAmount === 0) return
	isWatching = true
	const look = () => {
		tell(['buffered', key, of.bufferedAmount])
		isWatching = of.bufferedAmount > 0 && of.readyState === WebSocket.OPEN
		if (isWatching) setTimeout(look, BUFFER_LOOK_MS)
	}
	setTimeout(look, BUFFER_LOOK_MS)
}

addEventListener('message', ({ data }: MessageEvent<ToThread>) => {
	switch (data[0]) {
		case 'timer':
			setTimeout(() => tell(['timer', data[1]]), data[2])
			return
		case 'open':
			try {
				open(data[1], data[2])
			} catch (error) {
				tell(['close', data[1], 1006, String(error)]) // no address of a socket
			}
			return
		case 'send':
			socket?.send(data[1])
			if (socket !== null && typeof data[1] !== 'string') watchBuffer(socket, socketKey)
			return
		case 'probe': {
			const t0 = local()
			socket?.send(JSON.stringify({ type: 'clock', id: data[1], t0 }))
			tell(['probed', data[1], t0])
			return
		}
		case 'close':
			socket?.close(data[1])
			return
		case 'end':
			// The last words go out before the thread does.
			isEnding = true
			socket?.close(1000)
			if (socket === null || socket.readyState === WebSocket.CLOSED) close()
	}
})
tell(['ready'])
