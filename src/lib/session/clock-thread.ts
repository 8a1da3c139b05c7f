/**
 * The page's end of the clock worker: its timers, and a socket that looks like the page's own. Where no Worker can be
 * started, or it does not come up, the page's thread does the same, only less punctually.
 */
import type { Millis } from '#lib/core/units.ts'
import type { SocketLike } from '#lib/transport/signaling-client.ts'

export type ToThread =
	| readonly ['timer', id: number, ms: number]
	| readonly ['open', key: number, url: string]
	/** To the socket opened last. */
	| readonly ['send', data: string | Uint8Array<ArrayBuffer>]
	| readonly ['probe', id: number]
	| readonly ['close', code: number | undefined]
	/** Closes the thread once the socket is. */
	| readonly ['end']
export type FromThread =
	| readonly ['ready']
	| readonly ['timer', id: number]
	| readonly ['open', key: number]
	| readonly ['message', key: number, data: unknown, atMs: number]
	/** What the socket has not sent yet; told while it is more than nothing, and once it is nothing. */
	| readonly ['buffered', key: number, bytes: number]
	| readonly ['probed', id: number, atMs: number]
	| readonly ['close', key: number, code: number, reason: string]

/** What is used of a Worker. */
export interface ThreadLike {
	postMessage(message: ToThread): void
	addEventListener(type: 'message', fn: (event: { readonly data: FromThread }) => void): void
	addEventListener(type: 'error', fn: () => void): void
	terminate(): void
}

export interface ClockThreadDeps {
	/** Null where Workers cannot be started. */
	readonly createWorker: () => ThreadLike | null
	readonly makeSocket: (url: string) => SocketLike
	readonly local: () => Millis
}

export interface ClockThread {
	/** Null where the page's own timers have to do. */
	after(ms: Millis, fn: () => void): (() => void) | null
	makeSocket(url: string): SocketLike
	/** Has it come up before it is needed; a socket brings it up as well. */
	start(): void
	/** Idempotent. A socket being closed is still closed in order. */
	dispose(): void
}

/** A file of ours that has not come by then will not: the page opens the socket itself. */
const START_DEADLINE_MS = 4_000
const ABNORMAL = 1006

interface Shown {
	readonly key: number
	readonly emit: (type: string, event: unknown) => void
	/** Goes on with a socket of the page's, before anything was said. */
	readonly fallBack: () => void
	didOpen: boolean
	bufferedBytes: number
}

