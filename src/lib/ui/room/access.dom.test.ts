import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { createSubscriber } from 'svelte/reactivity'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onLanguage, trackLanguage, useLanguage } from '#lib/words/language.ts'
import { around } from '../around.ts'
import RoomScreen from '../RoomScreen.svelte'
import { createFakeRoom } from '../testing.ts'

const FETCH = { timeout: 10_000 }
const settle = async () => {
	for (let i = 0; i < 5; i++) await tick()
}
const system = matchMedia

beforeEach(() => {
	localStorage.clear()
	trackLanguage(createSubscriber(onLanguage))
})
afterEach(async () => {
	cleanup()
	vi.unstubAllGlobals()
	globalThis.matchMedia = system
	delete document.documentElement.dataset['theme']
	trackLanguage(() => undefined)
	await useLanguage('en')
})

const openOwn = async () => {
	const fake = createFakeRoom()
	const view = render(RoomScreen, { props: fake.props })
	await fireEvent.click(screen.getByRole('button', { name: 'Room menu' }))
	await fireEvent.click(await screen.findByRole('menuitem', { name: 'Your settings' }, FETCH))
	const dialog = within(await screen.findByRole('dialog', { name: 'Your settings' }, FETCH))
	return { ...fake, ...view, dialog }
}

describe('one’s own settings in the room', () => {
	it('[AX1] the theme is chosen at once, kept, and given back to the system', async () => {
		const { dialog } = await openOwn()
		const pick = (name: string) => fireEvent.click(dialog.getByRole('radio', { name }))
		await pick('Light')
		expect(document.documentElement.dataset['theme']).toBe('light')
		expect(localStorage.getItem('matinee.theme')).toBe('light')
		await pick('Dark')
		expect(document.documentElement.dataset['theme']).toBe('dark')
		await pick('System')
		expect(document.documentElement.dataset['theme']).toBeUndefined()
		expect(localStorage.getItem('matinee.theme')).toBeNull()
	})
	it('[AX1] the language is chosen by its own name, and the whole room speaks it at once', async () => {
		const { dialog } = await openOwn()
		expect(dialog.getByRole<HTMLInputElement>('radio', { name: 'English' }).checked).toBe(true)
		await fireEvent.click(dialog.getByRole('radio', { name: '中文' }))
		expect(await screen.findByRole('dialog', { name: '我的设置' }, FETCH)).toBeTruthy()
		expect(screen.getByRole('tab', { name: '片单' })).toBeTruthy()
		expect(screen.getByRole('button', { name: '邀请' })).toBeTruthy()
		expect([document.documentElement.lang, localStorage.getItem('matinee.language')]).toEqual(['zh-CN', 'zh'])
		await fireEvent.click(screen.getByRole('radio', { name: 'English' }))
		await settle()
		expect(screen.getByRole('button', { name: 'Invite' })).toBeTruthy()
	})
	it('[AX1] hiding one’s address is there too', async () => {
		const { asked, dialog } = await openOwn()
		await fireEvent.click(dialog.getByRole('switch', { name: 'Hide my address' }))
		expect(asked.at(-1)).toEqual(['setOwn', { hidesAddress: true }])
	})
})

describe('a sentence with its subject set apart', () => {
	it('[AX1] is whole, wherever a language puts the subject', () => {
		expect(around('Ana and Bo cannot come', 'Ana and Bo')).toEqual({
			before: '',
			subject: 'Ana and Bo',
			after: ' cannot come',
		})
		expect(around('没法带上Ana：太旧', 'Ana')).toEqual({
			before: '没法带上',
			subject: 'Ana',
			after: '：太旧',
		})
		expect(around('Done', 'Ana')).toEqual({ before: 'Done ', subject: 'Ana', after: '' })
		expect(around('Done', null)).toEqual({ before: 'Done', subject: '', after: '' })
	})
})

/** A touch screen whose visible part the test decides. */
const onPhone = (height: number) => {
	globalThis.matchMedia = ((query: string) => ({
		matches: !query.includes('min-aspect-ratio') && /max-width: 699px|pointer: coarse/.test(query),
		addEventListener: () => undefined,
		removeEventListener: () => undefined,
	})) as unknown as typeof matchMedia
	const view = Object.assign(new EventTarget(), { height, width: 390, scale: 1, offsetTop: 0 })
	vi.stubGlobal('visualViewport', view)
	vi.stubGlobal('innerHeight', height)
	return {
		see: async (seen: number, offsetTop = 0) => {
			Object.assign(view, { height: seen, offsetTop })
			view.dispatchEvent(new Event('resize'))
			await settle()
		},
		turn: async (width: number, seen: number) => {
			vi.stubGlobal('innerHeight', seen)
			Object.assign(view, { width, height: seen, offsetTop: 0 })
			view.dispatchEvent(new Event('resize'))
			await settle()
		},
	}
}
const root = () => document.querySelector<HTMLElement>('[data-room-state]')!

describe('a keyboard on the screen', () => {
	it('[AX4] leaves the room as tall as what is seen, where it was panned to, and nothing but the picture above', async () => {
		const phone = onPhone(844)
		render(RoomScreen, { props: createFakeRoom().props })
		await new Promise(requestAnimationFrame)
		await settle()
		expect(root().style.getPropertyValue('--seen')).toBe('844px')
		expect(root().classList.contains('typing')).toBe(false)
		await phone.see(500, 120)
		expect(root().style.getPropertyValue('--seen')).toBe('500px')
		expect(root().style.top).toBe('120px')
		expect(root().classList.contains('typing')).toBe(true)
		await phone.see(844)
		expect(root().style.top).toBe('')
		expect(root().classList.contains('typing')).toBe(false)
	})
	it('[AX4] a small phone, a browser’s own bars and a phone that is turned are no keyboard', async () => {
		const phone = onPhone(553)
		render(RoomScreen, { props: createFakeRoom().props })
		await settle()
		expect(root().classList.contains('typing')).toBe(false)
		await phone.see(490)
		expect(root().classList.contains('typing')).toBe(false)
		await phone.turn(667, 320)
		expect(root().classList.contains('typing')).toBe(false)
	})
})

describe('Invite', () => {
	it('[AX9] opens the share sheet of a phone that has one, and copies in any case', async () => {
		onPhone(844)
		const { props, asked } = createFakeRoom()
		render(RoomScreen, { props: { ...props, invite: { ...props.invite, canShare: true } } })
		await fireEvent.click(screen.getByRole('button', { name: 'Invite' }))
		await screen.findByRole('button', { name: 'Share…' }, FETCH)
		expect(asked.map(([what]) => what).toSorted()).toEqual(['copyInvite', 'shareInvite'])
		await fireEvent.click(screen.getByRole('button', { name: 'Share…' }))
		expect(asked.filter(([what]) => what === 'shareInvite')).toHaveLength(2)
	})
})
