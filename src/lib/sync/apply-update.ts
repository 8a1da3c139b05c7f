/**
 * Applies what neighbours send to the document, one piece at a time, and says what it changed. Changes that are
 * neither a neighbour's nor the gate's are told apart here: the room's own, and storage's.
 */
import { RECORDS_MAP, type Ledger } from '#lib/core/ledger.ts'
import * as Y from 'yjs'
import type { StrikeReason } from './strikes.ts'

/** Whoever a piece is from. */
export interface Source {
	/** Of its transactions. */
	readonly origin: object
	isHere(): boolean
	blame(why: StrikeReason): void
}

export interface Effect {
	readonly update: Uint8Array
	readonly keys: readonly string[]
}

export interface Applier {
	knownClock(client: number): number
	/** Null where it changed nothing. What waits for something that is not there is thrown away, and blamed. */
	apply(source: Source, update: Uint8Array): Effect | null
	/** Makes the state vector as it was now, as far as `clients` and ourselves go; for a room with thousands of them. */
	rememberClocks(clients: ReadonlySet<number>): () => Uint8Array
	/**
	 * Where somebody wrote under our client id, Yjs has taken another one. What we had written under the old id may be
	 * ignored elsewhere: it is written again under the new one.
	 */
	rewriteOwn(): void
	/** Idempotent. */
	stop(): void
}

export interface ApplierDeps {
	readonly doc: Y.Doc
	readonly ledger: Ledger
	/** Changes of this origin are forwarded by who made them. */
	readonly gateOrigin: object
	/** The room has written. */
	readonly onOwn: (update: Uint8Array) => void
	/** It came from this device. */
	readonly onStored: (effect: Effect) => void
}

const REWRITE_ORIGIN = { type: 'rewrite' } as const

export const createApplier = ({ doc, ledger, gateOrigin, onOwn, onStored }: ApplierDeps): Applier => {
	const records = doc.getMap<unknown>(RECORDS_MAP)
	const { store } = doc
	let applying: object | null = null
	let effect: Effect | null = null
	let clientId = doc.clientID

	const touchedKeys = (transaction: Y.Transaction): readonly string[] => {
		for (const [type, keys] of transaction.changed)
			if (type === (records as unknown)) return [...keys].filter((key) => key !== null)
		return []
	}

	const onUpdate = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
		if (origin === gateOrigin) return // forwarded together with what it puts right
		if (applying !== null && origin === applying) effect = { update, keys: touchedKeys(transaction) }
		else if (transaction.local) onOwn(update)
		else onStored({ update, keys: touchedKeys(transaction) })
	}

	const knownClock = (client: number): number => Y.getState(store, client)

	/** Whatever still waits for something is not worth its price (it grows with the square). */
	const clearPending = (): boolean => {
		const hadSome = store.pendingStructs !== null || store.pendingDs !== null
		store.pendingStructs = null
		store.pendingDs = null
		return hadSome
	}

	// Left by a damaged store: what they build on has to come from neighbours, and then they come too.
	clearPending()
	doc.on('update', onUpdate)

	return {
		knownClock,
		apply: ({ origin, blame }, update) => {
			applying = origin
			effect = null
			try {
				Y.applyUpdate(doc, update, applying)
			} catch (error) {
				// Yjs throws on what contradicts the document, with a part of it applied: that part is judged all the same.
				console.warn('An update came that could not be applied.', error)
				blame('unreadable')
			}
			applying = null
			if (clearPending()) blame('pending')
			return effect
		},
		rememberClocks: (clients) => {
			const clocks = new Map([...clients, doc.clientID].map((client) => [client, knownClock(client)]))
			return () => {
				const vector = new Map([...Y.decodeStateVector(Y.encodeStateVector(doc)), ...clocks])
				for (const [client, clock] of clocks) if (clock === 0) vector.delete(client)
				return Y.encodeStateVector(vector)
			}
		},
		rewriteOwn: () => {
			if (doc.clientID === clientId) return
			const oldId = clientId
			clientId = doc.clientID
			const keys = [...records._map]
				.filter(([, item]) => item.id.client === oldId && !item.deleted)
				.map(([key]) => key)
			doc.transact(() => {
				for (const key of keys) {
					const good = ledger.get(key)
					if (good !== undefined) records.set(key, good)
				}
			}, REWRITE_ORIGIN)
		},
		stop: () => doc.off('update', onUpdate),
	}
}
