/**
 * What a device keeps, as ports. IndexedDB stands behind them in a browser, memory in tests and where a browser
 * refuses storage. Every adapter runs `contract.ts`.
 */
import type { Signer } from '#lib/core/crypto.ts'
import type { SeqSource } from '#lib/core/crypto.ts'
import type { BoxKey } from '#lib/core/lock.ts'
import type { ItemId, Millis, RoomId, Seconds } from '#lib/core/units.ts'
import type * as Y from 'yjs'

export type StorageTrouble =
	| { readonly type: 'refused'; readonly why: string }
	| { readonly type: 'full'; readonly why: string }
	/** `lost` stored pieces could not be read; the rest was kept. */
	| { readonly type: 'damaged'; readonly lost: number }

/** Keeps one room's document on this device. */
export interface DocStore {
	/** Resolves when all that was kept has been applied to the document, or when it is known that nothing can be. */
	readonly whenLoaded: Promise<
		{ readonly type: 'loaded' } | { readonly type: 'unavailable'; readonly why: string }
	>
	onTrouble(fn: (trouble: StorageTrouble) => void): () => void
	/** Resolves when everything written so far is on disk. */
	flush(): Promise<void>
	/** Stops following the document; what is stored stays. Idempotent. */
	close(): Promise<void>
}

export interface VisitedRoom {
	readonly roomId: RoomId
	readonly code: string
	readonly title: string
	readonly visitedAtMs: Millis
	/** What was on when we left, for the list at home. */
	readonly lastItem: { readonly id: ItemId; readonly title: string; readonly positionS: Seconds } | null
	readonly queueLength: number
	/** Up to six people met there: name and seat cover. */
	readonly people: readonly { readonly name: string; readonly seat: number }[]
	/** The sealed root, so that the room opens with the server away. base64url. */
	readonly sealedRoot: string
	/** Rooms with a password: base64url of the 32 bytes it leads to, so that it is asked for once. */
	readonly passwordSecret?: string
	/** The room's own id, where it is not what the code alone leads to: its document is kept under this one. */
	readonly docId?: RoomId
	/** The room's lock was changed, and this is the new code: this entry leads on to that room. */
	readonly movedTo?: string
}

/** What this device keeps beside documents. */
export interface DeviceStore {
	/** This device's key, made at the first call and never leaving the browser. */
	deviceKey(): Promise<Signer>
	/** Made at the first call. Rejects where the browser cannot make, keep or use such a key. */
	boxKey(): Promise<BoxKey>
	seqs(roomId: RoomId): SeqSource
	/**
	 * From now on and for ever both rooms number their records from one count, above all that either has given: a
	 * record of the one may stand in the other. Rejects where this cannot be kept. The same again is fine.
	 */
	carrySeqs(from: RoomId, to: RoomId): Promise<void>
	rooms: {
		list(): Promise<readonly VisitedRoom[]>
		get(roomId: RoomId): Promise<VisitedRoom | null>
		put(room: VisitedRoom): Promise<void>
		/** Forgets the room and its document, by the id under which the visit is kept. */
		forget(roomId: RoomId): Promise<void>
	}
	/** Small settings by name (own name, volume, theme, learned lags, identity token): plain JSON values. */
	settings: {
		get(key: string): Promise<unknown>
		set(key: string, value: unknown): Promise<void>
	}
	openDoc(roomId: RoomId, doc: Y.Doc): DocStore
	/** False where everything lives in memory only and is gone with the tab. */
	readonly isPersistent: boolean
	readonly whyNotPersistent: string | null
	close(): void
}
