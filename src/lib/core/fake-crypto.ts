/**
 * Stand-ins for simulations and tests: quick, deterministic, and NO protection at all (whoever reads this file can
 * sign for anybody). A random signature is still refused, so forgers in a simulation fail as they should.
 */
import { bytesToBase64url } from './base64url.ts'
import type { SeqSource, Signer, Verifier } from './crypto.ts'
import { ID_BYTES, type DeviceId } from './units.ts'

/** `count` bytes that depend on every byte of `parts`: FNV-1a in four lanes with a mixing tail. */
const hashBytes = (count: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
	const lanes = [0x811c9dc5, 0x01000193, 0xdeadbeef, 0x2545f491]
	for (const part of parts) {
		for (let i = 0; i < part.length; i++) {
			const lane = i & 3
			lanes[lane] = Math.imul((lanes[lane] ?? 0) ^ (part[i] ?? 0), 0x01000193)
		}
		for (let lane = 0; lane < 4; lane++)
			lanes[lane] = Math.imul((lanes[lane] ?? 0) ^ (lanes[(lane + 1) & 3] ?? 0) ^ part.length, 0x85ebca6b)
	}
	const out = new Uint8Array(count)
	let state = ((lanes[0] ?? 0) ^ (lanes[1] ?? 0) ^ (lanes[2] ?? 0) ^ (lanes[3] ?? 0)) | 0
	for (let i = 0; i < count; i++) {
		state = Math.imul(state ^ (state >>> 15) ^ (lanes[i & 3] ?? 0), 0x2c1b3c6d) + i
		out[i] = (state ^ (state >>> 12)) >>> 8
	}
	return out
}

const deviceOf = (publicKey: Uint8Array): DeviceId =>
	bytesToBase64url(hashBytes(ID_BYTES, publicKey)) as DeviceId
const SIGNATURE_BYTES = 64

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
	a.length === b.length && a.every((byte, index) => byte === b[index])

/** The same seed is the same device. */
export const createFakeSigner = (seed: string): Signer => {
	const publicKey = hashBytes(32, new TextEncoder().encode(`fake-key ${seed}`))
	return {
		publicKey,
		device: deviceOf(publicKey),
		sign: async (message) => hashBytes(SIGNATURE_BYTES, publicKey, message),
	}
}

export const createFakeVerifier = (): Verifier => ({
	verify: async (publicKey, message, signature) =>
		isSame(signature, hashBytes(SIGNATURE_BYTES, publicKey, message)),
	deviceOf: async (publicKey) => deviceOf(publicKey),
})

/** Counts in memory. `last` is the highest number given out before, as if it had been kept. */
export const createMemorySeqSource = (last = 0): SeqSource => ({
	next: async (above) => {
		last = Math.max(last, above) + 1
		return last
	},
})
