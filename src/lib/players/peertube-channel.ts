/**
 * The channel that PeerTube's embed speaks (jschannel, JSON text by postMessage), as far as its player needs it: one
 * greeting, calls with an id and an answer, and notifications. The other end is a stranger's: whatever is not of this
 * form is handed to `onStrange`, and at most so many calls wait for an answer.
 */
import type { Millis } from '#lib/core/units.ts'
import type { EmbedFrame } from './embed-frame.ts'
import { own, ownNumber, ownText, readMessage } from './embed-values.ts'

export interface PeerTubeChannel {
	/** `onAnswer` is not called if the answer is an error or never comes. */
	call(
		method: string,
		params?: unknown,
		onAnswer?: (result: unknown, sentMs: Millis, gotMs: Millis) => void,
	): void
	/** Greets first; the embed greets too, whichever comes later is ignored. */
	greet(): void
}

export interface PeerTubeChannelEvents {
	onGreeting(): void
	onNotification(method: string, params: unknown, atLocalMs: Millis): void
	onStrange(data: unknown): void
	/** More words in a second than any player has to say. */
	onFlood(): void
}

/** Both ends' name for the channel; an embed that was given none in its address uses this one. */
const SCOPE = 'peertube'
const WAITING_MAX = 32
/** A player says some ten things a second. */
const WORDS_MAX = 300
const SECOND_MS = 1_000

export const createPeerTubeChannel = (
	frame: EmbedFrame,
	local: () => Millis,
	events: PeerTubeChannelEvents,
): PeerTubeChannel => {
	const waiting = new Map<
		number,
		{ readonly sentMs: Millis; readonly onAnswer: (result: unknown, sentMs: Millis, gotMs: Millis) => void }
	>()
	let lastId = 0
	let isGreeted = false
	const post = (message: object): void => frame.post(JSON.stringify(message))

	let second: { readonly sinceMs: Millis; words: number } = { sinceMs: local(), words: 0 }
	const isFlood = (nowMs: Millis): boolean => {
		if (nowMs - second.sinceMs >= SECOND_MS) second = { sinceMs: nowMs, words: 0 }
		second.words += 1
		return second.words > WORDS_MAX
	}

	const stop = frame.onMessage((data, atLocalMs) => {
		if (isFlood(atLocalMs)) {
			stop()
			events.onFlood()
			return
		}
		// An object is no word of this channel: all of it is text.
		const message = typeof data === 'string' ? readMessage(data) : undefined
		const [scope, name] = (ownText(message, 'method') ?? '').split('::')
		const id = ownNumber(message, 'id', 1, Number.MAX_SAFE_INTEGER)
		if (scope === SCOPE && name === '__ready') {
			// A ping wants a pong; a pong is the answer to ours. Only then does the embed send what it kept.
			if (own(message, 'params') === 'ping') post({ method: `${SCOPE}::__ready`, params: 'pong' })
			if (!isGreeted) {
				isGreeted = true
				events.onGreeting()
			}
		} else if (scope === SCOPE && name !== undefined && id === undefined)
			events.onNotification(name, own(message, 'params'), atLocalMs)
		else if (id !== undefined && name === undefined) {
			const asked = waiting.get(id)
			waiting.delete(id)
			if (asked && own(message, 'error') === undefined)
				asked.onAnswer(own(message, 'result'), asked.sentMs, atLocalMs)
		} else events.onStrange(data)
	})
	return {
		call(method, params, onAnswer) {
			lastId += 1
			if (onAnswer) {
				waiting.set(lastId, { sentMs: local(), onAnswer })
				const [oldest] = waiting.keys()
				if (waiting.size > WAITING_MAX && oldest !== undefined) waiting.delete(oldest)
			}
			post({ id: lastId, method: `${SCOPE}::${method}`, ...(params === undefined ? {} : { params }) })
		},
		greet: () => post({ method: `${SCOPE}::__ready`, params: 'ping' }),
	}
}
