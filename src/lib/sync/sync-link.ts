/**
 * The outgoing half of one link: updates as they come, questions (step 1) and answers (step 2). A neighbour that
 * cannot keep up gets no more updates but an exchange of state vectors once it has taken what waits for it.
 */
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import { STATE_MAX_BYTES, UPDATE_MAX_BYTES, type SyncKind } from '#lib/protocol/room-frames.ts'
import type { TimerHandle, Timers } from '#lib/transport/timers.ts'
import type { Transport } from '#lib/transport/transport.ts'
import * as Y from 'yjs'
import { createOutbox } from './outbox.ts'

/** A state may be megabytes: not more often than this to one neighbour. */
const ANSWER_EVERY_MS: Millis = 1_000
/** After a large one it takes longer until the next: somebody may ask for all of it again and again. */
const ANSWER_BYTES_PER_MS = 256

/** The `origin` of transactions that a neighbour's message made. */
export interface LinkOrigin {
	readonly type: 'link'
	readonly peer: PeerId
}

export interface SyncLinkDeps {
	readonly peer: PeerId
	readonly device: DeviceId
	readonly doc: Y.Doc
	readonly transport: Pick<Transport, 'send'>
	readonly timers: Timers
	readonly onSent: (kind: SyncKind) => void
	readonly onSentBytes: (bytes: number) => void
	/** More than one answer holds, and what cuts it up could not be fetched. */
	readonly onTooBig: (bytes: number) => void
	/** Runs `fn` when everything that came in before has been judged: only then may the document be handed on. */
	readonly inTurn: (fn: () => Promise<void> | void) => void
}

export interface SyncLink {
	readonly peer: PeerId
	readonly device: DeviceId
	readonly origin: LinkOrigin
	/** `never` asked, `asked` and not yet answered, `answered` at least once since. */
	readonly question: 'never' | 'asked' | 'answered'
	readonly askedAtMs: Millis
	/** All it had when it was first asked is here. */
	readonly isComplete: boolean
	/** Asks for what the neighbour has beyond our document; it asks back where we have more. */
	ask(): void
	/** The neighbour's answer has been judged. True the first time. */
	noteAnswer(): boolean
	/** The neighbour asked: `vector` says what it has. */
	beAsked(vector: Uint8Array): void
	sendUpdate(update: Uint8Array): void
	/** The neighbour lacks something that goes into no update. */
	fallBehind(): void
	drained(): void
	/** `fn` after `delayMs`, unless the link is closed by then. */
	later(delayMs: Millis, fn: () => void): void
	close(): void
}

const clocksIn = (vector: Uint8Array): number => {
	let sum = 0
	for (const clock of Y.decodeStateVector(vector).values()) sum += clock
	return sum
}

export const createSyncLink = (deps: SyncLinkDeps): SyncLink => {
	const { peer, device, doc, timers } = deps
	const outbox = createOutbox(deps.transport, peer, deps.onSentBytes)
	const pendingTimers = new Set<TimerHandle>()
	let isClosed = false
	let question: SyncLink['question'] = 'never'
	let askedAtMs = -Infinity
	let isComplete = false
	/** What the neighbour asked with, until it is answered. */
	let vectorToAnswer: Uint8Array | null = null
	let mayAnswerAtMs = -Infinity
	/** The last answer was a part: what the neighbour had before it, in clocks. */
	let partFrom: number | null = null
	/** Before its first question, updates would only wait over there for what they build on. */
	let didItAsk = false
	let isBehind = false

	const later = (delayMs: Millis, fn: () => void): void => {
		const handle = timers.setTimeout(() => {
			pendingTimers.delete(handle)
			fn()
		}, delayMs)
		pendingTimers.add(handle)
	}

	const send = (kind: SyncKind, message: Uint8Array): boolean => {
		const outcome = outbox.send(kind, message)
		if (outcome === 'taken') deps.onSent(kind)
		if (outcome === 'too-big') deps.onTooBig(message.length)
		return outcome === 'taken'
	}

	const ask = (): void => {
		question = 'asked'
		askedAtMs = timers.nowMs()
		if (!send('step1', Y.encodeStateVector(doc))) isBehind = true
	}

	/** By their state vector: whether the neighbour has something that we have not. */
	const hasMore = (vector: Uint8Array): boolean => {
		const ours = Y.decodeStateVector(Y.encodeStateVector(doc))
		return [...Y.decodeStateVector(vector)].some(([client, clock]) => clock > (ours.get(client) ?? 0))
	}

	const sendAnswer = (vector: Uint8Array, state: Uint8Array): void => {
		mayAnswerAtMs = timers.nowMs() + Math.max(ANSWER_EVERY_MS, state.length / ANSWER_BYTES_PER_MS)
		send('step2', state)
		// After a part it sees by our question that we have more, and asks for the next one.
		if (partFrom !== null || (question === 'answered' && hasMore(vector))) ask()
	}

	const sendPart = async (vector: Uint8Array, state: Uint8Array): Promise<void> => {
		const parts = await import('./state-parts.ts').catch(() => null) // away just now: whole, as far as that goes
		const part = parts?.firstPartOf(state, vector) ?? null
		if (isClosed) return
		if (part !== null) partFrom = clocksIn(vector)
		sendAnswer(vector, part ?? state)
	}

	const answer = (): Promise<void> | void => {
		const vector = vectorToAnswer
		if (vector === null || isClosed || !outbox.isEmpty) return
		const hasPart = partFrom !== null && clocksIn(vector) > partFrom
		const waitMs = hasPart ? 0 : mayAnswerAtMs - timers.nowMs()
		if (waitMs > 0) {
			later(waitMs, () => deps.inTurn(answer))
			return
		}
		vectorToAnswer = null
		didItAsk = true
		partFrom = null
		const state = Y.encodeStateAsUpdate(doc, vector)
		if (state.length > STATE_MAX_BYTES) return sendPart(vector, state)
		sendAnswer(vector, state)
	}

	const catchUp = (): void => {
		if (!isBehind || isClosed || !outbox.isEmpty) return
		isBehind = false
		ask()
	}

	return {
		peer,
		device,
		origin: { type: 'link', peer },
		get question() {
			return question
		},
		get askedAtMs() {
			return askedAtMs
		},
		get isComplete() {
			return isComplete
		},
		ask,
		noteAnswer: () => {
			question = 'answered'
			const isFirst = !isComplete
			isComplete = true
			return isFirst
		},
		beAsked: (vector) => {
			const isWaiting = vectorToAnswer !== null
			vectorToAnswer = vector
			if (!isWaiting) deps.inTurn(answer)
		},
		sendUpdate: (update) => {
			if (!didItAsk || isBehind) return
			if (update.length <= UPDATE_MAX_BYTES && send('update', update)) return
			isBehind = true
			catchUp()
		},
		fallBehind: () => {
			if (!didItAsk) return
			isBehind = true
			catchUp()
		},
		drained: () => {
			outbox.drained()
			catchUp()
			if (vectorToAnswer !== null) deps.inTurn(answer)
		},
		later,
		close: () => {
			isClosed = true
			for (const handle of pendingTimers) timers.clearTimeout(handle)
			pendingTimers.clear()
			outbox.clear()
		},
	}
}
