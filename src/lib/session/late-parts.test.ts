import { describe, expect, it, vi } from 'vitest'
import type { TransportEvent } from '#lib/transport/transport.ts'
import { afterFirstLink, atFirstTouch, LATE_MS } from './late-parts.ts'

const createTimers = () => {
	const waiting: { ms: number; fn: () => void }[] = []
	const after = (ms: number, fn: () => void) => {
		const timer = { ms, fn }
		waiting.push(timer)
		return () => void waiting.splice(waiting.indexOf(timer), 1)
	}
	return { waiting, after }
}

describe('what only neighbours need', () => {
	const build = (load: () => Promise<string>) => {
		const listeners = new Set<(event: TransportEvent) => void>()
		const on = (fn: (event: TransportEvent) => void) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		}
		const timers = createTimers()
		const tell = (type: string) => {
			for (const fn of [...listeners]) fn({ type } as TransportEvent)
		}
		return { begin: afterFirstLink({ on }, timers, load), tell, waiting: timers.waiting }
	}
	it('[JO13] is fetched some seconds after the first link, once', async () => {
		const load = vi.fn(async () => 'there')
		const { begin, tell, waiting } = build(load)
		const loaded = begin()
		tell('peer-down')
		expect(waiting).toEqual([])
		tell('peer-up')
		tell('peer-up')
		expect(waiting.map(({ ms }) => ms)).toEqual([LATE_MS])
		expect(load).not.toHaveBeenCalled()
		waiting[0]?.fn()
		expect(await loaded).toBe('there')
		expect(load).toHaveBeenCalledTimes(1)
	})
	it('[JO13] tells where it could not be fetched', async () => {
		const { begin, tell, waiting } = build(() => Promise.reject(new Error('offline')))
		const loaded = begin()
		tell('peer-up')
		waiting[0]?.fn()
		await expect(loaded).rejects.toThrow('offline')
	})
})

describe('what a person needs who does something', () => {
	it('[JO13] is fetched at the first key or press, once', () => {
		for (const sign of ['keydown', 'pointerdown']) {
			const page = new EventTarget()
			const timers = createTimers()
			const fn = vi.fn()
			atFirstTouch(page, timers, fn)
			page.dispatchEvent(new Event(sign))
			page.dispatchEvent(new Event(sign))
			expect(fn).toHaveBeenCalledTimes(1)
			expect(timers.waiting).toEqual([])
		}
	})
	it('[JO13] is fetched after some seconds without one, and not at all after the end', () => {
		const page = new EventTarget()
		const timers = createTimers()
		const fn = vi.fn()
		const stop = atFirstTouch(page, timers, fn)
		expect(timers.waiting.map(({ ms }) => ms)).toEqual([LATE_MS])
		timers.waiting[0]?.fn()
		page.dispatchEvent(new Event('keydown'))
		expect(fn).toHaveBeenCalledTimes(1)
		stop()
		const unused = vi.fn()
		atFirstTouch(page, timers, unused)()
		page.dispatchEvent(new Event('keydown'))
		expect(unused).not.toHaveBeenCalled()
		expect(timers.waiting).toEqual([])
	})
})
