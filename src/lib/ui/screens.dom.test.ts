import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, describe, expect, it } from 'vitest'
import DoorScreen from './DoorScreen.svelte'
import HomeScreen from './HomeScreen.svelte'
import * as made from './made-up.ts'
import NeedsScreen from './NeedsScreen.svelte'
import type { DoorView, HomeScreenProps, StartResult } from './props.ts'

afterEach(cleanup)

const settle = async () => {
	await tick()
	await Promise.resolve()
	await tick()
}
const home = (more: Partial<HomeScreenProps> = {}) => {
	const asked: unknown[][] = []
	const done =
		(name: string) =>
		async (...values: unknown[]) => {
			asked.push([name, ...values])
			return { type: 'done' } as const
		}
	const props: HomeScreenProps = {
		rooms: made.rooms,
		start: done('start'),
		startSample: done('startSample'),
		startFiles: done('startFiles'),
		join: done('join'),
		forget: async (roomId) => {
			asked.push(['forget', roomId])
		},
		account: null,
		...more,
	}
	return { asked, ...render(HomeScreen, { props }) }
}
const box = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name })
const button = (name: string) => screen.getByRole('button', { name })

describe('home', () => {
	it('[UX1] has the fixed names', () => {
		home()
		expect(box('Video link')).toBeTruthy()
		expect(box('Room code')).toBeTruthy()
		for (const name of ['Start a room', 'Join', 'Try it with our sample film'])
			expect(button(name), name).toBeTruthy()
	})
	it('[UX6] Start takes the link and the title, and stays busy until the page changes', async () => {
		const { asked } = home()
		await fireEvent.input(box('Video link'), { target: { value: ' https://films.example/a.mp4 ' } })
		await fireEvent.click(button('Options'))
		await fireEvent.input(box('Room title'), { target: { value: 'Sunday' } })
		await fireEvent.click(button('Start a room'))
		await settle()
		await fireEvent.click(button('Start a room'))
		expect(asked).toEqual([['start', 'https://films.example/a.mp4', { title: 'Sunday', password: '' }]])
		expect(button('Start a room').getAttribute('aria-busy')).toBe('true')
	})
	it('[UX6] an empty field starts an empty room', async () => {
		const { asked } = home()
		await fireEvent.click(button('Start a room'))
		expect(asked).toEqual([['start', '', { title: '', password: '' }]])
	})
	it('[UX6] a refused link keeps its text, with the reason under the field', async () => {
		const refused: StartResult = { type: 'refused', field: 'link', message: 'That is a picture.' }
		home({ start: async () => refused })
		await fireEvent.input(box('Video link'), { target: { value: 'https://a.example/cat.png' } })
		await fireEvent.click(button('Start a room'))
		await settle()
		expect(box('Video link').value).toBe('https://a.example/cat.png')
		expect(screen.getByRole('alert').textContent).toContain('That is a picture.')
		expect(document.activeElement).toBe(box('Video link'))
		expect(button('Start a room').getAttribute('aria-busy')).toBe('false')
	})
	it('[UX6] a link from the address fills the field, and never replaces what was typed', async () => {
		const { rerender } = home()
		await rerender({ initialLink: 'https://films.example/a.mp4' })
		expect(box('Video link').value).toBe('https://films.example/a.mp4')
		await fireEvent.input(box('Video link'), { target: { value: 'https://mine.example/b.mp4' } })
		await rerender({ initialLink: 'https://films.example/c.mp4' })
		expect(box('Video link').value).toBe('https://mine.example/b.mp4')
	})
	it('[UX5] the code is mended while typed, and stays when it is refused', async () => {
		const asked: string[] = []
		home({
			join: async (code) => {
				asked.push(code)
				return { type: 'refused', field: 'code', message: '12 of 20 characters.' }
			},
		})
		await fireEvent.input(box('Room code'), { target: { value: 'k7qx3m9rt2vo' } })
		await settle()
		expect(box('Room code').value).toBe('K7QX-3M9R-T2V0')
		await fireEvent.click(button('Join'))
		await settle()
		expect(asked).toEqual(['K7QX-3M9R-T2V0'])
		expect(box('Room code').value).toBe('K7QX-3M9R-T2V0')
		expect(screen.getByRole('alert').textContent).toContain('12 of 20 characters')
	})
	it('[UX71] Options hold a password for the room, taken as it is typed', async () => {
		const { asked } = home()
		await fireEvent.click(button('Options'))
		const field = screen.getByLabelText<HTMLInputElement>('Room password')
		expect(field.type).toBe('password')
		expect(screen.getByText(/Nobody can reset this password/)).toBeTruthy()
		await fireEvent.input(field, { target: { value: ' open sesame ' } })
		await fireEvent.click(button('Start a room'))
		expect(asked).toEqual([['start', '', { title: '', password: ' open sesame ' }]])
	})
	it('[UX72] the top of the page leads to signing in, or to the account of who is signed in', async () => {
		const { rerender } = home()
		expect(screen.queryByRole('link', { name: /your account/ })).toBeNull()
		await rerender({ account: { type: 'guest' } })
		expect(screen.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('./login')
		await rerender({ account: { type: 'signed-in', name: 'Ana', pictureUrl: null } })
		expect(screen.queryByRole('link', { name: 'Sign in' })).toBeNull()
		expect(screen.getByRole('link', { name: /^Ana ?, your account$/ }).getAttribute('href')).toBe(
			'./settings',
		)
	})
	it('[UX20] rooms visited are links; forgetting one asks first', async () => {
		const { asked } = home()
		expect(screen.getByRole('link', { name: 'Sunday matinee' }).getAttribute('href')).toBe(
			made.rooms[0]?.href,
		)
		const forget = async () => {
			await fireEvent.click(button('Options for Sunday matinee'))
			await fireEvent.click(await screen.findByRole('menuitem', { name: 'Forget' }, { timeout: 10_000 }))
			return within(screen.getByRole('dialog', { name: 'Forget Sunday matinee?' }))
		}
		await fireEvent.click((await forget()).getByRole('button', { name: 'Keep it' }))
		expect(asked).toEqual([])
		await fireEvent.click((await forget()).getByRole('button', { name: 'Forget this room' }))
		expect(asked).toEqual([['forget', 'r1']])
	})
	it('[UX20] nothing visited yet is said plainly', () => {
		home({ rooms: [] })
		expect(screen.getByText(/None yet/)).toBeTruthy()
	})
})

describe('before the room', () => {
	it('[UX22] a browser that lacks a part is told which, and who has it', () => {
		render(NeedsScreen, { props: { missing: ['ed25519'], link: null } })
		expect(screen.getByText('It lacks Ed25519 signatures.')).toBeTruthy()
		expect(screen.getByText(/Chrome or Edge 137, Firefox 129, Safari 17/)).toBeTruthy()
	})
	const door = (view: DoorView) => {
		const asked: unknown[][] = []
		render(DoorScreen, {
			props: {
				view,
				submitPassword: (password: string) => asked.push(['submitPassword', password]),
				retry: () => asked.push(['retry']),
				join: async (code: string) => {
					asked.push(['join', code])
					return { type: 'done' } as const
				},
			},
		})
		return asked
	}
	it('[UX23] a code that is not whole stands in the field with what is wrong', async () => {
		const asked = door({ type: 'bad-code', text: 'K7QX-3M9R-T2VH', message: '12 of 20 characters.' })
		expect((await screen.findByRole('alert', {}, { timeout: 10_000 })).textContent).toContain(
			'12 of 20 characters.',
		)
		expect(box('Room code').value).toBe('K7QX-3M9R-T2VH')
		await fireEvent.click(button('Join'))
		expect(asked).toEqual([['join', 'K7QX-3M9R-T2VH']])
	})
	it('[UX23] an unknown room says so and keeps the code', async () => {
		door({ type: 'unknown-room', code: 'K7QX-3M9R-T2VH-8WPC-5NDA' })
		const heading = { name: 'No room has this code' }
		expect(await screen.findByRole('heading', heading, { timeout: 10_000 })).toBeTruthy()
		const field = box('Room code')
		expect(field.value).toBe('K7QX-3M9R-T2VH-8WPC-5NDA')
	})
	it('[UX23] a server that is away says what still works and when it is tried again', async () => {
		const asked = door({ type: 'server-away', retryInS: 13.2 })
		expect(screen.getByText('next try in 14 s')).toBeTruthy()
		await fireEvent.click(button('Try again'))
		expect(asked).toEqual([['retry']])
	})
	it('[UX23] any other refusal is given in the words of whoever knows', () => {
		door({ type: 'refused', title: 'The room is full', detail: 'It holds 2,000 people.', canRetry: false })
		expect(screen.getByRole('heading', { name: 'The room is full' })).toBeTruthy()
		expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
	})
})
