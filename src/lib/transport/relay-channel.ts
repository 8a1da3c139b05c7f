/**
 * Channels that the server carries: the keys are swapped in signals, the frames are sealed for the other end alone and
 * counted, so that the server can neither read, change, repeat, reorder nor drop one unnoticed. It can end the channel.
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { PeerId } from '#lib/core/units.ts'
import {
	CHANNEL_MESSAGE_MAX_BYTES,
	type Channel,
	type ChannelEvent,
	type ChannelMaker,
	type ChannelRequest,
} from './channel.ts'
import { createEmitter } from './emitter.ts'
import { RELAY_HEAD_BYTES, RELAY_ID_BYTES, type RelayKeys, type RelayPairKeys } from './relay-keys.ts'
import type { RelayPort } from './relay-port.ts'
import type { Timers } from './timers.ts'
import type { Lane } from './transport.ts'

/** In signals, before the half of a key. */
const HALF = 'relay '
const LANES = { ordered: 1, lossy: 2 } as const satisfies Record<Lane, number>
/** The relay's pace makes half a second of this: pings and markers wait behind no more. */
const BUFFER_HIGH_BYTES = 32 * 1024
const BUFFER_LOW_BYTES = 8 * 1024
/** No nonce is used twice; at the relay's pace it takes years to come here. */
const COUNTER_MAX = 0xffff_ffff
/** Frames that came before the last signal did: no more than the other end's first words. */
const EARLY_MAX = 32

export interface RelayChannelDeps {
	readonly port: RelayPort
	readonly keys: RelayKeys
	readonly timers: Timers
}

interface Pending {
	readonly early: Uint8Array[]
	fail(why: string): void
}

interface Ours {
	receive(frame: Uint8Array): void
	lose(why: string): void
}

