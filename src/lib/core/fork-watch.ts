/**
 * Whose turn it is to write what everybody sees at once: that a device forked. One device, a different one for each
 * fork, writes at once; the next few follow each after the other, and everybody else later, unless the room knows by then.
 */
import type { LedgerEvent } from './ledger.ts'
import type { DeviceId } from './units.ts'

export type Forked = Extract<LedgerEvent, { type: 'forked' }>

export interface ForkWatchDeps {
	readonly me: DeviceId
	/** Every device that the room knows. */
	readonly devices: () => Iterable<DeviceId>
	/** Writes the evidence, unless the room has it by now. */
	readonly write: (fork: Forked) => void
}

/** Those that have a turn of their own, and how many ticks (seconds) are between them: enough for a record to spread. */
const TURNS = 4
const TURN_TICKS = 2
/** All others are spread over so many ticks after that: in a room that many have left, most of the first are not here. */
const OTHERS_WITHIN = 8
/** Forks that wait at a time; what is left out is noticed again. */
const WAITING_MAX = 64

/** FNV-1a with MurmurHash3's last mix: 32 bits that nobody's place in the alphabet decides. */
const orderOf = (author: DeviceId, device: DeviceId): number => {
	let hash = 0x811c9dc5
	for (const character of author + device) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
	return (hash ^ (hash >>> 16)) >>> 0
}

export type ForkWatch = ReturnType<typeof createForkWatch>

export const createForkWatch = ({ me, devices, write }: ForkWatchDeps) => {
	const waiting = new Map<DeviceId, { fork: Forked; ticks: number }>()

	const ticksUntilMine = (author: DeviceId): number => {
		const mine = orderOf(author, me)
		let turn = 0
		for (const device of devices())
			if (device !== author && orderOf(author, device) < mine && ++turn === TURNS)
				return TURNS * TURN_TICKS + (mine % OTHERS_WITHIN)
		return turn * TURN_TICKS
	}

	return {
		found: (fork: Forked): void => {
			const { author, seq } = fork
			const held = waiting.get(author)
			if (held !== undefined) {
				if (seq < held.fork.seq) held.fork = fork
				return
			}
			const ticks = ticksUntilMine(author)
			if (ticks === 0) write(fork)
			else if (waiting.size < WAITING_MAX) waiting.set(author, { fork, ticks })
		},
		/** About once a second. */
		tick: (): void => {
			for (const [author, one] of waiting) {
				if (--one.ticks > 0) continue
				waiting.delete(author)
				write(one.fork)
			}
		},
	}
}
