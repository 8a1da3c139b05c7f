import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import RoomScreen from '../RoomScreen.svelte'
import { createFakeRoom, reasonsIn } from '../testing.ts'

beforeEach(() => {
	localStorage.clear()
})
afterEach(cleanup)

const FETCH = { timeout: 10_000 }
const settle = async () => {
	for (let i = 0; i < 5; i++) await tick()
}
type Scene = Parameters<typeof reasonsIn>[0]
const openSettings = async (
	scene: Scene,
	more: Parameters<typeof createFakeRoom>[1] = {},
	answers: Parameters<typeof createFakeRoom>[2] = {},
) => {
	const fake = createFakeRoom(scene, { canDo: reasonsIn(scene), ...more }, answers)
	const view = render(RoomScreen, { props: fake.props })
	const button = screen.getByRole('button', { name: 'Room settings' })
	button.focus()
	await fireEvent.click(button)
	const dialog = within(await screen.findByRole('dialog', { name: 'Room settings' }, FETCH))
	return { ...fake, ...view, dialog }
}
const isChecked = (radio: HTMLElement): boolean => (radio as HTMLInputElement).checked

describe('the rules', () => {
	it('[UX38] each has its two choices by name, shows what holds and asks for the change', async () => {
		const { asked, dialog } = await openSettings('film')
		for (const [everyone, operators, what] of [
			['Everyone can control playback', 'Only operators can control', 'control'],
			['Everyone can add to the queue', 'Only operators can add', 'add'],
			['Everyone can reorder the queue', 'Only operators can reorder', 'reorder'],
			['Everyone can chat', 'Only operators can chat', 'chat'],
		] as const) {
			expect(isChecked(dialog.getByRole('radio', { name: everyone })), everyone).toBe(true)
			const other = dialog.getByRole('radio', { name: operators })
			await fireEvent.click(other)
			await settle()
			expect(asked.at(-1)).toEqual(['changeSettings', { [what]: 'operators' }])
		}
	})
	it('[UX38] slow mode and waiting', async () => {
		const { asked, dialog } = await openSettings('film')
		const slow = dialog.getByRole<HTMLSelectElement>('combobox', { name: 'Slow mode' })
		expect([...slow.options].map(({ text }) => text)).toEqual([
			'Off',
			'5 s',
			'10 s',
			'30 s',
			'1 min',
			'5 min',
		])
		expect(slow.selectedIndex).toBe(0)
		await fireEvent.change(slow, { target: { selectedIndex: 2 } })
		await fireEvent.click(dialog.getByRole('switch', { name: 'Wait for buffering', checked: true }))
		await settle()
		expect(asked).toEqual([
			['changeSettings', { chatEveryS: 10 }],
			['changeSettings', { waits: false }],
		])
	})
	it('[UX73] stopping when somebody leaves, and fetching titles, whose words say what the server sees', async () => {
		const { asked, dialog } = await openSettings('film')
		expect(dialog.getByText(/The server is shown the links/)).toBeTruthy()
		await fireEvent.click(dialog.getByRole('switch', { name: 'Stop when somebody leaves', checked: false }))
		await fireEvent.click(
			dialog.getByRole('switch', { name: 'Fetch titles through the server', checked: true }),
		)
		await settle()
		expect(asked).toEqual([
			['changeSettings', { pausesOnLeave: true }],
			['changeSettings', { fetchesTitles: false }],
		])
	})
	it('[HK1] keeping the history on the server, whose words say that it cannot read it', async () => {
		const { asked, dialog } = await openSettings('film')
		expect(dialog.getByText(/Sealed: the server cannot read it/)).toBeTruthy()
		await fireEvent.click(
			dialog.getByRole('switch', { name: 'Keep this room’s history on the server', checked: false }),
		)
		await settle()
		expect(asked).toEqual([['changeSettings', { keepsHistory: true }]])
	})
	it('[HK1] the empty chat says where it is kept', async () => {
		const { props } = createFakeRoom('empty')
		const { rerender } = render(RoomScreen, { props })
		expect(screen.getByText(/members’ devices and nowhere else/)).toBeTruthy()
		const settings = { ...props.state.settings, keepsHistory: true }
		await rerender({ state: { ...props.state, settings } })
		expect(screen.getByText(/members’ devices and, sealed, on the server/)).toBeTruthy()
	})
	it('[UX38] a step that is not among ours is listed as it is', async () => {
		const { props } = createFakeRoom('film')
		const { dialog } = await openSettings('film', {
			state: { ...props.state, settings: { ...props.state.settings, chatEveryS: 90 } },
		})
		const slow = dialog.getByRole<HTMLSelectElement>('combobox', { name: 'Slow mode' })
		expect(slow.options[slow.selectedIndex]?.text).toBe('90 s')
	})
	it('[UX38] a refused change goes back and is told', async () => {
		const { dialog } = await openSettings(
			'film',
			{},
			{ changeSettings: async () => ({ type: 'refused', message: 'Only operators can do that.' }) },
		)
		const everyone = dialog.getByRole('radio', { name: 'Everyone can control playback' })
		await fireEvent.click(dialog.getByRole('radio', { name: 'Only operators can control' }))
		const slow = dialog.getByRole<HTMLSelectElement>('combobox', { name: 'Slow mode' })
		await fireEvent.change(slow, { target: { selectedIndex: 3 } })
		await settle()
		expect(isChecked(everyone)).toBe(true)
		expect(slow.selectedIndex).toBe(0)
		expect(dialog.getByRole('alert').textContent).toContain('Only operators can do that.')
	})
	it('[UX38] the room’s name is kept when the field is left; an empty one goes back', async () => {
		const { asked, dialog } = await openSettings('film')
		const name = dialog.getByRole<HTMLInputElement>('textbox', { name: 'Room name' })
		await fireEvent.change(name, { target: { value: ' Monday matinee ' } })
		await fireEvent.change(name, { target: { value: ' ' } })
		expect(asked).toEqual([['renameRoom', 'Monday matinee']])
		expect(name.value).toBe('Sunday matinee')
	})
	it('[UX38] who may not change them sees them all, off, with the reason', async () => {
		const { asked, dialog } = await openSettings('viewer')
		expect(dialog.getByText('Not for a viewer: change-settings')).toBeTruthy()
		for (const role of ['radio', 'combobox', 'switch', 'textbox'] as const)
			for (const control of dialog.getAllByRole(role))
				expect(control.matches(':disabled'), control.outerHTML).toBe(true)
		const lock = dialog.getByRole('button', { name: 'Change the lock…' })
		expect(lock.getAttribute('aria-disabled')).toBe('true')
		await fireEvent.click(lock)
		expect(screen.queryByRole('dialog', { name: 'Change the lock' })).toBeNull()
		expect(asked).toEqual([])
	})
	it('[UX46] no single key works under it, and the focus comes back to its button', async () => {
		const { asked, dialog } = await openSettings('film')
		await fireEvent.keyDown(document.body, { key: 'k' })
		expect(asked).toEqual([])
		await fireEvent.click(dialog.getByRole('button', { name: 'Close' }))
		expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Room settings' }))
	})
	it('[UX42] the log is saved from here too', async () => {
		const { asked, dialog } = await openSettings('viewer')
		await fireEvent.click(dialog.getByRole('button', { name: 'Export the activity log' }))
		await settle()
		expect(asked).toEqual([['exportLog']])
		expect(dialog.getByText('Saved as a file')).toBeTruthy()
	})
})

