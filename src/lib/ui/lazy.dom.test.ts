import { describe, expect, it, vi } from 'vitest'
import { createLazy } from './lazy.svelte.ts'

describe('parts that come when they are opened', () => {
	it('[UX32] a part is fetched once, by whoever asks first', async () => {
		const fetch = vi.fn(async () => ({ default: 'panel' }))
		const lazy = createLazy(fetch)
		expect(lazy.component).toBeNull()
		expect(fetch).not.toHaveBeenCalled()
		await Promise.all([lazy.load(), lazy.load()])
		await lazy.load()
		expect(lazy.component).toBe('panel')
		expect(fetch).toHaveBeenCalledTimes(1)
	})
	it('[UX32] one that could not be fetched says so, and asking again tries again', async () => {
		const warn = vi.spyOn(console, 'warn').mockReturnValue()
		let isOnline = false
		const lazy = createLazy(async () => {
			if (!isOnline) throw new TypeError('Failed to fetch')
			return { default: 'panel' }
		})
		await lazy.load()
		expect([lazy.component, lazy.hasFailed]).toEqual([null, true])
		isOnline = true
		await lazy.load()
		expect([lazy.component, lazy.hasFailed]).toEqual(['panel', false])
		warn.mockRestore()
	})
})
