/**
 * A signaling server in memory: a roster and addressed signals, on the delays of a simulated network. It can be
 * stopped and started, its roster can lie, and it counts frames as the real one does.
 */
import { base64urlToBytes } from '#lib/core/base64url.ts'
import type { PeerId } from '#lib/core/units.ts'
import { forwardRelayFrame, relayCost } from '#lib/protocol/relay.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import { createEmitter, type Emitter } from './emitter.ts'
import type { MemoryNetwork } from './memory-network.ts'
import type { Signaling, SignalingEvent } from './signaling-port.ts'

const REJOIN_MS = 1_000

export interface MemorySignaling extends Signaling {
	/** Ends the membership, as a socket does that is closed. Idempotent; it does not come back. */
	stop(): void
}

export interface Switchboard {
	/** Joins after one delay and says `open`; joins again by itself when the server comes back. */
	join(entry: RosterEntry): MemorySignaling
	/** The server dies: everybody is told, nothing is carried. */
	stopServer(): void
	startServer(): void
	/** An entry with nobody behind it, announced to all: what a lying server or a crashed tab looks like. */
	forge(entry: RosterEntry): void
	/** Brings `data` to `to` as if from `from`, who need not exist. */
	forgeSignal(from: PeerId, to: PeerId, data: string): void
	/** Each frame in at the server once, each frame out once, as a server counts them. */
	readonly counts: {
		framesIn: number
		framesOut: number
		/** Relay frames in; what of them went out, each addressee counted. */
		relayFramesIn: number
		relayed: number
		relayRefused: number
		relayedBytes: number
	}
	/** What the server makes of a relay frame on its way; each in order. As it is, unless set. */
	tamper: (frame: Uint8Array, from: PeerId, to: PeerId) => readonly Uint8Array[]
}

/** The real server's. */
export const MEMORY_RELAY_LIMITS = { bytesPerSecond: 64 * 1024, byteBurst: 256 * 1024 }

interface Membership {
	readonly entry: RosterEntry
	readonly emitter: Emitter<SignalingEvent>
	isOpen: boolean
	relayTokens: number
	relayAtMs: number
}

/**
 * `delayMs`: one way between a peer and the server; as the network's between peers where not given.
 */
