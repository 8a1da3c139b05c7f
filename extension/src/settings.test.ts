import { beforeEach, expect, it } from 'vitest'
import { createSettings, readSettings, type SettingsArea } from './settings.ts'

/** The extension's storage, shared by all of its documents. */
const createArea = (): SettingsArea & { readonly kept: Record<string, unknown> } => {
	const kept: Record<string, unknown> = {}
	const listeners = new Set<(changes: Readonly<Record<string, unknown>>) => void>()
	return {
		kept,
		get: async (keys) => Object.fromEntries(Object.entries(kept).filter(([key]) => keys.includes(key))),
		set: async (items) => {
			Object.assign(kept, items)
			for (const fn of listeners) fn(items)
		},
		onChanged: {
			addListener: (fn) => void listeners.add(fn),
			removeListener: (fn) => void listeners.delete(fn),
		},
	}
}

let area: ReturnType<typeof createArea>
beforeEach(() => {
	area = createArea()
})

it('[XT35] what is set in one place is read and heard of in another', async () => {
	const heard: unknown[] = []
	const popup = createSettings(area)
	const stop = popup.onChange((settings) => heard.push(settings))
	await createSettings(area).set({ theme: 'dark' })
	await createSettings(area).set({ server: 'https://matinee.example' })
	const now = { server: 'https://matinee.example', theme: 'dark', language: 'system' }
	expect(await popup.read()).toEqual(now)
	expect(heard.at(-1)).toEqual(now)
	stop()
	await createSettings(area).set({ theme: 'light' })
	expect(heard).toHaveLength(2)
})
it('[XT35] what else is kept there is no setting', async () => {
	const heard: unknown[] = []
	createSettings(area).onChange((settings) => heard.push(settings))
	await area.set({ 'panel-place': [3, 4] })
	expect(heard).toEqual([])
})
it.each([
	[{}],
	[{ server: 7, theme: 'pink', language: 'fr' }],
	[{ server: 'javascript:alert(1)', theme: null, language: [] }],
	[{ server: `https://${'a'.repeat(400)}` }],
])('[XT35] what does not fit is as at first: %j', (kept) => {
	expect(readSettings(kept)).toEqual({ server: '', theme: 'system', language: 'system' })
})
