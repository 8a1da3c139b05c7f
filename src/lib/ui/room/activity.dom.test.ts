import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ActivityEntry, Deed } from '#lib/core/state.ts'
import type { ItemId } from '#lib/core/units.ts'
import RoomScreen from '../RoomScreen.svelte'
import { createFakeRoom } from '../testing.ts'

beforeEach(() => {
	localStorage.clear()
})
afterEach(cleanup)

const FETCH = { timeout: 10_000 }
const settle = async () => {
	for (let i = 0; i < 5; i++) await tick()
}
const openActivity = async (...args: Parameters<typeof createFakeRoom>) => {
	const fake = createFakeRoom(...args)
	const view = render(RoomScreen, { props: fake.props })
	await fireEvent.click(screen.getByRole('tab', { name: 'Activity' }))
	await screen.findByRole('log', { name: 'Activity' }, FETCH)
	return { ...fake, ...view }
}
const box = (name: string) => screen.getByRole<HTMLSelectElement>('combobox', { name })
const options = (name: string) => [...box(name).options].map(({ text }) => text)
const pick = async (name: string, text: string) => {
	const selectedIndex = options(name).findIndex((option) => option.startsWith(text))
	await fireEvent.change(box(name), { target: { selectedIndex } })
	await settle()
}
const rows = () =>
	[...screen.getByRole('log', { name: 'Activity' }).querySelectorAll('.what')].map((row) =>
		row.textContent.replace(/\s+/g, ' ').trim(),
	)

