/**
 * One neighbour over one channel: from the first signal over the mutual proof to the open link and its end. Whether
 * the channel leads there directly or through the server makes no difference here; moving from one to the other is
 * the mesh's and handover.ts's.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { Signer, Verifier } from '#lib/core/crypto.ts'
import type { DeviceId, Millis, PeerId, RoomId } from '#lib/core/units.ts'
import {
	encodeLinkMessage,
	LINK_VERSION,
	NONCE_BYTES,
	OTHERS_MAX,
	parseLinkMessage,
	type LinkMessage,
} from '#lib/protocol/peer.ts'
import type { Channel, ChannelAttempt, ChannelEvent, ChannelMaker } from './channel.ts'
import { createFrameSender, createReassembler, type FrameSender } from './chunks.ts'
import { byeReasonOf, downReasonOf } from './farewell.ts'
import { areSameBytes, proofTranscript, type LinkEnd, type LinkRole } from './link-proof.ts'
import { patientMs } from './lateness.ts'
import { createPinger, type Pinger } from './pinger.ts'
import type { Timers } from './timers.ts'
import type { Lane, LinkPath, PeerDownReason, SendOutcome } from './transport.ts'

/** From the first signal to the proved link; then the attempt's slot is free again. */
export const OPEN_DEADLINE_MS: Millis = 12_000
/** A goodbye is given this long to leave before the pipe is closed under it. */
const FAREWELL_MS: Millis = 200

export type LinkState =
	| { readonly type: 'dialing' }
	| { readonly type: 'proving'; readonly channel: Channel }
	| { readonly type: 'open'; readonly channel: Channel; readonly path: LinkPath; readonly device: DeviceId }
	| { readonly type: 'closed'; readonly reason: PeerDownReason }

export interface LinkDeps {
	readonly self: PeerId
	readonly peer: PeerId
	readonly role: LinkRole
	readonly roomId: RoomId
	readonly channels: ChannelMaker
	readonly path: LinkPath
	readonly signer: Signer
	readonly verifier: Verifier
	/** HMAC-SHA-256 under a key that only holders of the room's code can derive. */
	readonly mac: (message: Uint8Array) => Promise<Uint8Array>
	readonly timers: Timers
	readonly random: RandomSource
	sendSignals(signals: readonly string[]): void
	/** Asked once the proof is good: is this device who the roster says the peer is, and is it not banned? */
	isWelcome(device: DeviceId): boolean
	onOpen(): void
	/** Once; `wasOpen` tells a lost link from a failed attempt. */
	onClosed(end: {
		readonly reason: PeerDownReason
		readonly wasOpen: boolean
		readonly others: readonly PeerId[]
		readonly why: string
	}): void
	onFrame(lane: Lane, frame: Uint8Array): void
	onDrained(): void
	/** Its channel is known to lead another way: `path` of an open link. */
	onRoute(): void
	/** The other side's overlay asks for this link, or no longer; whether it has direct links. */
	onWant(isWanted: boolean, hasDirect: boolean): void
	/** The other side has sent its last frame here, or has heard of ours. */
	onMove(step: 'moved' | 'arrived'): void
	/** How much later than they should things happen on this machine now: then the other end's may, too. */
	lateMs?(): Millis
}

export interface Link {
	readonly peer: PeerId
	state(): LinkState
	/** Of the open link, as far as it is known. */
	path(): LinkPath
	/** Signals for this attempt; ignored once the channel is open. */
	receiveSignals(signals: readonly string[]): void
	send(frame: Uint8Array, lane: Lane): SendOutcome
	tellWant(isWanted: boolean, hasDirect: boolean): void
	/** Null unless open: what carries the frames. */
	sender(): FrameSender | null
	/** The other side's last frame has come by its old channel. */
	tellArrived(): void
	rttMs(): Millis | null
	/** Deadlines and pings; about once a second. */
	tick(): void
	/** Idempotent; `onClosed` is not called for it. */
	close(reason: PeerDownReason, others?: readonly PeerId[]): void
	/** Closes without a word: both sides have moved on. Idempotent. */
	retire(): void
}

