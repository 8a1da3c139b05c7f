import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ItemId, RoomId } from '#lib/core/units.ts'
import { visited } from './contract.ts'
import {
	CHOICES_MAX,
	createFileChoices,
	createMemoryFileChoices,
	FILES_DATABASE,
	parseFileChoice,
	type FileChoice,
	type FileChoices,
} from './file-choices.ts'
import { createIndexedDbDeviceStore } from './indexeddb.ts'
import { requestDone, transactionDone, type DeadlineTimers } from './idb.ts'

const ROOM = 'AAAAAAAAAAAAAAAAAAAAAQ' as RoomId
const OTHER_ROOM = 'AAAAAAAAAAAAAAAAAAAAAg' as RoomId

const choice = (change: Partial<FileChoice> = {}): FileChoice => ({
	itemId: 'device.1' as ItemId,
	roomId: ROOM,
	name: 'saltmarsh.mkv',
	size: 5_000_000_000,
	hash: 'dD-zrseH9Km1rfJA4ArKNs0EhVnSOvTRiKodseQZ7tk',
	durationS: 6_490,
	lastModifiedMs: 1_790_000_000_000,
	isAnyway: false,
	usedAtMs: 1_795_000_000_000,
	...change,
})

/** What every keeper of file choices does. */
const runFileChoicesContract = (create: () => FileChoices): void => {
	it('[LF7] a choice is there again, with its handle, until it is taken away', async () => {
		const choices = create()
		const handle = { kind: 'file', name: 'saltmarsh.mkv' }
		await choices.put(choice({ handle }))
		expect(await choices.get('device.1' as ItemId)).toEqual(choice({ handle }))
		expect(await choices.get('device.2' as ItemId)).toBeNull()
		await choices.put(choice({ isAnyway: true, name: 'other.mkv' }))
		expect(await choices.get('device.1' as ItemId)).toEqual(choice({ isAnyway: true, name: 'other.mkv' }))
		await choices.remove('device.1' as ItemId)
		await choices.remove('device.1' as ItemId)
		expect(await choices.get('device.1' as ItemId)).toBeNull()
		choices.close()
	})
	it('[LF7] with a room its choices are forgotten, and no others', async () => {
		const choices = create()
		await choices.put(choice())
		await choices.put(choice({ itemId: 'device.2' as ItemId, roomId: OTHER_ROOM }))
		await choices.forgetRoom(ROOM)
		expect(await choices.get('device.1' as ItemId)).toBeNull()
		expect(await choices.get('device.2' as ItemId)).not.toBeNull()
		choices.close()
	})
	it('[LF7] two hundred are kept, those used last', async () => {
		const choices = create()
		for (let i = 0; i < CHOICES_MAX + 2; i++)
			await choices.put(choice({ itemId: `device.${String(i)}` as ItemId, usedAtMs: 1_000 + i }))
		expect(await choices.get('device.0' as ItemId)).toBeNull()
		expect(await choices.get('device.1' as ItemId)).toBeNull()
		expect(await choices.get('device.2' as ItemId)).not.toBeNull()
		expect(await choices.get(`device.${String(CHOICES_MAX + 1)}` as ItemId)).not.toBeNull()
		choices.close()
	})
}

const timers: DeadlineTimers = {
	setTimeout: (fn, ms) => setTimeout(fn, ms),
	clearTimeout: (handle) => clearTimeout(handle as number),
}
const open = (indexedDB: IDBFactory | undefined = new IDBFactory()) =>
	createFileChoices({ indexedDB, timers })
const ITEM = 'device.1' as ItemId

afterEach(() => void vi.restoreAllMocks())

describe('file choices in memory', () => runFileChoicesContract(createMemoryFileChoices))

describe('file choices in IndexedDB', () => {
	runFileChoicesContract(() => open())

	it('[LF7] they are there at the next start', async () => {
		const disk = new IDBFactory()
		const first = open(disk)
		expect(await first.put(choice({ handle: { kind: 'file' } }))).toBe('kept')
		first.close()
		const second = open(disk)
		expect(await second.get(ITEM)).toEqual(choice({ handle: { kind: 'file' } }))
		second.close()
	})

	it('[LF7] a room that is forgotten on this device takes its choices with it', async () => {
		const disk = new IDBFactory()
		const choices = open(disk)
		const docId = 'AAAAAAAAAAAAAAAAAAAAAQ' as RoomId
		await choices.put(choice({ roomId: docId }))
		choices.close()
		const store = await createIndexedDbDeviceStore({
			indexedDB: disk,
			subtle: crypto.subtle,
			timers,
			onTrouble: (trouble) => expect.fail(trouble.type),
		})
		const lookupId = 'AAAAAAAAAAAAAAAAAAAAAg' as RoomId
		await store.rooms.put(visited({ roomId: lookupId, docId }))
		await store.rooms.forget(lookupId)
		store.close()
		expect(await open(disk).get(ITEM)).toBeNull()
	})

	it('[LF7] a handle that the browser does not keep is left out, the rest is kept', async () => {
		vi.spyOn(console, 'warn').mockImplementation(() => undefined)
		const disk = new IDBFactory()
		const first = open(disk)
		const handle = { getFile: () => Promise.resolve(null) }
		expect(await first.put(choice({ handle }))).toBe('without-handle')
		// In this tab it still serves.
		expect((await first.get(ITEM))?.handle).toBe(handle)
		first.close()
		const second = open(disk)
		expect(await second.get(ITEM)).toEqual(choice())
		second.close()
	})

	it('[LF7] without a disk, or with a full one, the tab remembers', async () => {
		vi.spyOn(console, 'warn').mockImplementation(() => undefined)
		const none = createFileChoices({ indexedDB: undefined, timers })
		expect(await none.put(choice())).toBe('this-tab-only')
		expect(await none.get(ITEM)).toEqual(choice())
		vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
			throw new DOMException('full', 'QuotaExceededError')
		})
		const full = open()
		expect(await full.put(choice())).toBe('this-tab-only')
		expect(await full.get(ITEM)).toEqual(choice())
		full.close()
	})

	it('[LF7] what is no choice is not there', async () => {
		const disk = new IDBFactory()
		const choices = open(disk)
		await choices.put(choice())
		choices.close()
		const db = await requestDone(disk.open(FILES_DATABASE))
		const transaction = db.transaction('choices', 'readwrite')
		transaction.objectStore('choices').put({ ...choice(), hash: 7 }, ITEM)
		await transactionDone(transaction)
		db.close()
		expect(await open(disk).get(ITEM)).toBeNull()
		for (const bad of [null, 'x', {}, { ...choice(), size: '1' }, { ...choice(), durationS: '1' }])
			expect(parseFileChoice(bad)).toBeNull()
	})
})
