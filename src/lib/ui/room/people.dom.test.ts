import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RoomScreenProps } from '../props.ts'
import RoomScreen from '../RoomScreen.svelte'
import { createFakeRoom, reasonsIn, type FakeRoom } from '../testing.ts'

beforeEach(() => {
	localStorage.clear()
})
afterEach(cleanup)

/** Compiling a panel takes a busy machine some time. */
const FETCH = { timeout: 10_000 }
type Scene = Parameters<typeof reasonsIn>[0]

const openPeople = async (
	scene: Scene,
	more: Partial<RoomScreenProps> = {},
	answers: Parameters<typeof createFakeRoom>[2] = {},
) => {
	const fake: FakeRoom = createFakeRoom(scene, { canDo: reasonsIn(scene), ...more }, answers)
	const view = render(RoomScreen, { props: fake.props })
	await fireEvent.click(screen.getByRole('tab', { name: 'People' }))
	await screen.findByRole('list', { name: 'People' }, FETCH)
	return { ...fake, ...view }
}
const row = (name: string) => {
	const button = screen.getByRole('button', { name: `Options for ${name}` })
	return within(button.closest('li')!)
}
const openMenu = async (name: string) => {
	screen.getByRole('button', { name: `Options for ${name}` }).focus()
	await fireEvent.click(screen.getByRole('button', { name: `Options for ${name}` }))
	return within(await screen.findByRole('menu', {}, FETCH))
}
const choose = async (name: string, item: string) => {
	await fireEvent.click((await openMenu(name)).getByRole('menuitem', { name: item }))
}
const ask = async (name: string, item: string) => {
	await choose(name, item)
	return within(await screen.findByRole('dialog', {}, FETCH))
}
const settle = async () => {
	for (let i = 0; i < 5; i++) await tick()
}
const refused = (message: string) => async () => ({ type: 'refused', message }) as const

describe('who somebody is', () => {
	it('[UX33] who is signed in has a mark in words, a guest is called one, and a picture lies over the seat', async () => {
		await openPeople('owner')
		expect(row('Ana').getByText('Signed in')).toBeTruthy()
		expect(row('Ana').getByText('Operator')).toBeTruthy()
		expect(row('Bo').getByText('Guest')).toBeTruthy()
		expect(row('Bo').queryByText('Signed in')).toBeNull()
		expect(row('Ines').getByText('You, owner, guest')).toBeTruthy()
		const picture = screen
			.getByRole('button', { name: 'Options for Ana' })
			.closest('li')!
			.querySelector<HTMLImageElement>('img')!
		expect(picture.getAttribute('src')).toBe('./art/still.svg')
		await fireEvent.error(picture)
		expect(picture.isConnected).toBe(false)
	})
	it('[UX33] a name that looks like another one is marked in words', async () => {
		await openPeople('owner')
		expect(row('Аna').getByText('Looks like Ana')).toBeTruthy()
		expect(row('Ana').queryByText(/Looks like/)).toBeNull()
	})
})