describe('the lock', () => {
	const openLock = async (...args: Parameters<typeof openSettings>) => {
		const opened = await openSettings(...args)
		await fireEvent.click(opened.dialog.getByRole('button', { name: 'Change the lock…' }))
		return { ...opened, lock: within(await screen.findByRole('dialog', { name: 'Change the lock' })) }
	}
	it('[UX39] asks first: what it does, who is left behind, which password', async () => {
		const { asked, lock } = await openLock('owner', {
			leftBehind: ['Wren', 'Quiet Heron'],
			lock: { hasPassword: true, canBeOrderedAtServer: true },
		})
		expect(lock.getByText(/the old link opens nothing any more/)).toBeTruthy()
		expect(lock.getByText('Wren and Quiet Heron')).toBeTruthy()
		const field = lock.getByLabelText<HTMLInputElement>('Room password')
		expect(field.type).toBe('password')
		const hint = document.getElementById(field.getAttribute('aria-describedby')!)
		expect(hint?.textContent).toBe(
			'Left empty, the room has no password from now on. Nobody can reset this password.',
		)
		await fireEvent.click(lock.getByRole('button', { name: 'Show what is typed' }))
		expect(field.type).toBe('text')
		await fireEvent.input(field, { target: { value: 'brass and velvet' } })
		await fireEvent.submit(field)
		await settle()
		expect(asked).toEqual([['changeLock', { password: 'brass and velvet' }]])
		expect(screen.queryByRole('dialog')).toBeNull()
		expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Room settings' }))
	})
	it('[UX39] a refusal stays, with what was typed; Cancel changes nothing', async () => {
		const { asked, lock } = await openLock(
			'owner',
			{},
			{ changeLock: async () => ({ type: 'refused', message: 'The room is moving already.' }) },
		)
		await fireEvent.input(lock.getByLabelText('Room password'), { target: { value: 'velvet' } })
		await fireEvent.click(lock.getByRole('button', { name: 'Change the lock' }))
		await settle()
		expect(lock.getByRole('alert').textContent).toContain('The room is moving already.')
		expect(lock.getByLabelText<HTMLInputElement>('Room password').value).toBe('velvet')
		await fireEvent.click(lock.getByRole('button', { name: 'Cancel' }))
		expect(screen.queryByRole('dialog')).toBeNull()
		expect(asked).toEqual([])
	})
})

