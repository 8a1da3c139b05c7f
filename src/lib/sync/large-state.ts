/**
 * A large state, from a neighbour or from elsewhere: measured and cut up beside the page, applied with pauses, judged
 * when all of it is there. Fetched when the first one comes.
 */
import * as Y from 'yjs'
import type { Applier, Source } from './apply-update.ts'
import type { Gate, GateResult } from './gate.ts'
import type { Turns } from './turns.ts'
import type { UpdateTrial } from './update-trial.ts'

export interface LargeStateDeps {
	readonly doc: Y.Doc
	readonly gate: Pick<Gate, 'pass'>
	readonly applier: Pick<Applier, 'apply'>
	readonly turns: Pick<Turns, 'breathe'>
	/** Client ids that the document may hold. */
	readonly maxClients: number
	readonly trial: UpdateTrial
}

/** Where nothing runs beside the page: tests. */
export const tryHere: UpdateTrial = async (request) => (await import('./trial-work.ts')).workOn(request)

/** What the gate says of it; null where nothing changed. */
export const applyState = async (
	{ doc, gate, applier, turns, maxClients, trial }: LargeStateDeps,
	source: Source,
	update: Uint8Array,
): Promise<GateResult | null> => {
	const outcome = await trial({ update, vector: Y.encodeStateVector(doc), maxClients })
	if (!source.isHere()) return null
	if (outcome.type === 'fault') {
		source.blame(outcome.why)
		return null
	}
	const keys = new Set<string>()
	for (const slice of outcome.slices) {
		for (const key of applier.apply(source, slice)?.keys ?? []) keys.add(key)
		await turns.breathe()
		if (!source.isHere()) break // struck meanwhile; what came in is judged all the same
	}
	return keys.size === 0 ? null : gate.pass(keys)
}