describe('many people', () => {
	const crowd = (count: number) => {
		const [one] = createFakeRoom('owner').props.people
		if (one === undefined) throw new Error('nobody is here')
		return Array.from({ length: count }, (_, i) => ({
			...one,
			device: `device-${String(i)}` as typeof one.device,
			subject: `g_${String(i)}` as typeof one.subject,
			name: i === 137 ? 'Zoë Löwe' : `Wren ${String(i).padStart(3, '0')}`,
			isMe: i === 0,
		}))
	}
	const rows = () => within(screen.getByRole('list', { name: 'People' })).getAllByRole('listitem')

	it('[UX82] are listed a hundred at a time, and the reader goes on where more begin', async () => {
		await openPeople('owner', { people: crowd(250) })
		expect(rows()).toHaveLength(100)
		await fireEvent.click(screen.getByRole('button', { name: /^Show more/ }))
		await settle()
		expect(rows()).toHaveLength(200)
		expect(rows()[100]?.contains(document.activeElement)).toBe(true)
		await fireEvent.click(screen.getByRole('button', { name: /^Show more/ }))
		await settle()
		expect(rows()).toHaveLength(250)
		expect(screen.queryByRole('button', { name: /^Show more/ })).toBeNull()
	})

	it('[UX82] are found by name, whatever the case and marks, also beyond the page', async () => {
		await openPeople('owner', { people: crowd(250) })
		const field = screen.getByRole('searchbox', { name: 'Find somebody' })
		await fireEvent.input(field, { target: { value: ' zoe LO' } })
		expect(rows()).toHaveLength(1)
		expect(rows()[0]?.textContent).toContain('Zoë Löwe')
		await fireEvent.input(field, { target: { value: 'nobody of that name' } })
		expect(screen.getByText('Nobody here is called that.')).toBeTruthy()
		await fireEvent.input(field, { target: { value: '' } })
		expect(rows()).toHaveLength(100)
	})

	it('[UX82] of a room of a few are simply listed, and the header names a few of many', async () => {
		const { unmount } = await openPeople('owner', { people: crowd(19) })
		expect(screen.queryByRole('searchbox', { name: 'Find somebody' })).toBeNull()
		expect(rows()).toHaveLength(19)
		unmount()
		await openPeople('owner', { people: crowd(200) })
		const seats = screen.getByRole('button', { name: /^Here: 200 people, among them Wren 000, / })
		expect(seats.textContent).not.toContain('Wren 100')
	})
})

describe('what may be done about somebody', () => {
	it('[PS14] is muted in the chat for the reader alone, and says so in their line', async () => {
		await openPeople('film')
		await choose('Bo', 'Mute in the chat, for me')
		await settle()
		expect(row('Bo').getByText('Muted in the chat, for you')).toBeTruthy()
		await choose('Bo', 'Unmute in the chat')
		await settle()
		expect(row('Bo').queryByText('Muted in the chat, for you')).toBeNull()
	})
	it('[PS14] a press leads from People to the figures', async () => {
		await openPeople('film')
		await fireEvent.click(screen.getByRole('button', { name: 'Stats for nerds' }))
		const dialog = within(await screen.findByRole('dialog', { name: 'In step' }, { timeout: 40_000 }))
		expect(dialog.getByRole('button', { name: 'Stats for nerds', expanded: true })).toBeTruthy()
	}, 60_000)
	it('[UX34] the owner gives each role that they do not have', async () => {
		const { asked } = await openPeople('owner')
		const menu = await openMenu('Bo')
		expect(menu.getAllByRole('menuitem').map((item) => item.textContent.trim())).toEqual([
			'Write to them in the chat',
			'Mute in the chat, for me',
			'Make operator',
			'Make viewer',
			'Hand over the room…',
			'Remove…',
		])
		await fireEvent.click(menu.getByRole('menuitem', { name: 'Make viewer' }))
		await choose('Ana', 'Make member')
		expect(asked).toEqual([
			['setRole', 'g_Bo', 'viewer'],
			['setRole', 'g_Ana', 'member'],
		])
	})
	it('[UX34] a refused role is told in one line', async () => {
		await openPeople('owner', {}, { setRole: refused('The room is full.') })
		await choose('Bo', 'Make operator')
		const region = within(screen.getByRole('region', { name: 'What just happened' }))
		expect(await region.findByText(/The room is full\./, {}, FETCH)).toBeTruthy()
	})
	it('[UX34] what is refused is off and says why, also in words that are seen; it asks for nothing', async () => {
		const { asked } = await openPeople('film')
		const menu = await openMenu('Bo')
		for (const name of ['Make operator', 'Make viewer', 'Hand over the room…']) {
			const item = menu.getByRole('menuitem', { name })
			expect(item.getAttribute('aria-disabled'), name).toBe('true')
			expect(item.title, name).toMatch(/^Not for a operator/)
			await fireEvent.click(item)
		}
		expect(menu.getByText('Not for a operator: grant')).toBeTruthy()
		expect(menu.getByRole('menuitem', { name: 'Remove…' }).getAttribute('aria-disabled')).toBeNull()
		expect(asked).toEqual([])
	})
	it('[UX34] nobody removes the owner, and only the owner an operator', async () => {
		await openPeople('film')
		const remove = (await openMenu('Ana')).getByRole('menuitem', { name: 'Remove…' })
		expect(remove.title).toBe('Nobody can remove the owner.')
		cleanup()
		const { props } = createFakeRoom('film')
		const people = props.people.map((one) =>
			one.name === 'Bo' ? { ...one, role: 'operator' as const } : one,
		)
		await openPeople('film', { people })
		expect((await openMenu('Bo')).getByRole('menuitem', { name: 'Remove…' }).title).toBe(
			'Only the owner can remove an operator.',
		)
	})
	it('[UX34] another device of the reader is the reader: it cannot be removed', async () => {
		const { props } = createFakeRoom('owner')
		const mine = props.people.find(({ isMe }) => isMe)!
		const other = { ...mine, device: 'device-phone' as never, isMe: false, name: 'Ines, phone' }
		await openPeople('owner', { people: [...props.people, other] })
		expect(row('Ines, phone').getByText('You, on another device, owner, guest')).toBeTruthy()
		expect((await openMenu('Ines, phone')).getAllByRole('menuitem')).toHaveLength(1)
	})
})