/** One maker for all peers; it lives as long as the port. */
export const createRelayChannels = ({ port, keys, timers }: RelayChannelDeps): ChannelMaker => {
	const pending = new Map<PeerId, Set<Pending>>()
	/** By peer and link id, as frames name them. */
	const channels = new Map<string, Ours>()
	const ofPeer = (peer: PeerId) => [...channels].filter(([name]) => name.startsWith(peer))

	port.on((event) => {
		switch (event.type) {
			case 'bytes': {
				const { from, bytes } = event
				if (bytes.length <= RELAY_HEAD_BYTES) return
				const known = channels.get(from + bytesToBase64url(bytes.subarray(1, 1 + RELAY_ID_BYTES)))
				if (known !== undefined) return known.receive(bytes)
				for (const { early } of pending.get(from) ?? [])
					if (early.length < EARLY_MAX) early.push(bytes.slice())
				return
			}
			case 'undeliverable':
				for (const attempt of pending.get(event.peer) ?? []) attempt.fail('nobody is there')
				for (const [, channel] of ofPeer(event.peer)) channel.lose('the other end is not connected')
				return
			case 'closed':
				for (const attempts of [...pending.values()])
					for (const attempt of attempts) attempt.fail('the server is away')
				for (const channel of [...channels.values()]) channel.lose('the server is away')
		}
	})

	const createChannel = (peer: PeerId, pair: RelayPairKeys): Channel & Ours => {
		const { emit, on, clear } = createEmitter<ChannelEvent>()
		const name = peer + bytesToBase64url(pair.id)
		const sent = { ordered: 0, lossy: 0 }
		const got = { ordered: 0, lossy: 0 }
		let isOpen = true
		let bufferedBytes = 0
		/** Sealing and opening run ahead; what comes out keeps its order. */
		let sealing: Promise<void> = Promise.resolve()
		let opening: Promise<void> = Promise.resolve()

		const shut = () => {
			isOpen = false
			channels.delete(name)
		}
		const lose = (why: string) => {
			if (!isOpen) return
			shut()
			emit({ type: 'closed', why })
			clear()
		}
		const guard = (work: Promise<void>) => work.catch((error: unknown) => lose(String(error)))

		const left = (bytes: number) => () => {
			const wasHigh = bufferedBytes > BUFFER_LOW_BYTES
			bufferedBytes -= bytes
			if (isOpen && wasHigh && bufferedBytes <= BUFFER_LOW_BYTES) emit({ type: 'buffer-low' })
		}

		const headOf = (lane: Lane): Uint8Array<ArrayBuffer> => {
			const head = new Uint8Array(RELAY_HEAD_BYTES)
			head[0] = LANES[lane]
			head.set(pair.id, 1)
			new DataView(head.buffer).setUint32(1 + RELAY_ID_BYTES, sent[lane]++)
			return head
		}

		const send: Channel['send'] = (bytes, lane) => {
			if (bytes.length > CHANNEL_MESSAGE_MAX_BYTES) throw new Error('a message is at most 16 KiB')
			if (!isOpen || sent[lane] > COUNTER_MAX) return 'closed'
			const head = headOf(lane)
			const sealed = pair.seal(head, bytes.slice())
			const onLeft = left(bytes.length)
			if (lane === 'ordered') bufferedBytes += bytes.length
			sealing = guard(
				Promise.all([sealed, sealing]).then(([body]) => {
					const frame = new Uint8Array(head.length + body.length)
					frame.set(head)
					frame.set(body, head.length)
					// A closed channel's last words still go out.
					if (lane === 'lossy') port.offer(peer, frame)
					else port.send(peer, frame, onLeft)
				}),
			)
			return 'sent'
		}

		const receive = (frame: Uint8Array) => {
			const head = frame.slice(0, RELAY_HEAD_BYTES)
			const counter = new DataView(head.buffer).getUint32(1 + RELAY_ID_BYTES)
			const lane = head[0] === LANES.ordered ? 'ordered' : head[0] === LANES.lossy ? 'lossy' : null
			if (lane === null) return lose('a frame of no lane')
			if (lane === 'ordered' && counter !== got.ordered++) return lose('a frame is missing or came twice')
			const opened = pair.open(head, frame.slice(RELAY_HEAD_BYTES))
			opening = guard(
				Promise.all([opened, opening]).then(([bytes]) => {
					if (!isOpen) return
					if (lane === 'lossy') {
						if (bytes === null || counter < got.lossy) return // forged, repeated or late: as if lost
						got.lossy = counter + 1
					}
					if (bytes === null) lose('a frame was not sealed for this link')
					else emit({ type: 'message', lane, bytes })
				}),
			)
		}

		const channel: Channel & Ours = {
			binding: pair.binding,
			bufferHighBytes: BUFFER_HIGH_BYTES,
			send,
			bufferedBytes: (lane) => (lane === 'ordered' ? bufferedBytes : 0),
			on,
			close: () => {
				if (!isOpen) return
				shut()
				clear()
			},
			receive,
			lose,
		}
		channels.set(name, channel)
		return channel
	}

	const open = (request: ChannelRequest) => {
		const { self, peer, role } = request
		const early: Uint8Array[] = []
		let isOver = false
		let didMeet = false

		const finish = () => {
			isOver = true
			const attempts = pending.get(peer)
			attempts?.delete(attempt)
			if (attempts?.size === 0) pending.delete(peer)
		}
		const fail = (why: string) => {
			if (isOver) return
			finish()
			request.onFailed(why)
		}
		const attempt: Pending = { early, fail }
		pending.set(peer, (pending.get(peer) ?? new Set()).add(attempt))

		const own = keys.begin({ self, peer, isDialer: role === 'dial' })
		const guard = (work: Promise<void>) =>
			void work.catch((error: unknown) => fail(`no keys could be made: ${String(error)}`))

		const meet = async (text: string): Promise<void> => {
			const half = await own
			const pair = await half.meet(text)
			if (isOver) return
			if (pair === null) return fail('the keys do not fit this room and these two')
			if (role === 'accept') request.sendSignals([HALF + half.text])
			finish()
			const channel = createChannel(peer, pair)
			request.onOpen(channel)
			const mark = bytesToBase64url(pair.id)
			for (const frame of early)
				if (bytesToBase64url(frame.subarray(1, 1 + RELAY_ID_BYTES)) === mark) channel.receive(frame)
		}

		if (!port.isOpen()) timers.setTimeout(() => fail('the server is away'), 0)
		else if (role === 'dial')
			guard(
				own.then(({ text }) => {
					if (!isOver) request.sendSignals([HALF + text])
				}),
			)
		else guard(own.then(() => undefined))

		return {
			receive: (signals: readonly string[]) => {
				for (const signal of signals) {
					if (isOver || didMeet || !signal.startsWith(HALF)) continue
					didMeet = true
					guard(meet(signal.slice(HALF.length)))
				}
			},
			cancel: () => {
				if (!isOver) finish()
			},
		}
	}

	return { open }
}
