/**
 * The verified set: for each slot the best record known to be good. Yjs carries bytes; what is in here counts.
 * Carriers ask it to judge what they bring and put back what the document lost.
 */

export type Rejection =
	'bad-key' | 'bad-record' | 'bad-slot' | 'bad-body' | 'bad-signature' | 'too-big' | 'over-budget'

export type Verdict =
	/** A valid record with a higher seq than the one known: now the slot's value. */
	| { readonly type: 'accepted' }
	/** The bytes already known. */
	| { readonly type: 'known' }
	/** Valid, but not better than the one known: the document must be set back to `better`. */
	| { readonly type: 'stale'; readonly better: Uint8Array }
	/** Its author's `id` record (the public key) has not arrived; judged again when it does. */
	| { readonly type: 'waiting' }
	/** More than 60 s ahead of room time; judged again when due. Stays in the document. */
	| { readonly type: 'quarantined' }
	/** Not a record. `better` is the known good value, or null where the key must go. */
	| { readonly type: 'rejected'; readonly why: Rejection; readonly better: Uint8Array | null }

export interface Ledger {
	/** Judges the bytes now found at `key` of the records map (`undefined`: the key is gone). Never throws. */
	judge(key: string, value: unknown): Promise<Verdict>
	/** The known good bytes at `key`. */
	get(key: string): Uint8Array | undefined
	/** Every key and its known good bytes. */
	entries(): IterableIterator<[string, Uint8Array]>
	readonly size: number
}

/** The one root type of the document. */
export const RECORDS_MAP = 'records'