describe('removing', () => {
	it('[UX35] an operator is told what it does and what the link still does, and cannot change the lock', async () => {
		const { asked } = await openPeople('film')
		const dialog = await ask('Bo', 'Remove…')
		expect(screen.getByRole('dialog', { name: 'Remove Bo?' })).toBeTruthy()
		expect(dialog.getByText(/links to everybody drop, and the server refuses them/)).toBeTruthy()
		expect(
			dialog.getByText(/still opens this room for a new guest unless the owner changes the lock/),
		).toBeTruthy()
		expect(dialog.queryByRole('checkbox')).toBeNull()
		expect(dialog.queryByRole('button', { name: 'Remove and change the lock' })).toBeNull()
		await fireEvent.click(dialog.getByRole('button', { name: 'Remove' }))
		await settle()
		expect(asked).toEqual([['removePerson', 'g_Bo', { isBan: false }]])
		expect(screen.queryByRole('dialog')).toBeNull()
		expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Options for Bo' }))
	})
	it('[UX35] a server that knows no owner cannot be told, and this is said', async () => {
		await openPeople('film', { lock: { hasPassword: false, canBeOrderedAtServer: false } })
		const dialog = await ask('Bo', 'Remove…')
		expect(dialog.getByText(/The server cannot be told to refuse them/)).toBeTruthy()
	})
	it('[UX35] the owner may ban, and remove and change the lock in one press', async () => {
		const { asked } = await openPeople('owner')
		const dialog = await ask('Bo', 'Remove…')
		expect(dialog.getByText(/for a new guest unless you change the lock/)).toBeTruthy()
		await fireEvent.click(dialog.getByRole('checkbox', { name: 'Ban: only you can let them back in' }))
		await fireEvent.click(dialog.getByRole('button', { name: 'Remove and change the lock' }))
		await settle()
		expect(asked).toEqual([
			['removePerson', 'g_Bo', { isBan: true }],
			['changeLock', { password: '' }],
		])
		expect(screen.queryByRole('dialog')).toBeNull()
	})
	it('[UX35] in a room with a password the new one is asked for, once they are out', async () => {
		const { asked } = await openPeople('owner', { lock: { hasPassword: true, canBeOrderedAtServer: true } })
		const dialog = await ask('Bo', 'Remove…')
		await fireEvent.click(dialog.getByRole('button', { name: 'Remove and change the lock' }))
		const lock = within(await screen.findByRole('dialog', { name: 'Change the lock' }))
		expect(lock.getByText('Bo is removed.')).toBeTruthy()
		await fireEvent.input(lock.getByLabelText('Room password'), { target: { value: 'tide tables' } })
		await fireEvent.click(lock.getByRole('button', { name: 'Change the lock' }))
		await settle()
		expect(asked).toEqual([
			['removePerson', 'g_Bo', { isBan: false }],
			['changeLock', { password: 'tide tables' }],
		])
	})
	it('[UX35] a refusal stays in the dialog; a lock that stayed can be tried again without removing twice', async () => {
		let isUp = false
		const { asked } = await openPeople(
			'owner',
			{},
			{
				changeLock: async () =>
					isUp ? { type: 'done' } : { type: 'refused', message: 'The server is away.' },
			},
		)
		const dialog = await ask('Bo', 'Remove…')
		await fireEvent.click(dialog.getByRole('button', { name: 'Remove and change the lock' }))
		await settle()
		expect(dialog.getByRole('alert').textContent).toContain(
			'Bo is removed. The lock was not changed: The server is away.',
		)
		isUp = true
		await fireEvent.click(dialog.getByRole('button', { name: 'Change the lock' }))
		await settle()
		expect(asked).toEqual([['removePerson', 'g_Bo', { isBan: false }]])
		expect(screen.queryByRole('dialog')).toBeNull()
	})
	it('[UX46] when the row is gone with its person, the focus stays in the panel', async () => {
		const { props, rerender } = await openPeople('owner')
		const dialog = await ask('Bo', 'Remove…')
		await rerender({ people: props.people.filter(({ name }) => name !== 'Bo') })
		await fireEvent.click(dialog.getByRole('button', { name: 'Cancel' }))
		await settle()
		expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'People' }))
		screen.getByRole('button', { name: 'Options for Tomas' }).focus()
		await rerender({ people: props.people.filter(({ name }) => name !== 'Bo' && name !== 'Tomas') })
		await settle()
		expect(document.activeElement).toBe(screen.getByRole('list', { name: 'People' }))
	})
})

