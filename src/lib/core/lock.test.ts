import { describe, expect, it } from 'vitest'
import { encodeBody } from './body.ts'
import { KINDS } from './kinds.ts'
import { decodeNotes, encodeNotes, openNote, RECIPIENTS_MAX, sealNotes, type BoxKey } from './lock.ts'
import { bytesToBase64url } from './base64url.ts'
import type { DeviceId, RoomId } from './units.ts'

const { subtle } = crypto
const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }
const ROOM = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
const CODE = 'K7QX-3M9R-T2VH-8WPC-5NDA'
const SECRET = new Uint8Array(32).fill(9)

const deviceNamed = (n: number): DeviceId => {
	const bytes = new Uint8Array(16)
	new DataView(bytes.buffer).setUint32(0, n)
	return bytesToBase64url(bytes) as DeviceId
}
const createBox = async (): Promise<BoxKey> => {
	const pair = await subtle.generateKey('X25519', false, ['deriveBits'])
	return {
		publicKey: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)),
		privateKey: pair.privateKey,
	}
}
const deps = { subtle, random }

describe('notes of a changed lock', () => {
	it('[LK6] each device that stays opens its own, and nobody else opens any', async () => {
		const [bob, carol, mallory] = await Promise.all([createBox(), createBox(), createBox()])
		const recipients = [
			{ device: deviceNamed(1), boxKey: bob.publicKey },
			{ device: deviceNamed(2), boxKey: carol.publicKey },
		]
		const payload = { code: CODE, passwordSecret: SECRET }
		const { bodies, unsealed } = await sealNotes(deps, recipients, payload, ROOM)
		expect(unsealed).toEqual([])
		expect(await openNote(subtle, bob, deviceNamed(1), bodies, ROOM)).toEqual(payload)
		expect(await openNote(subtle, carol, deviceNamed(2), bodies, ROOM)).toEqual(payload)
		expect(await openNote(subtle, mallory, deviceNamed(3), bodies, ROOM)).toBeNull()
		expect(await openNote(subtle, mallory, deviceNamed(1), bodies, ROOM)).toBeNull()
		// Nor is a note good for another device, another room or after a change of any byte.
		expect(await openNote(subtle, carol, deviceNamed(1), bodies, ROOM)).toBeNull()
		const elsewhere = 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId
		expect(await openNote(subtle, bob, deviceNamed(1), bodies, elsewhere)).toBeNull()
		const [body] = bodies
		if (body === undefined) throw new Error('one body')
		for (let at = 0; at < 85; at++) {
			const notes = body.notes.map(({ d, c }) => ({ d, c: c.map((byte, i) => (i === at ? byte ^ 1 : byte)) }))
			expect(await openNote(subtle, bob, deviceNamed(1), [{ e: body.e, notes }], ROOM)).toBeNull()
		}
		expect(Buffer.from(encodeBody({ ...body })).toString('latin1')).not.toContain('K7QX')
	})

	it('[LK6] a note shows by nothing whether the new room has a password', async () => {
		const bob = await createBox()
		const recipients = [{ device: deviceNamed(1), boxKey: bob.publicKey }]
		const open = { code: CODE, passwordSecret: null }
		const [without, withOne] = await Promise.all([
			sealNotes(deps, recipients, open, ROOM),
			sealNotes(deps, recipients, { code: CODE, passwordSecret: SECRET }, ROOM),
		])
		expect(without.bodies[0]?.notes[0]?.c.length).toBe(withOne.bodies[0]?.notes[0]?.c.length)
		expect(await openNote(subtle, bob, deviceNamed(1), without.bodies, ROOM)).toEqual(open)
	})

	it('[LK7] 640 devices are moved by 16 records of 40; one more, or one with no proper key, is named', async () => {
		const bob = await createBox()
		const recipients = Array.from({ length: RECIPIENTS_MAX + 1 }, (_, i) => ({
			device: deviceNamed(i),
			boxKey: i === 5 ? new Uint8Array(32) : bob.publicKey,
		}))
		const { bodies, unsealed } = await sealNotes(
			deps,
			recipients,
			{ code: CODE, passwordSecret: SECRET },
			ROOM,
		)
		expect(unsealed).toEqual([deviceNamed(640), deviceNamed(5)])
		expect(bodies).toHaveLength(16)
		for (const body of bodies) {
			const parsed = KINDS.moved.schema?.parse(body)
			expect(parsed).toEqual(body)
			expect(encodeBody({ ...body }).length).toBeLessThanOrEqual(KINDS.moved.bodyMaxBytes)
		}
		expect(await openNote(subtle, bob, deviceNamed(639), bodies, ROOM)).not.toBeNull()
		expect(await openNote(subtle, bob, deviceNamed(640), bodies, ROOM)).toBeNull()
	})

	it('[LK8] the server keeps the signed records themselves; what is not that is refused', () => {
		const records = [Uint8Array.of(1, 2, 3), Uint8Array.of(4)]
		const notes = encodeNotes(ROOM, records)
		expect(decodeNotes(notes, ROOM)).toEqual(records)
		expect(decodeNotes(notes, 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId)).toBeNull()
		expect(decodeNotes('', ROOM)).toBeNull()
		expect(decodeNotes('a', ROOM)).toBeNull()
		const write = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
		expect(decodeNotes(write({ v: 2, room: ROOM, records: [] }), ROOM)).toBeNull()
		expect(decodeNotes(write({ v: 1, room: ROOM, records: [5] }), ROOM)).toBeNull()
		expect(decodeNotes(write({ v: 1, room: ROOM, records: Array<string>(18).fill('AA') }), ROOM)).toBeNull()
		expect(decodeNotes(write({ v: 1, room: ROOM, records: ['!'] }), ROOM)).toBeNull()
	})
})
