import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { foundFor, playerOf, statuses } from '../made-up.ts'
import RoomScreen from '../RoomScreen.svelte'
import { madeUpFigures } from './people/made-up-figures.ts'
import StepsDialog from './StepsDialog.svelte'
import { createFakeRoom } from '../testing.ts'
import { driftPlace, linePath } from './step-plot.ts'

beforeEach(() => {
	localStorage.clear()
})
afterEach(cleanup)

const FETCH = { timeout: 10_000 }
const openMenu = async (name: string, more: Parameters<typeof createFakeRoom>[1] = {}) => {
	const fake = createFakeRoom('film', more)
	render(RoomScreen, { props: fake.props })
	await fireEvent.click(screen.getByRole('button', { name: 'Room menu' }))
	await fireEvent.click(await screen.findByRole('menuitem', { name }, FETCH))
	return fake
}
const openSteps = async (more: Parameters<typeof createFakeRoom>[1] = {}) => {
	const fake = await openMenu('In step', more)
	return { ...fake, dialog: within(await screen.findByRole('dialog', { name: 'In step' }, FETCH)) }
}

describe('how well everybody keeps step', () => {
	it('[UX74] shows the last minute as a plot, the figures behind it, and everybody’s distance', async () => {
		const { dialog } = await openSteps()
		expect(dialog.getByRole('img', { name: 'The last minute of keeping step' })).toBeTruthy()
		expect(dialog.getByText('Clock within').nextElementSibling?.textContent).toBe('0.8 ms')
		expect(dialog.getByRole('row', { name: /Bo 1800 ms behind 96 ms/ })).toBeTruthy()
	})

	it('[UX75] resyncs, sets the sound’s delay, asks before figures are shared, and copies all as JSON', async () => {
		const writeText = vi.fn(async (_text: string) => undefined)
		vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } })
		const { asked, dialog } = await openSteps()
		await fireEvent.click(dialog.getByRole('button', { name: 'Resync' }))
		await fireEvent.input(dialog.getByRole('slider', { name: /My sound comes/ }), {
			target: { value: '120' },
		})
		await fireEvent.click(
			dialog.getByRole('switch', { name: 'Share these figures with the server', checked: false }),
		)
		expect(asked).toEqual([
			['resync'],
			['setOwn', { soundDelayMs: 120 }],
			['setOwn', { doesShareFigures: true }],
		])
		await fireEvent.click(dialog.getByRole('switch', { name: 'Hide my address', checked: false }))
		expect(asked.at(-1)).toEqual(['setOwn', { hidesAddress: true }])
		await fireEvent.click(dialog.getByRole('button', { name: 'Copy as JSON' }))
		expect(JSON.parse(writeText.mock.calls[0]?.[0] ?? '')).toMatchObject({ clock: { neighbours: 3 } })
		expect(await dialog.findByText('Copied')).toBeTruthy()
		vi.unstubAllGlobals()
	})

	it('[PS11] copies what lies beneath as well, and goes on without where that cannot be fetched', async () => {
		const writeText = vi.fn(async (_text: string) => undefined)
		vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } })
		const { dialog } = await openSteps()
		await fireEvent.click(dialog.getByRole('button', { name: 'Copy as JSON' }))
		await dialog.findByText('Copied')
		const copied = writeText.mock.calls[0]?.[0] ?? ''
		expect(JSON.parse(copied)).toMatchObject({
			readings: expect.any(Array) as unknown,
			room: { records: { count: 412 }, members: [{ name: 'Ines', isMe: true }, {}, {}, {}, {}] },
		})
		cleanup()
		const failing = createFakeRoom(
			'film',
			{},
			{ figures: async () => ({ type: 'refused', message: 'This could not be fetched.' }) },
		)
		const view = within(
			render(StepsDialog, { props: { room: failing.props, isForNerds: true, onclose: () => undefined } })
				.container,
		)
		expect(await view.findByText('This could not be fetched.', {}, FETCH)).toBeTruthy()
		await fireEvent.click(view.getByRole('button', { name: 'Copy as JSON', hidden: true }))
		await view.findByText('Copied')
		expect(JSON.parse(writeText.mock.calls[1]?.[0] ?? '')).toMatchObject({ room: null })
		vi.unstubAllGlobals()
	})

	it('[PS9] everybody is plotted by distance or delay; the plot pauses, and stands still for less motion', async () => {
		for (const isCalm of [false, true]) {
			vi.stubGlobal('matchMedia', () => ({
				matches: isCalm,
				addEventListener: () => undefined,
				removeEventListener: () => undefined,
			}))
			const { props } = createFakeRoom('film')
			const view = within(
				render(StepsDialog, { props: { room: props, isForNerds: true, onclose: () => undefined } }).container,
			)
			const plot = await view.findByRole('img', { name: /^Everybody’s distance/, hidden: true }, FETCH)
			expect(plot.querySelectorAll('path.line')).toHaveLength(5)
			const [legend] = view.getAllByRole('list', { hidden: true })
			expect(legend?.textContent.replace(/\s+/g, ' ')).toContain('2 Bo 1800 ms behind')
			const pause = view.getByRole('button', {
				name: isCalm ? 'Let the plot go on' : 'Pause the plot',
				hidden: true,
			})
			await fireEvent.click(pause)
			expect(pause.textContent.trim()).toBe(isCalm ? 'Pause the plot' : 'Let the plot go on')
			await fireEvent.click(view.getByRole('radio', { name: 'Delay', hidden: true }))
			expect(view.getByRole('img', { name: /^Everybody’s round trip/, hidden: true })).toBeTruthy()
			cleanup()
			vi.unstubAllGlobals()
		}
	})

	it('[PS10] the links stand in a table too; of many a page, and more when asked', async () => {
		const { props } = createFakeRoom(
			'film',
			{},
			{ figures: async () => ({ type: 'figures', figures: madeUpFigures(60) }) },
		)
		const view = within(
			render(StepsDialog, { props: { room: props, isForNerds: true, onclose: () => undefined } }).container,
		)
		const table = await view.findByRole('table', { name: 'Who is linked with whom', hidden: true }, FETCH)
		const rows = () => [...table.querySelectorAll('tbody tr')].map((row) => row.textContent)
		expect(rows()).toHaveLength(25)
		expect(rows()[1]).toMatch(/Ines \(you\)\s*Bo\s*Relayed\s*96 ms/)
		await fireEvent.click(view.getByRole('button', { name: 'Show more (39)', hidden: true }))
		expect(rows()).toHaveLength(50)
	})

	it('[UX76] the plot shows 1 ms and 1 s alike, and breaks where nothing was known', () => {
		expect(driftPlace(0)).toBe(0)
		expect(driftPlace(-2_000)).toBe(-1)
		expect(driftPlace(9_999)).toBe(1)
		expect(driftPlace(10)).toBeGreaterThan(0.15)
		const reading = (atMs: number, driftMs: number | null) => ({ atMs, driftMs, rate: 1, mark: null })
		const path = linePath(
			[reading(-5_000, 0), reading(0, 0), reading(30_000, null), reading(60_000, 2_000)],
			60_000,
			100,
			10,
			({ driftMs }) => (driftMs === null ? null : driftPlace(driftMs)),
		)
		expect(path).toBe('M0.0 5.0M100.0 0.0')
	})
})

