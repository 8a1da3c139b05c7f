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
}

/** One update: what a few commands write. */
export const UPDATE_LIMITS: UpdateLimits = { maxClients: 256, maxStructs: 4_096 }
/** A whole room: each start of a device that wrote something has left a client id. */
export const STATE_LIMITS: UpdateLimits = { maxClients: 10_000, maxStructs: 200_000 }

/**
 * Items that compete for one place (one key, one neighbour): Yjs compares each with each. Honest ones are a handful
 * of peers that mended the same key at once.
 */
const RIVALS_MAX = 512

export type UpdateFault =
	'malformed' | 'foreign' | 'too-many-clients' | 'too-many-structs' | 'too-many-rivals'

export interface UpdateShape {
	readonly clients: ReadonlySet<number>
	readonly structs: number
}

const INFO = { contentMask: 0b1_1111, hasParentSub: 0x20, hasRightOrigin: 0x40, hasOrigin: 0x80 } as const
const CONTENT = { gc: 0, deleted: 1, binary: 3, skip: 10 } as const
const IS_ROOT_NAME = 1

/** What `update` is made of, or why it is turned away. Never throws. */
export const readUpdateShape = (update: Uint8Array, limits: UpdateLimits): UpdateShape | UpdateFault => {
	const decoder = decoding.createDecoder(update)
	const clients = new Set<number>()
	const rivals = new Map<string, number>()
	let structs = 0

	/** False where the place has too many already. */
	const takePlace = (place: string): boolean => {
		const count = (rivals.get(place) ?? 0) + 1
		rivals.set(place, count)
		return count <= RIVALS_MAX
	}

	const readItem = (info: number): UpdateFault | null => {
		let place = ''
		const hasOrigin = (info & INFO.hasOrigin) !== 0
		const hasRightOrigin = (info & INFO.hasRightOrigin) !== 0
		if (hasOrigin) place = `after ${decoding.readVarUint(decoder)} ${decoding.readVarUint(decoder)}`
		if (hasRightOrigin) {
			const before = `before ${decoding.readVarUint(decoder)} ${decoding.readVarUint(decoder)}`
			if (!hasOrigin) place = before
		}
		if (!hasOrigin && !hasRightOrigin) {
			if (decoding.readVarUint(decoder) !== IS_ROOT_NAME) return 'foreign'
			if (decoding.readVarString(decoder) !== RECORDS_MAP) return 'foreign'
			if ((info & INFO.hasParentSub) === 0) return 'foreign'
			place = `key ${decoding.readVarString(decoder)}`
		}
		switch (info & INFO.contentMask) {
			case CONTENT.deleted:
				decoding.readVarUint(decoder)
				break
			case CONTENT.binary:
				decoding.readVarUint8Array(decoder)
				break
			default:
				return 'foreign'
		}
		return takePlace(place) ? null : 'too-many-rivals'
	}

	const readStructs = (): UpdateFault | null => {
		const clientCount = decoding.readVarUint(decoder)
		if (clientCount > limits.maxClients) return 'too-many-clients'
		for (let i = 0; i < clientCount; i++) {
			const structCount = decoding.readVarUint(decoder)
			structs += structCount
			if (structs > limits.maxStructs) return 'too-many-structs'
			clients.add(decoding.readVarUint(decoder))
			decoding.readVarUint(decoder) // the first clock
			for (let j = 0; j < structCount; j++) {
				const info = decoding.readUint8(decoder)
				const content = info & INFO.contentMask
				if (content === CONTENT.gc || content === CONTENT.skip) decoding.readVarUint(decoder)
				else {
					const fault = readItem(info)
					if (fault !== null) return fault
				}
			}
		}
		return null
	}

	const readDeletions = (): UpdateFault | null => {
		const clientCount = decoding.readVarUint(decoder)
		if (clientCount > limits.maxClients) return 'too-many-clients'
		let ranges = 0
		for (let i = 0; i < clientCount; i++) {
			clients.add(decoding.readVarUint(decoder))
			const rangeCount = decoding.readVarUint(decoder)
			ranges += rangeCount
			if (ranges > limits.maxStructs) return 'too-many-structs'
			for (let j = 0; j < rangeCount; j++) {
				decoding.readVarUint(decoder)
				decoding.readVarUint(decoder)
			}
		}
		return decoding.hasContent(decoder) ? 'malformed' : null
	}

	try {
		return readStructs() ?? readDeletions() ?? { clients, structs }
	} catch {
		return 'malformed' // lib0 throws at the end of the bytes and on numbers that are none
	}
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
