/**
 * The transport between tabs of one browser. Presence is by hello, welcome and bye; a tab that ends without a bye is
 * noticed by its silence. Everything of this origin may post here, so what arrives is parsed like a stranger's.
 */
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import { ID_PATTERN } from '#lib/core/units.ts'
import {
	branded,
	bytes,
	literal,
	nullable,
	object,
	oneOf,
	text,
	union,
	type Parsed,
} from '#lib/protocol/schema.ts'
import { createEmitter } from './emitter.ts'
import type { TimerHandle, Timers } from './timers.ts'
import {
	FRAME_MAX_BYTES,
	LOSSY_FRAME_MAX_BYTES,
	type Lane,
	type PeerDownReason,
	type Transport,
	type TransportEvent,
} from './transport.ts'

/** What is used of the platform's BroadcastChannel. */
export interface BroadcastChannelLike {
	postMessage(message: unknown): void
	addEventListener(type: 'message', fn: (event: { readonly data: unknown }) => void): void
	close(): void
}

export interface BroadcastChannelDeps {
	/** Opens the channel of this name; null where the browser has none: then there are no other tabs. */
	readonly open: (name: string) => BroadcastChannelLike | null
	/** One name a room. */
	readonly name: string
	readonly device: DeviceId
	readonly timers: Timers
}

const HERE_EVERY_MS: Millis = 20_000
/** Browsers run a hidden tab's timers once a minute: two of those may be late before a tab counts as gone. */
export const TAB_TTL_MS: Millis = 150_000

const id = <T>() => branded<T>(text(22, ID_PATTERN))
const presence = object({
	v: literal(1),
	type: oneOf('hello', 'here', 'bye'),
	from: id<PeerId>(),
	device: id<DeviceId>(),
	/** Null: for all. */
	to: nullable(id<PeerId>()),
})
const frame = object({
	v: literal(1),
	type: literal('frame'),
	from: id<PeerId>(),
	to: id<PeerId>(),
	lane: oneOf('ordered', 'lossy'),
	frame: bytes(0, FRAME_MAX_BYTES),
})
const tabMessage = union<Parsed<typeof presence> | Parsed<typeof frame>>(presence, frame)
type TabMessage = Parsed<typeof tabMessage>

interface Tab {
	readonly device: DeviceId
	heardAtMs: Millis
}

export const createBroadcastChannelTransport = (deps: BroadcastChannelDeps): Transport => {
	const { timers } = deps
	const { emit, on, clear } = createEmitter<TransportEvent>()
	const tabs = new Map<PeerId, Tab>()
	const dropped = new Set<PeerId>()
	let self: PeerId | null = null
	let channel: BroadcastChannelLike | null = null
	let beat: TimerHandle
	let isStopped = false

	const post = (message: TabMessage) => channel?.postMessage(message)
	const say = (type: 'hello' | 'here' | 'bye', to: PeerId | null = null) => {
		if (self !== null) post({ v: 1, type, from: self, device: deps.device, to })
	}

	const down = (peer: PeerId, reason: PeerDownReason) => {
		if (tabs.delete(peer)) emit({ type: 'peer-down', peer, reason })
	}
	const noteTab = (peer: PeerId, device: DeviceId) => {
		const known = tabs.get(peer)
		if (known !== undefined) known.heardAtMs = timers.nowMs()
		else {
			tabs.set(peer, { device, heardAtMs: timers.nowMs() })
			emit({ type: 'peer-up', peer, device, path: 'local' })
		}
	}

	const receive = (data: unknown) => {
		const message = tabMessage.parse(data)
		if (isStopped || message === undefined || message.from === self || dropped.has(message.from)) return
		if (message.to !== null && message.to !== self) return
		if (message.type === 'frame') {
			const tab = tabs.get(message.from)
			if (tab === undefined) return // posted before we knew of each other
			tab.heardAtMs = timers.nowMs()
			emit({ type: 'frame', peer: message.from, lane: message.lane, frame: message.frame })
		} else if (message.type === 'bye') down(message.from, 'left')
		else {
			// Answered before anything is sent that a listener of `peer-up` may send: it must find us known.
			const isNews = message.type === 'hello' || (message.to === null && !tabs.has(message.from))
			if (isNews) say('here', message.from)
			noteTab(message.from, message.device)
		}
	}

	const tick = () => {
		say('here')
		for (const [peer, tab] of [...tabs])
			if (timers.nowMs() - tab.heardAtMs > TAB_TTL_MS) down(peer, 'timeout')
		beat = timers.setTimeout(tick, HERE_EVERY_MS)
	}

	return {
		kind: 'broadcast-channel',
		start: (peer) => {
			if (self !== null || isStopped) throw new Error('this transport was started before')
			self = peer
			channel = deps.open(deps.name)
			channel?.addEventListener('message', (event) => receive(event.data))
			say('hello')
			beat = timers.setTimeout(tick, HERE_EVERY_MS)
		},
		send: (payload, to, lane: Lane) => {
			if (self === null || !tabs.has(to)) return 'no-such-peer'
			if (payload.length > (lane === 'lossy' ? LOSSY_FRAME_MAX_BYTES : FRAME_MAX_BYTES)) return 'too-big'
			// A copy of just these bytes: cloning a view would carry its whole buffer along.
			post({ v: 1, type: 'frame', from: self, to, lane, frame: payload.slice() })
			return 'sent'
		},
		links: () => [...tabs].map(([peer, { device }]) => ({ peer, device, path: 'local', rttMs: null })),
		drop: (peer, reason) => {
			if (!tabs.has(peer)) return
			if (reason === 'misbehaved') dropped.add(peer)
			say('bye', peer)
			down(peer, reason)
		},
		on,
		stop: () => {
			if (isStopped) return
			isStopped = true
			timers.clearTimeout(beat)
			clear()
			say('bye')
			tabs.clear()
			channel?.close()
			channel = null
		},
	}
}