export const createSwitchboard = (
	network: MemoryNetwork,
	{ delayMs }: { readonly delayMs?: number } = {},
): Switchboard => {
	const { timers } = network
	const members = new Map<PeerId, Membership>()
	const forged = new Map<PeerId, RosterEntry>()
	const counts = {
		framesIn: 0,
		framesOut: 0,
		relayFramesIn: 0,
		relayed: 0,
		relayRefused: 0,
		relayedBytes: 0,
	}
	let isUp = true

	const drawDelayMs = () => delayMs ?? network.drawDelayMs()
	const roster = (): RosterEntry[] => [...[...members.values()].map(({ entry }) => entry), ...forged.values()]

	const othersOf = (peer: PeerId) => roster().filter((entry) => entry.peer !== peer)

	const tell = (member: Membership, event: SignalingEvent) => {
		counts.framesOut++
		timers.setTimeout(() => {
			if (member.isOpen && network.isAlive(member.entry.peer)) member.emitter.emit(event)
		}, drawDelayMs())
	}
	const tellOthers = (peer: PeerId, event: SignalingEvent) => {
		for (const [id, member] of members) if (id !== peer) tell(member, event)
	}

	const enter = (member: Membership) => {
		const { peer } = member.entry
		if (!isUp || !network.isAlive(peer)) return
		counts.framesIn++
		members.set(peer, member)
		tellOthers(peer, { type: 'peer-joined', entry: member.entry })
		counts.framesOut++
		timers.setTimeout(() => {
			if (members.get(peer) !== member) return
			member.isOpen = true
			member.emitter.emit({ type: 'open', roster: othersOf(peer) })
		}, drawDelayMs())
	}

	const all = new Set<Membership>()

	/** As the real server: what is over the budget is dropped, who is not there is named. */
	const relay = (member: Membership, frame: Uint8Array<ArrayBuffer>) => {
		if (!isUp || members.get(member.entry.peer) !== member) return
		counts.framesIn++
		counts.relayFramesIn++
		const { bytesPerSecond, byteBurst } = MEMORY_RELAY_LIMITS
		const nowMs = timers.nowMs()
		const refilled = member.relayTokens + ((nowMs - member.relayAtMs) * bytesPerSecond) / 1_000
		member.relayTokens = Math.min(byteBurst, refilled)
		member.relayAtMs = nowMs
		const cost = relayCost(frame.length, frame[1] ?? 0)
		if (cost > member.relayTokens) {
			counts.relayRefused++
			return
		}
		member.relayTokens -= cost
		const from = base64urlToBytes(member.entry.peer) ?? new Uint8Array(16)
		for (const delivery of forwardRelayFrame(frame, from) ?? []) {
			const receiver = members.get(delivery.to)
			counts.relayed++
			counts.relayedBytes += delivery.frame.length
			if (receiver === undefined) tell(member, { type: 'undeliverable', peer: delivery.to })
			else
				for (const bytes of board.tamper(delivery.frame, member.entry.peer, delivery.to))
					tell(receiver, { type: 'bytes', bytes })
		}
	}

	const board: Switchboard = {
		tamper: (frame) => [frame],
		join: (entry) => {
			const member: Membership = {
				entry,
				emitter: createEmitter(),
				isOpen: false,
				relayTokens: MEMORY_RELAY_LIMITS.byteBurst,
				relayAtMs: timers.nowMs(),
			}
			all.add(member)
			timers.setTimeout(() => {
				if (all.has(member)) enter(member)
			}, drawDelayMs())
			return {
				isOpen: () => member.isOpen,
				send: (to, data) => {
					if (!member.isOpen || !network.isAlive(entry.peer)) return false
					timers.setTimeout(() => {
						if (!isUp) return
						counts.framesIn++
						const receiver = members.get(to)
						if (receiver !== undefined) tell(receiver, { type: 'signal', from: entry.peer, data })
						else if (!forged.has(to)) tell(member, { type: 'undeliverable', peer: to })
					}, drawDelayMs())
					return true
				},
				sendBytes: (frame) => {
					if (!member.isOpen || !network.isAlive(entry.peer)) return false
					timers.setTimeout(() => relay(member, frame), drawDelayMs())
					return true
				},
				bufferedBytes: () => 0,
				on: (fn) => {
					const off = member.emitter.on(fn)
					let isOff = false
					timers.setTimeout(() => {
						if (!isOff && hasMissedOpen && member.isOpen) fn({ type: 'open', roster: othersOf(entry.peer) })
					}, 0)
					const hasMissedOpen = member.isOpen
					return () => {
						isOff = true
						off()
					}
				},
				stop: () => {
					if (!all.delete(member)) return
					member.isOpen = false
					member.emitter.clear()
					if (members.get(entry.peer) === member) members.delete(entry.peer)
					if (isUp) tellOthers(entry.peer, { type: 'peer-left', peer: entry.peer })
				},
			}
		},
		stopServer: () => {
			isUp = false
			for (const member of members.values()) {
				member.isOpen = false
				member.emitter.emit({ type: 'closed', isFatal: false, why: 'server stopping', close: null })
			}
			members.clear()
		},
		startServer: () => {
			isUp = true
			for (const member of all)
				timers.setTimeout(() => {
					if (all.has(member) && !members.has(member.entry.peer)) enter(member)
				}, network.random.unit() * REJOIN_MS)
		},
		forge: (entry) => {
			forged.set(entry.peer, entry)
			tellOthers(entry.peer, { type: 'peer-joined', entry })
		},
		forgeSignal: (from, to, data) => {
			const receiver = members.get(to)
			if (receiver !== undefined) tell(receiver, { type: 'signal', from, data })
		},
		counts,
	}
	return board
}
