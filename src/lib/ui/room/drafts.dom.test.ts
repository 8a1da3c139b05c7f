import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, describe, expect, it, vi } from 'vitest'
import RoomScreen from '../RoomScreen.svelte'
import { createFakeRoom } from '../testing.ts'

afterEach(() => {
	vi.restoreAllMocks()
	cleanup()
})

const message = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
const link = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Add a video link' })
const type = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } })
const settle = async () => {
	for (let i = 0; i < 5; i++) await tick()
}
/** The page goes and comes again, in the same tab. */
const reload = (props: ReturnType<typeof createFakeRoom>['props']) => {
	cleanup()
	render(RoomScreen, { props })
}

describe('what is half written', () => {
	it('[UX81] message and link are there again after a reload, and nowhere else', async () => {
		const { props } = createFakeRoom()
		render(RoomScreen, { props })
		await type(message(), 'See you at the l')
		await type(link(), 'https://vimeo.com/7')
		reload(props)
		expect(message().value).toBe('See you at the l')
		expect(link().value).toBe('https://vimeo.com/7')
		reload({ ...props, invite: { ...props.invite, code: '0000-0000-0000-0000-0000' } })
		expect([message().value, link().value]).toEqual(['', ''])
		reload(props)
		expect(message().value).toBe('See you at the l')
	})

	it('[UX81] what was sent or added, or taken out by hand, does not come again', async () => {
		const { props, asked } = createFakeRoom()
		render(RoomScreen, { props })
		await type(message(), 'Ready')
		await fireEvent.click(screen.getByRole('button', { name: 'Send' }))
		await type(link(), 'https://vimeo.com/76979871')
		await fireEvent.click(screen.getByRole('button', { name: 'Add to queue' }))
		await settle()
		expect(asked.map(([what]) => what)).toEqual(['say', 'add'])
		reload(props)
		expect([message().value, link().value]).toEqual(['', ''])
		await type(message(), 'No')
		await type(message(), '')
		expect(sessionStorage.length).toBe(0)
	})

	it('[UX81] what was refused does', async () => {
		const refused = async () => ({ type: 'refused', message: 'Slow mode: wait 9 s.' }) as const
		const { props } = createFakeRoom('film', {}, { say: refused })
		render(RoomScreen, { props })
		await type(message(), 'Too fast')
		await fireEvent.click(screen.getByRole('button', { name: 'Send' }))
		await settle()
		reload(props)
		expect(message().value).toBe('Too fast')
	})

	it('[UX81] a browser that refuses storage has fields as usual', async () => {
		const { props } = createFakeRoom()
		const refuse = () => {
			throw new DOMException('no storage here', 'SecurityError')
		}
		for (const method of ['getItem', 'setItem', 'removeItem'] as const)
			vi.spyOn(Storage.prototype, method).mockImplementation(refuse)
		render(RoomScreen, { props })
		await type(message(), 'Here all the same')
		expect(message().value).toBe('Here all the same')
	})
})
