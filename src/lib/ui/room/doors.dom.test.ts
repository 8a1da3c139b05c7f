import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, describe, expect, it, vi } from 'vitest'
import DoorScreen from '../DoorScreen.svelte'
import { doors } from '../made-up.ts'
import type { DoorView } from '../props.ts'

afterEach(() => {
	cleanup()
	vi.useRealTimers()
})

const FETCH = { timeout: 10_000 }
const settle = async () => {
	for (let i = 0; i < 5; i++) await tick()
}
const stand = (view: DoorView) => {
	const asked: unknown[][] = []
	const rendered = render(DoorScreen, {
		props: {
			view,
			submitPassword: (password: string) => asked.push(['submitPassword', password]),
			retry: () => asked.push(['retry']),
			join: async () => ({ type: 'done' }) as const,
		},
	})
	return { asked, ...rendered }
}
const field = (label: string) => screen.findByLabelText<HTMLInputElement>(label, {}, FETCH)

describe('a room with a password', () => {
	it('[UX44] asks for it in one field that has the focus, says that nobody can reset it, and opens with Enter', async () => {
		const { asked } = stand(doors['password']!)
		const password = await field('Room password')
		expect(document.activeElement).toBe(password)
		expect(password.type).toBe('password')
		expect(screen.getByText(/Nobody can reset this password/)).toBeTruthy()
		await fireEvent.click(screen.getByRole('button', { name: 'Open the room' }))
		expect(asked).toEqual([])
		await fireEvent.input(password, { target: { value: ' velvet ' } })
		await fireEvent.submit(password)
		expect(asked).toEqual([['submitPassword', ' velvet ']])
	})
	it('[UX44] a wrong one is told under the field, which keeps it; typing takes the word back', async () => {
		const { asked, rerender } = stand(doors['password']!)
		const password = await field('Room password')
		await fireEvent.input(password, { target: { value: 'brass' } })
		await fireEvent.submit(password)
		await rerender({ view: { ...doors['password']!, isChecking: true } as DoorView })
		expect(screen.getByRole('button', { name: 'Open the room' }).getAttribute('aria-busy')).toBe('true')
		await fireEvent.submit(password)
		expect(asked).toHaveLength(1)
		await rerender({ view: doors['password-wrong']! })
		await settle()
		expect(screen.getByRole('alert').textContent).toContain('That is not the password of this room.')
		expect(password.value).toBe('brass')
		expect(document.activeElement).toBe(password)
		expect(password.getAttribute('aria-describedby')).toContain('problem')
		await fireEvent.input(password, { target: { value: 'brasses' } })
		expect(screen.queryByRole('alert')).toBeNull()
	})
	it('[UX44] the server’s own is asked for as the door password', async () => {
		const { asked } = stand(doors['door']!)
		const password = await field('Door password')
		await fireEvent.input(password, { target: { value: 'open sesame' } })
		await fireEvent.click(screen.getByRole('button', { name: 'Open the door' }))
		expect(asked).toEqual([['submitPassword', 'open sesame']])
	})
})

describe('a room that stays shut', () => {
	const heading = (name: string) => screen.findByRole('heading', { name }, FETCH)
	it('[UX45] a server without guests leads to signing in and back', async () => {
		stand(doors['sign-in']!)
		const link = await screen.findByRole('link', { name: 'Sign in' }, FETCH)
		expect(link.getAttribute('href')).toBe('/sign-in?back=room')
	})
	it('[UX45] who was removed reads by whom and when, what stays, and is led into no loop', async () => {
		vi.useFakeTimers({ now: new Date(2026, 10, 21, 20, 16), toFake: ['Date'] })
		const { asked } = stand(doors['removed']!)
		await heading('Ana removed you, 20:12')
		expect(screen.getByText(/stays on this device: the queue, the chat/)).toBeTruthy()
		expect(screen.getByText(/An operator or the owner can let you in again/)).toBeTruthy()
		expect(screen.queryByRole('button', { name: /again|retry/i })).toBeNull()
		cleanup()
		stand(doors['banned']!)
		await heading('Ana removed you, Last Sunday, 19:40')
		expect(screen.getByText(/Only the owner can let you in again/)).toBeTruthy()
		expect(asked).toEqual([])
	})
	it('[UX45] a changed lock asks for the new link', async () => {
		stand({ type: 'moved', by: null, atMs: null, title: '' })
		await heading('The owner changed the lock')
		expect(screen.getByText(/Ask somebody in the room for the new link/)).toBeTruthy()
	})
})
