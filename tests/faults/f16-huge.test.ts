/**
 * F16: documents as large as our caps let them grow, and beyond: every member's rings full, in a room at its 8 MB. They
 * load and hand over in bounded time, and what no longer counts is the same for every reader, whatever came first.
 */
import * as Y from 'yjs'
import { beforeAll, expect, it } from 'vitest'
import { createFakeSigner } from '#lib/core/fake-crypto.ts'
import { KINDS } from '#lib/core/kinds.ts'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { GUEST_BUDGET_BYTES, ROOM_BUDGET_BYTES } from '#lib/core/budget.ts'
import { createTestClock, createTestRoom, makeRecord, testRoot } from '#lib/core/test-room.ts'
import { TEST_ROOM_ID, TEST_START_MS } from '#lib/core/test-room.ts'
import type { RoomId } from '#lib/core/units.ts'
import { STATE_MAX_BYTES } from '#lib/protocol/room-frames.ts'
import { ROOM_ID } from '../support/mesh-room.ts'
import { createMeshSwarm } from './mesh-swarm.ts'
import { sizeOf } from './sizes.ts'
import { createVerdict, stretch } from './verdict.ts'

const DEVICES = sizeOf('FAULT_DEVICES', 80, 80)
/** Bytes of text: rings of these come to about 7 MB in the room. */
const LINE_CHARS = 180
/** Of a processor, signatures not counted: those are checked beside the page. */
const LOAD_MS_PER_10_000 = 1_500
/** Of the newest messages so many are shown. */
const SHOWN = 2_000
const JOIN_MS = 20_000

/** What one device wrote. */
interface Ring {
	readonly update: Uint8Array
	readonly records: number
	readonly bytes: number
}

interface Filling {
	readonly filling?: string
	readonly roomId?: RoomId
	/** When the first of it was said. */
	readonly fromMs?: number
}

/** Every device with its whole ring of chat, each slot written once. */
const fillRings = async (
	devices: number,
	chars: number,
	{ filling = 'and so it goes ', roomId = TEST_ROOM_ID, fromMs = TEST_START_MS }: Filling = {},
): Promise<Ring[]> => {
	const rings: Ring[] = []
	for (let n = 0; n < devices; n++) {
		const signer = createFakeSigner(`device ${String(n)}`)
		const doc = new Y.Doc()
		const map = doc.getMap<unknown>(RECORDS_MAP)
		const id = { key: signer.publicKey, name: `Member ${String(n)}`, since: fromMs, first: 1 }
		const made = [await makeRecord(signer, 'id', 0, 1, id, { roomId, ms: fromMs })]
		for (let slot = 0; slot < KINDS.chat.slots; slot++) {
			const text = `${String(n)}-${String(slot)} `.padEnd(chars, filling).trimEnd()
			const ms = fromMs + slot * 1_000 + n
			made.push(await makeRecord(signer, 'chat', slot, slot + 2, { text }, { ms, roomId }))
		}
		doc.transact(() => {
			for (const { key, bytes: record } of made) map.set(key, record)
		})
		rings.push({
			update: Y.encodeStateAsUpdate(doc),
			records: made.length,
			bytes: made.reduce((sum, one) => sum + one.bytes.length, 0),
		})
		doc.destroy()
	}
	return rings
}
const recordsIn = (rings: readonly Ring[]): number => rings.reduce((sum, { records }) => sum + records, 0)
const bytesIn = (rings: readonly Ring[]): number => rings.reduce((sum, { bytes }) => sum + bytes, 0)

/** What a reader makes of it who gets it in this order. */
const read = async (rings: readonly Ring[], name: string) => {
	const clock = createTestClock(TEST_START_MS + 3_600_000)
	const doc = new Y.Doc()
	for (const { update } of rings) Y.applyUpdate(doc, update)
	const began = process.cpuUsage()
	const { room } = createTestRoom(name, { doc, clock, root: testRoot(createFakeSigner('owner')) })
	const admission = await room.admitAll()
	const { chat } = room.state()
	const { user, system } = process.cpuUsage(began)
	const cpuMs = (user + system) / 1_000
	const seen = chat.map(({ id, text }) => `${id} ${text ?? ''}`)
	return { cpuMs, seen, admission, records: room.ledger.size, bytes: Y.encodeStateAsUpdate(doc).length }
}

/** More of them than a room may hold; the first `DEVICES` fit. */
let crowd: readonly Ring[] = []
beforeAll(async () => {
	crowd = await fillRings(Math.ceil(DEVICES * 1.6), LINE_CHARS)
}, 600_000)

