/** What somebody sets for their own device: the same in the room and on the page of settings, and live in both. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { language, useLanguage } from '#lib/words/language.ts'
import { followLooks } from './follow-looks.ts'
import Gate from './Gate.svelte'
import LookChoice from './LookChoice.svelte'
import { applyKeptMotion, chooseMotion, isStill, onMotion, readMotion } from './motion.ts'
import OwnChoices from './OwnChoices.svelte'
import type { ChatChoices, ChatChoicesKeeper } from './room/chat/choices.svelte.ts'
import { createChoices } from './room/watching/choices.svelte.ts'
import { parseWatching } from './room/watching/watching-memory.ts'
import type { SubtitleId } from '#lib/core/units.ts'

const KEYS = { motion: 'matinee.motion', watching: 'matinee.watching' }
beforeEach(() => {
	localStorage.clear()
	applyKeptMotion()
	tellOthers(null)
})
afterEach(async () => {
	cleanup()
	localStorage.clear()
	applyKeptMotion()
	await useLanguage('en')
})

/** As the browser does when another tab has written. */
const tellOthers = (key: string | null): void => {
	window.dispatchEvent(new StorageEvent('storage', { key }))
}
const chatKeeper = (set: (change: Partial<ChatChoices>) => void): ChatChoicesKeeper =>
	({
		now: { hasOverlay: true, opacity: 0.5 },
		set,
	}) as unknown as ChatChoicesKeeper
const open = () => {
	const asked: unknown[] = []
	const props = {
		level: 3 as const,
		chat: chatKeeper((change) => asked.push(change)),
		own: { hidesAddress: false, toleranceMs: 40 },
		setOwn: (change: object) => asked.push(change),
	}
	return { asked, ...render(OwnChoices, { props }) }
}
const slider = (name: string) => screen.getByRole<HTMLInputElement>('slider', { name })
const slide = async (name: string, to: number) => {
	const input = slider(name)
	input.value = String(to)
	await fireEvent.input(input)
	await fireEvent.change(input)
}

describe('one’s own choices', () => {
	it('[UX84] hold subtitles, chat over the picture, tolerance and address', async () => {
		const { asked } = open()
		await fireEvent.click(screen.getByRole('switch', { name: 'Chat over the picture in full screen' }))
		await slide('How solid it is', 80)
		await slide('Sync tolerance', 200)
		await fireEvent.click(screen.getByRole('switch', { name: 'Hide my address' }))
		expect(asked).toEqual([
			{ hasOverlay: false },
			{ opacity: 0.8 },
			{ toleranceMs: 200 },
			{ hidesAddress: true },
		])
		await fireEvent.click(screen.getByRole('switch', { name: 'Show subtitles' }))
		await slide('Timing of subtitles', 15)
		await fireEvent.change(screen.getByRole('combobox', { name: 'Size of subtitles' }), {
			target: { selectedIndex: 3 },
		})
		expect(JSON.parse(localStorage.getItem(KEYS.watching) ?? 'null')).toMatchObject({
			isOff: true,
			size: 3,
			usualTenths: 15,
		})
		expect(slider('Timing of subtitles').getAttribute('aria-valuetext')).toBe('+1.5 s')
	})
	it('[UX84] what another tab has changed stands here at once', async () => {
		open()
		const isOn = () => screen.getByRole<HTMLInputElement>('switch', { name: 'Show subtitles' }).checked
		expect(isOn()).toBe(true)
		localStorage.setItem(KEYS.watching, JSON.stringify({ isOff: true }))
		tellOthers(KEYS.watching)
		await tick()
		expect(isOn()).toBe(false)
	})
	it('[UX84] subtitles that were not set by hand stand as all do; set by hand, they keep it', () => {
		const one = createChoices()
		const [a, b] = ['a', 'b'] as SubtitleId[] as [SubtitleId, SubtitleId]
		one.shift(a, 3)
		one.setUsual(20)
		expect([one.offsetS(a), one.offsetS(b)]).toEqual([0.3, 2])
		one.shift(b, -5)
		expect(one.offsetS(b)).toBe(1.5)
		one.shift(b, null)
		one.setUsual(0)
		expect(one.offsetS(b)).toBe(0)
		for (const usualTenths of ['x', 9_000, 0.5, null])
			expect(parseWatching({ usualTenths }).usualTenths).toBe(0)
	})
})

describe('movement', () => {
	it('[UX85] is the system’s until somebody wants little of it, which is kept', async () => {
		render(LookChoice)
		const heard: boolean[] = []
		const off = onMotion(() => heard.push(isStill()))
		await fireEvent.click(screen.getByRole('switch', { name: 'Less movement' }))
		expect([document.documentElement.dataset['motion'], readMotion(), isStill()]).toEqual([
			'still',
			'still',
			true,
		])
		chooseMotion('system')
		expect([document.documentElement.dataset['motion'], readMotion(), isStill()]).toEqual([
			undefined,
			'system',
			false,
		])
		expect(heard).toEqual([true, false])
		off()
	})
})

describe('looks in several tabs', () => {
	it('[UX86] theme, movement and language follow what another tab has chosen', async () => {
		const unfollow = followLooks()
		const put = (key: string, value: string) => {
			localStorage.setItem(key, value)
			tellOthers(key)
		}
		put('matinee.theme', 'light')
		put(KEYS.motion, 'still')
		expect(document.documentElement.dataset).toMatchObject({ theme: 'light', motion: 'still' })
		put('matinee.language', 'zh')
		await expect.poll(() => language(), { timeout: 20_000 }).toBe('zh')
		localStorage.clear()
		tellOthers(null)
		expect(document.documentElement.dataset).not.toHaveProperty('theme')
		expect(isStill()).toBe(false)
		await expect.poll(() => language()).toBe('en')
		unfollow()
		put('matinee.theme', 'light')
		expect(document.documentElement.dataset).not.toHaveProperty('theme')
		await useLanguage('en')
	})
	it('[WD9] a door has the switch of languages, but not while it opens', async () => {
		const children = (() => undefined) as never
		const { unmount } = render(Gate, { props: { children, isBrief: true } })
		await new Promise((resolve) => void setTimeout(resolve, 0))
		expect(screen.queryByRole('group')).toBeNull()
		unmount()
		render(Gate, { props: { children } })
		const group = await screen.findByRole('group', { name: 'Language' }, { timeout: 10_000 })
		expect(group.textContent?.trim()).toBe('中文')
	})
})
