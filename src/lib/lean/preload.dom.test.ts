import { afterEach, describe, expect, it, vi } from 'vitest'
import { preload } from './preload.ts'

const links = () => [...document.head.querySelectorAll<HTMLLinkElement>('link')]
const BASE = 'https://matinee.example/_app/part.js'
afterEach(() => {
	for (const link of links()) link.remove()
})

describe('what stands around an import', () => {
	it('[JO13] the script of a part runs when its styles are there, fetched once for all who want them', async () => {
		const load = vi.fn(() => Promise.resolve('part'))
		const parts = [preload(load, ['a.css'], BASE), preload(load, ['a.css'], BASE)]
		await Promise.resolve()
		expect(links().map(({ href }) => href)).toEqual(['https://matinee.example/_app/a.css'])
		expect(load).not.toHaveBeenCalled()
		links()[0]?.dispatchEvent(new Event('load'))
		expect(await Promise.all(parts)).toEqual(['part', 'part'])
		expect(await preload(load, ['a.css'], BASE)).toBe('part')
		expect(links().length).toBe(1)
	})

	it('[JO13] styles that could not be fetched are told, and fetched anew the next time', async () => {
		const told: unknown[] = []
		const hear = (event: Event) => told.push((event as Event & { payload: unknown }).payload)
		addEventListener('vite:preloadError', hear)
		const failed = preload(() => Promise.resolve('part'), ['b.css'], BASE)
		links()[0]?.dispatchEvent(new Event('error'))
		await expect(failed).rejects.toThrow('b.css')
		expect(told).toHaveLength(1)
		const again = preload(() => Promise.resolve('part'), ['b.css'], BASE)
		links()[0]?.dispatchEvent(new Event('load'))
		expect(await again).toBe('part')
		removeEventListener('vite:preloadError', hear)
	})

	it('[JO13] a script that could not be fetched is told too; who sees to it keeps it from being thrown', async () => {
		const see = (event: Event) => event.preventDefault()
		addEventListener('vite:preloadError', see)
		expect(await preload(() => Promise.reject(new Error('gone')), [], BASE)).toBe(undefined)
		removeEventListener('vite:preloadError', see)
		await expect(preload(() => Promise.reject(new Error('gone')), [], BASE)).rejects.toThrow('gone')
	})
})
