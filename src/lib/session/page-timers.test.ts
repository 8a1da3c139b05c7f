import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPageTimers } from './page-timers.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const setUp = (hasThread = true) => {
	const page = { isHidden: false, hide: () => undefined as void }
	const inThread: { readonly ms: number; readonly fn: () => void; isUndone: boolean }[] = []
	const timers = createPageTimers({
		isHidden: () => page.isHidden,
		onHide: (fn) => {
			page.hide = () => {
				page.isHidden = true
				fn()
			}
			return () => undefined
		},
		local: () => Date.now(),
		thread: {
			after: (ms, fn) => {
				if (!hasThread) return null
				const timer = { ms, fn, isUndone: false }
				inThread.push(timer)
				return () => (timer.isUndone = true)
			},
		},
	})
	return { timers, page, inThread }
}

describe('timers of a page', () => {
	it('[CK12] in sight they are the page’s own, hidden the Worker’s', async () => {
		const { timers, page, inThread } = setUp()
		const ran: string[] = []
		timers.after(50, () => ran.push('seen'))
		await vi.advanceTimersByTimeAsync(50)
		page.isHidden = true
		timers.after(50, () => ran.push('hidden'))
		await vi.advanceTimersByTimeAsync(500)
		expect(ran).toEqual(['seen'])
		inThread[0]?.fn()
		expect(ran).toEqual(['seen', 'hidden'])
	})
	it('[CK12] what was set in sight goes over with the time that is left, and runs once', async () => {
		const { timers, page, inThread } = setUp()
		let count = 0
		timers.after(1_000, () => count++)
		await vi.advanceTimersByTimeAsync(300)
		page.hide()
		expect(inThread.map(({ ms }) => ms)).toEqual([700])
		await vi.advanceTimersByTimeAsync(5_000)
		expect(count).toBe(0)
		inThread[0]?.fn()
		inThread[0]?.fn()
		expect(count).toBe(1)
	})
	it('[CK12] undone and disposed timers do not run, wherever they are', async () => {
		const { timers, page, inThread } = setUp()
		let count = 0
		timers.after(100, () => count++)()
		const undo = timers.after(100, () => count++)
		page.hide()
		undo()
		timers.after(100, () => count++)
		timers.dispose()
		for (const { fn } of inThread) fn()
		await vi.advanceTimersByTimeAsync(1_000)
		expect(count).toBe(0)
		expect(inThread.every(({ isUndone }) => isUndone)).toBe(true)
	})
	it('[CK11] without a Worker hidden pages have their own timers', async () => {
		const { timers, page } = setUp(false)
		page.hide()
		let count = 0
		timers.after(100, () => count++)
		await vi.advanceTimersByTimeAsync(100)
		expect(count).toBe(1)
	})
})
