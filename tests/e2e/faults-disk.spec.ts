/**
 * F10: what is kept on a device is damaged, taken away or refused, in nine ways. The room always starts, says what is
 * the matter, and has everything again within seconds of meeting somebody who has it.
 */
import { expect, test } from '@playwright/test'
import type { Browser, Page } from 'playwright-core'
import * as Y from 'yjs'
import { sizeOf } from '../faults/sizes.ts'
import { createVerdict, stretch } from '../faults/verdict.ts'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { joinAsNode, lookUpRoom, type NodeMember } from '../support/node-member.ts'
import { arrive, joinRoom, startRoom, type Person } from '../support/person.ts'

const TIMES = sizeOf('FAULT_DISK_TIMES', 1, 25)
/** Harmed at the same time, each on a device of its own: mostly they are waited for. */
const SIDE_BY_SIDE = 2
const MESSAGES = 20
const REFETCHED_MS = 5_000

let app: AppServer
let browser: Browser
test.beforeAll(async () => {
	app = await startApp({ TICKETS_PER_MINUTE: '100000', IDENTITIES_PER_MINUTE: '100000' })
	browser = await launch('chromium')
})
test.afterAll(async () => {
	await browser.close()
	await app.close()
})

type Wound = 'flip' | 'cut' | 'replace' | 'flip-all' | 'drop-store'

/** Done by a second connection while the room is closed: to one stored update, or to all. */
const wound = (page: Page, how: Wound): Promise<void> =>
	page.evaluate(async (what) => {
		const done = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve, reject) => {
				request.onsuccess = () => resolve(request.result)
				request.onerror = () => reject(request.error ?? new Error('refused'))
			})
		const [name = ''] = (await indexedDB.databases())
			.map((one) => one.name ?? '')
			.filter((one) => one.startsWith('matinee-doc-'))
		const db = await done(indexedDB.open(name))
		if (what === 'drop-store') {
			const version = db.version + 1
			db.close()
			const request = indexedDB.open(name, version)
			request.onupgradeneeded = () => request.result.deleteObjectStore('updates')
			const dropped = await done(request)
			dropped.close()
			return
		}
		const transaction = db.transaction('updates', 'readwrite')
		const store = transaction.objectStore('updates')
		const keys = await done(store.getAllKeys())
		const some = what === 'flip-all' ? keys : [keys[Math.floor(Math.random() * keys.length)] ?? 1]
		for (const key of some) {
			const update = (await done(store.get(key))) as Uint8Array
			const at = Math.floor(Math.random() * update.length)
			if (what === 'replace') store.put('no update at all', key)
			else if (what === 'cut') store.put(update.slice(0, at), key)
			else
				store.put(
					Uint8Array.from(update, (byte, i) => (i === at ? byte ^ 0x55 : byte)),
					key,
				)
		}
		await new Promise((resolve) => (transaction.oncomplete = resolve))
		db.close()
	}, how)

/** A tab of tomorrow's version of the app has been here. */
const openTomorrow = (page: Page): Promise<void> =>
	page.evaluate(
		() =>
			new Promise<void>((resolve, reject) => {
				const request = indexedDB.open('matinee-device', 1_000)
				request.onsuccess = () => {
					request.result.close()
					resolve()
				}
				request.onerror = () => reject(request.error ?? new Error('refused'))
			}),
	)

/** Another tab is in the middle of changing the room's database, and never gets done. */
const holdUpgrade = async (alice: Person): Promise<void> => {
	const other = await alice.context.newPage()
	await other.goto(`${app.url}/healthz`)
	await other.evaluate(async () => {
		const names = (await indexedDB.databases()).flatMap(({ name, version }) => [{ name, version }])
		const doc = names.find(({ name }) => name?.startsWith('matinee-doc-'))
		const request = indexedDB.open(doc?.name ?? '', (doc?.version ?? 1) + 1)
		await new Promise<void>((resolve) => {
			request.onupgradeneeded = () => {
				const store = request.transaction?.objectStore('updates')
				const again = () => {
					const one = store?.count()
					if (one !== undefined) one.onsuccess = again
				}
				again()
				resolve()
			}
		})
	})
}

interface Way {
	readonly name: string
	readonly notice: RegExp
	/** While the page is somewhere else on our origin. */
	harm(alice: Person): Promise<void>
}

const DAMAGED = /was damaged/
const NOT_KEPT = /refuses to keep|Nothing is kept/

const WAYS: readonly Way[] = [
	{ name: 'a flipped byte', notice: DAMAGED, harm: ({ page }) => wound(page, 'flip') },
	{ name: 'an update cut short', notice: DAMAGED, harm: ({ page }) => wound(page, 'cut') },
	{ name: 'text instead of an update', notice: DAMAGED, harm: ({ page }) => wound(page, 'replace') },
	{ name: 'a byte flipped in every update', notice: DAMAGED, harm: ({ page }) => wound(page, 'flip-all') },
	{ name: 'the store dropped', notice: DAMAGED, harm: ({ page }) => wound(page, 'drop-store') },
	{ name: 'a future version', notice: NOT_KEPT, harm: ({ page }) => openTomorrow(page) },
	{ name: 'another tab that holds an upgrade', notice: NOT_KEPT, harm: holdUpgrade },
	{
		name: 'a full disk',
		notice: /is full/,
		harm: async ({ context }) => {
			// Chromium's own override reaches the Cache, not IndexedDB; so it is told here.
			await context.addInitScript(() => {
				const full = new DOMException('The disk is full.', 'QuotaExceededError')
				for (const method of ['add', 'put'] as const) {
					const write = IDBObjectStore.prototype[method]
					IDBObjectStore.prototype[method] = function (...args: Parameters<typeof write>) {
						const request = write.apply(this, args)
						// Numbers fit where a number was.
						if (this.name !== 'seqs') {
							Object.defineProperty(this.transaction, 'error', { get: () => full })
							this.transaction.abort()
						}
						return request
					}
				}
			})
		},
	},
	{
		name: 'a browser that refuses',
		notice: NOT_KEPT,
		harm: async ({ context }) => {
			await context.addInitScript(() => {
				IDBFactory.prototype.open = () => {
					throw new DOMException('No storage here', 'SecurityError')
				}
			})
		},
	},
]