describe('in the chat', () => {
	const messages = () => within(screen.getByRole('log', { name: 'Chat messages' }))
	it('[UX40] slow mode is said at the field to whom it binds, and a refused message stays with the seconds', async () => {
		const { props } = createFakeRoom('film')
		const state = {
			...props.state,
			myRole: 'member' as const,
			settings: { ...props.state.settings, chatEveryS: 30 },
		}
		const { rerender } = render(RoomScreen, {
			props: createFakeRoom(
				'film',
				{ state },
				{ say: async () => ({ type: 'refused', message: 'Slow mode: you can write again in 12 s.' }) },
			).props,
		})
		expect(screen.getByText('Slow mode: one message in 30 s')).toBeTruthy()
		const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
		await fireEvent.input(field, { target: { value: 'Again' } })
		await fireEvent.click(screen.getByRole('button', { name: 'Send' }))
		await settle()
		expect(screen.getByRole('alert').textContent).toContain('again in 12 s')
		expect(field.value).toBe('Again')
		await fireEvent.input(field, { target: { value: 'Again.' } })
		await rerender({ state: { ...state, myRole: 'operator' } })
		expect(screen.queryByText(/Slow mode/)).toBeNull()
	})
	it('[UX40] who may not write sees why in the field', () => {
		const { props, asked } = createFakeRoom('viewer', { canDo: reasonsIn('viewer') })
		render(RoomScreen, { props })
		const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
		expect([field.readOnly, field.placeholder]).toEqual([true, 'Not for a viewer: chat'])
		expect(screen.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled')).toBe('true')
		expect(asked).toEqual([])
	})
	it('[UX41] an operator removes any message, and the focus stays in the chat', async () => {
		const { props, asked } = createFakeRoom('film', { canDo: reasonsIn('film') })
		render(RoomScreen, { props })
		const options = messages().getAllByRole('button', { name: 'Options for this message' })
		expect(options).toHaveLength(props.state.chat.length)
		await fireEvent.click(options[0]!)
		await fireEvent.click(await screen.findByRole('menuitem', { name: 'Remove' }, FETCH))
		expect(asked).toEqual([['unsay', props.state.chat[0]!.id]])
		expect(document.activeElement).toBe(screen.getByRole('log', { name: 'Chat messages' }))
	})
	it('[UX41] others remove their own ones only', async () => {
		const { props } = createFakeRoom('viewer', { canDo: reasonsIn('viewer') })
		render(RoomScreen, { props })
		const mine: (Element | null)[] = []
		for (const options of messages().getAllByRole('button', { name: 'Options for this message' })) {
			await fireEvent.click(options)
			await screen.findByRole('menuitem', { name: 'Copy text' }, FETCH)
			if (screen.queryByRole('menuitem', { name: 'Remove' }) !== null) mine.push(options.closest('.msg'))
			await fireEvent.keyDown(screen.getByRole('menuitem', { name: 'Copy text' }), { key: 'Escape' })
		}
		expect(mine).toHaveLength(1)
		expect(mine[0]?.textContent).toContain('The four-ten never waits.')
	})
})
