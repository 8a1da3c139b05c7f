import { describe, expect, it } from 'vitest'
import { ID_PATTERN } from './units.ts'
import { createWebCryptoSigner, createWebCryptoVerifier } from './web-crypto.ts'

const subtle = globalThis.crypto.subtle
const newPair = async () => await subtle.generateKey('Ed25519', false, ['sign', 'verify'])

describe('Ed25519 by WebCrypto', () => {
	it('[RC4] signs what it verifies, with a key that cannot leave', async () => {
		const pair = await newPair()
		expect(pair.privateKey.extractable).toBe(false)
		const signer = await createWebCryptoSigner(subtle, pair)
		const verifier = createWebCryptoVerifier(subtle)
		const message = new TextEncoder().encode('hello')
		const signature = await signer.sign(message)
		expect(signature).toHaveLength(64)
		expect(signer.device).toMatch(ID_PATTERN)
		expect(await verifier.deviceOf(signer.publicKey)).toBe(signer.device)
		expect(await verifier.verify(signer.publicKey, message, signature)).toBe(true)
		expect(await verifier.verify(signer.publicKey, new TextEncoder().encode('hellp'), signature)).toBe(false)
	})

	it('[RC4] answers false to a malformed key or signature, and never throws', async () => {
		const verifier = createWebCryptoVerifier(subtle)
		const signer = await createWebCryptoSigner(subtle, await newPair())
		const message = new Uint8Array(3)
		const signature = await signer.sign(message)
		expect(await verifier.verify(new Uint8Array(31), message, signature)).toBe(false)
		expect(await verifier.verify(new Uint8Array(32).fill(0xff), message, signature)).toBe(false)
		expect(await verifier.verify(signer.publicKey, message, signature.subarray(1))).toBe(false)
	})
})
