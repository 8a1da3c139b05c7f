/**
 * IndexedDB as fake-indexeddb plays it: transactions, races, aborts and quota are real enough there, CryptoKeys are
 * cloned by Node's own structured clone. What only a browser can show (a killed tab, a full disk) is in tests/e2e.
 */
import 'fake-indexeddb/auto'
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { OTHER_ROOM, ROOM, runStorageContract, visited } from './contract.ts'
import { requestDone, transactionDone, type DeadlineTimers } from './idb.ts'
import { createIndexedDbDeviceStore, DEVICE_DATABASE, docDatabaseOf } from './indexeddb.ts'
import { openDeviceStore } from './open-device-store.ts'
import type { DeviceStore, StorageTrouble } from './storage.ts'

const timers: DeadlineTimers = {
	setTimeout: (fn, ms) => setTimeout(fn, ms),
	clearTimeout: (handle) => clearTimeout(handle as number),
}

/** A fresh disk; y-indexeddb only knows the page's own factory, so it becomes that one. */
const createDisk = () => {
	const factory = new IDBFactory()
	globalThis.indexedDB = factory
	const troubles: StorageTrouble[] = []
	return {
		factory,
		troubles,
		open: (): Promise<DeviceStore> =>
			createIndexedDbDeviceStore({
				indexedDB: factory,
				subtle: crypto.subtle,
				timers,
				onTrouble: (trouble) => troubles.push(trouble),
			}),
	}
}

runStorageContract('indexeddb', createDisk)

const rawOpen = (factory: IDBFactory, name: string, version?: number): Promise<IDBDatabase> =>
	requestDone(factory.open(name, version))

/** Rewrites stored updates behind everybody's back, as a failing disk would. */
const tamper = async (factory: IDBFactory, fn: (update: Uint8Array) => unknown): Promise<void> => {
	const db = await rawOpen(factory, docDatabaseOf(ROOM))
	const transaction = db.transaction('updates', 'readwrite')
	const store = transaction.objectStore('updates')
	const keys = await requestDone(store.getAllKeys())
	for (const key of keys) {
		const update = (await requestDone(store.get(key))) as Uint8Array
		const next = fn(update)
		if (next !== update) store.put(next, key)
	}
	await transactionDone(transaction)
	db.close()
}

const keysOf = ({ privateKey, publicKey }: CryptoKeyPair) => ({ privateKey, publicKey })

/** One stored update for each key. */
const fill = async (store: DeviceStore, keys: readonly string[]): Promise<void> => {
	for (const key of keys) {
		const doc = new Y.Doc()
		const kept = store.openDoc(ROOM, doc)
		await kept.whenLoaded
		doc.getMap('records').set(key, `value of ${key}`)
		await kept.flush()
		await kept.close()
	}
}

const load = async (
	store: DeviceStore,
): Promise<{ loaded: unknown; values: Record<string, unknown>; troubles: StorageTrouble[] }> => {
	const doc = new Y.Doc()
	const troubles: StorageTrouble[] = []
	const kept = store.openDoc(ROOM, doc)
	kept.onTrouble((trouble) => troubles.push(trouble))
	const loaded = await kept.whenLoaded
	const values = doc.getMap('records').toJSON()
	await kept.close()
	return { loaded, values, troubles }
}

const includes = (update: Uint8Array, text: string): boolean => Buffer.from(update).includes(text)

afterEach(() => {
	vi.restoreAllMocks()
})

describe('the device key in IndexedDB', () => {
	it('[ST6] two tabs that start at once end up with one key, and no script can read its private half', async () => {
		const disk = createDisk()
		const tabs = await Promise.all([disk.open(), disk.open(), disk.open()])
		const devices = await Promise.all(tabs.map(async (tab) => (await tab.deviceKey()).device))
		expect(new Set(devices).size).toBe(1)
		const db = await rawOpen(disk.factory, DEVICE_DATABASE)
		const stored = (await requestDone(
			db.transaction('keys').objectStore('keys').get('device'),
		)) as CryptoKeyPair
		expect(stored.privateKey.extractable).toBe(false)
		await expect(crypto.subtle.exportKey('pkcs8', stored.privateKey)).rejects.toThrow()
		db.close()
		for (const tab of tabs) tab.close()
	})

	it('[ST6] a key that does not work any more is replaced', async () => {
		const disk = createDisk()
		const store = await disk.open()
		const first = (await store.deviceKey()).device
		store.close()
		const db = await rawOpen(disk.factory, DEVICE_DATABASE)
		const transaction = db.transaction('keys', 'readwrite')
		transaction.objectStore('keys').put({ generation: 1, privateKey: 'gone', publicKey: 'gone' }, 'device')
		await transactionDone(transaction)
		db.close()
		const second = (await (await disk.open()).deviceKey()).device
		expect(second).not.toBe(first)
		expect((await (await disk.open()).deviceKey()).device).toBe(second)
	})
})

