import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
	APP_MAX_BYTES,
	DIGEST_MAX_BYTES,
	createSyncAssembler,
	encodeRoomFrame,
	encodeSyncPart,
	parseRoomFrame,
	STATE_MAX_BYTES,
	STATUS_MAX_BYTES,
	SYNC_PART_BYTES,
	syncPartsOf,
	UPDATE_MAX_BYTES,
	type RoomFrame,
	type SyncKind,
	type SyncPart,
} from './room-frames.ts'

const filled = (length: number): Uint8Array =>
	Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff)

const answer = {
	type: 'clock-answer',
	id: 0xffff_ffff,
	t0Ms: 1_763_700_000_000.125,
	t1Ms: 5.5,
	t2Ms: 5.75,
	offsetMs: -12.25,
	errorMs: Infinity,
	epoch: 0xdead_beef,
	members: 40,
} as const

const FRAMES: readonly RoomFrame[] = [
	{ type: 'sync', kind: 'step1', id: 7, index: 0, total: 1, payload: filled(1) },
	{ type: 'sync', kind: 'step2', id: 8, index: 1, total: 3, payload: filled(SYNC_PART_BYTES) },
	{ type: 'sync', kind: 'update', id: 0xffff_ffff, index: 1, total: 2, payload: filled(4 * 1024) },
	{ type: 'status', hops: 2, payload: filled(STATUS_MAX_BYTES) },
	{ type: 'clock-probe', id: 3, t0Ms: 12.5 },
	answer,
	{ type: 'bye' },
	{ type: 'app', payload: filled(APP_MAX_BYTES) },
	{ type: 'digest', payload: filled(DIGEST_MAX_BYTES) },
	{ type: 'hearsay', payload: filled(STATUS_MAX_BYTES) },
]

const part = (kind: SyncKind, id: number, index: number, total: number, bytes: number): SyncPart => ({
	type: 'sync',
	kind,
	id,
	index,
	total,
	payload: filled(bytes),
})

const partsOf = (kind: SyncKind, id: number, message: Uint8Array): SyncPart[] =>
	Array.from(
		{ length: syncPartsOf(message.length) },
		(_, index) => parseRoomFrame(encodeSyncPart(kind, id, message, index)) as SyncPart,
	)

describe('room frames', () => {
	it('[SY1] every frame comes back as it was sent', () => {
		for (const frame of FRAMES) expect(parseRoomFrame(encodeRoomFrame(frame))).toEqual(frame)
	})

	it('[SY1] a frame cut short or with a byte too many is refused, unless its payload may have that length', () => {
		for (const frame of [FRAMES[4], FRAMES[5], FRAMES[6]] as RoomFrame[]) {
			const bytes = encodeRoomFrame(frame)
			for (let length = 0; length < bytes.length; length++)
				expect(parseRoomFrame(bytes.subarray(0, length))).toBeNull()
			expect(parseRoomFrame(Uint8Array.of(...bytes, 0))).toBeNull()
		}
	})

	it('[SY1] types, kinds, counts and sizes outside the grammar are refused', () => {
		const refused: readonly RoomFrame[] = [
			part('step1', 1, 0, 3, SYNC_PART_BYTES),
			part('step2', 1, 0, 138, SYNC_PART_BYTES),
			part('step2', 1, 136, 137, SYNC_PART_BYTES),
			part('update', 1, 1, 2, UPDATE_MAX_BYTES - SYNC_PART_BYTES + 1),
			part('update', 1, 0, 2, SYNC_PART_BYTES - 1),
			part('update', 1, 0, 1, SYNC_PART_BYTES + 1),
			part('update', 1, 0, 1, 0),
			part('update', 1, 2, 2, 1),
			part('update', 1, 0, 0, 1),
			{ type: 'status', hops: 3, payload: filled(10) },
			{ type: 'status', hops: 0, payload: filled(STATUS_MAX_BYTES + 1) },
			{ type: 'status', hops: 0, payload: filled(0) },
			{ type: 'hearsay', payload: filled(STATUS_MAX_BYTES + 1) },
			{ type: 'clock-probe', id: 0, t0Ms: NaN },
			{ ...answer, errorMs: -1 },
			{ ...answer, offsetMs: Infinity },
			{ ...answer, t2Ms: 1 },
			{ type: 'app', payload: filled(APP_MAX_BYTES + 1) },
		]
		for (const frame of refused) expect(parseRoomFrame(encodeRoomFrame(frame)), frame.type).toBeNull()
		for (const type of [0, 9, 255]) expect(parseRoomFrame(Uint8Array.of(type, 0, 0))).toBeNull()
		expect(parseRoomFrame(Uint8Array.of(1, 3, 0, 0, 0, 0, 0, 0, 0, 1, 9))).toBeNull()
	})

	it('[SY1] no bytes make the parser throw, and what it takes is what it would write', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 0, max: 7 }), (bytes, type) => {
				if (bytes.length > 0) bytes[0] = type
				const frame = parseRoomFrame(bytes)
				if (frame !== null) expect(encodeRoomFrame(frame)).toEqual(bytes)
			}),
			{ numRuns: 2_000 },
		)
	})

	it('[SY2] a document of 8 MB crosses in parts, and a byte more does not', () => {
		const message = filled(STATE_MAX_BYTES)
		const assembler = createSyncAssembler()
		const parts = partsOf('step2', 5, message)
		expect(parts).toHaveLength(137)
		const outcomes = parts.map((one) => assembler.add(one))
		expect(outcomes.slice(0, -1).every((outcome) => outcome === 'more')).toBe(true)
		const whole = outcomes.at(-1)
		expect(whole).toMatchObject({ kind: 'step2' })
		expect(Buffer.compare((whole as { payload: Uint8Array }).payload, message)).toBe(0)
		expect(assembler.heldBytes).toBe(0)
		expect(partsOf('step2', 5, filled(STATE_MAX_BYTES + 1)).at(-1)).toBeNull()
		expect(partsOf('update', 5, filled(UPDATE_MAX_BYTES + 1)).at(-1)).toBeNull()
	})

	it('[SY2] a whole message may stand between the parts of a large one', () => {
		const assembler = createSyncAssembler()
		const [first, second] = partsOf('step2', 1, filled(SYNC_PART_BYTES + 9)) as [SyncPart, SyncPart]
		expect(assembler.add(first)).toBe('more')
		expect(assembler.heldBytes).toBe(SYNC_PART_BYTES)
		expect(assembler.add(part('update', 2, 0, 1, 3))).toEqual({ kind: 'update', payload: filled(3) })
		expect(assembler.add(second)).toMatchObject({ kind: 'step2' })
	})

	it('[SY2] parts that skip, repeat, change or begin twice are refused', () => {
		const [first, second, third] = partsOf('step2', 1, filled(2 * SYNC_PART_BYTES + 1)) as [
			SyncPart,
			SyncPart,
			SyncPart,
		]
		const wrong: readonly SyncPart[] = [
			third,
			first,
			{ ...second, id: 2 },
			{ ...second, kind: 'update' },
			{ ...second, total: 4 },
		]
		for (const one of wrong) {
			const assembler = createSyncAssembler()
			expect(assembler.add(first)).toBe('more')
			expect(assembler.add(one)).toBeNull()
		}
		expect(createSyncAssembler().add(second)).toBeNull()
	})
})
