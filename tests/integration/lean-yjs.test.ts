/**
 * The browser's Yjs (without text and XML) beside the one that everybody else runs.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as Y from 'yjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leanYjs } from '../../scripts/lean-dependencies.ts'

const file = createRequire(import.meta.url)
	.resolve('yjs')
	.replace(/yjs\.cjs$/, 'yjs.mjs')
const source = readFileSync(file, 'utf8')
// Beside the original, so that it finds lib0.
const folder = mkdtempSync(join(file, '../lean-'))
let Lean: typeof Y
beforeAll(async () => {
	const lean = join(folder, 'lean.mjs')
	writeFileSync(lean, leanYjs(source))
	Lean = (await import(/* @vite-ignore */ pathToFileURL(lean).href)) as typeof Y
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('lean Yjs', () => {
	it('[TR27] two documents, one of each, write the same bytes and come to the same', () => {
		const docs = [new Y.Doc(), new Lean.Doc()] as const
		docs[0].clientID = docs[1].clientID = 7
		for (const doc of docs) {
			const map = doc.getMap<Uint8Array>('records')
			for (let at = 0; at < 50; at++) map.set(`k${String(at % 20)}`, Uint8Array.of(at))
			map.delete('k3')
		}
		expect(Lean.encodeStateAsUpdate(docs[1])).toEqual(Y.encodeStateAsUpdate(docs[0]))
		const other = new Lean.Doc()
		Lean.applyUpdate(other, Y.encodeStateAsUpdate(docs[0]))
		expect(other.getMap('records').toJSON()).toEqual(docs[0].getMap('records').toJSON())
		expect(Lean.encodeStateVector(other)).toEqual(Y.encodeStateVector(docs[0]))
	})
	it('[TR27] what comes in the wrong order waits in it, goes on from it whole, and counts when the rest is there', () => {
		const source = new Y.Doc()
		const updates: Uint8Array[] = []
		source.on('update', (update: Uint8Array) => updates.push(update))
		const map = source.getMap<Uint8Array>('records')
		for (let at = 0; at < 30; at++) {
			map.set(`k${String(at % 7)}`, Uint8Array.of(at))
			if (at % 5 === 4) map.delete(`k${String(at % 3)}`)
		}
		const [early, late] = [updates.slice(0, 10), updates.slice(10)]
		const lean = new Lean.Doc()
		const whole = new Y.Doc()
		for (const update of late.toReversed()) {
			Lean.applyUpdate(lean, update)
			Y.applyUpdate(whole, update)
		}
		expect(lean.getMap('records').size).toBe(0)
		const waiting = [Lean.encodeStateAsUpdate(lean), Y.encodeStateAsUpdate(whole)]
		expect(waiting[0]).toEqual(waiting[1])
		const other = new Lean.Doc()
		for (const [doc, first] of [
			[lean, early],
			[other, [waiting[1] ?? new Uint8Array(), ...early]],
		] as const) {
			for (const update of first) Lean.applyUpdate(doc, update)
			expect(doc.getMap('records').toJSON()).toEqual(map.toJSON())
			expect(Lean.encodeStateVector(doc)).toEqual(Y.encodeStateVector(source))
			expect(Lean.mergeUpdates(updates.toReversed())).toEqual(Y.mergeUpdates(updates.toReversed()))
		}
	})
	it('[TR27] what no room holds is refused by it, and leaves the document as it was', () => {
		for (const write of [
			(doc: Y.Doc) => doc.getMap('records').set('a', 'text'),
			(doc: Y.Doc) => doc.getMap('records').set('a', new Y.Map()),
			(doc: Y.Doc) => doc.getText('t').insert(0, 'x'),
			(doc: Y.Doc) => doc.getArray('l').push([1]),
		]) {
			const doc = new Y.Doc()
			write(doc)
			const lean = new Lean.Doc()
			expect(() => Lean.applyUpdate(lean, Y.encodeStateAsUpdate(doc))).toThrow()
			expect(lean.getMap('records').size).toBe(0)
			expect(() => lean.getMap('records').set('a', 'text')).toThrow('Unexpected content type')
		}
	})
	it('[TR27] another version of Yjs stops the build', () => {
		expect(() => leanYjs(source.replace('readContentEmbed, // 5', 'readContentEmbed, // 6'))).toThrow(
			'Yjs has no',
		)
	})
})