describe('who is out', () => {
	const removed = () => within(screen.getByRole('list', { name: 'Removed' })).getAllByRole('listitem')

	it('[UX36] is listed with who did it and when, newest first, and can be let back in', async () => {
		const { asked } = await openPeople('owner')
		expect(removed().map((item) => item.textContent.replace(/\s+/g, ' ').trim())).toEqual([
			'Marsh Banned by you, 20:14 Let back in',
			'Quiet Heron Removed by Ana, 20:12 Let back in',
		])
		for (const item of removed()) {
			await fireEvent.click(within(item).getByRole('button', { name: 'Let back in' }))
			await settle()
		}
		expect(asked).toEqual([
			['letIn', 'g_Marsh'],
			['letIn', 'g_Quiet Heron'],
		])
	})
	it('[UX46] whoever is let in leaves the focus in the panel', async () => {
		const { props, rerender } = await openPeople('owner')
		screen.getAllByRole('button', { name: 'Let back in' })[0]?.focus()
		await rerender({ state: { ...props.state, removals: [] } })
		await settle()
		expect(screen.queryByRole('list', { name: 'Removed' })).toBeNull()
		expect(document.activeElement).toBe(screen.getByRole('list', { name: 'People' }))
	})
	it('[UX36] an operator cannot lift the owner’s ban, a member nothing', async () => {
		const { props } = createFakeRoom('owner')
		const asOperator = await openPeople('owner', { canDo: reasonsIn('film') })
		const [marsh, heron] = removed().map((item) => within(item).getByRole('button', { name: 'Let back in' }))
		expect(marsh?.title).toBe('Only the owner can let somebody in who was banned.')
		await fireEvent.click(marsh!)
		await fireEvent.click(heron!)
		expect(asOperator.asked).toEqual([['letIn', 'g_Quiet Heron']])
		cleanup()
		await openPeople('viewer', { state: { ...props.state, myRole: 'viewer' } })
		expect(screen.getAllByRole('button', { name: 'Let back in' })[1]?.getAttribute('aria-disabled')).toBe(
			'true',
		)
	})
})

