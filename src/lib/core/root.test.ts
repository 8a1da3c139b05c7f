import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToBase64url, base64urlToBytes } from './base64url.ts'
import type { Signer, Verifier } from './crypto.ts'
import { deriveRoomKeys, type RoomKeys } from './room-keys.ts'
import type { RoomRoot } from './room.ts'
import { openRoot, openSignedRoot, ownerStatement, readSignedRoot, sealRoot } from './root.ts'
import { ROOT_MAX_CHARS } from '#lib/protocol/http.ts'
import type { DeviceId, RoomId, SubjectId } from './units.ts'

const CODE = 'K7QX-3M9R-T2VH-8WPC-5NDA'
/** Sealed before rooms had passwords and locks that change. */
const ROOT_OF_OLD =
	'XkYOA6v0HFlJYs0Ymd20DqRiE5sgR-Dp0OhwYsnXcDLPXmq6RKCMVO2csL46Dv7lx-Zpb7L1g0wHWf3LCQJcDbsHLQc0MOIbegwQsI2g_UfNP9Tz5qHGA_yr9Byqu0WuVx9rjTwX0OW1Y84ce5C82FfeKcYQtVrWnEbHXbXtWZrc-9iP6FAThWqU8qpx-pABLnTMJdxlaijQGeukcx1M73kRETmlPw2BzMpbl4TsPRjlqpgJs0JqIvWGEcxjqpO9wRmeW6sNsyOA-Cv_cqXTnAHvqRbNj7Jt7KOmZBbOfJqVAsN-V3X95Hz3XuQuFP59IsPPJFL1cK4vrJBwMAiiBs56_v9ikAr0ERkSX1lIajREfJP0o2Qgpp62guUY6ROvT94'
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

	it('[RK4] the id and keys of a code are what they have always been, and old roots open', async () => {
		const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
		expect(keys.lookupId).toBe('i4_sD0ycPcyLyf5yf9UIgg')
		expect(keys.roomId).toBe(keys.lookupId)
		expect(text(keys.roomKey)).toBe('PX4ZmGYE1LnIaF6NHIf7_J2OuBbjRq2bV43lNz0gJW0')
		expect(text(keys.relayKey)).toBe('jAoJctAtowPOyLK7Aeb7cVnVUd9j8KlUbjkHizl02Aw')
		expect(text(keys.rootKey)).toBe('PGw-5tKpLZHO3KZ0BVORcTlj_1aZSeznLYEBOLmtPLc')
		const opened = await openSignedRoot({ subtle, verifier }, keys, ROOT_OF_OLD)
		expect(opened).toMatchObject({
			root: { v: 1, ownerDevice: 't4JK2eL7NClnIUHrvQH6Rg', title: 'Sunday', createdAtMs: 5 },
			ownerStatement: null,
		})
	})

	it('[RK8] a password changes the room and its keys, but not where its root is nor what opens that', async () => {
		const locked = await deriveRoomKeys(subtle, CODE, new Uint8Array(32).fill(7))
		expect([locked.lookupId, locked.rootKey]).toEqual([keys.lookupId, keys.rootKey])
		expect(locked.roomId).not.toBe(keys.roomId)
		expect(locked.roomKey).not.toEqual(keys.roomKey)
		expect(locked.relayKey).not.toEqual(keys.relayKey)
		expect(await deriveRoomKeys(subtle, CODE, new Uint8Array(32).fill(7))).toEqual(locked)
		const other = await deriveRoomKeys(subtle, CODE, new Uint8Array(32).fill(8))
		expect(other.roomId).not.toBe(locked.roomId)
	})

	it('[RK9] the root says what a password leads to and what the room was before; both are signed', async () => {
		const before = Array.from({ length: 8 }, (_, i) => `AAAAAAAAAAAAAAAAAAAA${i}A` as RoomId)
		const whole = { ...root, title: 'é'.repeat(120), passwordCheck: 'BBBBBBBBBBBBBBBBBBBBBA', before }
		const locked = await deriveRoomKeys(subtle, CODE, new Uint8Array(32).fill(7))
		const sealed = await sealRoot({ subtle, random, signer: alice }, locked, whole)
		expect(sealed.length).toBeLessThanOrEqual(ROOT_MAX_CHARS)
		// Readable with the code alone: whoever is to type the password sees which room asks for it.
		const opened = await openSignedRoot({ subtle, verifier }, keys, sealed)
		expect(opened?.root).toEqual(whole)
		const { ownerKey = '', signature = '' } = opened ?? {}
		const proof = { ownerKey, signature }
		expect(await readSignedRoot(verifier, keys.lookupId, { ...whole, ...proof })).not.toBeNull()
		const changes = [
			{ passwordCheck: 'BBBBBBBBBBBBBBBBBBBBBQ' },
			{ passwordCheck: undefined },
			{ before: before.slice(1) },
			{ before: [] },
			{ before: undefined },
			{ before: undefined, passwordCheck: undefined },
			{ before: [...before, before[0]] },
			{ before: ['short'] },
			{ before: 'AAAAAAAAAAAAAAAAAAAAAA' },
			{ passwordCheck: 5 },
		]
		for (const change of changes)
			expect(await readSignedRoot(verifier, keys.lookupId, { ...whole, ...proof, ...change })).toBeNull()
		expect(await readSignedRoot(verifier, locked.roomId, { ...whole, ...proof })).toBeNull()
	})

	it('[RK10] the root carries the owner’s word to the server, for the room’s own id', async () => {
		const locked = await deriveRoomKeys(subtle, CODE, new Uint8Array(32).fill(7))
		const sealed = await sealRoot({ subtle, random, signer: alice }, locked, root)
		const opened = await openSignedRoot({ subtle, verifier }, keys, sealed)
		const statement = base64urlToBytes(opened?.ownerStatement ?? '') ?? new Uint8Array()
		const said = new TextEncoder().encode(`matinee-room-owner-1|${locked.roomId}|g_alice`)
		expect(ownerStatement(locked.roomId, root.ownerSubject)).toEqual(said)
		expect(await verifier.verify(alice.publicKey, said, statement)).toBe(true)
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