describe('what a site’s player cannot do', () => {
	it('[UX77] is said under the picture, with a way to say how far off one is; the words can be closed', async () => {
		const { asked, props } = createFakeRoom('film', { player: playerOf('embed') })
		render(RoomScreen, { props })
		const note = within(await screen.findByRole('complementary', { name: 'About this player' }, FETCH))
		expect(note.getByText(/cannot be steered or asked where it is/)).toBeTruthy()
		await fireEvent.click(note.getByRole('button', { name: 'Half a second behind' }))
		expect(asked).toEqual([['correct', 500]])
		await fireEvent.click(note.getByRole('button', { name: 'Close the note' }))
		expect(note.queryByText(/cannot be steered/)).toBeNull()
		expect(note.getByRole('button', { name: '1 s ahead' })).toBeTruthy()
	})
})

describe('being ready', () => {
	it('[UX78] anybody who may control asks from the menu; the answer is the button in the stage’s line', async () => {
		const { asked } = await openMenu('Ask who is ready', { status: statuses['ready'] ?? null })
		expect(asked).toEqual([['askReady']])
		await fireEvent.click(screen.getByRole('button', { name: 'I am ready' }))
		expect(asked.at(-1)).toEqual(['statusAction', 'ready'])
	})
})

describe('searching from the add field', () => {
	it('[UX79] words that are no link bring up what the server found; one press adds it', async () => {
		const { asked, props } = createFakeRoom(
			'film',
			{},
			{ searchVideos: async (text) => ({ type: 'results', results: foundFor(text) }) },
		)
		render(RoomScreen, { props })
		const field = screen.getByRole('textbox', { name: 'Add a video link' })
		await fireEvent.input(field, { target: { value: 'saltmarsh' } })
		const list = within(await screen.findByRole('list', { name: 'Videos found' }, FETCH))
		expect(list.getAllByRole('listitem')).toHaveLength(3)
		await fireEvent.keyDown(field, { key: 'ArrowDown' })
		expect(document.activeElement).toBe(list.getAllByRole('button')[0])
		await fireEvent.click(list.getByRole('button', { name: /How the viaduct was filmed/ }))
		expect(asked[0]).toMatchObject(['addItem', { title: 'How the viaduct was filmed' }, 'end'])
		await vi.waitFor(() => expect((field as HTMLInputElement).value).toBe(''))
	})
})
