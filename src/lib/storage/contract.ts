/**
 * What every device store does, whatever it is made of. `open` opens a store on one disk of its own per call of
 * `createDisk`; opening twice is what a second tab, or the next start, does.
 */
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import type { ItemId, RoomId } from '#lib/core/units.ts'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { DeviceStore, VisitedRoom } from './storage.ts'

export const ROOM = 'AAAAAAAAAAAAAAAAAAAAAQ' as RoomId
export const OTHER_ROOM = 'AAAAAAAAAAAAAAAAAAAAAg' as RoomId

export const visited = (change: Partial<VisitedRoom> = {}): VisitedRoom => ({
	roomId: ROOM,
	code: 'K7QX-3M9R-T2VH-8WPC-5NDA',
	title: 'Friday films',
	visitedAtMs: 1_763_700_000_000,
	lastItem: { id: 'device.1' as ItemId, title: 'The Four-Ten to Saltmarsh', positionS: 720.5 },
	queueLength: 3,
	people: [{ name: 'Bo', seat: 2 }],
	sealedRoot: 'c2VhbGVk',
	...change,
})

/** A document, its store, and both closed at the end of the test. */
export const runStorageContract = (
	name: string,
	createDisk: () => { open(): Promise<DeviceStore> },
): void => {
	describe(`${name} device store`, () => {
		const stores: DeviceStore[] = []
		const open = async (disk: { open(): Promise<DeviceStore> }): Promise<DeviceStore> => {
			const store = await disk.open()
			stores.push(store)
			return store
		}
		afterEach(() => {
			for (const store of stores.splice(0)) store.close()
		})

		it('[ST1] settings and rooms come back at the next start, rooms by last visit', async () => {
			const disk = createDisk()
			const store = await open(disk)
			await store.settings.set('volume', { level: 0.5 })
			await store.rooms.put(visited())
			await store.rooms.put(visited({ roomId: OTHER_ROOM, visitedAtMs: 1_763_800_000_000, lastItem: null }))
			store.close()
			const again = await open(disk)
			expect(await again.settings.get('volume')).toEqual({ level: 0.5 })
			expect(await again.settings.get('theme')).toBeUndefined()
			expect((await again.rooms.list()).map((room) => room.roomId)).toEqual([OTHER_ROOM, ROOM])
			expect(await again.rooms.get(ROOM)).toEqual(visited())
			expect(await again.rooms.get('AAAAAAAAAAAAAAAAAAAAAw' as RoomId)).toBeNull()
		})

		it('[ST2] the device key is the same at each start and signs so that others can check', async () => {
			const disk = createDisk()
			const store = await open(disk)
			const signer = await store.deviceKey()
			store.close()
			const again = await (await open(disk)).deviceKey()
			expect(again.device).toBe(signer.device)
			const message = new TextEncoder().encode('hello')
			const verifier = createWebCryptoVerifier(crypto.subtle)
			expect(await verifier.verify(signer.publicKey, message, await again.sign(message))).toBe(true)
			expect(await verifier.deviceOf(again.publicKey)).toBe(signer.device)
		})

		it('[ST3] numbers rise, room by room, across starts, and stay above what is asked for', async () => {
			const disk = createDisk()
			const store = await open(disk)
			expect(await store.seqs(ROOM).next(0)).toBe(1)
			expect(await store.seqs(ROOM).next(0)).toBe(2)
			expect(await store.seqs(OTHER_ROOM).next(0)).toBe(1)
			expect(await store.seqs(ROOM).next(40)).toBe(41)
			store.close()
			expect(await (await open(disk)).seqs(ROOM).next(7)).toBe(42)
		})

		it('[ST3] two tabs with one key never get the same number', async () => {
			const disk = createDisk()
			const tabs = [await open(disk), await open(disk)]
			const taken = await Promise.all(
				Array.from({ length: 40 }, (_, i) => (tabs[i % 2] as DeviceStore).seqs(ROOM).next(0)),
			)
			expect(new Set(taken).size).toBe(40)
			expect(Math.max(...taken)).toBe(40)
		})

		it('[ST10] the box key is the same at each start, opens what was sealed to it, and cannot be read out', async () => {
			const disk = createDisk()
			const store = await open(disk)
			const [box, same] = await Promise.all([store.boxKey(), store.boxKey()])
			expect(same.publicKey).toEqual(box.publicKey)
			store.close()
			const again = await (await open(disk)).boxKey()
			expect(again.publicKey).toEqual(box.publicKey)
			expect(again.publicKey).toHaveLength(32)
			const { subtle } = crypto
			const other = await subtle.generateKey('X25519', false, ['deriveBits'])
			const own = await subtle.importKey('raw', again.publicKey, 'X25519', true, [])
			const sent = await subtle.deriveBits({ name: 'X25519', public: own }, other.privateKey, 256)
			const got = await subtle.deriveBits({ name: 'X25519', public: other.publicKey }, again.privateKey, 256)
			expect(new Uint8Array(got)).toEqual(new Uint8Array(sent))
			expect(again.privateKey.extractable).toBe(false)
		})

		it('[ST11] rooms that were joined number their records from one count, across starts and tabs', async () => {
			const disk = createDisk()
			const store = await open(disk)
			expect(await store.seqs(ROOM).next(40)).toBe(41)
			expect(await store.seqs(OTHER_ROOM).next(0)).toBe(1)
			await store.carrySeqs(ROOM, OTHER_ROOM)
			expect(await store.seqs(OTHER_ROOM).next(0)).toBe(42)
			expect(await store.seqs(ROOM).next(0), 'a tab still in the old room').toBe(43)
			await store.carrySeqs(ROOM, OTHER_ROOM)
			await store.carrySeqs(OTHER_ROOM, ROOM)
			await store.carrySeqs(ROOM, ROOM)
			store.close()
			const tabs = [await open(disk), await open(disk)] as const
			const third = 'AAAAAAAAAAAAAAAAAAAAAw' as RoomId
			await tabs[0].carrySeqs(OTHER_ROOM, third)
			const rooms = [ROOM, OTHER_ROOM, third]
			const taken = await Promise.all(
				Array.from({ length: 30 }, (_, i) => (tabs[i % 2] ?? tabs[0]).seqs(rooms[i % 3] ?? ROOM).next(0)),
			)
			expect(new Set(taken).size).toBe(30)
			expect([Math.min(...taken), Math.max(...taken)]).toEqual([44, 73])
		})

		it('[ST11] a room that never had a number can be joined too, from either side', async () => {
			const disk = createDisk()
			const store = await open(disk)
			await store.carrySeqs(ROOM, OTHER_ROOM)
			expect(await store.seqs(OTHER_ROOM).next(0)).toBe(1)
			expect(await store.seqs(ROOM).next(6)).toBe(7)
			expect(await store.seqs(OTHER_ROOM).next(0)).toBe(8)
		})

		it('[ST3] a room forgotten keeps its numbers', async () => {
			const disk = createDisk()
			const store = await open(disk)
			await store.rooms.put(visited())
			await store.seqs(ROOM).next(0)
			await store.rooms.forget(ROOM)
			expect(await store.seqs(ROOM).next(0)).toBe(2)
		})

		const fill = async (store: DeviceStore, key: string, value: string): Promise<void> => {
			const doc = new Y.Doc()
			const kept = store.openDoc(ROOM, doc)
			expect(await kept.whenLoaded).toEqual({ type: 'loaded' })
			doc.getMap('records').set(key, value)
			await kept.flush()
			await kept.close()
			doc.destroy()
		}
		const readBack = async (store: DeviceStore, room = ROOM): Promise<unknown> => {
			const doc = new Y.Doc()
			const kept = store.openDoc(room, doc)
			expect(await kept.whenLoaded).toEqual({ type: 'loaded' })
			const values = doc.getMap('records').toJSON()
			await kept.close()
			doc.destroy()
			return values
		}

		it('[ST4] a document comes back at the next start, and other rooms know nothing of it', async () => {
			const disk = createDisk()
			const store = await open(disk)
			await fill(store, 'a', '1')
			await fill(store, 'b', '2')
			store.close()
			const again = await open(disk)
			expect(await readBack(again)).toEqual({ a: '1', b: '2' })
			expect(await readBack(again, OTHER_ROOM)).toEqual({})
		})

		it('[ST4] what was written before loading was done is kept too', async () => {
			const disk = createDisk()
			const store = await open(disk)
			await fill(store, 'a', '1')
			const doc = new Y.Doc()
			doc.getMap('records').set('early', 'x')
			const kept = store.openDoc(ROOM, doc)
			doc.getMap('records').set('during', 'y')
			await kept.whenLoaded
			await kept.flush()
			await kept.close()
			store.close()
			expect(await readBack(await open(disk))).toEqual({ a: '1', early: 'x', during: 'y' })
		})

		it('[ST4] more updates than are kept apart come back as well, and a document of 600 KB', async () => {
			const disk = createDisk()
			const store = await open(disk)
			const doc = new Y.Doc()
			const kept = store.openDoc(ROOM, doc)
			await kept.whenLoaded
			for (let i = 0; i < 1_200; i++) doc.getMap('records').set(`key/${i}`, new Uint8Array(500).fill(i))
			await kept.flush()
			await kept.close()
			store.close()
			expect(Object.keys((await readBack(await open(disk))) as object)).toHaveLength(1_200)
		})

		it('[ST5] two tabs on one room both have their writing kept', async () => {
			const disk = createDisk()
			const docs = [new Y.Doc(), new Y.Doc()] as const
			const tabs = [await open(disk), await open(disk)] as const
			const kept = [tabs[0].openDoc(ROOM, docs[0]), tabs[1].openDoc(ROOM, docs[1])] as const
			await Promise.all(kept.map((one) => one.whenLoaded))
			docs[0].getMap('records').set('a', '1')
			docs[1].getMap('records').set('b', '2')
			await Promise.all(kept.map((one) => one.flush()))
			expect(await readBack(await open(disk))).toEqual({ a: '1', b: '2' })
		})

		it('[ST5] a closed document is followed no more, and closing twice does nothing', async () => {
			const disk = createDisk()
			const store = await open(disk)
			const doc = new Y.Doc()
			const kept = store.openDoc(ROOM, doc)
			await kept.whenLoaded
			doc.getMap('records').set('a', '1')
			await kept.flush()
			await kept.close()
			await kept.close()
			doc.getMap('records').set('b', '2')
			expect(await readBack(store)).toEqual({ a: '1' })
		})

		it('[ST12] what a visit says of the lock comes back, and its document goes with it', async () => {
			const disk = createDisk()
			const store = await open(disk)
			const locked = visited({
				roomId: OTHER_ROOM,
				docId: ROOM,
				passwordSecret: 'A'.repeat(43),
				movedTo: 'K7QX-3M9R-T2VH-8WPC-5NDB',
			})
			await store.rooms.put(locked)
			await fill(store, 'a', '1')
			store.close()
			const again = await open(disk)
			expect(await again.rooms.get(OTHER_ROOM)).toEqual(locked)
			await again.rooms.forget(OTHER_ROOM)
			expect(await again.rooms.get(OTHER_ROOM)).toBeNull()
			expect(await readBack(again)).toEqual({})
		})

		it('[ST5] a room forgotten takes its document along', async () => {
			const disk = createDisk()
			const store = await open(disk)
			await store.rooms.put(visited())
			await fill(store, 'a', '1')
			await store.rooms.forget(ROOM)
			expect(await store.rooms.list()).toEqual([])
			expect(await readBack(store)).toEqual({})
		})
	})
}