export const createClockThread = (deps: ClockThreadDeps): ClockThread => {
	const { local } = deps
	let worker: ThreadLike | null | undefined
	let isReady = false
	let lastId = 0
	const waiting = new Map<number, () => void>()
	const asked = new Map<number, { readonly atMs: Millis; readonly onSent: (t0: Millis) => void }>()
	let shown: Shown | null = null
	let watchdog: ReturnType<typeof setTimeout> | undefined
	/** The worker's local time minus the page's lies within these; 0 unless a clock was set between their starts. */
	let least = -Infinity
	let most = Infinity
	const toPage = (atMs: Millis): Millis => atMs - Math.min(most, Math.max(least, 0))

	const fail = () => {
		worker?.terminate()
		worker = null
		clearTimeout(watchdog)
		for (const fn of waiting.values()) fn() // early rather than never
		waiting.clear()
		asked.clear()
		const socket = shown
		shown = null
		if (socket?.didOpen === true) socket.emit('close', { code: ABNORMAL, reason: '' })
		else socket?.fallBack()
	}

	const receive = (message: FromThread) => {
		switch (message[0]) {
			case 'ready':
				isReady = true
				clearTimeout(watchdog)
				return
			case 'timer': {
				const fn = waiting.get(message[1])
				waiting.delete(message[1])
				fn?.()
				return
			}
			case 'probed': {
				const [, id, atMs] = message
				const ask = asked.get(id)
				if (ask === undefined) return
				asked.delete(id)
				const [low, high] = [atMs - local(), atMs - ask.atMs]
				const didPart = low > most || high < least
				least = didPart ? low : Math.max(least, low)
				most = didPart ? high : Math.min(most, high)
				ask.onSent(toPage(atMs))
				return
			}
			case 'open':
				if (shown?.key !== message[1]) return
				shown.didOpen = true
				shown.emit('open', {})
				return
			case 'message':
				if (shown?.key === message[1]) shown.emit('message', { data: message[2], atMs: toPage(message[3]) })
				return
			case 'buffered':
				if (shown?.key === message[1]) shown.bufferedBytes = message[2]
				return
			case 'close': {
				if (shown?.key !== message[1]) return
				const closed = shown
				// First: whoever hears of it may open the next one.
				shown = null
				closed.emit('close', { code: message[2], reason: message[3] })
			}
		}
	}

	const thread = (): ThreadLike | null => {
		if (worker !== undefined) return worker
		worker = deps.createWorker()
		worker?.addEventListener('message', ({ data }) => receive(data))
		worker?.addEventListener('error', fail)
		if (worker !== null) watchdog = setTimeout(fail, START_DEADLINE_MS)
		return worker
	}

	const socketOn = (at: ThreadLike, url: string): SocketLike => {
		const key = ++lastId
		const listeners: [string, (event: never) => void][] = []
		/** Set when the worker did not come up. */
		let own: SocketLike | null = null
		const mine: Shown = {
			key,
			didOpen: false,
			bufferedBytes: 0,
			emit: (type, event) => {
				for (const [name, fn] of listeners) if (name === type) fn(event as never)
			},
			fallBack: () => {
				own = deps.makeSocket(url)
				for (const [name, fn] of listeners) own.addEventListener(name as 'message', fn as () => void)
			},
		}
		shown = mine
		asked.clear()
		at.postMessage(['open', key, url])
		const post = (message: ToThread) => {
			if (shown === mine) at.postMessage(message)
		}
		return {
			send: (data) => (own === null ? post(['send', data]) : own.send(data)),
			get bufferedAmount() {
				return own === null ? mine.bufferedBytes : (own.bufferedAmount ?? 0)
			},
			close: (code) => {
				if (own !== null) own.close(code)
				else post(['close', code])
				if (shown === mine) shown = null
			},
			probe: (id, onSent) => {
				if (own !== null || shown !== mine) return false
				asked.set(id, { atMs: local(), onSent })
				post(['probe', id])
				return true
			},
			addEventListener: (type: string, fn: (event: never) => void) => {
				listeners.push([type, fn])
			},
		}
	}

	return {
		after: (ms, fn) => {
			const at = thread()
			if (at === null || !isReady) return null
			const id = ++lastId
			waiting.set(id, fn)
			at.postMessage(['timer', id, ms])
			return () => void waiting.delete(id)
		},
		makeSocket: (url) => {
			const at = thread()
			return at === null ? deps.makeSocket(url) : socketOn(at, url)
		},
		start: () => void thread(),
		dispose: () => {
			clearTimeout(watchdog)
			waiting.clear()
			asked.clear()
			worker?.postMessage(['end'])
			worker = null
		},
	}
}

/** A room's thread in a browser, with its Worker on the way up. */
export const startClockThread = (local: () => Millis): ClockThread => {
	const thread = createClockThread({
		createWorker: startClockWorker,
		makeSocket: (url) => Object.assign(new WebSocket(url), { binaryType: 'arraybuffer' as const }),
		local,
	})
	thread.start()
	return thread
}

/** The Worker in a browser; its file is built beside the app. */
const startClockWorker = (): ThreadLike | null => {
	try {
		return new Worker(new URL('./clock-worker.ts', import.meta.url), { type: 'module' })
	} catch (error) {
		console.warn('No Worker for the clock: a busy or hidden tab will keep time less well.', error)
		return null
	}
}
