import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeRemoteRoom } from './fake-remote-room.ts'
import type { PanelFrame } from './panel-frame.svelte.ts'
import Panel from './Panel.svelte'

const makeFrame = () => ({
	screen: { type: 'screen', width: 1280, height: 800, isFull: false } as const,
	overlay: null,
	moved: null,
	look: vi.fn<PanelFrame['look']>(),
	put: vi.fn<PanelFrame['put']>(),
	shift: vi.fn<PanelFrame['shift']>(),
	goAway: vi.fn<PanelFrame['goAway']>(),
})
const PLACE = { isAtEnd: true, x: 40, isAtFoot: true, y: 40 }

const show = (
	fake = createFakeRemoteRoom('film'),
	kept: { place: typeof PLACE; isHidden: boolean } | null = null,
) => {
	const frame = makeFrame()
	const keep = vi.fn()
	render(Panel, { line: fake.line, frame, kept, keep })
	return { fake, frame, keep }
}
const button = (name: string | RegExp) => screen.getByRole('button', { name })

beforeEach(() => {
	vi.stubGlobal(
		'ResizeObserver',
		class {
			observe = vi.fn()
			disconnect = vi.fn()
			unobserve = vi.fn()
		},
	)
})
afterEach(() => {
	cleanup()
	vi.unstubAllGlobals()
})

describe('the panel', () => {
	it('[XT29] nothing is shown before the room has taken the word, nor after it refused it', async () => {
		const fake = createFakeRemoteRoom('film')
		const { room } = fake
		fake.setState({ type: 'opening' })
		show(fake)
		expect(document.body.textContent.trim()).toBe('')
		fake.setState({ type: 'ended', why: 'refused' })
		await Promise.resolve()
		expect(document.body.textContent.trim()).toBe('')
		cleanup()
		const other = createFakeRemoteRoom('film')
		show(other)
		expect(button('Pause for everyone')).toBeTruthy()
		other.setState({ type: 'ended', why: 'broken' })
		await waitFor(() => expect(screen.getByRole('status').textContent).toContain('Load the page again'))
		expect(room).toBeTruthy()
	})

	it('[XT30] the bar plays and pauses for all, and shows who is here and the own drift', async () => {
		const { fake } = show()
		expect(button(/^4 people here/)).toBeTruthy()
		expect(screen.getByText('in step')).toBeTruthy()
		await fireEvent.click(button('Pause for everyone'))
		expect(fake.asked).toContainEqual(['pause'])
	})

	it('[XT30] what this person may not do is off with its reason, which a press says', async () => {
		const reason = 'Only operators may play and pause.'
		const fake = createFakeRemoteRoom('film')
		fake.change({ player: { ...fake.room.model().player, disabled: { play: reason } } })
		show(fake)
		const play = button('Pause for everyone')
		expect(play.getAttribute('aria-disabled')).toBe('true')
		expect(play.title).toBe(reason)
		await fireEvent.click(play)
		expect(fake.asked).not.toContainEqual(['pause'])
		await waitFor(() => expect(screen.getByRole('region').textContent).toContain(reason))
	})

	it('[XT30] the bar opens to chat, queue and people, and tells how many messages are new', async () => {
		const { fake } = show()
		const { state } = fake.room.model()
		const [first] = state.chat
		fake.change({
			state: {
				...state,
				chat: [...state.chat, { ...first!, id: 'new' as never, atMs: fake.room.nowMs() + 1 }],
			},
		})
		await fireEvent.click(await screen.findByRole('button', { name: 'Chat, 1 new' }))
		await waitFor(() => expect(screen.getAllByRole('tab')).toHaveLength(4), { timeout: 10_000 })
		await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('textbox')))
		await fireEvent.click(screen.getByRole('tab', { name: 'Queue' }))
		await fireEvent.click(button('Add this page to the queue'))
		await fireEvent.click(button('Play this for everyone'))
		expect(fake.asked).toContainEqual(['addPage', false])
		expect(fake.asked).toContainEqual(['addPage', true])
	})

	it('[XT26] the handle moves the panel by the arrow keys', async () => {
		const { frame } = show()
		await fireEvent.keyDown(button('Move the panel'), { key: 'ArrowLeft' })
		await fireEvent.keyDown(button('Move the panel'), { key: 'ArrowDown', shiftKey: true })
		expect(frame.shift.mock.calls).toEqual([
			[-16, 0],
			[0, 80],
		])
	})

	it('[XT31] a film on another page is gone to by a link of the person’s own', async () => {
		const { fake } = show()
		fake.setPage({ obstacle: 'other-page', url: 'https://tube.example/watch?v=1' })
		const link = await screen.findByRole('link', { name: 'Open it on tube.example' })
		expect(link.getAttribute('href')).toBe('https://tube.example/watch?v=1')
		expect(link.getAttribute('target')).toBe('_top')
		await fireEvent.click(button('Play this for everyone'))
		expect(fake.asked).toContainEqual(['addPage', true])
	})

	it('[XT32] it is hidden to a button and comes back, which is kept for this site', async () => {
		const { keep, frame } = show(createFakeRemoteRoom('film'), { place: PLACE, isHidden: false })
		expect(frame.put).toHaveBeenCalledWith(PLACE)
		await fireEvent.click(button('Hide the panel'))
		expect(keep).toHaveBeenLastCalledWith({ place: PLACE, isHidden: true })
		expect(screen.queryByRole('button', { name: 'Pause for everyone' })).toBeNull()
		await fireEvent.click(button('Show the room'))
		expect(keep).toHaveBeenLastCalledWith({ place: PLACE, isHidden: false })
		cleanup()
		show(createFakeRemoteRoom('film'), { place: PLACE, isHidden: true })
		expect(button('Show the room')).toBeTruthy()
	})

	it('[XT34] Escape closes the open panel and goes back to the page', async () => {
		const { frame } = show()
		await fireEvent.click(button('Chat'))
		await screen.findAllByRole('tab', {}, { timeout: 10_000 })
		await fireEvent.keyDown(window, { key: 'Escape' })
		await waitFor(() => expect(screen.queryAllByRole('tab')).toHaveLength(0))
		expect(frame.goAway).toHaveBeenCalledOnce()
	})
})
