/**
 * A document larger than one answer may be goes in parts: each builds only on what the neighbour knows and on those
 * before it. Fetched when there is such a document.
 */
import * as Y from 'yjs'
import { STATE_MAX_BYTES } from '#lib/protocol/room-frames.ts'
import { sliceUpdate } from './update-slices.ts'

/** Two of these fit in what a neighbour keeps for us until it is judged. */
const PART_BYTES = (STATE_MAX_BYTES * 5) / 8

/** Of `state`, for somebody who knows what `vector` says; null where it cannot be cut. */
export const firstPartOf = (state: Uint8Array, vector: Uint8Array): Uint8Array | null => {
	const known = Y.decodeStateVector(vector)
	const parts = sliceUpdate(state, (client) => known.get(client) ?? 0, {
		maxStructs: Infinity,
		maxBytes: PART_BYTES,
	})
	const [first] = parts ?? []
	return first === undefined || first.length > STATE_MAX_BYTES ? null : first
}
