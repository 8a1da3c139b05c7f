import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, expect, it, vi } from 'vitest'
import type { QueueItem } from '#lib/core/state.ts'
import type { ListReading } from '#lib/core/view.ts'
import { useLanguage } from '#lib/words/language.ts'
import * as made from '../../made-up.ts'
import RoomScreen from '../../RoomScreen.svelte'
import { createFakeRoom } from '../../testing.ts'
import ListSheet from './ListSheet.svelte'

afterEach(async () => {
	cleanup()
	await useLanguage('en')
})
const FETCH_MS = 10_000

const openQueue = async (...args: Parameters<typeof createFakeRoom>) => {
	const fake = createFakeRoom(...args)
	const view = render(RoomScreen, { props: fake.props })
	await fireEvent.click(screen.getByRole('tab', { name: 'Queue' }))
	await screen.findByRole('button', { name: 'Queue options' }, { timeout: FETCH_MS })
	return { ...fake, ...view }
}
const rows = () => within(screen.getByRole('list', { name: 'Queue items' })).getAllByRole('listitem')
const { queue } = made.stateOf('film')
const many = (count: number): QueueItem[] =>
	Array.from({ length: count }, (_, at) => ({
		...queue.next[0]!,
		id: `many.${String(at)}` as QueueItem['id'],
		media: { kind: 'file', url: `https://films.example/${String(at)}.mp4` },
		title: `Reel ${String(at)}`,
	}))
const withNext = (next: readonly QueueItem[]) => ({ ...made.stateOf('film'), queue: { ...queue, next } })

it('[QV1] a vote says that it is given by its pressed state, and the count is its description', async () => {
	await openQueue('film', { state: withNext([{ ...queue.next[0]!, votes: 3, didIVote: true }]) })
	const vote = within(rows()[0]!).getByRole('button', { name: 'Vote', pressed: true })
	expect(document.getElementById(vote.getAttribute('aria-describedby')!)?.textContent).toBe('3 votes')
})

it('[QV12] of three hundred fifty are drawn, and more when they are asked for', async () => {
	await openQueue('film', { state: withNext(many(300)) })
	expect(rows()).toHaveLength(50)
	await fireEvent.click(screen.getByRole('button', { name: 'Show 50 more' }))
	expect(rows()).toHaveLength(100)
})

it('[QV3] with most votes next only videos of as many votes change places', async () => {
	const [one, two, three] = many(3).map((item, at) => ({ ...item, votes: at === 0 ? 2 : 0 }))
	const state = withNext([one!, two!, three!])
	const { asked } = await openQueue('film', {
		state: { ...state, settings: { ...state.settings, order: 'votes' } },
	})
	const second = within(rows()[1]!)
	expect(second.getByRole('button', { name: 'Move up' }).title).toBe('The one above has more votes')
	expect(second.getByRole('button', { name: 'Play next' }).title).toBe(
		'Most votes come next here: vote for it',
	)
	await fireEvent.keyDown(second.getByRole('button', { name: 'Vote' }), { key: 'ArrowUp', altKey: true })
	expect(asked).toEqual([])
	await fireEvent.click(second.getByRole('button', { name: 'Move down' }))
	expect(asked).toHaveLength(1)
	expect(screen.getByText('Most votes next')).toBeTruthy()
})

it('[QV5] a video that is further up already says so in its row and when it is added', async () => {
	const [one] = many(1)
	const { rerender } = await openQueue(
		'film',
		{ state: withNext([one!, { ...one!, id: 'twin' as never }]) },
		{ add: async () => ({ type: 'added', item: 'new' as never, title: 'Reel 0', twin: 'next' }) },
	)
	void rerender
	expect(within(rows()[0]!).queryByText('Also further up')).toBeNull()
	expect(within(rows()[1]!).getByText('Also further up')).toBeTruthy()
	const field = screen.getByRole('textbox', { name: 'Add a video link' })
	await fireEvent.input(field, { target: { value: 'https://films.example/0.mp4' } })
	await fireEvent.keyDown(field, { key: 'Enter', shiftKey: true })
	await vi.waitFor(() => {
		expect(screen.getAllByText(/Reel 0 was in the queue already/).length).toBeGreaterThan(0)
	})
})

it('[QV11] what was played is added again', async () => {
	const { asked } = await openQueue()
	await fireEvent.click(screen.getByRole('button', { name: /^Earlier/, expanded: false }))
	const played = await screen.findByRole('list', { name: 'Earlier' }, { timeout: FETCH_MS })
	await fireEvent.click(within(played).getAllByRole('button', { name: 'Add again' })[0]!)
	expect(asked).toEqual([['addAgain', 'e3']])
	await vi.waitFor(() => {
		expect(screen.getByText(/^Added .* again$/)).toBeTruthy()
	})
})

