import { describe, expect, it, vi } from 'vitest'
import type { Commands } from './commands.ts'
import { createLazyCommands } from './lazy-commands.ts'

const made = () => {
	const asked: unknown[] = []
	const real = {
		pause: () => void asked.push('pause'),
		seek: (positionS: number) => void asked.push(positionS),
		renameRoom: async () => ({ type: 'done' }) as const,
	} as unknown as Commands
	return { asked, real }
}

describe('commands that are fetched', () => {
	it('[SS72] wait for their code, in the order they were given, and answer as they always do', async () => {
		const { asked, real } = made()
		const load = vi.fn(async () => real)
		const { commands } = createLazyCommands(load, {}, () => undefined)
		commands.pause()
		commands.seek(12)
		expect(await commands.renameRoom('x')).toEqual({ type: 'done' })
		expect(asked).toEqual(['pause', 12])
		expect(load).toHaveBeenCalledTimes(1)
		expect(commands.pause).toBe(real.pause)
	})

	it('[SS72] say so when it cannot be fetched, and try again with the next', async () => {
		const { real } = made()
		let isOffline = true
		const failures: unknown[] = []
		const load = async () => {
			if (isOffline) throw new Error('offline')
			return real
		}
		const { commands, preload } = createLazyCommands(load, {}, (error) => failures.push(error))
		await preload()
		expect(await commands.renameRoom('x')).toMatchObject({ type: 'refused' })
		expect(failures).toHaveLength(2)
		isOffline = false
		expect(await commands.renameRoom('x')).toEqual({ type: 'done' })
	})

	it('[SS72] what is ready answers at once', () => {
		const { real } = made()
		const stats = () => ({ nowMs: 3 }) as ReturnType<Commands['stats']>
		const { commands } = createLazyCommands(
			async () => real,
			{ stats },
			() => undefined,
		)
		expect(commands.stats()).toEqual({ nowMs: 3 })
	})
})