describe('a database of an earlier version', () => {
	it('[ST13] opens with all that was in it, and the tab that still has it open gives way', async () => {
		const disk = createDisk()
		const request = disk.factory.open(DEVICE_DATABASE, 1)
		request.onupgradeneeded = () => {
			for (const name of ['keys', 'seqs', 'rooms', 'settings']) request.result.createObjectStore(name)
		}
		const old = await requestDone(request)
		old.onversionchange = () => old.close()
		const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
		const transaction = old.transaction(['keys', 'seqs', 'rooms', 'settings'], 'readwrite')
		transaction.objectStore('keys').put({ generation: 1, ...keysOf(pair) }, 'device')
		transaction.objectStore('seqs').put(41, ROOM)
		transaction.objectStore('rooms').put(visited(), ROOM)
		transaction.objectStore('settings').put('Bo', 'name')
		await transactionDone(transaction)

		const store = await disk.open()
		const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
		expect((await store.deviceKey()).publicKey).toEqual(raw)
		expect(await store.seqs(ROOM).next(0)).toBe(42)
		expect(await store.rooms.list()).toEqual([visited()])
		expect(await store.settings.get('name')).toBe('Bo')
		expect((await store.boxKey()).publicKey).toHaveLength(32)
		await expect(rawOpen(disk.factory, DEVICE_DATABASE, 1)).rejects.toThrow('version')
	})
})

describe('the box key in IndexedDB', () => {
	it('[ST10] tabs that start at once end up with one; one that is damaged is replaced', async () => {
		const disk = createDisk()
		const tabs = await Promise.all([disk.open(), disk.open(), disk.open()])
		const keys = await Promise.all(tabs.map(async (tab) => String((await tab.boxKey()).publicKey)))
		expect(new Set(keys).size).toBe(1)
		const db = await rawOpen(disk.factory, DEVICE_DATABASE)
		const transaction = db.transaction('keys', 'readwrite')
		transaction.objectStore('keys').put({ publicKey: new Uint8Array(32), privateKey: 'gone' }, 'box')
		await transactionDone(transaction)
		db.close()
		const again = await Promise.all([disk.open(), disk.open()])
		const replaced = await Promise.all(again.map(async (tab) => String((await tab.boxKey()).publicKey)))
		expect(new Set(replaced).size).toBe(1)
		expect(replaced[0]).not.toBe(keys[0])
	})

	it('[ST11] counts that cannot be joined on disk are not joined at all', async () => {
		const disk = createDisk()
		const store = await disk.open()
		await store.seqs(ROOM).next(0)
		const put = IDBObjectStore.prototype.put
		const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
			this: IDBObjectStore,
			...args: [unknown, IDBValidKey?]
		) {
			const { transaction } = this as unknown as { transaction: { _abort(name: string): void } }
			const request = put.apply(this, args)
			queueMicrotask(() => transaction._abort('QuotaExceededError'))
			return request
		})
		await expect(store.carrySeqs(ROOM, OTHER_ROOM)).rejects.toThrow()
		spy.mockRestore()
		expect(await store.seqs(OTHER_ROOM).next(0)).toBe(1)
		expect(await store.seqs(ROOM).next(0)).toBe(2)
	})
})

