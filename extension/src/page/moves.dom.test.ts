import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchMoves } from './moves.ts'

const navigation = new EventTarget()
Object.assign(window, { navigation })
let looks: string[]
let stop: () => void
const setTimer = (fn: () => void, ms: number) => {
	const id = setTimeout(fn, ms)
	return () => clearTimeout(id)
}
beforeEach(() => {
	vi.useFakeTimers()
	history.replaceState({}, '', '/watch?v=1')
	looks = []
	stop = watchMoves(window, { setTimer, onMoved: () => looks.push(location.search) })
	vi.advanceTimersByTime(10_000)
	looks = []
})
afterEach(() => {
	stop()
	vi.useRealTimers()
})

describe('a site that goes on within itself', () => {
	it('[XT58] is looked at at once when the History API alone says so, and again as its new page appears', () => {
		history.pushState({}, '', '/watch?v=2')
		expect(looks).toEqual([])
		// The browser's own: nothing of the page's world is seen from ours.
		navigation.dispatchEvent(new Event('currententrychange'))
		expect(looks).toEqual(['?v=2'])
		vi.advanceTimersByTime(5_000)
		expect(looks).toEqual(['?v=2', '?v=2', '?v=2', '?v=2'])
	})
	it('[XT58] so on the way back, by YouTube’s word, and when another film is loaded or the tab is hidden', () => {
		const acts: (() => void)[] = [
			() => window.dispatchEvent(new PopStateEvent('popstate')),
			() => document.dispatchEvent(new CustomEvent('yt-navigate-finish')),
			() => document.body.dispatchEvent(new Event('loadedmetadata')),
			() => document.dispatchEvent(new Event('visibilitychange')),
		]
		for (const [index, act] of acts.entries()) {
			vi.advanceTimersByTime(10_000)
			const before = looks.length
			act()
			expect(looks.length, String(index)).toBe(before + 1)
		}
	})
	it('[XT58] another title is one too', async () => {
		document.title = 'The next film'
		await Promise.resolve()
		expect(looks).toHaveLength(1)
	})
	it('[XT58] a page that says so without end is looked at ten times a second', () => {
		for (let i = 0; i < 1_000; i++) {
			document.dispatchEvent(new CustomEvent('yt-navigate-finish'))
			if (i % 100 === 99) vi.advanceTimersByTime(100)
		}
		expect(looks.length).toBeGreaterThan(5)
		expect(looks.length).toBeLessThanOrEqual(14)
	})
	it('[XT63] nothing of it is left once it is stopped', async () => {
		const targets = [window, document, navigation]
		const added = targets.map((target) => vi.spyOn(target, 'addEventListener'))
		const removed = targets.map((target) => vi.spyOn(target, 'removeEventListener'))
		const other = watchMoves(window, { setTimer, onMoved: () => looks.push('other') })
		other()
		const listed = (spies: typeof added) => spies.map(({ mock }) => mock.calls.map(String))
		expect(listed(added).map(({ length }) => length)).toEqual([3, 2, 1])
		expect(listed(removed)).toEqual(listed(added))
		for (const spy of [...added, ...removed]) spy.mockRestore()
		stop()
		navigation.dispatchEvent(new Event('currententrychange'))
		document.title = 'Unheard'
		await Promise.resolve()
		expect([looks, vi.getTimerCount()]).toEqual([[], 0])
	})
})
