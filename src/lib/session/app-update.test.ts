import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAppUpdate } from './app-update.ts'
import { pageTimers } from './platform.ts'
import { createFakeWorkers } from './fake-workers.ts'

const HOUR_MS = 60 * 60_000

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
	vi.useRealTimers()
})

const setUp = (options: { serverVersion?: string | null } = {}) => {
	const workers = createFakeWorkers()
	const page = new EventTarget()
	let reloads = 0
	const update = createAppUpdate({
		workers: workers.container,
		scriptUrl: '/service-worker.js',
		version: '1',
		readServerVersion: async () => {
			if (options.serverVersion === undefined) throw new TypeError('Failed to fetch')
			return options.serverVersion
		},
		page,
		timers: pageTimers,
		reload: () => reloads++,
	})
	return { workers, page, update, reloads: () => reloads }
}
const state = (of: ReturnType<typeof setUp>) => vi.waitFor(() => of.update.state().type)
const until = (of: ReturnType<typeof setUp>, type: string) =>
	vi.waitFor(() => {
		expect(of.update.state().type).toBe(type)
	})

it('[OF7] a newer version that waits is told; the page’s own is not', async () => {
	const one = setUp()
	one.workers.set('active', '1')
	await one.workers.settle()
	expect(await state(one)).toBe('none')
	one.workers.install('2')
	await until(one, 'ready')
	expect(one.reloads()).toBe(0)
})

it('[OF7] one that was there before the page is told, too', async () => {
	const one = setUp()
	one.workers.set('active', '1')
	one.workers.set('waiting', '2')
	await until(one, 'ready')
})

it('[OF7] a page that is itself of the version that waits hears nothing', async () => {
	const one = setUp()
	one.workers.set('active', '0')
	one.workers.set('waiting', '1')
	await one.workers.settle()
	expect(await state(one)).toBe('none')
})

it('[OF8] nothing is loaded anew until the person says so; then the new version is let in first', async () => {
	const one = setUp()
	one.workers.set('active', '1')
	one.workers.set('waiting', '2')
	await until(one, 'ready')
	await vi.advanceTimersByTimeAsync(10 * HOUR_MS)
	expect([one.reloads(), one.workers.heard()]).toEqual([0, expect.not.arrayContaining(['take-over'])])
	const reloaded = one.update.reload()
	await one.workers.settle()
	expect(one.workers.heard()).toContain('take-over')
	expect(one.reloads()).toBe(0)
	one.workers.activateWaiting()
	await reloaded
	expect(one.reloads()).toBe(1)
})

it('[OF8] a new version that does not take over in three seconds is not waited for', async () => {
	const one = setUp()
	one.workers.set('active', '1')
	one.workers.set('waiting', '2')
	await until(one, 'ready')
	const reloaded = one.update.reload()
	await vi.advanceTimersByTimeAsync(3_000)
	await reloaded
	expect(one.reloads()).toBe(1)
})

it('[OF8] let in from another page, it is offered here and leaves this page as it is', async () => {
	const one = setUp()
	one.workers.set('active', '1')
	await one.workers.settle()
	one.workers.set('waiting', '2')
	one.workers.activateWaiting()
	await until(one, 'ready')
	expect(one.reloads()).toBe(0)
	await one.update.reload()
	expect(one.reloads()).toBe(1)
})

it('[OF8] Later means later: the same version is not offered to this page again, a newer one is', async () => {
	const one = setUp()
	one.workers.set('active', '1')
	one.workers.install('2')
	await until(one, 'ready')
	one.update.later()
	expect(await state(one)).toBe('none')
	one.workers.changeController()
	await one.workers.settle()
	expect(await state(one)).toBe('none')
	one.workers.install('3')
	await until(one, 'ready')
})

it('[OF9] a part that is gone from the server offers the newer version, whatever was said before', async () => {
	const one = setUp({ serverVersion: '2' })
	one.page.dispatchEvent(new Event('vite:preloadError'))
	await until(one, 'part-gone')
})

it('[OF9] with Reload it is fetched first, as the page that is kept would come again', async () => {
	const one = setUp({ serverVersion: '2' })
	one.workers.set('active', '1')
	one.page.dispatchEvent(new Event('vite:preloadError'))
	await until(one, 'part-gone')
	one.workers.foundByLooking('2')
	const reloaded = one.update.reload()
	await one.workers.settle()
	expect(one.reloads()).toBe(0)
	one.workers.finishInstalling()
	await vi.waitFor(() => {
		expect(one.workers.heard()).toContain('take-over')
	})
	one.workers.activateWaiting()
	await reloaded
	expect(one.reloads()).toBe(1)
})

it.each([
	['the server has the same version', { serverVersion: '1' }],
	['it does not say', { serverVersion: null }],
	['there is no network', {}],
])('[OF9] a part that could not be fetched while %s offers nothing', async (_what, options) => {
	const one = setUp(options)
	one.page.dispatchEvent(new Event('vite:preloadError'))
	await one.workers.settle()
	expect(await state(one)).toBe('none')
})

it('[OF7] it looks for a newer version each hour, and when the network is back', async () => {
	const one = setUp()
	one.workers.set('active', '1')
	await vi.advanceTimersByTimeAsync(HOUR_MS)
	expect(one.workers.looks()).toBe(1)
	await vi.advanceTimersByTimeAsync(HOUR_MS)
	expect(one.workers.looks()).toBe(2)
	one.page.dispatchEvent(new Event('online'))
	await vi.advanceTimersByTimeAsync(0)
	expect(one.workers.looks()).toBe(3)
	one.update.stop()
	await vi.advanceTimersByTimeAsync(HOUR_MS)
	one.page.dispatchEvent(new Event('online'))
	expect(one.workers.looks()).toBe(3)
})

it('[OF6] asked by a worker, it says which version it runs', async () => {
	const one = setUp()
	expect(await one.workers.askPage()).toEqual({ version: '1' })
})

it('[OF7] a browser without workers has nothing to tell, and a missing part still does', async () => {
	const page = new EventTarget()
	const update = createAppUpdate({
		workers: null,
		scriptUrl: '/service-worker.js',
		version: '1',
		readServerVersion: async () => '2',
		page,
		timers: pageTimers,
		reload: () => undefined,
	})
	expect(update.state().type).toBe('none')
	page.dispatchEvent(new Event('vite:preloadError'))
	await vi.waitFor(() => {
		expect(update.state().type).toBe('part-gone')
	})
})