it(`[FA16] ${String(DEVICES)} members with full rings: loads in time, fits what a joiner is handed, is alike for all`, async () => {
	const rings = crowd.slice(0, DEVICES)
	const records = recordsIn(rings)
	const first = await read(rings, 'first')
	const last = await read(rings.toReversed(), 'last')
	const verdict = createVerdict('F16 every ring full')
	verdict.note('records', records)
	verdict.note('document', `${(first.bytes / 2 ** 20).toFixed(1)} MiB`)
	verdict.is('taken in', first.records, records)
	verdict.atMost('what a joiner is handed', first.bytes, STATE_MAX_BYTES, ' B')
	verdict.atMost('cold load', first.cpuMs, (LOAD_MS_PER_10_000 * records) / 10_000, ' ms of a processor')
	verdict.is('messages shown', first.seen.length, Math.min(SHOWN, DEVICES * KINDS.chat.slots))
	verdict.is('readers that differ', first.seen.join('\n') === last.seen.join('\n') ? 0 : 1, 0)
	expect(verdict.end()).toEqual([])
}, 600_000)

it('[FA16] beyond a guest’s 256 KB and a room’s 8 MB readers keep to the caps, and within a room’s to the same records', async () => {
	// Of one device what counts is bounded, the newest of it.
	const heavy = await fillRings(4, 480, { filling: 'é' })
	const [one, other] = [await read(heavy, 'one'), await read(heavy.toReversed(), 'other')]
	// And of a room with far more than it may hold.
	const over = await read(crowd, 'over')
	const verdict = createVerdict('F16 beyond the caps')
	verdict.atLeast('bytes of a device', bytesIn(heavy) / 4, GUEST_BUDGET_BYTES)
	verdict.note('of its messages count', one.seen.length / 4)
	verdict.is('readers that differ', one.seen.join('\n') === other.seen.join('\n') ? 0 : 1, 0)
	verdict.atLeast('bytes offered to a room', bytesIn(crowd), ROOM_BUDGET_BYTES)
	verdict.atMost('bytes a reader holds of them', over.bytes, STATE_MAX_BYTES * 1.25)
	verdict.note('records turned away', recordsIn(crowd) - over.records)
	expect(verdict.end()).toEqual([])
}, 600_000)

it('[FA16, SY4] who joins gets such a room from a neighbour, about once', async () => {
	const rings = await fillRings(Math.ceil(DEVICES / 4), LINE_CHARS, { roomId: ROOM_ID, fromMs: 100_000 })
	const swarm = await createMeshSwarm({ seed: 16, names: ['alice', 'bob'] })
	const [alice, bob] = swarm.members
	if (alice === undefined || bob === undefined) throw new Error('nobody came')
	// Alice had it all before anybody was there.
	for (const { update } of rings) Y.applyUpdate(alice.doc, update)
	await alice.room.admitAll()
	const bytesBefore = swarm.network.counts.bytes
	const beganMs = performance.now()
	const isThere = await swarm.clock.runUntil(
		() => bob.room.ledger.size >= recordsIn(rings) + 2,
		JOIN_MS * stretch(),
	)
	const moved = swarm.network.counts.bytes - bytesBefore
	const bytes = Y.encodeStateAsUpdate(alice.doc).length
	const verdict = createVerdict('F16 a joiner to a full room')
	verdict.note('document', `${(bytes / 2 ** 20).toFixed(1)} MiB`)
	verdict.is('joined', isThere ? 1 : 0, 1)
	verdict.note('work', `${(performance.now() - beganMs).toFixed(0)} ms`)
	verdict.atMost('bytes moved, of the document', moved / bytes, 1.5)
	expect(verdict.end()).toEqual([])
	swarm.stop()
}, 600_000)

it('[FA16, SY21] a room beyond 8 MB, which goes in no one answer, is handed to who joins in parts', async () => {
	const rings = await fillRings(Math.ceil(DEVICES * 1.4), LINE_CHARS, { roomId: ROOM_ID, fromMs: 100_000 })
	const swarm = await createMeshSwarm({ seed: 17, names: ['alice', 'bob'] })
	const [alice, bob] = swarm.members
	if (alice === undefined || bob === undefined) throw new Error('nobody came')
	for (const { update } of rings) Y.applyUpdate(alice.doc, update)
	await alice.room.admitAll()
	const bytes = Y.encodeStateAsUpdate(alice.doc).length
	const isThere = await swarm.clock.runUntil(
		() => Y.encodeStateVector(bob.doc).length >= Y.encodeStateVector(alice.doc).length,
		JOIN_MS * stretch(),
	)
	await swarm.clock.run(2_000)
	const verdict = createVerdict('F16 a joiner to a room beyond 8 MB')
	verdict.atLeast('document', bytes, STATE_MAX_BYTES)
	verdict.is('joined', isThere ? 1 : 0, 1)
	verdict.atLeast('bytes of it there', Y.encodeStateAsUpdate(bob.doc).length, 0.99 * bytes)
	verdict.atLeast('records that count', bob.room.ledger.size, 0.95 * alice.room.ledger.size)
	expect(verdict.end()).toEqual([])
	swarm.stop()
}, 600_000)