export const createLink = (deps: LinkDeps): Link => {
	const startedAtMs = deps.timers.nowMs()
	let state: LinkState = { type: 'dialing' }
	let sender: FrameSender | null = null
	let pinger: Pinger | null = null

	const nonce = deps.random.bytes(NONCE_BYTES)
	let hello: Extract<LinkMessage, { type: 'hello' }> | null = null
	let didGetProof = false
	let isReadySent = false
	let isReadyReceived = false
	let provedDevice: DeviceId | null = null
	let isTurn = false

	const say = (channel: Channel, message: LinkMessage) => channel.send(encodeLinkMessage(message), 'ordered')

	/** Lets go of everything; what to tell whom is the caller's business. */
	const end = (reason: PeerDownReason): void => {
		const before = state
		state = { type: 'closed', reason }
		attempt.cancel()
		if (before.type !== 'proving' && before.type !== 'open') return
		off()
		deps.timers.setTimeout(() => before.channel.close(), FAREWELL_MS)
	}
	let off: () => void = () => undefined

	/** We end it: the other side is told why, the owner of the link is told with `onClosed`. */
	const fail = (reason: PeerDownReason, why: string) => {
		if (state.type === 'closed') return
		const wasOpen = state.type === 'open'
		if (state.type === 'proving' || state.type === 'open')
			say(state.channel, { type: 'bye', reason: byeReasonOf(reason), others: [] })
		end(reason)
		deps.onClosed({ reason, wasOpen, others: [], why })
	}
	/** It ended at the other side. */
	const lose = (reason: PeerDownReason, why: string, others: readonly PeerId[] = []) => {
		if (state.type === 'closed') return
		const wasOpen = state.type === 'open'
		end(reason)
		deps.onClosed({ reason, wasOpen, others, why })
	}

	const transcriptOf = (
		channel: Channel,
		remote: NonNullable<typeof hello>,
		signedBy: LinkRole,
	): Uint8Array => {
		const mine: LinkEnd = { peer: deps.self, nonce, publicKey: deps.signer.publicKey }
		const theirs: LinkEnd = { peer: deps.peer, nonce: remote.nonce, publicKey: remote.publicKey }
		const [dialer, accepter] = deps.role === 'dial' ? [mine, theirs] : [theirs, mine]
		return proofTranscript({ roomId: deps.roomId, binding: channel.binding, dialer, accepter, signedBy })
	}

	const sendProof = async (channel: Channel, remote: NonNullable<typeof hello>): Promise<void> => {
		const transcript = transcriptOf(channel, remote, deps.role)
		const [signature, mac] = await Promise.all([deps.signer.sign(transcript), deps.mac(transcript)])
		if (state.type === 'proving') say(channel, { type: 'proof', signature, mac })
	}

	/** `ready` must not overtake our own proof. */
	let proofSent: Promise<void> = Promise.resolve()

	const checkProof = async (
		channel: Channel,
		remote: NonNullable<typeof hello>,
		proof: Extract<LinkMessage, { type: 'proof' }>,
	): Promise<void> => {
		const transcript = transcriptOf(channel, remote, deps.role === 'dial' ? 'accept' : 'dial')
		const [isSigned, mac, device] = await Promise.all([
			deps.verifier.verify(remote.publicKey, transcript, proof.signature),
			deps.mac(transcript),
			deps.verifier.deviceOf(remote.publicKey),
			proofSent,
		])
		if (state.type !== 'proving') return
		if (!areSameBytes(mac, proof.mac))
			fail('proof-failed', 'not a holder of the room key on this very channel')
		else if (!isSigned) fail('proof-failed', 'the device key did not sign for this very channel')
		else if (!deps.isWelcome(device))
			fail('proof-failed', 'another device than the roster names, or a banned one')
		else {
			provedDevice = device
			say(channel, { type: 'ready' })
			isReadySent = true
			openIfProved()
		}
	}

	const openIfProved = () => {
		if (state.type !== 'proving' || !isReadySent || !isReadyReceived || provedDevice === null) return
		const { channel } = state
		sender = createFrameSender(channel)
		pinger = createPinger(deps.timers, (message) => say(channel, message))
		state = { type: 'open', channel, path: deps.path, device: provedDevice }
		deps.onOpen()
		pinger.tick()
	}

	const guard = (work: Promise<void>) => {
		work.catch((error: unknown) => fail('error', `the proof could not be made: ${String(error)}`))
	}

	/** Before the link is open: exactly hello, proof, ready, in this order, on the ordered lane. */
	const receiveProving = (channel: Channel, message: LinkMessage) => {
		if (message.type === 'hello' && hello === null) {
			if (message.version !== LINK_VERSION) return fail('proof-failed', `link version ${message.version}`)
			hello = message
			proofSent = sendProof(channel, message)
			guard(proofSent)
		} else if (message.type === 'proof' && hello !== null && !didGetProof) {
			didGetProof = true
			guard(checkProof(channel, hello, message))
		} else if (message.type === 'ready' && didGetProof && !isReadyReceived) {
			isReadyReceived = true
			openIfProved()
		} else if (message.type === 'bye') lose(downReasonOf(message.reason), 'refused', message.others)
		else fail('proof-failed', `${message.type} before the proof`)
	}

	const reassembler = createReassembler()
	const receiveOpen = (channel: Channel, lane: Lane, message: LinkMessage) => {
		if (lane === 'lossy') {
			if (message.type === 'whole') deps.onFrame('lossy', message.payload.slice())
			else fail('misbehaved', `${message.type} on the lossy lane`)
			return
		}
		switch (message.type) {
			case 'whole':
			case 'first':
			case 'more': {
				const result = reassembler.take(message)
				if (result.type === 'frame') deps.onFrame('ordered', result.frame)
				else if (result.type === 'broken') fail('misbehaved', result.why)
				return
			}
			case 'ping':
				if (pinger?.countPing() === 'too-many') fail('misbehaved', 'too many pings')
				else say(channel, { type: 'pong', id: message.id })
				return
			case 'pong':
				pinger?.takePong(message.id)
				return
			case 'want':
				deps.onWant(message.isWanted, message.hasDirect)
				return
			case 'moved':
			case 'arrived':
				deps.onMove(message.type)
				return
			case 'bye':
				lose(downReasonOf(message.reason), 'said goodbye', message.others)
				return
			case 'hello':
			case 'proof':
			case 'ready':
				fail('misbehaved', `${message.type} after the proof`)
		}
	}

	const receive = (event: ChannelEvent) => {
		if (state.type !== 'proving' && state.type !== 'open') return
		if (event.type === 'closed') lose('error', event.why)
		else if (event.type === 'buffer-low') {
			if (sender?.pump() === true) deps.onDrained()
		} else if (event.type === 'route') {
			isTurn = event.isTurn
			if (state.type === 'open') deps.onRoute()
		} else {
			const message = parseLinkMessage(event.bytes)
			pinger?.hear()
			if (state.type === 'open') {
				if (message === null) fail('misbehaved', 'not a message')
				else receiveOpen(state.channel, event.lane, message)
			} else if (event.lane === 'ordered') {
				if (message === null) fail('proof-failed', 'not a message')
				else receiveProving(state.channel, message)
			}
			// A datagram before the proof is dropped: it may have overtaken the last words of the handshake.
		}
	}

	const attempt: ChannelAttempt = deps.channels.open({
		self: deps.self,
		peer: deps.peer,
		role: deps.role,
		sendSignals: (signals) => {
			if (state.type === 'dialing') deps.sendSignals(signals)
		},
		onOpen: (channel) => {
			if (state.type !== 'dialing') {
				channel.close()
				return
			}
			state = { type: 'proving', channel }
			off = channel.on(receive)
			say(channel, { type: 'hello', version: LINK_VERSION, nonce, publicKey: deps.signer.publicKey })
		},
		onFailed: (why) => lose('error', why),
	})

	return {
		peer: deps.peer,
		state: () => state,
		path: () => (isTurn ? 'turn' : deps.path),
		receiveSignals: (signals) => {
			if (state.type === 'dialing') attempt.receive(signals)
		},
		send: (frame, lane) =>
			state.type === 'open' && sender !== null ? sender.send(frame, lane) : 'no-such-peer',
		tellWant: (isWanted, hasDirect) => {
			if (state.type === 'open') say(state.channel, { type: 'want', isWanted, hasDirect })
		},
		sender: () => (state.type === 'open' ? sender : null),
		tellArrived: () => {
			if (state.type === 'open') say(state.channel, { type: 'arrived' })
		},
		rttMs: () => pinger?.rttMs() ?? null,
		tick: () => {
			if (state.type === 'open') {
				if (pinger?.tick() === 'silent') lose('timeout', 'no word')
			} else if (
				state.type !== 'closed' &&
				deps.timers.nowMs() - startedAtMs >= patientMs(OPEN_DEADLINE_MS, deps.lateMs?.() ?? 0)
			)
				if (state.type === 'proving') fail('proof-failed', 'no proof in time')
				else lose('timeout', 'no channel in time')
		},
		close: (reason, others = []) => {
			if (state.type === 'closed') return
			if (state.type === 'proving' || state.type === 'open')
				say(state.channel, {
					type: 'bye',
					reason: byeReasonOf(reason),
					others: others.slice(0, OTHERS_MAX),
				})
			end(reason)
		},
		retire: () => {
			if (state.type !== 'closed') end('left')
		},
	}
}
