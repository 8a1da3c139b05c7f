import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToBase64url, base64urlToBytes } from './base64url.ts'
import type { Signer, Verifier } from './crypto.ts'
import { deriveRoomKeys, type RoomKeys } from './room-keys.ts'
import type { RoomRoot } from './room.ts'
import { openRoot, sealRoot } from './root.ts'
import type { DeviceId, SubjectId } from './units.ts'

const CODE = 'K7QX-3M9R-T2VH-8WPC-5NDA'
const subtle = crypto.subtle
const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }

const deviceOf = async (key: Uint8Array): Promise<DeviceId> =>
	bytesToBase64url(
		new Uint8Array(await subtle.digest('SHA-256', new Uint8Array(key))).slice(0, 16),
	) as DeviceId
const verifier: Verifier = {
	deviceOf,
	verify: async (key, message, signature) =>
		subtle.verify(
			'Ed25519',
			await subtle.importKey('raw', new Uint8Array(key), 'Ed25519', false, ['verify']),
			new Uint8Array(signature),
			new Uint8Array(message),
		),
}
const createSigner = async (): Promise<Signer> => {
	const pair = await subtle.generateKey('Ed25519', true, ['sign', 'verify'])
	const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey))
	return {
		publicKey,
		device: await deviceOf(publicKey),
		sign: async (message) =>
			new Uint8Array(await subtle.sign('Ed25519', pair.privateKey, new Uint8Array(message))),
	}
}

describe('keys and root of a room', () => {
	let keys: RoomKeys
	let alice: Signer
	let root: RoomRoot
	beforeAll(async () => {
		keys = await deriveRoomKeys(subtle, CODE)
		alice = await createSigner()
		root = {
			v: 1,
			ownerDevice: alice.device,
			ownerSubject: 'g_alice' as SubjectId,
			title: 'Sunday',
			createdAtMs: 5,
		}
	})

	it('[RK4] one code gives the same id and keys everywhere, another code none of them', async () => {
		const again = await deriveRoomKeys(subtle, CODE)
		expect(again).toEqual(keys)
		expect(keys.roomId).toMatch(/^[A-Za-z0-9_-]{21}[AQgw]$/)
		const other = await deriveRoomKeys(subtle, 'K7QX-3M9R-T2VH-8WPC-5NDB')
		expect(other.roomId).not.toBe(keys.roomId)
		expect(other.roomKey).not.toEqual(keys.roomKey)
		expect(new Set([keys.roomKey, keys.relayKey, keys.rootKey].map(String)).size).toBe(3)
	})

	it('[RK5] a sealed root opens with the code and shows nothing without it', async () => {
		const sealed = await sealRoot({ subtle, random, signer: alice }, keys, root)
		expect(await openRoot({ subtle, verifier }, keys, sealed)).toEqual(root)
		const other = await deriveRoomKeys(subtle, 'K7QX-3M9R-T2VH-8WPC-5NDB')
		expect(await openRoot({ subtle, verifier }, other, sealed)).toBeNull()
		expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('Sunday')
	})

	it('[RK6] a root changed by one bit, cut or signed by somebody else is none', async () => {
		const sealed = await sealRoot({ subtle, random, signer: alice }, keys, root)
		const bytes = base64urlToBytes(sealed)
		if (bytes === null) throw new Error('sealed roots are base64url')
		for (const at of [0, 12, 40, bytes.length - 1]) {
			const bad = bytes.slice()
			bad[at] = (bad[at] ?? 0) ^ 1
			expect(await openRoot({ subtle, verifier }, keys, bytesToBase64url(bad))).toBeNull()
		}
		expect(await openRoot({ subtle, verifier }, keys, sealed.slice(0, 40))).toBeNull()
		expect(await openRoot({ subtle, verifier }, keys, '')).toBeNull()
		const mallory = await createSigner()
		await expect(sealRoot({ subtle, random, signer: mallory }, keys, root)).rejects.toThrow('owner')
		// Mallory holds the code and signs alice's name with her own key.
		const forged = await sealRoot(
			{ subtle, random, signer: { ...mallory, device: alice.device } },
			keys,
			root,
		)
		expect(await openRoot({ subtle, verifier }, keys, forged)).toBeNull()
	})
})

describe('base64url', () => {
	it('[RK7] bytes survive the way to text and back; other texts are refused', () => {
		for (let length = 0; length < 70; length++) {
			const bytes = random.bytes(length)
			expect(bytesToBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
			expect(base64urlToBytes(bytesToBase64url(bytes))).toEqual(bytes)
		}
		expect(base64urlToBytes('A')).toBeNull()
		expect(base64urlToBytes('AB=')).toBeNull()
		expect(base64urlToBytes('A+B/')).toBeNull()
		expect(base64urlToBytes('AB')).toBeNull() // left-over bits
	})
})
