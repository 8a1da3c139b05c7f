import { gzipSync } from 'node:zlib'
import { afterEach, expect, it, vi } from 'vitest'
import type { RoomId } from '#lib/core/units.ts'
import { hkdf } from '#lib/core/room-keys.ts'
import { createHistorySeal, paddedSize } from './history-seal.ts'
import { cryptoRandom } from './platform.ts'

const { subtle } = crypto
const MAX = 1024 * 1024
const roomId = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
const keysOf = (fill: number, id = roomId) => ({
	roomKey: new Uint8Array(32).fill(fill),
	roomId: id,
})
const sealOf = (fill = 1, id = roomId) =>
	createHistorySeal({ subtle, random: cryptoRandom, keys: keysOf(fill, id) })
const text = (words: string) => new TextEncoder().encode(words)
const content = (update: Uint8Array, atMs = 1_800_000_000_123) => ({ update, atMs })
/** Too random to be packed. */
const noise = (size: number) => {
	const out = new Uint8Array(size)
	for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(out.subarray(at, at + 65_536))
	return out
}

afterEach(() => vi.unstubAllGlobals())

it('[HK2] opens again with the room’s key, for that room and version alone', async () => {
	const seal = await sealOf()
	const update = text('the room as it was')
	const sealed = await seal.seal(content(update), 7, MAX)
	expect(await seal.open(sealed, 7)).toEqual({ type: 'opened', content: content(update) })
	expect(await seal.open(sealed, 8)).toEqual({ type: 'damaged' })
	expect(await (await sealOf(2)).open(sealed, 7)).toEqual({ type: 'damaged' })
	const elsewhere = await sealOf(1, 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId)
	expect(await elsewhere.open(sealed, 7)).toEqual({ type: 'damaged' })
})

it('[HK2] holds nothing in clear, and looks different each time', async () => {
	const seal = await sealOf()
	const one = await seal.seal(content(text('canary canary canary')), 1, MAX)
	const two = await seal.seal(content(text('canary canary canary')), 1, MAX)
	expect(Buffer.from(one).includes('canary')).toBe(false)
	expect(Buffer.compare(Buffer.from(one), Buffer.from(two))).not.toBe(0)
})

it('[HK2] what the server is shown leads to no other key, and is checked by its hash', async () => {
	const seal = await sealOf()
	const key = Buffer.from(seal.key, 'base64url')
	expect(key).toHaveLength(32)
	expect(Buffer.from(await subtle.digest('SHA-256', key)).toString('base64url')).toBe(seal.verifier)
	const sealKey = await hkdf(subtle, keysOf(1).roomKey, 'history', 32)
	expect(Buffer.compare(key, Buffer.from(sealKey))).not.toBe(0)
	expect((await sealOf(2)).key).not.toBe(seal.key)
})

it('[HK2] any byte altered, cut off or put on, it does not open, and never rejects', async () => {
	const seal = await sealOf()
	const sealed = await seal.seal(content(text('x')), 7, MAX)
	for (const at of [1, 12, 13, 40, sealed.length - 1]) {
		const bent = sealed.slice()
		bent[at] = (bent[at] ?? 0) ^ 1
		expect(await seal.open(bent, 7)).toEqual({ type: 'damaged' })
	}
	for (const length of [0, 1, 12, 30, 40, sealed.length - 1])
		expect(await seal.open(sealed.slice(0, length), 7)).toEqual({ type: 'damaged' })
	expect(await seal.open(new Uint8Array([...sealed, 0]), 7)).toEqual({ type: 'damaged' })
	expect(await seal.open(new Uint8Array([2, ...sealed.slice(1)]), 7)).toEqual({ type: 'newer' })
})

it('[HK2] its size is told in steps of a sixteenth, from 4 KiB on, and never passes the limit for that', async () => {
	const seal = await sealOf()
	const sizes = new Set<number>()
	for (const words of ['', 'a', 'b'.repeat(3_000)])
		sizes.add((await seal.seal(content(text(words)), 1, MAX)).length)
	expect([...sizes]).toEqual([4_096])
	for (let bytes = 1; bytes < 3_000_000; bytes = Math.ceil(bytes * 1.07)) {
		expect(paddedSize(bytes)).toBeGreaterThanOrEqual(bytes)
		expect(paddedSize(bytes)).toBeLessThanOrEqual(Math.max(8_192, bytes * (1 + 1 / 16) + 4_096))
		expect(paddedSize(paddedSize(bytes))).toBe(paddedSize(bytes))
	}
	const steps = new Set(Array.from({ length: 1_000 }, (_, i) => paddedSize(600_000 + i * 100)))
	expect(steps.size).toBeLessThanOrEqual(5)
	const tight = noise(100_000)
	const fits = await seal.seal(content(tight), 1, 100_500)
	expect(fits.length).toBe(100_500)
	expect((await seal.open(fits, 1)).type).toBe('opened')
	expect((await seal.seal(content(tight), 1, 90_000)).length).toBeGreaterThan(100_000)
})

it('[HK2] is packed where the browser can and where it helps, and read in either case', async () => {
	const seal = await sealOf()
	const easy = new Uint8Array(200_000)
	expect((await seal.seal(content(easy), 1, MAX)).length).toBe(4_096)
	const hard = noise(50_000)
	const sealed = await seal.seal(content(hard), 1, MAX)
	expect(sealed.length).toBeLessThan(58_000)
	expect(await seal.open(sealed, 1)).toEqual({ type: 'opened', content: content(hard) })
	vi.stubGlobal('CompressionStream', undefined)
	const plain = await seal.seal(content(easy), 1, MAX)
	expect(plain.length).toBeGreaterThan(200_000)
	expect(await seal.open(plain, 1)).toEqual({ type: 'opened', content: content(easy) })
})

/** As `seal` would make it, of whatever bytes somebody with the key likes. */
const sealByHand = async (packing: number, body: Uint8Array, length = body.length, version = 1) => {
	const plain = new Uint8Array(11 + body.length)
	plain[0] = packing
	new DataView(plain.buffer).setUint32(7, length)
	plain.set(body, 11)
	const raw = await hkdf(subtle, keysOf(1).roomKey, 'history', 32)
	const key = await subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt'])
	const iv = new Uint8Array(12)
	const additionalData = text(`matinee-history-1|${roomId}|${String(version)}`)
	const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain)
	return new Uint8Array([1, ...iv, ...new Uint8Array(sealed)])
}

it('[HK2] a member’s bomb is not unpacked past 8 MB; what is cut short, no gzip or of a false length is damaged', async () => {
	const seal = await sealOf()
	const fine = await sealByHand(1, gzipSync(new Uint8Array(8 * 1024 * 1024)))
	expect((await seal.open(fine, 1)).type).toBe('opened')
	const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024))
	expect(bomb.length).toBeLessThan(300_000)
	for (const sealed of [
		await sealByHand(1, bomb),
		await sealByHand(1, gzipSync(noise(5_000)).subarray(0, 3_000)),
		await sealByHand(1, noise(500)),
		await sealByHand(0, noise(500), 501),
		await sealByHand(0, noise(500), 2 ** 32 - 1),
		await sealByHand(2, noise(500)),
	])
		expect(await seal.open(sealed, 1)).toEqual({ type: 'damaged' })
})
