/**
 * What the server keeps across restarts, as a port: its signing key and the sealed roots of rooms.
 * Every adapter runs `contract.ts`. A call that rejects means that the store is unavailable.
 */
import type { RoomId } from '#lib/core/units.ts'

export interface SigningKey {
	/** RFC 7638 thumbprint of the public key. */
	readonly kid: string
	/** Ed25519, private, as JSON of a JWK. */
	readonly privateJwk: string
}

export type PutOutcome = 'created' | 'same' | 'taken'

export interface Store {
	/** The key this store has, or `offered` from now on: whoever comes first, also of two processes. */
	signingKey(offered: SigningKey): Promise<SigningKey>
	/** First come, for ever: another root for the same room is `taken`. */
	putRoom(room: RoomId, root: string, nowMs: number): Promise<PutOutcome>
	root(room: RoomId): Promise<string | null>
	/** Idempotent. */
	close(): Promise<void>
}
