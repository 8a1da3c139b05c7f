/**
 * `/ws`: frames in, hub events out, and the other way round. Parses, redeems tickets, counts refusals.
 */
import { base64urlToBytes } from '#lib/core/base64url.ts'
import type { CloseName } from '#lib/protocol/close-codes.ts'
import { forwardRelayFrame, relayCost } from '#lib/protocol/relay.ts'
import {
	joinVersionOf,
	parseClientMessage,
	SIGNALING_VERSION,
	versionRefusal,
	type ClientMessage,
	type Refusal,
	type ServerMessage,
} from '#lib/protocol/signaling.ts'
import { ID_BYTES, type PeerId, type RoomId, type SubjectId } from '#lib/core/units.ts'
import { createBucket, type Bucket, type Rate } from './buckets.ts'
import type { Connection, Protocol } from './connection.ts'
import type { Counters } from './counters.ts'
import type { HubPublish, RemoteEvent } from './elsewhere.ts'
import type { Hub, HubSend, SocketId } from './hub.ts'
import type { Removals } from './removals.ts'
import type { Redemption } from './tickets.ts'
import { binaryFrame, textFrame } from './ws-frames.ts'

export interface SignalingDeps {
	readonly hub: Hub
	readonly redeem: (ticket: string, room: RoomId, peer: PeerId) => Promise<Redemption>
	readonly removals: Pick<Removals, 'isRemoved' | 'isKnown'>
	/** What other processes are to hear. */
	readonly publish: (send: HubPublish) => void
	readonly counters: Counters
	readonly nowMs: () => number
	readonly messages: Rate
	readonly bytes: Rate
	/** Frames that are no message: a client of ours sends none. */
	readonly badMessages: Rate
	/** Bytes of relay frames, as `relayCost` counts them; null where the server relays nothing. */
	readonly relay: Rate | null
	readonly onFault: (error: unknown) => void
}

interface Speaker {
	readonly connection: Connection
	/** From the first bad message on. */
	badMessages: Bucket | null
	state: 'waiting' | 'joining' | 'joined'
	/** Once joined; empty before. */
	peer: PeerId | ''
	/** From the first relay frame on. */
	relay: Relay | null
}

/** What a joined speaker may relay. */
interface Relay {
	readonly peerId: Uint8Array
	readonly budget: Bucket
	/** Who keeps sending at more than twice the limit is closed. From the first excess on. */
	excess: Bucket | null
	toldMs: number
}

export interface Relayed {
	/** Delivered to members of rooms here. */
	readonly frames: number
	readonly bytes: number
}

const idAt = (frame: Buffer, at: number): PeerId => frame.toString('base64url', at, at + ID_BYTES) as PeerId

/** How often a socket over its limit for relay frames is told so. */
const TELL_INTERVAL_MS = 1_000

export interface Signaling extends Protocol {
	tick(nowMs: number): void
	/** Closes whatever `subject` has open in `room`, telling why. */
	expel(room: RoomId, subject: SubjectId): void
	/** Something another process did or sent. */
	remote(event: RemoteEvent): void
	/** Whoever is here and was removed meanwhile goes, as the store has it. */
	reviewRemovals(): Promise<void>
	relayed(): Relayed
	/** Since the process started. */
	joins(): number
}