it('[QV4] a rule that was refused is told in the panel', async () => {
	await openQueue(
		'film',
		{},
		{ changeSettings: async () => ({ type: 'refused', message: 'Only operators.' }) },
	)
	await fireEvent.click(screen.getByRole('button', { name: 'Queue options' }))
	await fireEvent.click(
		await screen.findByRole('menuitemcheckbox', { name: 'Most votes next' }, { timeout: FETCH_MS }),
	)
	await vi.waitFor(() => {
		expect(screen.getByRole('alert').textContent).toContain('Only operators.')
	})
})

const reading = (more: Partial<ListReading> = {}): ListReading => ({
	items: many(3).map(({ media, title }) => ({ media, title })),
	lines: [1, 3, 4],
	broken: [{ line: 2, text: 'nonsense', why: 'That is not a link.' }],
	leftOut: 0,
	limit: 500,
	problem: null,
	...more,
})
const sheet = async (more: object = {}) => {
	const onclose = vi.fn()
	const addMany = vi.fn(async () => ({ type: 'added', count: 2, left: 1 }) as const)
	render(ListSheet, {
		props: {
			text: 'one\nnonsense\nthree\nfour',
			queue: { current: null, next: [] },
			reason: null,
			readList: vi.fn(async () => reading()),
			addMany,
			onclose,
			...more,
		},
	})
	await screen.findByText('3 videos found, 1 line is no video.')
	return { onclose, addMany }
}

it('[QV7] good lines are added; those that are no video or did not fit stay as text', async () => {
	const { onclose, addMany } = await sheet()
	const broken = screen.getByRole('list', { name: 'Lines that are no video' })
	expect(broken.textContent).toMatch(/Line 2\s*nonsense\s*That is not a link\./)
	await fireEvent.click(screen.getByRole('button', { name: 'Add 3 videos' }))
	await tick()
	expect(addMany).toHaveBeenCalledTimes(1)
	await vi.waitFor(() => {
		expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Links, one a line' }).value).toBe(
			'nonsense\nfour',
		)
	})
	await fireEvent.click(screen.getByRole('button', { name: 'Close' }))
	expect(onclose).toHaveBeenCalledWith('nonsense\nfour', 'Added 2 videos.')
})

it('[QV7] a list that is closed without adding is kept whole; a refusal is told and nothing is lost', async () => {
	const { onclose } = await sheet({
		addMany: async () => ({ type: 'refused', message: 'The queue is full.' }),
	})
	await fireEvent.click(screen.getByRole('button', { name: 'Play them next' }))
	await vi.waitFor(() => {
		expect(screen.getByRole('alert').textContent).toContain('The queue is full.')
	})
	await fireEvent.click(screen.getByRole('button', { name: 'Close' }))
	expect(onclose).toHaveBeenCalledWith('one\nnonsense\nthree\nfour', '')
})

it('[QV7] closed while it is being added, it goes with what is left then', async () => {
	let answer: (added: { type: 'added'; count: number; left: number }) => void = () => undefined
	const { onclose } = await sheet({
		addMany: () =>
			new Promise<{ type: 'added'; count: number; left: number }>((resolve) => (answer = resolve)),
	})
	await fireEvent.click(screen.getByRole('button', { name: 'Add 3 videos' }))
	await fireEvent.click(screen.getByRole('button', { name: 'Close' }))
	expect(onclose).not.toHaveBeenCalled()
	answer({ type: 'added', count: 3, left: 0 })
	await vi.waitFor(() => {
		expect(onclose).toHaveBeenCalledWith('nonsense', 'Added 3 videos.')
	})
	expect(onclose).toHaveBeenCalledTimes(1)
})

it('[QV5] those that are in the queue already can be left out of a list', async () => {
	const { addMany } = await sheet({ queue: { current: many(1)[0], next: [] } })
	await fireEvent.click(
		screen.getByRole('checkbox', { name: 'Leave out the one that is in the queue already' }),
	)
	await fireEvent.click(screen.getByRole('button', { name: 'Add 2 videos' }))
	expect((addMany.mock.calls as unknown[][])[0]?.[0]).toHaveLength(2)
})

it('[QV14] the panel speaks the language in force, stand-ins for titles too', async () => {
	await openQueue('film', { state: withNext([{ ...many(1)[0]!, title: 'A YouTube video' }]) })
	await useLanguage('zh')
	cleanup()
	const fake = createFakeRoom('film', { state: withNext([{ ...many(1)[0]!, title: 'A YouTube video' }]) })
	render(RoomScreen, { props: fake.props })
	await fireEvent.click(screen.getByRole('tab', { name: '片单' }))
	const list = await screen.findByRole('list', { name: '片单中的视频' }, { timeout: FETCH_MS })
	expect(list.textContent).toContain('YouTube视频')
	expect(within(list).getByRole('button', { name: '投票' })).toBeTruthy()
})
