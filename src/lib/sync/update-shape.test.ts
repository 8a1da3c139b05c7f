import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import {
	isApplicable,
	isStateVector,
	readUpdateShape,
	STATE_LIMITS,
	UPDATE_LIMITS,
	type UpdateShape,
} from './update-shape.ts'

const shapeOf = (update: Uint8Array): UpdateShape => {
	const shape = readUpdateShape(update, STATE_LIMITS)
	if (typeof shape === 'string') throw new Error(shape)
	return shape
}
const known = (doc: Y.Doc) => (client: number) => Y.getState(doc.store, client)

/** A document that several clients have written to, over one another and with deletions. */
const createBusyDoc = (seed: number): Y.Doc => {
	const docs = [1, 2, 3].map((client) => {
		const doc = new Y.Doc()
		doc.clientID = seed * 10 + client
		return doc
	})
	for (let i = 0; i < 60; i++) {
		const doc = docs[(i * seed) % 3] as Y.Doc
		const map = doc.getMap(RECORDS_MAP)
		if (i % 7 === 0) map.delete(`k${i % 5}`)
		else map.set(`k${(i * 3) % 5}`, new Uint8Array(i))
		if (i % 4 === 0)
			for (const other of docs) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)))
	}
	const [first] = docs as [Y.Doc]
	for (const other of docs) Y.applyUpdate(first, Y.encodeStateAsUpdate(other))
	return first
}

describe('the shape of an update', () => {
	it('[SY7] whatever our own rooms write is read to its end, with its clients and structs counted', () => {
		for (let seed = 1; seed < 40; seed++) {
			const doc = createBusyDoc(seed)
			const shape = shapeOf(Y.encodeStateAsUpdate(doc))
			expect(shape.clients.size).toBe(doc.store.clients.size)
			for (const [client, { to }] of shape.brings) expect(to).toBe(Y.getState(doc.store, client))
			expect(isApplicable(shape, known(new Y.Doc()))).toBe(true)
		}
	})

	it('[SY7] bytes that are no update, and updates cut short anywhere, are malformed', () => {
		const update = Y.encodeStateAsUpdate(createBusyDoc(3))
		for (let length = 0; length < update.length; length++)
			expect(typeof readUpdateShape(update.subarray(0, length), STATE_LIMITS)).toBe('string')
		expect(readUpdateShape(Uint8Array.of(...update, 0), STATE_LIMITS)).toBe('malformed')
	})

	it('[SY7] no bytes make it throw or take long, and what it lets pass Yjs can read', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
				const shape = readUpdateShape(bytes, UPDATE_LIMITS)
				if (typeof shape === 'string') return
				expect(() => Y.decodeUpdate(bytes)).not.toThrow()
			}),
			{ numRuns: 5_000 },
		)
		const update = Y.encodeStateAsUpdate(createBusyDoc(5))
		fc.assert(
			fc.property(fc.nat(update.length - 1), fc.nat(255), (at, byte) => {
				const mutant = update.slice()
				mutant[at] = byte
				const shape = readUpdateShape(mutant, UPDATE_LIMITS)
				if (typeof shape !== 'string') expect(() => Y.decodeUpdate(mutant)).not.toThrow()
			}),
			{ numRuns: 3_000 },
		)
	})

	it('[SY7] counts that claim too much are refused before anything is read for them', () => {
		// 4e9 structs of one client.
		expect(readUpdateShape(Uint8Array.of(1, 0x80, 0xd0, 0xac, 0xf3, 0x0e, 1, 0), UPDATE_LIMITS)).toBe(
			'too-many-structs',
		)
		expect(readUpdateShape(Uint8Array.of(0x80, 0xd0, 0xac, 0xf3, 0x0e), UPDATE_LIMITS)).toBe(
			'too-many-clients',
		)
		expect(readUpdateShape(Uint8Array.of(0, 0x80, 0xd0, 0xac, 0xf3, 0x0e), UPDATE_LIMITS)).toBe(
			'too-many-clients',
		)
	})

	it('[SY7] a thousand clients that fight for one key are refused', () => {
		const updates = Array.from({ length: 1_000 }, (_, client) => {
			const doc = new Y.Doc()
			doc.clientID = client + 1
			doc.getMap(RECORDS_MAP).set('k', Uint8Array.of(1))
			return Y.encodeStateAsUpdate(doc)
		})
		expect(readUpdateShape(Y.mergeUpdates(updates), { ...UPDATE_LIMITS, maxClients: 1_000 })).toBe(
			'too-many-rivals',
		)
		expect(typeof readUpdateShape(Y.mergeUpdates(updates), STATE_LIMITS), 'a state may hold more').toBe(
			'object',
		)
	})

	it('[SY5] an update that builds on something unknown is not applicable until that is known', () => {
		const writer = new Y.Doc()
		const updates: Uint8Array[] = []
		writer.on('update', (update: Uint8Array) => updates.push(update))
		const map = writer.getMap(RECORDS_MAP)
		map.set('k', Uint8Array.of(1))
		map.set('k', Uint8Array.of(2))
		map.delete('k')
		const [first, second, third] = updates as [Uint8Array, Uint8Array, Uint8Array]
		const reader = new Y.Doc()
		expect(isApplicable(shapeOf(second), known(reader))).toBe(false)
		expect(isApplicable(shapeOf(third), known(reader))).toBe(false)
		Y.applyUpdate(reader, first)
		expect(isApplicable(shapeOf(second), known(reader))).toBe(true)
		expect(isApplicable(shapeOf(third), known(reader))).toBe(false)
		Y.applyUpdate(reader, second)
		expect(isApplicable(shapeOf(third), known(reader))).toBe(true)
		expect(isApplicable(shapeOf(first), known(reader)), 'what is known already').toBe(true)
	})

	it('[SY5] whatever is called applicable leaves nothing waiting in Yjs', () => {
		for (let seed = 1; seed < 30; seed++) {
			const doc = createBusyDoc(seed)
			const vectors = [new Y.Doc(), createBusyDoc(seed + 100)].map((other) => Y.encodeStateVector(other))
			for (const vector of vectors) {
				const reader = createBusyDoc(seed + 1)
				const update = Y.encodeStateAsUpdate(doc, vector)
				if (!isApplicable(shapeOf(update), known(reader))) continue
				Y.applyUpdate(reader, update)
				expect([reader.store.pendingStructs, reader.store.pendingDs]).toEqual([null, null])
			}
		}
	})

	it('[SY7] a state vector is one, or is none', () => {
		expect(isStateVector(Y.encodeStateVector(createBusyDoc(2)))).toBe(true)
		expect(isStateVector(Y.encodeStateVector(new Y.Doc()))).toBe(true)
		for (const bytes of [[], [1], [1, 5], [0, 0], [0xff, 0xff, 0xff, 0xff, 0x0f]])
			expect(isStateVector(Uint8Array.from(bytes))).toBe(false)
	})
})