describe('the list of who did what', () => {
	it('[UX43] says each change of a rule, and who did what to whom', async () => {
		await openActivity('owner')
		expect(rows()).toEqual(
			expect.arrayContaining([
				'You let only operators control playback and set slow mode to 10 s',
				'You let the room wait for nobody',
				'You removed Marsh from the room',
				'Ana removed a message of Quiet Heron',
				'Ana handed the room over to you',
				'Ana changed the lock',
				'Ana made you an operator',
			]),
		)
	})
	it('[AC10] names a video without a title by words that fit the sentence', async () => {
		const title = 'A Bilibili video'
		const item = 'x' as ItemId
		const deeds: Deed[] = [
			{ type: 'started', item, title },
			{ type: 'added', item, title },
			{ type: 'removed', item, title },
			{ type: 'moved', item, title },
			{ type: 'went-on', item, title, isSkip: true },
			{ type: 'added', item, title: 'Untitled' },
			{ type: 'added', item, title: 'A Man Escaped' },
		]
		const fake = createFakeRoom('owner')
		const activity = deeds.map((deed, at): ActivityEntry => ({
			id: `deed ${String(at)}`,
			by: fake.props.state.me,
			atMs: fake.props.nowMs(),
			deed,
			isUndoable: false,
			undoneBy: null,
		}))
		render(RoomScreen, { props: { ...fake.props, state: { ...fake.props.state, activity } } })
		await fireEvent.click(screen.getByRole('tab', { name: 'Activity' }))
		await screen.findByRole('log', { name: 'Activity' }, FETCH)
		expect(rows()).toEqual([
			'You started a Bilibili video',
			'You added a Bilibili video',
			'You removed a Bilibili video',
			'You moved a Bilibili video',
			'You went on to a Bilibili video',
			'You added a video without a title',
			'You added A Man Escaped',
		])
		// The chat's quiet line says it alike.
		await fireEvent.click(screen.getByRole('tab', { name: 'Chat' }))
		expect(screen.getByRole('log', { name: 'Chat messages' }).textContent.replace(/\s+/g, ' ')).toContain(
			'You started a Bilibili video',
		)
	})
	const many = (count: number, deedOf: (at: number) => Deed, stepMs: number) => {
		const fake = createFakeRoom('owner')
		const by = fake.props.state.members.map(({ device }) => device)
		const activity = Array.from({ length: count }, (_, at): ActivityEntry => ({
			id: `deed ${String(at)}`,
			by: by[stepMs === 0 ? 0 : at % 3]!,
			atMs: fake.props.nowMs() - at * stepMs,
			deed: deedOf(at),
			isUndoable: true,
			undoneBy: null,
		}))
		return { state: { ...fake.props.state, activity } }
	}

	it('[PS3] repeats of one person are one row that opens; each has its Undo then', async () => {
		const { asked } = await openActivity(
			'owner',
			many(5, (at) => ({ type: 'added', item: 'x' as ItemId, title: `Film ${String(at)}` }), 0),
		)
		expect(rows()).toEqual(['Ana added Film 0'])
		expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull()
		const open = screen.getByRole('button', { name: 'Show all 5', expanded: false })
		await fireEvent.click(open)
		expect(rows()).toHaveLength(5)
		await fireEvent.click(screen.getAllByRole('button', { name: 'Undo' })[2]!)
		expect(asked).toEqual([['undo', 'deed 2']])
		await fireEvent.click(screen.getByRole('button', { name: 'Show fewer', expanded: true }))
		expect(rows()).toHaveLength(1)
	})
	it('[PS4] of a thousand entries a page is drawn, and narrowing counts all of them', async () => {
		await openActivity(
			'owner',
			many(1_000, (at) => ({ type: at % 2 === 0 ? 'came-in' : 'shuffled' }), 1_000),
		)
		expect(rows()).toHaveLength(100)
		await fireEvent.click(screen.getByRole('button', { name: 'Show older' }))
		expect(rows()).toHaveLength(200)
		expect(options('Kind')).toContain('Queue (500)')
		await pick('Kind', 'Queue')
		expect(rows()).toHaveLength(100)
	})
	it('[UX42] is narrowed to a person and to a kind, with how many each would leave', async () => {
		const { props } = await openActivity('owner')
		const all = props.state.activity.length
		expect(options('Person')[0]).toBe(`Everyone (${String(all)})`)
		expect(options('Kind')).toEqual([
			`All kinds (${String(all)})`,
			'Playback (5)',
			'Queue (3)',
			'People and roles (6)',
			'Settings (4)',
			'Chat (1)',
		])
		await pick('Kind', 'Settings')
		expect(rows()).toEqual([
			'You let only operators control playback and set slow mode to 10 s',
			'You let the room wait for nobody',
			'Ana changed the lock',
			'Ana named the room Sunday matinee',
		])
		expect(options('Person')).toEqual(
			expect.arrayContaining(['Everyone (4)', 'Ana (2)', 'You (2)', 'Tomas (0)']),
		)
		await pick('Person', 'You')
		expect(rows()).toHaveLength(2)
		expect(screen.getByText('2 of 19 entries')).toBeTruthy()
		expect(options('Kind')).toContain('Settings (2)')
	})
	it('[UX42] where nothing is left, one press shows everything again', async () => {
		const { props } = await openActivity('owner')
		await pick('Person', 'Tomas')
		await pick('Kind', 'Settings')
		expect(rows()).toEqual([])
		await fireEvent.click(screen.getByRole('button', { name: 'Show everything' }))
		await settle()
		expect(rows()).toHaveLength(props.state.activity.length)
		expect([box('Person').selectedIndex, box('Kind').selectedIndex]).toEqual([0, 0])
	})
	it('[UX42] all devices of a person are the person', async () => {
		const { props } = createFakeRoom('film')
		const [ana, ines, ...others] = props.state.members
		await openActivity('film', {
			state: {
				...props.state,
				members: [ana!, ines!, ...others.map((one) => ({ ...one, subject: ana!.subject, name: 'Ana' }))],
			},
		})
		expect(options('Person')).toEqual(['Everyone (12)', 'Ana (11)', 'You (1)'])
	})
	it('[UX42] is exported as a file; a refusal is told', async () => {
		const { asked } = await openActivity('owner')
		await fireEvent.click(screen.getByRole('button', { name: 'Export' }))
		await settle()
		expect(asked).toEqual([['exportLog']])
		expect(screen.getByText('The log is saved as a file.')).toBeTruthy()
		cleanup()
		await openActivity(
			'owner',
			{},
			{ exportLog: async () => ({ type: 'refused', message: 'The browser lets no page save files.' }) },
		)
		await fireEvent.click(screen.getByRole('button', { name: 'Export' }))
		await settle()
		expect(screen.getByText(/lets no page save files/)).toBeTruthy()
	})
	it('[UX42] a room in which nothing happened has nothing to narrow', async () => {
		const { props } = createFakeRoom('film')
		await openActivity('film', { state: { ...props.state, activity: [] } })
		expect(screen.queryByRole('combobox')).toBeNull()
		expect(
			within(screen.getByRole('log', { name: 'Activity' })).getByText('Nothing has happened yet'),
		).toBeTruthy()
	})
})
