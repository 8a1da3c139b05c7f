/**
 * Reads the structure of a Yjs V1 update without building anything, so that what could stall or fill the page is
 * turned away before Yjs sees it. The room's document is one map of byte values: whatever else an update holds
 * (texts, nested types, other root types) is no part of any room. After Yjs' own `readClientsStructRefs`.
 */
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import * as decoding from 'lib0/decoding'

export interface UpdateLimits {
	readonly maxClients: number
	readonly maxStructs: number
	/**
	 * Items that compete for one place (one key, one neighbour): Yjs compares each with each. Honest ones are a handful
	 * of peers that mended the same key at once.
	 */
	readonly maxRivals: number
}

/** One update: what a few commands write. */
export const UPDATE_LIMITS: UpdateLimits = { maxClients: 256, maxStructs: 4_096, maxRivals: 512 }
/** A whole room: each start of a device that wrote something has left a client id. */
export const STATE_LIMITS: UpdateLimits = {
	maxClients: 10_000,
	maxStructs: 200_000,
	// More than any document is let grow to (`doc-sync.ts`): nobody is refused for what others let in.
	maxRivals: 4_096,
}

export type UpdateFault =
	'malformed' | 'foreign' | 'too-many-clients' | 'too-many-structs' | 'too-many-rivals'

export interface UpdateShape {
	readonly clients: ReadonlySet<number>
	readonly structs: number
	/** For each client, the clock up to which its structs must be known before this can be applied whole. */
	readonly needs: ReadonlyMap<number, number>
	/** Keys that get items with nothing before them, and how many. */
	readonly roots: ReadonlyMap<string, number>
	/** For each client, the clocks of the structs it brings: from the first, up to but without `to`. */
	readonly brings: ReadonlyMap<number, { readonly from: number; readonly to: number }>
}

const INFO = { contentMask: 0b1_1111, hasParentSub: 0x20, hasRightOrigin: 0x40, hasOrigin: 0x80 } as const
const CONTENT = { gc: 0, deleted: 1, binary: 3 } as const
const IS_ROOT_NAME = 1

/** What `update` is made of, or why it is turned away. Never throws. */
export const readUpdateShape = (update: Uint8Array, limits: UpdateLimits): UpdateShape | UpdateFault => {
	const decoder = decoding.createDecoder(update)
	const clients = new Set<number>()
	const needs = new Map<number, number>()
	const brings = new Map<number, { from: number; to: number }>()
	const rivals = new Map<string, number>()
	const roots = new Map<string, number>()
	let structs = 0

	const need = (client: number, clock: number): void => {
		if (clock > (needs.get(client) ?? 0)) needs.set(client, clock)
	}
	const readNeighbour = (): string => {
		const client = decoding.readVarUint(decoder)
		const clock = decoding.readVarUint(decoder)
		need(client, clock + 1)
		return `${client} ${clock}`
	}

	/** False where the place has too many already. */
	const takePlace = (place: string): boolean => {
		const count = (rivals.get(place) ?? 0) + 1
		rivals.set(place, count)
		return count <= limits.maxRivals
	}

	/** The length of the item, in clock ticks. */
	const readItem = (info: number): number | UpdateFault => {
		let place = ''
		const hasOrigin = (info & INFO.hasOrigin) !== 0
		const hasRightOrigin = (info & INFO.hasRightOrigin) !== 0
		if (hasOrigin) place = `after ${readNeighbour()}`
		if (hasRightOrigin) {
			const before = `before ${readNeighbour()}`
			if (!hasOrigin) place = before
		}
		if (!hasOrigin && !hasRightOrigin) {
			if (decoding.readVarUint(decoder) !== IS_ROOT_NAME) return 'foreign'
			if (decoding.readVarString(decoder) !== RECORDS_MAP) return 'foreign'
			if ((info & INFO.hasParentSub) === 0) return 'foreign'
			const key = decoding.readVarString(decoder)
			roots.set(key, (roots.get(key) ?? 0) + 1)
			place = `key ${key}`
		}
		if (!takePlace(place)) return 'too-many-rivals'
		switch (info & INFO.contentMask) {
			case CONTENT.deleted:
				return decoding.readVarUint(decoder)
			case CONTENT.binary:
				decoding.readVarUint8Array(decoder)
				return 1
			default:
				return 'foreign'
		}
	}

	const readStructs = (): UpdateFault | null => {
		const clientCount = decoding.readVarUint(decoder)
		if (clientCount > limits.maxClients) return 'too-many-clients'
		for (let i = 0; i < clientCount; i++) {
			const structCount = decoding.readVarUint(decoder)
			structs += structCount
			if (structs > limits.maxStructs) return 'too-many-structs'
			const client = decoding.readVarUint(decoder)
			const from = decoding.readVarUint(decoder)
			let to = from
			if (brings.has(client)) return 'malformed'
			clients.add(client)
			need(client, from)
			for (let j = 0; j < structCount; j++) {
				const info = decoding.readUint8(decoder)
				// A gap inside an update (a "skip") is only ever made by merging: nobody sends one.
				const length =
					(info & INFO.contentMask) === CONTENT.gc ? decoding.readVarUint(decoder) : readItem(info)
				if (typeof length === 'string') return length
				to += length
			}
			brings.set(client, { from, to })
		}
		return null
	}

	const readDeletions = (): UpdateFault | null => {
		const clientCount = decoding.readVarUint(decoder)
		if (clientCount > limits.maxClients) return 'too-many-clients'
		let ranges = 0
		for (let i = 0; i < clientCount; i++) {
			const client = decoding.readVarUint(decoder)
			clients.add(client)
			const rangeCount = decoding.readVarUint(decoder)
			ranges += rangeCount
			if (ranges > limits.maxStructs) return 'too-many-structs'
			for (let j = 0; j < rangeCount; j++) {
				const clock = decoding.readVarUint(decoder)
				need(client, clock + decoding.readVarUint(decoder))
			}
		}
		return decoding.hasContent(decoder) ? 'malformed' : null
	}

	try {
		return readStructs() ?? readDeletions() ?? { clients, structs, needs, brings, roots }
	} catch {
		return 'malformed' // lib0 throws at the end of the bytes and on numbers that are none
	}
}

/**
 * Whether everything that `shape` builds on is known to a document with these clocks. If it is not, Yjs would apply
 * the deletions at once and let the rest wait: keys would go that somebody only replaced.
 */
export const isApplicable = (shape: UpdateShape, knownClock: (client: number) => number): boolean => {
	for (const [client, clock] of shape.needs) {
		const known = knownClock(client)
		if (clock <= known) continue
		// What the update brings itself counts only if it joins on to what is known.
		const brought = shape.brings.get(client)
		if (brought === undefined || clock > brought.to || brought.from > known) return false
	}
	return true
}

/** The same for a state vector: pairs of client and clock. */
export const isStateVector = (bytes: Uint8Array): boolean => {
	const decoder = decoding.createDecoder(bytes)
	try {
		const count = decoding.readVarUint(decoder)
		if (count > STATE_LIMITS.maxClients) return false
		for (let i = 0; i < count; i++) {
			decoding.readVarUint(decoder)
			decoding.readVarUint(decoder)
		}
		return !decoding.hasContent(decoder)
	} catch {
		return false // cut short
	}
}
