import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SocketLike } from '#lib/transport/signaling-client.ts'
import { createClockThread, type FromThread, type ThreadLike, type ToThread } from './clock-thread.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The worker's end, played by the test. */
const createScriptedWorker = () => {
	const got: ToThread[] = []
	let onMessage: (event: { readonly data: FromThread }) => void = () => undefined
	let onError: () => void = () => undefined
	const state = { isTerminated: false }
	const worker: ThreadLike = {
		postMessage: (message) => void got.push(message),
		addEventListener: (type: string, fn: (event: never) => void) => {
			if (type === 'message') onMessage = fn as typeof onMessage
			else onError = fn as unknown as () => void
		},
		terminate: () => (state.isTerminated = true),
	}
	return {
		worker,
		got,
		state,
		say: (...data: FromThread) => onMessage({ data }),
		breakDown: () => onError(),
	}
}
const setUp = (hasWorker = true) => {
	const scripted = createScriptedWorker()
	const clock = { nowMs: 1_000 }
	const own: {
		url: string
		sent: (string | Uint8Array)[]
		closed: (number | undefined)[]
		fire: (type: string) => void
	}[] = []
	const thread = createClockThread({
		createWorker: () => (hasWorker ? scripted.worker : null),
		local: () => clock.nowMs,
		makeSocket: (url): SocketLike => {
			const fns: [string, () => void][] = []
			const one = {
				url,
				sent: [] as (string | Uint8Array)[],
				closed: [] as (number | undefined)[],
				fire: (type: string) => fns.filter(([name]) => name === type).forEach(([, fn]) => fn()),
			}
			own.push(one)
			return {
				send: (data) => void one.sent.push(data),
				close: (code) => void one.closed.push(code),
				addEventListener: (type: string, fn: (event: never) => void) =>
					void fns.push([type, fn as unknown as () => void]),
			}
		},
	})
	const open = (url = 'wss://server/ws') => {
		const heard: unknown[] = []
		const socket = thread.makeSocket(url)
		socket.addEventListener('open', () => heard.push('open'))
		socket.addEventListener('message', (event) => heard.push(event))
		socket.addEventListener('close', ({ code }) => heard.push(code))
		return { socket, heard }
	}
	return { thread, clock, own, open, ...scripted }
}

