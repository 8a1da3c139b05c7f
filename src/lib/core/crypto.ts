/**
 * The cryptography the core needs, as ports. WebCrypto stands behind them in the app (`session/`, `storage/`);
 * the simulations use a fast fake.
 */
import type { DeviceId } from './units.ts'

/** Ed25519, 64-byte signatures, 32-byte raw public keys. */
export interface Signer {
	readonly publicKey: Uint8Array
	readonly device: DeviceId
	sign(message: Uint8Array): Promise<Uint8Array>
}

export interface Verifier {
	/** Never throws: a malformed key or signature is `false`. */
	verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
	/** base64url(SHA-256(publicKey)[0..16]). */
	deviceOf(publicKey: Uint8Array): Promise<DeviceId>
}

/**
 * Hands out record sequence numbers for this device in this room: each one once, for ever, across tabs and
 * restarts. Persisted before it resolves, so a crash can lose a number but never repeat one.
 */
export interface SeqSource {
	/** Never returns a number at or below `above` (a device that lost its storage learns its old seqs from the room). */
	next(above: number): Promise<number>
}
