/**
 * A network in memory, on injected timers: pipes between peers with delay, jitter, loss, bandwidth, partitions,
 * breaks and sudden deaths. The same seed and the same calls give the same run. `memory.ts` and
 * `memory-channels.ts` put transports and channels on top.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import type { Channel, ChannelEvent } from './channel.ts'
import { createEmitter } from './emitter.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Timers } from './timers.ts'
import type { Lane } from './transport.ts'

export interface NetworkConditions {
	/** One way. */
	readonly delayMs: Millis
	/** Added to each message's delay, uniform in [0, jitterMs); datagrams overtake one another through it. */
	readonly jitterMs: Millis
	/** Share of messages lost. A datagram is gone; an ordered message comes a retransmission later. */
	readonly lossRate: number
	/** Each pipe and direction on its own. */
	readonly bytesPerMs: number
}

/** A good home connection: 100 Mbit/s. */
export const GOOD_CONDITIONS: NetworkConditions = { delayMs: 5, jitterMs: 0, lossRate: 0, bytesPerMs: 12_500 }

const BUFFER_LOW_BYTES = 64 * 1024
/** An ordered message lost this often in a row ends the pipe. */
const RETRANSMISSIONS_MAX = 8
const RETRANSMISSION_MIN_MS = 200
/** How often a message waiting behind a partition looks whether it is over. */
const PARTITION_POLL_MS = 100
const BINDING_BYTES = 64

export interface MemoryNetworkDeps {
	readonly timers: Timers
	readonly random: SeededRandom
	readonly conditions?: Partial<NetworkConditions>
}

export interface MemoryNetwork {
	readonly timers: Timers
	readonly random: SeededRandom
	conditions(): NetworkConditions
	setConditions(change: Partial<NetworkConditions>): void
	/** Cuts the peers into groups that cannot reach one another; a peer not named is in a group with the other such. */
	partition(...groups: readonly (readonly PeerId[])[]): void
	heal(): void
	/** Two peers that cannot reach each other, whatever the groups are; `block` again with `false` lets them. */
	block(a: PeerId, b: PeerId, isBlocked?: boolean): void
	/** Ends every pipe between two peers, at once, at both ends. */
	breakLink(a: PeerId, b: PeerId): void
	/** The peer's machine is off: nothing comes from it, nothing reaches it, nobody is told. */
	kill(peer: PeerId): void
	canReach(from: PeerId, to: PeerId): boolean
	isAlive(peer: PeerId): boolean
	/** A pipe between two peers: the end at `a`, the end at `b`. */
	connect(a: PeerId, b: PeerId): readonly [Channel, Channel]
	/** A delay as one message would have it now. */
	drawDelayMs(): Millis
	readonly counts: { messages: number; bytes: number; lost: number }
}

interface Waiting {
	readonly dueMs: Millis
	readonly event: ChannelEvent
}

