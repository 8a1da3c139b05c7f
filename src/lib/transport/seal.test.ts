import { describe, expect, it } from 'vitest'
import type { PeerId, RoomId } from '#lib/core/units.ts'
import { SIGNAL_DATA_MAX_CHARS } from '#lib/protocol/signaling.ts'
import { createRoomSecrets } from './seal.ts'

const ROOM = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
const ALICE = 'aliceAAAAAAAAAAAAAAAAA' as PeerId
const BOB = 'bobbobAAAAAAAAAAAAAAAA' as PeerId
const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }

const secretsOf = (roomKey = new Uint8Array(32).fill(7), roomId = ROOM) =>
	createRoomSecrets({ subtle: crypto.subtle, random, roomKey, roomId })

describe('sealed signals', () => {
	it('[TR21] come open for the peer they are sealed for, whatever they say', async () => {
		const [atAlice, atBob] = [await secretsOf(), await secretsOf()]
		for (const text of ['', '{"type":"call"}', 'ü€😀'.repeat(100), 'x'.repeat(20_000)]) {
			const sealed = await atAlice.sealSignal(ALICE, BOB, text)
			expect(sealed).toMatch(/^[A-Za-z0-9_-]+$/)
			expect(sealed.length).toBeLessThanOrEqual(SIGNAL_DATA_MAX_CHARS)
			expect(await atBob.openSignal(ALICE, BOB, sealed)).toBe(text)
		}
	})

	it('[TR21] stay shut for another sender, receiver, room or key, and when a bit was changed', async () => {
		const secrets = await secretsOf()
		const sealed = await secrets.sealSignal(ALICE, BOB, 'an offer')
		expect(await secrets.openSignal(BOB, ALICE, sealed)).toBeNull()
		expect(await secrets.openSignal(ALICE, ALICE, sealed)).toBeNull()
		const otherRoom = await secretsOf(undefined, 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId)
		expect(await otherRoom.openSignal(ALICE, BOB, sealed)).toBeNull()
		const otherKey = await secretsOf(new Uint8Array(32).fill(8))
		expect(await otherKey.openSignal(ALICE, BOB, sealed)).toBeNull()
		for (let at = 0; at < sealed.length; at += 37) {
			const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
			expect(await secrets.openSignal(ALICE, BOB, changed)).toBeNull()
		}
		for (const rubbish of ['', 'A', '=', 'AAAA', 'A'.repeat(40)])
			expect(await secrets.openSignal(ALICE, BOB, rubbish)).toBeNull()
	})

	it('[TR21] tell neither their text nor its exact length, and never look the same twice', async () => {
		const secrets = await secretsOf()
		const one = await secrets.sealSignal(ALICE, BOB, 'a=candidate:192.168.1.20')
		const two = await secrets.sealSignal(ALICE, BOB, 'a=candidate:10.0.0.1')
		expect(one.length).toBe(two.length)
		expect(one).not.toBe(await secrets.sealSignal(ALICE, BOB, 'a=candidate:192.168.1.20'))
		expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('192')
	})

	it('[TR15] the MAC is the same for holders of the key and differs for others', async () => {
		const message = Uint8Array.of(1, 2, 3)
		const mac = await (await secretsOf()).mac(message)
		expect(mac.length).toBe(32)
		expect(await (await secretsOf()).mac(message)).toEqual(mac)
		expect(await (await secretsOf(new Uint8Array(32))).mac(message)).not.toEqual(mac)
	})
})
