import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, describe, expect, it } from 'vitest'
import UpdateNote from './UpdateNote.svelte'

afterEach(cleanup)

const note = (isPartGone: boolean) => {
	const asked: string[] = []
	render(UpdateNote, {
		props: {
			isPartGone,
			reload: () => {
				asked.push('reload')
				return new Promise<void>(() => undefined)
			},
			later: () => void asked.push('later'),
		},
	})
	return asked
}
const button = (name: string) => screen.getByRole('button', { name })

describe('the note of a new version', () => {
	it('[OF8] says that it is ready, quietly, and leaves the time to the person', async () => {
		const asked = note(false)
		const status = screen.getByRole('status', { name: 'New version' })
		expect(status.textContent).toContain('A new version is ready')
		await fireEvent.click(button('Later'))
		expect(asked).toEqual(['later'])
	})
	it('[OF8] Reload is pressed once: it is busy until the page changes', async () => {
		const asked = note(false)
		await fireEvent.click(button('Reload'))
		await fireEvent.click(button('Reload'))
		expect(asked).toEqual(['reload'])
		expect(button('Reload').getAttribute('aria-busy')).toBe('true')
	})
	it('[OF9] says that a part needs it', () => {
		note(true)
		expect(screen.getByRole('status').textContent).toContain('This part of the page needs the new version')
	})
})