export const createMemoryNetwork = (deps: MemoryNetworkDeps): MemoryNetwork => {
	const { timers, random } = deps
	let conditions: NetworkConditions = { ...GOOD_CONDITIONS, ...deps.conditions }
	let groups = new Map<PeerId, number>()
	const dead = new Set<PeerId>()
	const blocked = new Set<string>()
	const breakers = new Map<string, Set<(why: string) => void>>()
	const counts = { messages: 0, bytes: 0, lost: 0 }

	const pairKey = (a: PeerId, b: PeerId): string => (a < b ? `${a} ${b}` : `${b} ${a}`)
	const isAlive = (peer: PeerId) => !dead.has(peer)
	const canReach = (from: PeerId, to: PeerId): boolean =>
		isAlive(from) &&
		isAlive(to) &&
		(groups.get(from) ?? -1) === (groups.get(to) ?? -1) &&
		!(blocked.size > 0 && blocked.has(pairKey(from, to)))
	const drawDelayMs = () => conditions.delayMs + random.unit() * conditions.jitterMs

	/** One direction of a pipe. `deliver` hands over at the far end, `onBreak` ends the whole pipe. */
	const createFlow = (
		from: PeerId,
		to: PeerId,
		deliver: (event: ChannelEvent) => void,
		onBufferLow: () => void,
		onBreak: (why: string) => void,
	) => {
		const waiting: Waiting[] = []
		let isArmed = false
		let busyUntilMs: Millis = 0
		let isLowArmed = false

		const bufferedBytes = () => Math.max(0, busyUntilMs - timers.nowMs()) * conditions.bytesPerMs

		const arm = (delayMs: Millis) => {
			isArmed = true
			timers.setTimeout(hand, delayMs)
		}
		const hand = () => {
			isArmed = false
			if (!canReach(from, to)) {
				// TCP-like: what is on the ordered lane waits for the path to come back; the dead never do.
				if (isAlive(from) && isAlive(to)) arm(PARTITION_POLL_MS)
				return
			}
			const nowMs = timers.nowMs()
			for (let next = waiting[0]; next !== undefined && next.dueMs <= nowMs; next = waiting[0]) {
				waiting.shift()
				deliver(next.event)
			}
			const next = waiting[0]
			if (next !== undefined) arm(next.dueMs - nowMs)
		}
		const enqueue = (event: ChannelEvent, dueMs: Millis) => {
			// Behind what is already on its way: order is the lane's promise.
			const last = waiting.at(-1)
			waiting.push({ event, dueMs: last === undefined ? dueMs : Math.max(dueMs, last.dueMs) })
			if (!isArmed) arm((waiting[0]?.dueMs ?? dueMs) - timers.nowMs())
		}
		/** When `byteCount` bytes handed over now have left this end. */
		const leaveAtMs = (byteCount: number): Millis => {
			busyUntilMs = Math.max(busyUntilMs, timers.nowMs()) + byteCount / conditions.bytesPerMs
			return busyUntilMs
		}
		const armLow = () => {
			if (isLowArmed || bufferedBytes() <= BUFFER_LOW_BYTES) return
			isLowArmed = true
			const check = () => {
				isLowArmed = false
				if (bufferedBytes() > BUFFER_LOW_BYTES) armLow()
				else onBufferLow()
			}
			// Whole milliseconds: a delay that rounding makes zero would never end.
			const excessMs = (bufferedBytes() - BUFFER_LOW_BYTES) / conditions.bytesPerMs
			timers.setTimeout(check, Math.max(1, Math.ceil(excessMs)))
		}

		return {
			bufferedBytes,
			send: (bytes: Uint8Array, lane: Lane) => {
				counts.messages++
				counts.bytes += bytes.length
				const leftMs = leaveAtMs(bytes.length)
				const event: ChannelEvent = { type: 'message', lane, bytes: bytes.slice() }
				if (lane === 'lossy') {
					if (random.unit() < conditions.lossRate) {
						counts.lost++
						return
					}
					timers.setTimeout(
						() => {
							if (canReach(from, to)) deliver(event)
							else counts.lost++
						},
						leftMs - timers.nowMs() + drawDelayMs(),
					)
					return
				}
				let dueMs = leftMs + drawDelayMs()
				for (let tries = 0; random.unit() < conditions.lossRate; tries++) {
					counts.lost++
					dueMs += Math.max(RETRANSMISSION_MIN_MS, 2 * conditions.delayMs)
					if (tries >= RETRANSMISSIONS_MAX) {
						onBreak('lost too often')
						return
					}
				}
				enqueue(event, dueMs)
				armLow()
			},
			/** Tells the far end, after all that was sent before. */
			finish: (why: string) => enqueue({ type: 'closed', why }, timers.nowMs() + drawDelayMs()),
		}
	}

	const connect = (a: PeerId, b: PeerId): readonly [Channel, Channel] => {
		const binding = random.bytes(BINDING_BYTES)
		const key = pairKey(a, b)
		const pipeBreakers = breakers.get(key) ?? new Set()
		breakers.set(key, pipeBreakers)

		const createEnd = () => {
			const { emit, on, clear } = createEmitter<ChannelEvent>()
			let isOpen = true
			return {
				isOpen: () => isOpen,
				on,
				receive: (event: ChannelEvent) => {
					if (!isOpen) return
					if (event.type === 'closed') isOpen = false
					emit(event)
					if (event.type === 'closed') clear()
				},
				shut: () => {
					isOpen = false
					clear()
				},
			}
		}
		const endA = createEnd()
		const endB = createEnd()
		const breakPipe = (why: string) => {
			pipeBreakers.delete(breakPipe)
			endA.receive({ type: 'closed', why })
			endB.receive({ type: 'closed', why })
		}
		pipeBreakers.add(breakPipe)
		const low = (end: typeof endA) => () => end.receive({ type: 'buffer-low' })
		const flowToB = createFlow(a, b, endB.receive, low(endA), breakPipe)
		const flowToA = createFlow(b, a, endA.receive, low(endB), breakPipe)

		const channelOf = (end: typeof endA, flow: typeof flowToB): Channel => ({
			binding,
			send: (bytes, lane) => {
				if (!end.isOpen()) return 'closed'
				flow.send(bytes, lane)
				return 'sent'
			},
			bufferedBytes: () => flow.bufferedBytes(),
			on: end.on,
			close: () => {
				if (!end.isOpen()) return
				end.shut()
				pipeBreakers.delete(breakPipe)
				flow.finish('closed by the other end')
			},
		})
		return [channelOf(endA, flowToB), channelOf(endB, flowToA)]
	}

	return {
		timers,
		random,
		conditions: () => conditions,
		setConditions: (change) => {
			conditions = { ...conditions, ...change }
		},
		partition: (...named) => {
			groups = new Map(named.flatMap((group, index) => group.map((peer) => [peer, index] as const)))
		},
		heal: () => groups.clear(),
		block: (a, b, isBlocked = true) => {
			if (isBlocked) blocked.add(pairKey(a, b))
			else blocked.delete(pairKey(a, b))
		},
		breakLink: (a, b) => {
			for (const breakPipe of [...(breakers.get(pairKey(a, b)) ?? [])]) breakPipe('broken')
		},
		kill: (peer) => dead.add(peer),
		canReach,
		isAlive,
		connect,
		drawDelayMs,
		counts,
	}
}
