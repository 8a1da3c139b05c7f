import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ItemId } from '#lib/core/units.ts'
import { choice, runFileChoicesContract } from './file-choices-contract.ts'
import {
	createFileChoices,
	createMemoryFileChoices,
	FILES_DATABASE,
	parseFileChoice,
} from './file-choices.ts'
import { requestDone, transactionDone, type DeadlineTimers } from './idb.ts'

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
