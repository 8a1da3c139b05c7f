/**
 * What is of this moment only, told to neighbours and kept nowhere: who is writing, and reactions to the film. It goes
 * in `app` frames, which older pages ignore. In large rooms nobody says that they write.
 */
import { emojiText } from '#lib/core/emoji.ts'
import { flag, literal, object, union } from '#lib/core/schema.ts'
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import { encodeRoomFrame, parseRoomFrame } from '#lib/protocol/room-frames.ts'
import type { TimerHandle, Timers } from '#lib/transport/timers.ts'
import type { Transport } from '#lib/transport/transport.ts'

/** A reaction over the picture. */
export interface Float {
	readonly emoji: string
	readonly by: DeviceId
}

export interface ChatLive {
	/** Who is writing, in the order in which they began. */
	typing(): readonly DeviceId[]
	/** This person writes, or has stopped. Call it with each key: what is sent is rationed here. */
	setTyping(isTyping: boolean): void
	/** False where there were too many of late: nothing was shown to anybody. */
	float(emoji: string): boolean
	/** Own ones too. Returns its undo. */
	onFloat(fn: (float: Float) => void): () => void
	/** Idempotent. */
	stop(): void
}

export interface ChatLiveDeps {
	readonly transport: Transport
	readonly timers: Timers
	readonly me: DeviceId
	/** Others may be viewers, or out: what they send is not shown. */
	readonly mayChat: (device: DeviceId) => boolean
	readonly mayReact: (device: DeviceId) => boolean
	/** Who is writing has changed. */
	readonly onChange: () => void
}

/** With more links than this nobody says that they write. */
export const TYPING_LINKS_MAX = 12
/** While somebody goes on writing it is said so often. */
export const TYPING_EVERY_MS: Millis = 3_000
/** Not heard again for so long, they have stopped. */
export const TYPING_TTL_MS: Millis = 7_000
/** Own reactions: a burst, then so many a second. */
const FLOAT_BURST = 8
const FLOATS_PER_S = 3
/** Of one neighbour: a burst, then so many a second; the rest is dropped. */
const INBOUND_BURST = 16
const INBOUND_PER_S = 5
const PAYLOAD_MAX_BYTES = 96

const message = union<{ t: 'typing'; on: boolean } | { t: 'float'; e: string }>(
	object({ t: literal('typing'), on: flag }),
	object({ t: literal('float'), e: emojiText }),
)
type Message = { readonly t: 'typing'; readonly on: boolean } | { readonly t: 'float'; readonly e: string }

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Null for anything that is not exactly one message. */
const parse = (payload: Uint8Array): Message | null => {
	if (payload.length > PAYLOAD_MAX_BYTES) return null
	try {
		return message.parse(JSON.parse(decoder.decode(payload))) ?? null
	} catch {
		return null // not UTF-8 or not JSON is one of the ways not to be a message
	}
}

const createBudget = (burst: number, perS: number, nowMs: () => Millis) => {
	let tokens = burst
	let atMs = nowMs()
	return (): boolean => {
		const now = nowMs()
		tokens = Math.min(burst, tokens + ((now - atMs) * perS) / 1_000)
		atMs = now
		if (tokens < 1) return false
		tokens--
		return true
	}
}

export const createChatLive = (deps: ChatLiveDeps): ChatLive => {
	const { transport, timers, me } = deps
	const listeners = new Set<(float: Float) => void>()
	const writers = new Map<DeviceId, TimerHandle>()
	const budgets = new Map<PeerId, () => boolean>()
	const mayFloat = createBudget(FLOAT_BURST, FLOATS_PER_S, timers.nowMs)
	let saidAtMs = -Infinity
	let isStopped = false

	const tell = (one: Message): void => {
		const payload = new TextEncoder().encode(JSON.stringify(one))
		const frame = encodeRoomFrame({ type: 'app', payload })
		// Refused is lost: it was of this moment only.
		for (const { peer } of transport.links()) transport.send(frame, peer, 'lossy')
	}
	const stopWriter = (device: DeviceId): void => {
		if (!writers.has(device)) return
		timers.clearTimeout(writers.get(device))
		writers.delete(device)
		deps.onChange()
	}
	const noteWriter = (device: DeviceId): void => {
		const isNew = !writers.has(device)
		timers.clearTimeout(writers.get(device))
		writers.set(
			device,
			timers.setTimeout(() => {
				stopWriter(device)
			}, TYPING_TTL_MS),
		)
		if (isNew) deps.onChange()
	}
	const show = (float: Float): void => {
		for (const fn of [...listeners]) fn(float)
	}
	const hear = (peer: PeerId, frame: Uint8Array): void => {
		const parsed = parseRoomFrame(frame)
		if (parsed?.type !== 'app') return
		const device = transport.links().find((link) => link.peer === peer)?.device
		if (device === undefined) return
		const isWithin = budgets.get(peer) ?? createBudget(INBOUND_BURST, INBOUND_PER_S, timers.nowMs)
		budgets.set(peer, isWithin)
		if (!isWithin()) return
		const told = parse(parsed.payload)
		if (told?.t === 'float' && deps.mayReact(device)) show({ emoji: told.e, by: device })
		else if (told?.t === 'typing' && !told.on) stopWriter(device)
		else if (told?.t === 'typing' && writers.size < TYPING_LINKS_MAX && deps.mayChat(device))
			noteWriter(device)
	}
	const off = transport.on((event) => {
		if (event.type === 'frame') hear(event.peer, event.frame)
		else if (event.type === 'peer-down') {
			budgets.delete(event.peer)
			const here = new Set(transport.links().map(({ device }) => device))
			for (const device of [...writers.keys()]) if (!here.has(device)) stopWriter(device)
		}
	})

	return {
		typing: () => [...writers.keys()],
		setTyping: (isTyping) => {
			if (isStopped || transport.links().length > TYPING_LINKS_MAX) return
			const nowMs = timers.nowMs()
			if (isTyping ? nowMs - saidAtMs < TYPING_EVERY_MS : saidAtMs === -Infinity) return
			saidAtMs = isTyping ? nowMs : -Infinity
			tell({ t: 'typing', on: isTyping })
		},
		float: (emoji) => {
			if (isStopped || emojiText.parse(emoji) === undefined || !mayFloat()) return false
			show({ emoji, by: me })
			tell({ t: 'float', e: emoji })
			return true
		},
		onFloat: (fn) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		stop: () => {
			isStopped = true
			off()
			for (const timer of writers.values()) timers.clearTimeout(timer)
			writers.clear()
			listeners.clear()
		},
	}
}
