/**
 * What is done with a large state beside the page: it is measured, applied once on trial, and cut into slices. Whoever
 * runs this stops it when it takes too long; that is the point.
 */
import * as Y from 'yjs'
import { isApplicable, readUpdateShape, STATE_LIMITS, type UpdateFault } from './update-shape.ts'
import { sliceUpdate } from './update-slices.ts'

export interface TrialRequest {
	readonly update: Uint8Array
	/** State vector of the document that it is meant for. */
	readonly vector: Uint8Array
	/** Client ids that such a document may hold. */
	readonly maxClients: number
}

export type TrialAnswer =
	| { readonly type: 'slices'; readonly slices: readonly Uint8Array[] }
	| { readonly type: 'fault'; readonly why: UpdateFault | 'pending' | 'unreadable' }

export const workOn = ({ update, vector, maxClients }: TrialRequest): TrialAnswer => {
	const fault = (why: Extract<TrialAnswer, { type: 'fault' }>['why']): TrialAnswer => ({ type: 'fault', why })
	const shape = readUpdateShape(update, STATE_LIMITS)
	if (typeof shape === 'string') return fault(shape)
	const known = Y.decodeStateVector(vector)
	const knownClock = (client: number): number => known.get(client) ?? 0
	if (new Set([...known.keys(), ...shape.clients]).size > maxClients) return fault('too-many-clients')
	if (!isApplicable(shape, knownClock)) return fault('pending')
	if (known.size === 0) {
		// Only where nothing is known is this the work that the page will have.
		const doc = new Y.Doc()
		try {
			Y.applyUpdate(doc, update)
		} catch {
			return fault('unreadable') // contradicts itself
		}
		doc.destroy()
	}
	const slices = sliceUpdate(update, knownClock)
	return slices === null ? fault('pending') : { type: 'slices', slices }
}