describe('a refused or slow IndexedDB', () => {
	const refusing = (fail: () => IDBOpenDBRequest): IDBFactory => ({ open: fail }) as unknown as IDBFactory

	it('[ST7] where the browser refuses, everything works from memory and says why', async () => {
		const store = await openDeviceStore({
			indexedDB: refusing(() => {
				throw new DOMException('The operation is insecure.', 'SecurityError')
			}),
			subtle: crypto.subtle,
		})
		expect(store.isPersistent).toBe(false)
		expect(store.whyNotPersistent).toContain('SecurityError')
		await store.rooms.put(visited())
		expect(await store.rooms.list()).toEqual([visited()])
		expect((await store.deviceKey()).publicKey).toHaveLength(32)
		await fill(store, ['a'])
		expect((await load(store)).values).toEqual({ a: 'value of a' })
	})

	it('[ST7] where there is none, everything works from memory', async () => {
		const store = await openDeviceStore({ indexedDB: undefined, subtle: crypto.subtle })
		expect([store.isPersistent, store.whyNotPersistent]).toEqual([false, 'this browser has no IndexedDB'])
	})

	it('[ST7] an open that never answers is given up at the deadline', async () => {
		const deadlines: (() => void)[] = []
		const opening = openDeviceStore({
			indexedDB: refusing(() => ({}) as IDBOpenDBRequest),
			subtle: crypto.subtle,
			timers: { setTimeout: (fn) => deadlines.push(fn), clearTimeout: () => undefined },
		})
		for (const fn of deadlines) fn()
		const store = await opening
		expect(store.whyNotPersistent).toBe('the browser did not answer')
	})

	it('[ST7] a document that cannot be opened is told, and loading ends', async () => {
		const disk = createDisk()
		const store = await disk.open()
		disk.factory.open = () => {
			throw new DOMException('no', 'UnknownError')
		}
		const { loaded, troubles } = await load(store)
		expect(loaded).toEqual({ type: 'unavailable', why: 'UnknownError: no' })
		expect(troubles).toEqual([{ type: 'refused', why: 'UnknownError: no' }])
	})

	it('[ST7] a connection that the browser closed is opened again', async () => {
		const disk = createDisk()
		const store = await disk.open()
		const other = disk.factory.open(DEVICE_DATABASE, 3) // asks the first connection to let go
		const db = await requestDone(other)
		db.close()
		await store.settings.set('name', 'Bo')
		// Version 3 on disk is newer than ours: reading it is refused, and the value lives in memory.
		expect(await store.settings.get('name')).toBe('Bo')
		expect(disk.troubles.map((trouble) => trouble.type)).toEqual(['refused'])
		await expect(store.seqs(ROOM).next(0)).rejects.toThrow('VersionError')
	})
})

describe('a damaged document', () => {
	const KEYS = ['a', 'b', 'c', 'd', 'e']
	const damages: readonly [string, (update: Uint8Array) => unknown][] = [
		['a flipped bit', (update) => update.map((byte, i) => (i === update.length - 3 ? byte ^ 1 : byte))],
		['a cut', (update) => update.slice(0, -4)],
		['bytes of something else', () => Uint8Array.of(200, 1, 2, 3)],
		['a value that is no bytes', () => ({ update: 'c' })],
		['nothing', () => new Uint8Array(0)],
	]
	for (const [what, damage] of damages) {
		it(`[ST8] ${what}: that update is dropped, the rest kept, and it is said`, async () => {
			const disk = createDisk()
			const store = await disk.open()
			await fill(store, KEYS)
			await tamper(disk.factory, (update) => (includes(update, 'value of c') ? damage(update) : update))
			const { loaded, values, troubles } = await load(store)
			expect(loaded).toEqual({ type: 'loaded' })
			expect(troubles).toEqual([{ type: 'damaged', lost: 1 }])
			expect(Object.keys(values).sort()).toEqual(['a', 'b', 'd', 'e'])
			expect((await load(store)).troubles, 'said once').toEqual([])
		})
	}

	it('[ST8] what one person wrote after the damaged update is kept as well', async () => {
		const disk = createDisk()
		const store = await disk.open()
		const doc = new Y.Doc()
		const kept = store.openDoc(ROOM, doc)
		await kept.whenLoaded
		const records = doc.getMap('records')
		for (const key of [...KEYS, 'a', 'd']) {
			records.set(key, new TextEncoder().encode(`${records.has(key) ? 'second' : 'first'} value of ${key}`))
			await kept.flush()
		}
		await kept.close()
		await tamper(disk.factory, (update) => (includes(update, 'value of c') ? update.slice(0, -4) : update))
		for (let start = 0; start < 2; start++) {
			const again = new Y.Doc()
			const open = store.openDoc(ROOM, again)
			await open.whenLoaded
			const values = Object.fromEntries(
				[...again.getMap('records')].map(([key, value]) => [
					key,
					new TextDecoder().decode(value as Uint8Array),
				]),
			)
			expect(values).toEqual({
				a: 'second value of a',
				b: 'first value of b',
				d: 'second value of d',
				e: 'first value of e',
			})
			expect(again.store.pendingStructs).toBeNull()
			await open.close()
		}
	})

	it('[ST8] every update damaged: an empty room opens, and works', async () => {
		const disk = createDisk()
		const store = await disk.open()
		await fill(store, KEYS)
		await tamper(disk.factory, () => Uint8Array.of(1))
		expect((await load(store)).loaded).toEqual({ type: 'loaded' })
		await fill(store, ['again'])
		expect((await load(store)).values).toEqual({ again: 'value of again' })
	})

	it('[ST8] a store that is gone is made again, and it is said', async () => {
		const disk = createDisk()
		const request = disk.factory.open(docDatabaseOf(ROOM))
		request.onupgradeneeded = () => request.result.createObjectStore('custom')
		;(await requestDone(request)).close()
		const store = await disk.open()
		const { loaded, troubles } = await load(store)
		expect([loaded, troubles]).toEqual([{ type: 'loaded' }, [{ type: 'damaged', lost: 1 }]])
		await fill(store, ['a'])
		expect((await load(store)).values).toEqual({ a: 'value of a' })
	})

	it('[ST8] a room of the visited list that cannot be read is left out', async () => {
		const disk = createDisk()
		const store = await disk.open()
		await store.rooms.put(visited())
		const db = await rawOpen(disk.factory, DEVICE_DATABASE)
		db.transaction('rooms', 'readwrite').objectStore('rooms').put({ roomId: 5 }, 'x')
		db.close()
		expect(await store.rooms.list()).toEqual([visited()])
	})
})