export const createSignaling = (deps: SignalingDeps): Signaling => {
	const { hub, counters } = deps
	const speakers = new Map<SocketId, Speaker>()
	const relayed = { frames: 0, bytes: 0 }
	let joins = 0

	const speakerOf = (connection: Connection): Speaker => {
		const known = speakers.get(connection.id)
		if (known !== undefined) return known
		const speaker: Speaker = {
			connection,
			badMessages: null,
			state: 'waiting',
			peer: '',
			relay: null,
		}
		speakers.set(connection.id, speaker)
		return speaker
	}

	const dispatch = (sends: readonly HubSend[]): void => {
		for (const send of sends) {
			if (send.type === 'close') {
				if (send.close === 'replaced') counters.refused('replaced')
				speakers.get(send.socket)?.connection.close(send.close)
				continue
			}
			if (send.type === 'bytes') {
				relayed.frames++
				relayed.bytes += send.bytes.length
				speakers.get(send.socket)?.connection.write(binaryFrame(send.bytes))
				continue
			}
			if (send.type === 'publish') {
				deps.publish(send)
				continue
			}
			if (send.message.type === 'refused') counters.refused(send.message.why)
			const frame = textFrame(JSON.stringify(send.message))
			for (const socket of send.to) speakers.get(socket)?.connection.write(frame)
		}
	}

	const refuse = (
		{ connection }: Speaker,
		why: Refusal,
		message: string,
		more: { retryAfterMs?: number; close?: CloseName } = {},
	): void => {
		counters.refused(why)
		const { retryAfterMs, close } = more
		const refusal: ServerMessage = {
			type: 'refused',
			why,
			message,
			...(retryAfterMs === undefined ? {} : { retryAfterMs }),
		}
		connection.send(JSON.stringify(refusal))
		if (close !== undefined) connection.close(close)
	}

	const refuseBad = (speaker: Speaker, frame: string | null): void => {
		const version = frame === null ? null : joinVersionOf(frame)
		if (version !== null && version !== SIGNALING_VERSION) return refuseVersion(speaker)
		const nowMs = deps.nowMs()
		speaker.badMessages ??= createBucket(deps.badMessages, nowMs)
		const isTolerated = speaker.state === 'joined' && speaker.badMessages.take(nowMs)
		refuse(
			speaker,
			'bad-message',
			'This is no message of this protocol.',
			isTolerated ? {} : { close: 'badMessage' },
		)
	}
	const refuseVersion = (speaker: Speaker): void =>
		refuse(speaker, 'bad-version', versionRefusal(), { close: 'badVersion' })

	const join = async (speaker: Speaker, message: Extract<ClientMessage, { type: 'join' }>): Promise<void> => {
		speaker.state = 'joining'
		const ticket = await deps.redeem(message.ticket, message.room, message.peer)
		if (!speaker.connection.isOpen()) return // gone meanwhile; the ticket is used up all the same
		if (ticket.type === 'refused')
			return refuse(speaker, 'bad-ticket', ticket.message, { close: 'badTicket' })
		const socket = speaker.connection.id
		// A ticket may be older than the removal. The second look is for a removal that came while the store was asked.
		const { subject } = ticket.entry
		const isRemoved = await deps.removals.isRemoved(message.room, subject)
		if (isRemoved || deps.removals.isKnown(message.room, subject))
			return refuse(speaker, 'removed', 'You have been removed from this room.', { close: 'removed' })
		if (!speaker.connection.isOpen()) return
		const entry = message.relayOnly ? { ...ticket.entry, relayOnly: true as const } : ticket.entry
		dispatch(hub.handle({ type: 'join', socket, room: message.room, entry }, deps.nowMs()))
		if (!hub.isJoined(socket)) return
		speaker.state = 'joined'
		joins++
		speaker.peer = message.peer
	}

	/** Null before joining, and where the server relays nothing. */
	const relayOf = (speaker: Speaker, nowMs: number): Relay | null => {
		const peerId = base64urlToBytes(speaker.peer)
		if (deps.relay === null || speaker.state !== 'joined' || peerId === null) return null
		return { peerId, budget: createBucket(deps.relay, nowMs), excess: null, toldMs: -Infinity }
	}

	const relay = (speaker: Speaker, bytes: Buffer, nowMs: number): void => {
		speaker.relay ??= relayOf(speaker, nowMs)
		if (deps.relay === null || speaker.relay === null) return refuseBad(speaker, null)
		const { peerId, budget } = speaker.relay
		const cost = relayCost(bytes.length, bytes[1] ?? 0)
		if (!budget.take(nowMs, cost)) {
			counters.refused('relay-rate')
			const { perSecond, burst } = deps.relay
			speaker.relay.excess ??= createBucket({ perSecond, burst: 2 * burst }, nowMs)
			if (!speaker.relay.excess.take(nowMs, cost)) return speaker.connection.close('rateLimited')
			if (nowMs - speaker.relay.toldMs < TELL_INTERVAL_MS) return
			speaker.relay.toldMs = nowMs
			return refuse(speaker, 'rate-limited', 'Too much at once for the relay; slow down.', {
				retryAfterMs: budget.waitMs(nowMs, cost),
			})
		}
		const deliveries = forwardRelayFrame(bytes, peerId, idAt)
		if (deliveries === null) {
			counters.refused('relay-bad')
			return refuseBad(speaker, null)
		}
		dispatch(hub.handle({ type: 'relay', socket: speaker.connection.id, deliveries }, nowMs))
	}

	const handle = (speaker: Speaker, message: ClientMessage, receivedMs: number): void => {
		const socket = speaker.connection.id
		switch (message.type) {
			case 'join':
				if (message.v !== SIGNALING_VERSION) return refuseVersion(speaker)
				if (speaker.state !== 'waiting')
					return refuse(speaker, 'already-joined', 'This connection is in a room already; open another one.')
				join(speaker, message).catch((error: unknown) => {
					counters.refused('internal')
					deps.onFault(error)
					speaker.connection.close('fault')
				})
				return
			case 'leave':
				dispatch(hub.handle({ type: 'leave', socket }, deps.nowMs()))
				speaker.connection.end()
				return
			case 'signal':
				return dispatch(
					hub.handle({ type: 'signal', socket, to: message.to, data: message.data }, deps.nowMs()),
				)
			case 'clock':
				return dispatch(
					hub.handle({ type: 'clock', socket, id: message.id, t0: message.t0, receivedMs }, deps.nowMs()),
				)
		}
	}

	const expel = (room: RoomId, subject: SubjectId): void =>
		dispatch(hub.handle({ type: 'expel', room, subject }, deps.nowMs()))

	return {
		messages: deps.messages,
		bytes: deps.bytes,
		message(connection, frame, receivedMs) {
			const speaker = speakerOf(connection)
			const message = parseClientMessage(frame)
			if (message === null) refuseBad(speaker, frame)
			else handle(speaker, message, receivedMs)
		},
		limitsBinary: deps.relay !== null,
		binary: (connection, bytes, receivedMs) => relay(speakerOf(connection), bytes, receivedMs),
		overLimit(connection, retryAfterMs, shouldTell) {
			if (shouldTell)
				refuse(speakerOf(connection), 'rate-limited', 'Too many messages; slow down.', { retryAfterMs })
			else counters.refused('rate-limited')
		},
		isAdmitted: (connection) => speakers.get(connection.id)?.state === 'joined',
		closed(connection, why) {
			speakers.delete(connection.id)
			dispatch(hub.handle({ type: 'gone', socket: connection.id, why }, deps.nowMs()))
		},
		tick: (nowMs) => dispatch(hub.handle({ type: 'tick' }, nowMs)),
		expel,
		async reviewRemovals() {
			// One after the other: it is no hurry, and the store has others to serve.
			for (const { room, subject } of hub.people())
				if (await deps.removals.isRemoved(room, subject)) expel(room, subject)
		},
		remote: (event) => dispatch(hub.handle(event, deps.nowMs())),
		relayed: () => ({ ...relayed }),
		joins: () => joins,
	}
}