const chatOf = async ({ page }: Person): Promise<string> => {
	await page.getByRole('tab', { name: 'Chat', exact: true }).click()
	return (await page.getByRole('log', { name: 'Chat messages' }).textContent()) ?? ''
}
const words = (n: number): string => `kept ${String(n).padStart(2, '0')}.`
const hasAll = async (alice: Person): Promise<boolean> => {
	const chat = await chatOf(alice)
	return Array.from({ length: MESSAGES }, (_, n) => words(n)).every((text) => chat.includes(text))
}

test(`[FA10, ST8] in nine ways harmed on disk the room starts, says so and is whole again`, async () => {
	test.setTimeout(3_600_000)
	const founder = await arrive(browser)
	const link = await startRoom(founder, app.url, null)
	// The server hears of a new room a moment after the person sees it.
	let found: Awaited<ReturnType<typeof lookUpRoom>> | null = null
	await expect(async () => {
		found = await lookUpRoom(link)
	}).toPass({ timeout: 30_000 })
	if (found === null) throw new Error('no room')
	const keeper: NodeMember = await joinAsNode(found, new Y.Doc())
	for (let n = 0; n < MESSAGES; n++) await keeper.room.chat.send(words(n))
	await expect.poll(() => hasAll(founder), { timeout: 30_000 }).toBe(true)
	await founder.close()

	const faults: string[] = []
	let starts = 0
	let notices = 0
	let heard = 0
	const refetchMs: number[] = []
	const pageErrors: string[] = []
	const harm = async (way: Way, time: number): Promise<void> => {
		const alice = await arrive(browser)
		await joinRoom(alice, link)
		await expect.poll(() => hasAll(alice), { timeout: 30_000 }).toBe(true)
		await alice.page.waitForTimeout(500) // written as well
		await alice.page.goto(`${app.url}/healthz`)
		await way.harm(alice)

		await alice.page.goto(link)
		const didStart = await alice.page
			.getByRole('button', { name: 'Invite' })
			.waitFor({ timeout: 30_000 })
			.then(
				() => true,
				() => false,
			)
		if (didStart) starts++
		else faults.push(`${way.name}: did not start`)
		const beganMs = performance.now()
		const isWhole = await expect
			.poll(() => hasAll(alice), { timeout: 60_000, intervals: [50] })
			.toBe(true)
			.then(
				() => true,
				() => false,
			)
		const tookMs = performance.now() - beganMs
		if (isWhole) refetchMs.push(tookMs)
		if (!isWhole || tookMs > REFETCHED_MS * stretch())
			faults.push(`${way.name}: whole after ${tookMs.toFixed(0)} ms`)
		// One can go on: what is said now reaches the others.
		const text = `after ${way.name} ${String(time)}`
		await alice.page.getByRole('textbox', { name: 'Message' }).fill(text)
		await alice.page.getByRole('button', { name: 'Send' }).click()
		const isHeard = await expect
			.poll(() => keeper.room.state().chat.some((message) => message.text === text), { timeout: 30_000 })
			.toBe(true)
			.then(
				() => true,
				() => false,
			)
		if (isHeard) heard++
		else faults.push(`${way.name}: nobody hears what is said then`)
		const status = alice.page.getByRole('status', { name: 'Room status' })
		const isTold = await expect(status)
			.toContainText(way.notice, { timeout: 10_000 })
			.then(
				() => true,
				() => false,
			)
		if (isTold) notices++
		else faults.push(`${way.name}: says "${(await status.textContent()) ?? ''}"`)
		pageErrors.push(...alice.errors.map((error) => `${way.name}: ${error}`))
		await alice.close()
	}
	const left = WAYS.flatMap((way) => Array.from({ length: TIMES }, (_, time) => ({ way, time })))
	const work = async (): Promise<void> => {
		for (let next = left.shift(); next !== undefined; next = left.shift()) await harm(next.way, next.time)
	}
	await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work))
	keeper.stop()
	const all = WAYS.length * TIMES
	const verdict = createVerdict('F10 what is kept is harmed')
	verdict.note('ways × times', `${String(WAYS.length)} × ${String(TIMES)}`)
	verdict.is('started', starts, all)
	verdict.is('told the person', notices, all)
	verdict.is('heard by others then', heard, all)
	verdict.is('whole again', refetchMs.length, all)
	verdict.within('slowest to be whole', Math.max(...refetchMs), REFETCHED_MS)
	verdict.is('page errors', pageErrors.length, 0)
	expect(verdict.end(), [...faults, ...pageErrors].join('\n')).toEqual([])
})