describe('the clock’s thread', () => {
	it('[CK10] carries a socket: what is said in both directions, in order', () => {
		const { open, got, say, own } = setUp()
		const { socket, heard } = open()
		expect(got).toEqual([['open', 1, 'wss://server/ws']])
		say('ready')
		say('open', 1)
		socket.send('join')
		say('message', 1, 'joined', 1_000)
		socket.close(1000)
		say('close', 1, 1000, '')
		expect(got.slice(1)).toEqual([
			['send', 'join'],
			['close', 1000],
		])
		// Closed by us: as with a page's socket that was let go, nobody listens any more.
		expect(heard).toEqual(['open', { data: 'joined', atMs: 1_000 }])
		expect(own).toEqual([])
	})
	it('[TR35] carries binary frames, and tells what has not left yet', () => {
		const { open, got, say } = setUp()
		const { socket, heard } = open()
		say('ready')
		say('open', 1)
		socket.send(Uint8Array.of(1, 2))
		expect(got.at(-1)).toEqual(['send', Uint8Array.of(1, 2)])
		expect(socket.bufferedAmount).toBe(0)
		say('buffered', 1, 90_000)
		expect(socket.bufferedAmount).toBe(90_000)
		say('buffered', 1, 0)
		expect(socket.bufferedAmount).toBe(0)
		const bytes = Uint8Array.of(3).buffer
		say('message', 1, bytes, 1_000)
		expect(heard.at(-1)).toEqual({ data: bytes, atMs: 1_000 })
	})
	it('[CK10] a new socket takes over; the old one’s words go nowhere', () => {
		const { open, got, say } = setUp()
		const first = open()
		say('ready')
		say('open', 1)
		say('close', 1, 1006, '')
		expect(first.heard).toEqual(['open', 1006])
		const second = open()
		say('message', 1, 'late', 1_000)
		first.socket.send('late too')
		say('open', 2)
		expect(second.heard).toEqual(['open'])
		expect(first.heard.length).toBe(2)
		expect(got.filter(([type]) => type === 'send')).toEqual([])
	})
	it('[CK10] probes are stamped there, and brought to the page’s clock where the two differ', () => {
		const { open, got, say, clock } = setUp()
		const { socket, heard } = open()
		say('ready')
		say('open', 1)
		const stamps: number[] = []
		expect(socket.probe?.(7, (t0) => stamps.push(t0))).toBe(true)
		expect(got.at(-1)).toEqual(['probe', 7])
		// The worker's stamp lies between asking and hearing of it: the clocks agree.
		clock.nowMs = 1_005
		say('probed', 7, 1_003)
		expect(stamps).toEqual([1_003])
		// A wall clock was set between their starts: this stamp cannot be the page's time.
		socket.probe?.(8, (t0) => stamps.push(t0))
		clock.nowMs = 1_007
		say('probed', 8, 6_006)
		expect(stamps[1]).toBeGreaterThanOrEqual(1_005)
		expect(stamps[1]).toBeLessThanOrEqual(1_007)
		say('message', 1, 'x', 6_010)
		expect((heard.at(-1) as { atMs: number }).atMs).toBeCloseTo(1_010, -1)
	})
	it('[CK10] it ends after its last words', () => {
		const { thread, open, got, say, state } = setUp()
		const { socket } = open()
		say('ready')
		say('open', 1)
		socket.send('leave')
		socket.close(1000)
		thread.dispose()
		thread.dispose()
		expect(got.slice(1)).toEqual([['send', 'leave'], ['close', 1000], ['end']])
		expect(state.isTerminated).toBe(false)
	})
	it('[CK10] runs timers, once each, and not those that were undone', () => {
		const { thread, got, say } = setUp()
		expect(thread.after(50, () => undefined)).toBeNull() // it may not have come up
		say('ready')
		const ran: string[] = []
		thread.after(50, () => ran.push('a'))
		const undo = thread.after(50, () => ran.push('b'))
		const [a, b] = got.map(([, id]) => id as number)
		undo?.()
		for (const id of [a, b, a]) say('timer', id ?? 0)
		expect(ran).toEqual(['a'])
	})
	it('[CK11] without Workers the page opens the socket, stamps and all', () => {
		const { thread, open, own } = setUp(false)
		const { socket, heard } = open()
		expect(own.map(({ url }) => url)).toEqual(['wss://server/ws'])
		own[0]?.fire('open')
		expect(heard).toEqual(['open'])
		expect(socket.probe?.(1, () => undefined) ?? false).toBe(false)
		expect(thread.after(50, () => undefined)).toBeNull()
	})
	it('[CK11] a worker that does not come up in time, or breaks first, leaves the socket to the page', async () => {
		for (const how of ['late', 'broken']) {
			const { open, own, breakDown, state } = setUp()
			const { socket, heard } = open()
			if (how === 'broken') breakDown()
			else await vi.advanceTimersByTimeAsync(10_000)
			expect(own.length).toBe(1)
			own[0]?.fire('open')
			socket.send('join')
			socket.close(1000)
			expect(heard).toEqual(['open'])
			expect(own[0]).toMatchObject({ sent: ['join'], closed: [1000] })
			expect(state.isTerminated).toBe(true)
		}
	})
	it('[CK11] one that breaks later closes the socket, and the next is the page’s', () => {
		const { thread, open, own, say, breakDown } = setUp()
		const { heard } = open()
		say('ready')
		say('open', 1)
		let didRun = false
		thread.after(5_000, () => (didRun = true))
		breakDown()
		expect(heard).toEqual(['open', 1006])
		expect(didRun).toBe(true)
		open()
		expect(own.length).toBe(1)
	})
})
