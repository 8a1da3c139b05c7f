/**
 * The bus over Redis. Whether it works is found out by hearing oneself: a beat is published each second, and only
 * while it comes back is the bus up. So a Redis that is gone, stands still, or has forgotten our subscriptions is the
 * same thing, and so is its coming back: two new connections, everything subscribed to again, and `up`.
 */
import { Redis } from 'ioredis'
import { randomBytes } from 'node:crypto'
import { BusRefused, type Bus, type BusEvent, type BusState } from './bus.ts'

const BEAT_INTERVAL_MS = 1_000
/** Not heard ourselves for so long: away. */
const SILENT_MS = 2_500
/** From the first packet until we hear ourselves. */
const OPEN_DEADLINE_MS = 4_000
const RETRY_MIN_MS = 100
const RETRY_MAX_MS = 1_000
/** What somebody waits for is answered within this, by `away` if need be. */
const ANSWER_DEADLINE_MS = 500
/** Channels in one SUBSCRIBE. */
const SUBSCRIBE_PART = 500

/** A bucket as the time at which it will be full again (GCRA), by the clock of Redis. ARGV: ms a token, burst. */
const TAKE = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local full = math.max(tonumber(redis.call('GET', KEYS[1])) or now, now) + ARGV[1]
local wait = full - now - ARGV[1] * ARGV[2]
if wait > 0.001 then return math.max(1, math.ceil(wait)) end
redis.call('SET', KEYS[1], string.format('%.3f', full), 'PX', math.ceil(full - now))
return 0`
const GIVE_BACK = `
local full = tonumber(redis.call('GET', KEYS[1]))
if full then redis.call('SET', KEYS[1], string.format('%.3f', full - ARGV[1]), 'KEEPTTL') end
return 0`

export interface RedisBusOptions {
	/** Stands before every key and channel. */
	readonly prefix: string
}

const messageOf = (error: unknown): string => {
	// `localhost` is tried by IPv6 and IPv4; the sum of both failures has no message of its own.
	if (error instanceof AggregateError) return messageOf(error.errors[0])
	return error instanceof Error && error.message !== '' ? error.message : String(error)
}

interface Attempt {
	readonly commands: Redis
	readonly subscriber: Redis
	sinceMs: number
	isReady: boolean
	/** When we heard ourselves last; 0 before the first time. */
	heardMs: number
	isBeatOut: boolean
}

/** Rejects with `BusRefused` where Redis cannot be reached or does not let us in; later it only is away. */
export const openRedisBus = async (url: string, { prefix }: RedisBusOptions): Promise<Bus> => {
	const beatChannel = `beat:${randomBytes(9).toString('base64url')}`
	const channels = new Set<string>([beatChannel])
	const listeners = new Set<(event: BusEvent) => void>()
	/** What waits for an answer and is told 0 when the bus goes away. */
	const pending = new Set<(count: number) => void>()
	let attempt: Attempt | null = null
	let state: BusState = 'away'
	let awaySinceMs = performance.now()
	let failures = 0
	let lastError = 'no answer'
	let isClosed = false
	let retryTimer: NodeJS.Timeout | null = null

	const full = (name: string): string => `${prefix}:${name}`
	const emit = (event: BusEvent): void => {
		for (const fn of [...listeners]) if (!isClosed) fn(event)
	}

	const goAway = (why: string): void => {
		for (const resolve of pending) resolve(0)
		pending.clear()
		if (state === 'away') return
		state = 'away'
		awaySinceMs = performance.now()
		emit({ type: 'away', why })
	}

	const heardOurselves = (own: Attempt): void => {
		own.heardMs = performance.now()
		if (state === 'up' || !own.isReady) return
		state = 'up'
		failures = 0
		emit({ type: 'up', afterMs: own.heardMs - awaySinceMs })
	}

	/** Lets go of both connections and, unless all is over, tries again in a moment. */
	const drop = (own: Attempt, why: string): void => {
		if (attempt !== own) return
		attempt = null
		own.commands.disconnect()
		own.subscriber.disconnect()
		goAway(why)
		if (isClosed) return
		// Jitter, so that many processes do not come back as one.
		const waitMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** failures++) * (0.5 + Math.random() / 2)
		retryTimer = setTimeout(open, waitMs)
	}

	const beat = (own: Attempt): void => {
		if (own.isBeatOut || own.commands.status !== 'ready') return
		own.isBeatOut = true
		own.commands.publish(full(beatChannel), '').then(
			() => void (own.isBeatOut = false),
			() => drop(own, lastError),
		)
	}

	const subscribeAll = async (own: Attempt): Promise<void> => {
		await Promise.all([own.commands.connect(), own.subscriber.connect()])
		// What is added meanwhile subscribes itself, as soon as it sees the connection ready.
		const wanted = [...channels].map(full)
		own.isReady = true
		for (let at = 0; at < wanted.length; at += SUBSCRIBE_PART)
			await own.subscriber.subscribe(...wanted.slice(at, at + SUBSCRIBE_PART))
		beat(own)
	}

	const open = (): void => {
		const connect = (): Redis => {
			const client = new Redis(url, {
				lazyConnect: true,
				protocol: 2,
				connectTimeout: OPEN_DEADLINE_MS,
				disconnectTimeout: 200,
				// Coming back is ours, with new connections: nothing old is sent or subscribed behind our back.
				retryStrategy: () => null,
				enableOfflineQueue: false,
				autoResubscribe: false,
				autoResendUnfulfilledCommands: false,
				maxRetriesPerRequest: 0,
				// A frame alone waits for no others: 0.1 ms of 1.3 (bench:bus).
				enableAutoPipelining: false,
				disableClientInfo: true,
			})
			client.on('error', (error: unknown) => {
				lastError = messageOf(error)
			})
			client.on('end', () => drop(own, lastError))
			return client
		}
		const own: Attempt = {
			commands: connect(),
			subscriber: connect(),
			sinceMs: performance.now(),
			isReady: false,
			heardMs: 0,
			isBeatOut: false,
		}
		attempt = own
		const skip = prefix.length + 1
		own.subscriber.on('messageBuffer', (name: Buffer, bytes: Buffer) => {
			if (attempt !== own) return
			const channel = name.toString('utf8', skip)
			if (channel === beatChannel) heardOurselves(own)
			else if (channels.has(channel)) emit({ type: 'message', channel, bytes })
		})
		subscribeAll(own).catch((error: unknown) => {
			// ioredis says of any connection that ends early only that it was closed; why came before as an event.
			if (lastError === 'no answer') lastError = messageOf(error)
			drop(own, lastError)
		})
	}

	let watchedMs = performance.now()
	const watch = (): void => {
		const own = attempt
		const nowMs = performance.now()
		// A process that itself stood still could not hear: what has come meanwhile is only read after this timer.
		const lateMs = Math.max(0, nowMs - watchedMs - BEAT_INTERVAL_MS)
		watchedMs = nowMs
		if (own === null) return
		own.sinceMs += lateMs
		if (own.heardMs > 0) own.heardMs += lateMs
		if (own.heardMs === 0) {
			if (nowMs - own.sinceMs > OPEN_DEADLINE_MS) drop(own, lastError)
			else beat(own)
			return
		}
		if (nowMs - own.heardMs > SILENT_MS) drop(own, 'it does not answer')
		else beat(own)
	}

	/** `answer`, or 0 once the bus is away. Not a race, which would keep every answer ever waited for. */
	const untilAway = (answer: Promise<number>): Promise<number> =>
		new Promise((resolve) => {
			pending.add(resolve)
			void answer.then((count) => {
				pending.delete(resolve)
				resolve(count)
			})
		})

	/** `ask` answered in time, or null. */
	const within = <T>(ask: (commands: Redis) => Promise<T>): Promise<T | null> => {
		const commands = state === 'up' ? attempt?.commands : undefined
		if (commands === undefined) return Promise.resolve(null)
		return new Promise((resolve) => {
			const timer = setTimeout(() => resolve(null), ANSWER_DEADLINE_MS)
			const settle = (answer: T | null): void => {
				clearTimeout(timer)
				resolve(answer)
			}
			// A failure is an absence to whoever asks; what is wrong is told by the state.
			ask(commands).then(settle, () => settle(null))
		})
	}

	const bus: Bus = {
		isShared: true,
		state: () => state,
		async subscribe(channel) {
			channels.add(channel)
			const own = attempt
			if (own === null || !own.isReady) return
			const done = own.subscriber.subscribe(full(channel)).then(
				() => 1,
				() => (drop(own, lastError), 0),
			)
			if (state === 'up') await untilAway(done)
		},
		unsubscribe(channel) {
			channels.delete(channel)
			const own = attempt
			if (own?.isReady === true) own.subscriber.unsubscribe(full(channel)).catch(() => drop(own, lastError))
		},
		publish(channel, bytes) {
			const commands = state === 'up' ? attempt?.commands : undefined
			if (commands === undefined) return Promise.resolve(0)
			const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
			// Of one that failed, the end of the connection tells the rest.
			return untilAway(commands.publish(full(channel), frame).catch(() => 0))
		},
		async claim(key, forMs) {
			const answer = await within(async (commands) => ({
				set: await commands.set(full(key), '1', 'PX', Math.ceil(forMs), 'NX'),
			}))
			return answer === null ? 'away' : answer.set === 'OK' ? 'first' : 'taken'
		},
		async mark(key, forMs) {
			await within((commands) => commands.set(full(key), '1', 'PX', Math.ceil(forMs)))
		},
		isMarked: async (key) => (await within((commands) => commands.exists(full(key)))) === 1,
		take: async (key, { perSecond, burst }) => {
			const answer = await within((commands) => commands.eval(TAKE, 1, full(key), 1_000 / perSecond, burst))
			return answer === null ? null : Number(answer)
		},
		async giveBack(key, { perSecond }) {
			await within((commands) => commands.eval(GIVE_BACK, 1, full(key), 1_000 / perSecond))
		},
		on(fn) {
			listeners.add(fn)
			return () => void listeners.delete(fn)
		},
		async close() {
			isClosed = true
			clearInterval(watchTimer)
			if (retryTimer !== null) clearTimeout(retryTimer)
			if (attempt !== null) drop(attempt, 'closed')
			listeners.clear()
		},
	}

	const watchTimer = setInterval(watch, BEAT_INTERVAL_MS)
	const first = Promise.withResolvers<void>()
	const off = bus.on((event) => {
		if (event.type === 'up') first.resolve()
	})
	const deadline = setTimeout(() => first.reject(new BusRefused(lastError)), OPEN_DEADLINE_MS + 1_000)
	open()
	const opening = attempt as Attempt | null
	// Refused once is refused: an operator who mistyped must not wait for the deadline.
	opening?.commands.once('end', () => first.reject(new BusRefused(lastError)))
	try {
		await first.promise
	} catch (error) {
		await bus.close()
		throw error
	} finally {
		clearTimeout(deadline)
		off()
	}
	return bus
}
