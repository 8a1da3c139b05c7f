/**
 * `/y-webrtc`: the signaling protocol of stock y-webrtc 10 (subscribe, unsubscribe, publish, ping), so that any of its
 * apps can use this server. Without accounts by nature: what protects others are the limits. What is published is
 * passed on unread, to the publisher too, as the stock server does.
 */
import { list, literal, object, text, union, type Parsed, type Schema } from '#lib/protocol/schema.ts'
import { createBucket, type Bucket, type Rate } from './buckets.ts'
import type { Connection, Protocol } from './connection.ts'
import type { Counters } from './counters.ts'
import { createTopics, TOPIC_MAX_CHARS } from './topics.ts'
import { textFrame } from './ws-frames.ts'

/** More in one frame is no room list of anybody's. */
const TOPICS_PER_FRAME = 200

const anything: Schema<unknown> = { parse: (input) => input, describe: 'anything' }
const topic = text(TOPIC_MAX_CHARS)
const topics = list(topic, TOPICS_PER_FRAME)
const subscribe = object({ type: literal('subscribe'), topics })
const unsubscribe = object({ type: literal('unsubscribe'), topics })
const publish = object({ type: literal('publish'), topic, data: anything })
const ping = object({ type: literal('ping') })
const message = union<
	Parsed<typeof subscribe> | Parsed<typeof unsubscribe> | Parsed<typeof publish> | Parsed<typeof ping>
>(subscribe, unsubscribe, publish, ping)

const PONG = JSON.stringify({ type: 'pong' })

const parse = (frame: string): Parsed<typeof message> | null => {
	try {
		return message.parse(JSON.parse(frame)) ?? null
	} catch {
		return null // not JSON
	}
}

interface Speaker {
	readonly connection: Connection
	readonly deliveries: Bucket
	readonly badMessages: Bucket
}

export const createYWebrtc = (deps: {
	readonly counters: Counters
	readonly nowMs: () => number
	readonly badMessages: Rate
	/** Those of a socket on `/ws`, which sends to one peer at a time and gathers what it sends. */
	readonly messages: Rate
	readonly bytes: Rate
}): Protocol => {
	const { counters, nowMs } = deps
	// A joiner trickles about 14 candidates to each of up to 34 others at once.
	const messages: Rate = { perSecond: 2 * deps.messages.perSecond, burst: 10 * deps.messages.burst }
	/** Copies sent on for one publisher: each of those messages to 50 listeners. */
	const copies: Rate = { perSecond: 50 * messages.perSecond, burst: 50 * messages.burst }
	const switchboard = createTopics()
	/** Those who have said something that made sense. */
	const speakers = new Map<number, Speaker>()

	const bad = (connection: Connection): void => {
		counters.refused('y-bad-message')
		const speaker = speakers.get(connection.id)
		if (speaker?.badMessages.take(nowMs()) !== true) connection.close('badMessage')
	}

	const pass = (from: Speaker, input: Parsed<typeof publish>): void => {
		const to = switchboard.listeners(input.topic)
		if (to.size === 0) return
		if (!from.deliveries.take(nowMs(), to.size)) return counters.refused('y-fan-out')
		let json: string
		try {
			json = JSON.stringify({ ...input, clients: to.size })
		} catch {
			return bad(from.connection) // nested too deep to be written again
		}
		const frame = textFrame(json)
		for (const socket of to) speakers.get(socket)?.connection.write(frame)
	}

	return {
		messages,
		bytes: deps.bytes,
		message(connection, frame) {
			const input = parse(frame)
			if (input === null) return bad(connection)
			const speaker = speakers.get(connection.id) ?? {
				connection,
				deliveries: createBucket(copies, nowMs()),
				badMessages: createBucket(deps.badMessages, nowMs()),
			}
			speakers.set(connection.id, speaker)
			switch (input.type) {
				case 'subscribe':
					for (const name of input.topics)
						if (!switchboard.subscribe(connection.id, name)) counters.refused('y-topics')
					return
				case 'unsubscribe':
					for (const name of input.topics) switchboard.unsubscribe(connection.id, name)
					return
				case 'publish':
					return pass(speaker, input)
				case 'ping':
					return connection.send(PONG)
			}
		},
		binary: bad,
		// The stock protocol has no word for it.
		overLimit: () => counters.refused('y-rate'),
		isAdmitted: (connection) => speakers.has(connection.id),
		closed(connection) {
			switchboard.leave(connection.id)
			speakers.delete(connection.id)
		},
	}
}
