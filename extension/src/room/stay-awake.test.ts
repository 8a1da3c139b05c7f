import { expect, it } from 'vitest'
import { createStayAwake, TOUCH_EVERY_MS } from './stay-awake.ts'

const setUp = () => {
	const timers = new Set<{ readonly ms: number; readonly fn: () => void }>()
	let touched = 0
	const tell = createStayAwake({
		touch: () => {
			touched++
			return touched === 1 ? Promise.reject(new Error('no')) : Promise.resolve()
		},
		every: (ms, fn) => {
			const timer = { ms, fn }
			timers.add(timer)
			return () => timers.delete(timer)
		},
	})
	return {
		tell: (type: 'none' | 'opening' | 'door' | 'room') => tell({ type }),
		run: () => timers.forEach(({ fn }) => fn()),
		timers: () => [...timers].map(({ ms }) => ms),
		touched: () => touched,
	}
}

it('[XT87] while a room is open or on its way the browser is asked for something within its half minute', () => {
	const { tell, run, timers, touched } = setUp()
	tell('opening')
	tell('door')
	tell('room')
	tell('room')
	expect(timers()).toEqual([TOUCH_EVERY_MS])
	expect(TOUCH_EVERY_MS * 2).toBeLessThan(30_000)
	run()
	run()
	expect(touched()).toBe(2)
})
it('[XT87] with no room the browser may end the page', () => {
	const { tell, timers } = setUp()
	tell('none')
	expect(timers()).toEqual([])
	tell('room')
	tell('none')
	expect(timers()).toEqual([])
	tell('room')
	expect(timers()).toHaveLength(1)
})