describe('handing the room over', () => {
	it('[UX37] is asked for with what it means, and offered', async () => {
		const { asked } = await openPeople('owner')
		const dialog = await ask('Tomas', 'Hand over the room…')
		expect(dialog.getByText(/You cannot take the room back by yourself/)).toBeTruthy()
		expect(dialog.queryByText(/is a guest/)).toBeNull()
		await fireEvent.click(dialog.getByRole('button', { name: 'Offer the room' }))
		await settle()
		expect(asked).toEqual([['offerRoom', 'g_Tomas']])
		expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Options for Tomas' }))
	})
	it('[UX37] a guest is named as one; a refusal stays in the dialog', async () => {
		await openPeople('owner', {}, { offerRoom: refused('Tomas has left.') })
		const guest = await ask('Аna', 'Hand over the room…')
		expect(guest.getByText(/is a guest\. If the data of their browser is deleted/)).toBeTruthy()
		await fireEvent.click(guest.getByRole('button', { name: 'Offer the room' }))
		await settle()
		expect(guest.getByRole('alert').textContent).toContain('Tomas has left.')
	})
	it('[UX37] an open offer is shown and withdrawn, and is not made twice', async () => {
		const { asked } = await openPeople('owner')
		expect(screen.getByText(/You offered the room to Bo\./)).toBeTruthy()
		expect((await openMenu('Bo')).getByRole('menuitem', { name: 'Hand over the room…' }).title).toBe(
			'The room is offered to them already.',
		)
		await fireEvent.click(screen.getByRole('button', { name: 'Withdraw' }))
		expect(asked).toEqual([['withdrawOffer']])
	})
	it('[UX37] whom it is offered to can accept it at once', async () => {
		const { asked } = createOffered()
		await fireEvent.click(await screen.findByRole('button', { name: 'Accept' }, FETCH))
		expect(screen.getByRole('alert').textContent).toContain('Ana offers you the room.')
		expect(asked).toEqual([['acceptRoom']])
	})
	it('[UX37] put aside it goes, and People still has it', async () => {
		const { asked } = createOffered()
		await fireEvent.click(await screen.findByRole('button', { name: 'Not now' }, FETCH))
		expect(screen.queryByRole('button', { name: 'Accept' })).toBeNull()
		await fireEvent.click(screen.getByRole('tab', { name: 'People' }))
		await fireEvent.click(await screen.findByRole('button', { name: 'Take it over' }, FETCH))
		expect(asked).toEqual([['acceptRoom']])
	})
	it('[UX37] the others see the offer and can do nothing about it', async () => {
		const { props } = createFakeRoom('owner')
		await openPeople('film', {
			state: {
				...props.state,
				myRole: 'member',
				offer: { ...props.state.offer!, by: 'device-Ana' as never },
			},
		})
		expect(screen.getByText(/Ana offered the room to Bo\./)).toBeTruthy()
		expect(screen.queryByRole('button', { name: 'Withdraw' })).toBeNull()
		expect(screen.queryByRole('button', { name: 'Accept' })).toBeNull()
	})
	const createOffered = () => {
		const fake = createFakeRoom('offered', { canDo: reasonsIn('offered') })
		render(RoomScreen, { props: fake.props })
		return fake
	}
})

describe('a room that goes on without the reader', () => {
	it('[UX47] who was put out while they watched sees by whom and when, and what stays', async () => {
		const { props } = createFakeRoom('out', { canDo: reasonsIn('out') })
		render(RoomScreen, { props })
		const alert = await screen.findByText(/Ana removed you, 20:15\./, {}, FETCH)
		expect(alert.parentElement?.textContent).toContain('What you see here stays on it.')
	})
	it('[UX47] a changed lock says who changed it', async () => {
		const { props } = createFakeRoom('film')
		render(RoomScreen, {
			props: {
				...props,
				state: { ...props.state, moved: { by: props.state.members[0]!.device, atMs: props.nowMs() } },
			},
		})
		expect(await screen.findByText(/Ana changed the lock, 20:16\./, {}, FETCH)).toBeTruthy()
		await vi.waitFor(() => {
			expect(screen.getAllByRole('alert')).toHaveLength(1)
		})
	})
})
