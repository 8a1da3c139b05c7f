import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { PeerId } from '#lib/core/units.ts'
import {
	encodeRelayFrame,
	forwardRelayFrame,
	parseRelayDelivery,
	RELAY_BYTES_MAX,
	RELAY_FRAME_MAX_BYTES,
	RELAY_PARCELS_MAX,
} from './relay.ts'

const idOf = (bytes: Uint8Array): PeerId => bytesToBase64url(bytes) as PeerId
const FROM = Uint8Array.from({ length: 16 }, (_, i) => 200 + i)
const BOB = idOf(new Uint8Array(16).fill(7))

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(idOf)
const parcels = fc.array(fc.record({ to: id, bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }) }), {
	minLength: 1,
	maxLength: RELAY_PARCELS_MAX,
})

describe('a relay frame', () => {
	it('[SG49] brings each recipient its own bytes and the sender, in order', () => {
		fc.assert(
			fc.property(parcels, (sent) => {
				const deliveries = forwardRelayFrame(encodeRelayFrame(sent), FROM)
				expect(deliveries?.map(({ to }) => to)).toEqual(sent.map(({ to }) => to))
				expect(deliveries?.map(({ frame }) => parseRelayDelivery(frame))).toEqual(
					sent.map(({ bytes }) => ({ from: idOf(FROM), bytes })),
				)
			}),
		)
	})

	it('[SG49] is forwarded without a copy', () => {
		const frame = encodeRelayFrame([{ to: BOB, bytes: new Uint8Array(1_000) }])
		expect(forwardRelayFrame(frame, FROM)?.[0]?.frame.buffer).toBe(frame.buffer)
	})

	it('[SG50] holds one parcel of the largest size, and not a byte more', () => {
		const largest = encodeRelayFrame([{ to: BOB, bytes: new Uint8Array(RELAY_BYTES_MAX) }])
		expect(largest.length).toBe(RELAY_FRAME_MAX_BYTES)
		expect(forwardRelayFrame(largest, FROM)).toHaveLength(1)
		expect(() => encodeRelayFrame([{ to: BOB, bytes: new Uint8Array(RELAY_BYTES_MAX + 1) }])).toThrow(
			'more than',
		)
	})

	it('[SG50] that is bent anywhere is refused or read as what it then says; nothing throws, nothing reaches beyond it', () => {
		const bent = fc
			.tuple(parcels, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(80))
			.map(([sent, changes, cut]) => {
				const frame = encodeRelayFrame(sent)
				for (const [at, value] of changes) frame[at % Math.min(frame.length, 60)] = value
				return frame.subarray(0, Math.max(0, frame.length - (cut % 40)))
			})
		fc.assert(
			fc.property(fc.oneof(bent, fc.uint8Array({ maxLength: 300 })), (frame) => {
				const before = frame.slice()
				const deliveries = forwardRelayFrame(frame, FROM)
				if (deliveries === null) expect(frame).toEqual(before)
				else {
					expect(deliveries.length).toBe(before[1])
					// Each byte of the frame belongs to its head or to exactly one parcel.
					const carried = deliveries.reduce((sum, delivery) => sum + delivery.frame.length - 17, 0)
					expect(2 + deliveries.length * 20 + carried).toBe(before.length)
				}
			}),
			{ numRuns: 2_000 },
		)
	})

	it('[SG50] of no parcels, of an empty one, of another kind or with something behind it is none', () => {
		const good = encodeRelayFrame([{ to: BOB, bytes: Uint8Array.of(1, 2) }])
		const empty = good.slice(0, -2)
		empty[21] = 0
		const otherKind = good.slice()
		otherKind[0] = 2
		const tooLong = Uint8Array.of(...good, 0)
		const hugeLength = good.slice()
		hugeLength.fill(255, 18, 22)
		for (const frame of [
			Uint8Array.of(),
			Uint8Array.of(1),
			Uint8Array.of(1, 0),
			empty,
			otherKind,
			tooLong,
			hugeLength,
			good.slice(0, -1),
		])
			expect(forwardRelayFrame(frame, FROM)).toBeNull()
	})
})

it('[SG50] what the server brings is read whole or not at all', () => {
	expect(parseRelayDelivery(Uint8Array.of(1, ...FROM, 9))).toEqual({
		from: idOf(FROM),
		bytes: Uint8Array.of(9),
	})
	for (const frame of [
		Uint8Array.of(),
		Uint8Array.of(1, ...FROM),
		Uint8Array.of(2, ...FROM, 9),
		new Uint8Array(RELAY_FRAME_MAX_BYTES + 1).fill(1),
	])
		expect(parseRelayDelivery(frame)).toBeNull()
})
