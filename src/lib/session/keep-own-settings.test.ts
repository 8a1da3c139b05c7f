import { afterEach, describe, expect, it } from 'vitest'
import type { OwnSettings } from '#lib/core/view.ts'
import { keepOwnSettings } from './keep-own-settings.ts'
import { OWN_KEY } from './own-settings.ts'

const AT_FIRST = { soundDelayMs: 0, doesShareFigures: false, hidesAddress: false, toleranceMs: 40 }

const closers: (() => void)[] = []
afterEach(() => {
	for (const close of closers.splice(0)) close()
})

let names = 0
/** Pages of one browser: one disk, and one channel that each of them opens for itself. */
const createBrowser = (kept?: unknown) => {
	const disk = new Map<string, unknown>(kept === undefined ? [] : [[OWN_KEY, kept]])
	const name = `own-${String(++names)}`
	let reading: Promise<void> = Promise.resolve()
	const openPage = () => {
		const heard: [OwnSettings, Partial<OwnSettings>][] = []
		const channel = new BroadcastChannel(name)
		const keeper = keepOwnSettings({
			settings: {
				get: async (key) => {
					const value = disk.get(key)
					await reading
					return value
				},
				set: async (key, value) => void disk.set(key, structuredClone(value)),
			},
			channel,
			onChange: (own, change) => heard.push([own, change]),
		})
		closers.push(keeper.close)
		return { keeper, heard, channel }
	}
	return {
		disk,
		openPage,
		readSlowly: () => {
			let go: () => void = () => undefined
			reading = new Promise((resolve) => (go = resolve))
			return () => go()
		},
	}
}

describe('one’s own settings', () => {
	it('[SS81] are read from this device, changed at once and kept', async () => {
		const { disk, openPage } = createBrowser({ ...AT_FIRST, soundDelayMs: 120 })
		const { keeper, heard } = openPage()
		expect(keeper.now()).toEqual(AT_FIRST)
		expect(await keeper.whenRead).toEqual({ ...AT_FIRST, soundDelayMs: 120 })
		await keeper.set({ hidesAddress: true })
		const now = { ...AT_FIRST, soundDelayMs: 120, hidesAddress: true }
		expect(keeper.now()).toEqual(now)
		expect(heard).toEqual([[now, { hidesAddress: true }]])
		expect(disk.get(OWN_KEY)).toEqual(now)
	})

	it('[SS81] changed on one page they are so on every other, and none puts the old ones back', async () => {
		const { disk, openPage } = createBrowser()
		const [settings, room] = [openPage(), openPage()]
		await Promise.all([settings.keeper.whenRead, room.keeper.whenRead])
		await settings.keeper.set({ hidesAddress: true })
		await expect.poll(() => room.keeper.now().hidesAddress).toBe(true)
		expect(room.heard).toEqual([[{ ...AT_FIRST, hidesAddress: true }, { hidesAddress: true }]])
		await room.keeper.set({ soundDelayMs: -40 })
		await expect.poll(() => settings.keeper.now().soundDelayMs).toBe(-40)
		expect(disk.get(OWN_KEY)).toEqual({ ...AT_FIRST, hidesAddress: true, soundDelayMs: -40 })
		expect(settings.heard).toHaveLength(2)
	})

	it('[SS81] changed elsewhere while this page still reads them, the change counts', async () => {
		const { openPage, readSlowly } = createBrowser()
		const settings = openPage()
		await settings.keeper.whenRead
		const goOn = readSlowly()
		const room = openPage()
		await settings.keeper.set({ hidesAddress: true })
		await expect.poll(() => room.heard).toHaveLength(1)
		goOn()
		expect((await room.keeper.whenRead).hidesAddress).toBe(true)
	})

	it('[SS81] what another page says is read as far as it makes sense', async () => {
		const { openPage } = createBrowser({ ...AT_FIRST, hidesAddress: true })
		const [page, stranger] = [openPage(), openPage()]
		await page.keeper.whenRead
		for (const word of ['hide', 7, null, { soundDelayMs: 'late' }, { soundDelayMs: 9_000 }])
			stranger.channel.postMessage(word)
		await expect.poll(() => page.keeper.now().soundDelayMs).toBe(500)
		expect(page.keeper.now()).toEqual({ ...AT_FIRST, hidesAddress: true, soundDelayMs: 500 })
	})
})