/** Writes fail as they do on a full disk until the answer is called. */
const fillDisk = (): (() => void) => {
	// Called with the store as `this`, whose prototype it belongs to.
	const add = IDBObjectStore.prototype.add
	const spy = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (
		this: IDBObjectStore,
		value,
	) {
		const request = add.call(this, value)
		const { transaction } = this as unknown as { transaction: { _abort(name: string): void } }
		queueMicrotask(() => transaction._abort('QuotaExceededError'))
		return request
	})
	return () => spy.mockRestore()
}

describe('a full disk', () => {
	it('[ST9] is told once, nothing throws, and once there is room all that was missed is written', async () => {
		const disk = createDisk()
		const store = await disk.open()
		const doc = new Y.Doc()
		const kept = store.openDoc(ROOM, doc)
		const troubles: StorageTrouble[] = []
		kept.onTrouble((trouble) => troubles.push(trouble))
		await kept.whenLoaded
		doc.getMap('records').set('a', '1')
		await kept.flush()

		const makeRoom = fillDisk()
		for (let i = 0; i < 20; i++) doc.getMap('records').set(`missed/${i}`, '2')
		await kept.flush()
		expect(troubles.map((trouble) => trouble.type)).toEqual(['full'])
		makeRoom()
		doc.getMap('records').set('b', '3')
		await kept.flush()
		await kept.close()

		const { values, troubles: later } = await load(store)
		expect(Object.keys(values)).toHaveLength(22)
		expect(later).toEqual([])
	})

	it('[ST9] does not lose a setting for this tab', async () => {
		const disk = createDisk()
		const store = await disk.open()
		const put = IDBObjectStore.prototype.put
		vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
			this: IDBObjectStore,
			...args: [unknown, IDBValidKey?]
		) {
			const { transaction } = this as unknown as { transaction: { _abort(name: string): void } }
			const request = put.apply(this, args)
			queueMicrotask(() => transaction._abort('QuotaExceededError'))
			return request
		})
		await store.settings.set('name', 'Bo')
		await store.rooms.put(visited())
		expect(disk.troubles.map((trouble) => trouble.type)).toEqual(['full', 'full'])
		expect(await store.settings.get('name')).toBe('Bo')
		expect(await store.rooms.list()).toEqual([visited()])
		await expect(store.seqs(ROOM).next(0), 'a number that is not kept is not given').rejects.toThrow()
	})

	it('[ST9] a database deleted under an open document is told, and the page works on', async () => {
		const disk = createDisk()
		const store = await disk.open()
		const doc = new Y.Doc()
		const kept = store.openDoc(ROOM, doc)
		const troubles: StorageTrouble[] = []
		kept.onTrouble((trouble) => troubles.push(trouble))
		await kept.whenLoaded
		await requestDone(disk.factory.deleteDatabase(docDatabaseOf(ROOM)))
		expect(() => doc.getMap('records').set('a', '1')).not.toThrow()
		await kept.flush()
		expect(troubles.map((trouble) => trouble.type)).toEqual(['refused'])
		await kept.close()
	})
})
