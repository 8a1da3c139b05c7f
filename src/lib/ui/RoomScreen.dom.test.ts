import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatMessage, RoomState } from '#lib/core/state.ts'
import type { AddResult } from '#lib/core/view.ts'
import * as made from './made-up.ts'
import RoomScreen from './RoomScreen.svelte'
import { createFakeRoom } from './testing.ts'

beforeEach(() => {
	localStorage.clear()
})
afterEach(() => {
	cleanup()
	vi.useRealTimers()
})

const open = (...args: Parameters<typeof createFakeRoom>) => {
	const fake = createFakeRoom(...args)
	const view = render(RoomScreen, { props: fake.props })
	return { ...fake, ...view }
}
const button = (name: string) => screen.getByRole('button', { name })
/** Compiling a panel takes a busy machine some time. */
const FETCH_MS = 10_000
/** A panel is fetched when it is first opened. */
const tab = async (name: string) => {
	await fireEvent.click(screen.getByRole('tab', { name }))
	await vi.waitFor(
		() => {
			expect(screen.getByRole('tabpanel', { name }).childElementCount).toBeGreaterThan(0)
		},
		{ timeout: FETCH_MS },
	)
}
const settle = async () => {
	await tick()
	await Promise.resolve()
	await tick()
}
const press = (key: string, more: KeyboardEventInit = {}) =>
	fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more })

describe('names', () => {
	it('[UX1] header, controls, add field and stage have their fixed roles and names', () => {
		open('film', { status: made.statuses['waiting'] ?? null })
		for (const name of [
			'Invite',
			'Pause',
			'Next',
			'Full screen',
			'Theater',
			'Playback speed',
			'Add to queue',
			'Play next',
			'Send',
		])
			expect(button(name), name).toBeTruthy()
		for (const name of ['Seek', 'Volume']) expect(screen.getByRole('slider', { name }), name).toBeTruthy()
		for (const name of ['Add a video link', 'Message'])
			expect(screen.getByRole('textbox', { name }), name).toBeTruthy()
		expect(screen.getByRole('log', { name: 'Chat messages' })).toBeTruthy()
		expect(screen.getByRole('status', { name: 'Room status' }).textContent).toContain('Waiting for Bo')
	})
	it('[UX1] tabs are named without their badges and counts', () => {
		open()
		expect(screen.getAllByRole('tab').map((one) => one.getAttribute('aria-label'))).toEqual([
			'Chat',
			'Queue',
			'People',
			'Activity',
		])
		expect(screen.getByRole('tab', { name: 'Queue' }).querySelector('[data-shown="4"]')).toBeTruthy()
	})
	it('[UX1] each queue item has its five buttons', async () => {
		open()
		await tab('Queue')
		const items = within(screen.getByRole('list', { name: 'Queue items' })).getAllByRole('listitem')
		expect(items).toHaveLength(4)
		for (const item of items)
			for (const name of ['Play now', 'Remove', 'Move up', 'Move down', 'Vote'])
				expect(within(item).getByRole('button', { name }), name).toBeTruthy()
	})
	it('[UX1] each person has a menu named after them, and the reader a field for the own name', async () => {
		open()
		await tab('People')
		const list = within(screen.getByRole('list', { name: 'People' }))
		for (const { name } of made.people)
			expect(list.getByRole('button', { name: `Options for ${name}` }).getAttribute('aria-haspopup')).toBe(
				'menu',
			)
		expect(list.getByRole<HTMLInputElement>('textbox', { name: 'Your name' }).value).toBe('Ines')
	})
	it('[UX1] only one button is named Invite, alone in the room too', () => {
		open('empty', { status: made.statuses['alone'] ?? null, people: made.onlyMe })
		expect(screen.getAllByRole('button', { name: /invite/i })).toHaveLength(1)
	})
})

describe('controls', () => {
	it('[UX2] a toggle is named by what a press will do', async () => {
		const { props, asked, rerender } = open()
		await fireEvent.click(button('Pause'))
		await fireEvent.click(button('Mute'))
		expect(asked).toEqual([['pause'], ['setMuted', true]])
		await rerender({ player: { ...props.player, isPlaying: false, state: 'paused', isMuted: true } })
		await fireEvent.click(button('Play'))
		await fireEvent.click(button('Unmute'))
		expect(asked.slice(2)).toEqual([['play'], ['setMuted', false]])
	})
	it('[UX8] a control that is refused gives its reason and asks for nothing', async () => {
		const { asked } = open('operators', { canDo: () => 'Only operators can control here' })
		for (const name of ['Pause', 'Next', 'Forward 10 seconds', 'Playback speed', 'Add to queue']) {
			expect(button(name).getAttribute('aria-disabled'), name).toBe('true')
			expect(button(name).title, name).toContain('Only operators')
			await fireEvent.click(button(name))
		}
		expect(screen.getByRole<HTMLInputElement>('slider', { name: 'Seek' }).disabled).toBe(true)
		expect(screen.queryByRole('menu')).toBeNull()
		expect(asked).toEqual([])
	})
	it('[UX25] the seek slider says where it is, follows its keys and seeks once it is let go', async () => {
		const { asked } = open()
		const seek = screen.getByRole<HTMLInputElement>('slider', { name: 'Seek' })
		expect(seek.getAttribute('aria-valuetext')).toBe('12 minutes 4 seconds of 31 minutes 20 seconds')
		await fireEvent.keyDown(seek, { key: 'ArrowRight' })
		await fireEvent.keyDown(seek, { key: 'ArrowRight' })
		await fireEvent.keyDown(seek, { key: 'End' })
		await fireEvent.input(seek, { target: { value: '60' } })
		expect(asked).toEqual([
			['seek', 729],
			['seek', 734],
			['seek', 1880],
		])
		await fireEvent.change(seek, { target: { value: '60' } })
		expect(asked.at(-1)).toEqual(['seek', 60])
	})
	it('[UX25] jumps count from where the film was just sent, before the player has answered', async () => {
		vi.useFakeTimers()
		const { asked } = open()
		await fireEvent.click(button('Forward 10 seconds'))
		await fireEvent.click(button('Forward 10 seconds'))
		vi.advanceTimersByTime(1_000)
		await tick()
		await fireEvent.click(button('Back 10 seconds'))
		expect(asked).toEqual([
			['seek', 734],
			['seek', 744],
			['seek', 714],
		])
	})
	it('[UX27] the speed menu opens at the present speed, moves with arrows and gives the focus back', async () => {
		const { asked } = open()
		await fireEvent.click(button('Playback speed'))
		await screen.findByRole('menu', {}, { timeout: FETCH_MS })
		expect(document.activeElement?.textContent.trim()).toBe('1×')
		await press('ArrowDown')
		await press('Escape')
		expect(screen.queryByRole('menu')).toBeNull()
		expect(document.activeElement).toBe(button('Playback speed'))
		await fireEvent.click(button('Playback speed'))
		await fireEvent.click(await screen.findByRole('menuitemradio', { name: '1.25×' }))
		expect(asked).toEqual([['setRate', 1.25]])
	})
})

describe('keyboard', () => {
	it('[UX7] single keys steer the room', async () => {
		const { asked } = open()
		for (const key of [' ', 'k', 'j', 'n', 'm', 'ArrowUp']) await press(key)
		expect(asked).toEqual([
			['pause'],
			['pause'],
			['seek', 714],
			['next'],
			['setMuted', true],
			['setVolume', 0.75],
		])
	})
	it('[UX7] C begins a message, and while writing keys are letters', async () => {
		const { asked } = open()
		await tab('Queue')
		await press('c')
		await settle()
		expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message' }))
		await press('k')
		expect(asked).toEqual([])
	})
	it('[UX7] ? opens the list, and no single key works under it', async () => {
		const { asked } = open()
		await press('?')
		expect(await screen.findByRole('dialog', { name: 'Keyboard' }, { timeout: FETCH_MS })).toBeTruthy()
		await fireEvent.keyDown(document.body, { key: 'k' })
		expect(asked).toEqual([])
	})
	it('[UX7] a refused key says why', async () => {
		const { asked } = open('operators')
		await press('k')
		expect(asked).toEqual([])
		const region = within(screen.getByRole('region', { name: 'What just happened' }))
		expect(await region.findByText(/Only operators can control here/, {}, { timeout: FETCH_MS })).toBeTruthy()
	})
	it('[UX14] ] hides and shows the panel, and it stays so', async () => {
		open()
		await press(']')
		expect(button('Show the side panel')).toBeTruthy()
		cleanup()
		open()
		expect(button('Show the side panel')).toBeTruthy()
	})
	it('[UX14] arrows move along the tabs, which show one pane at a time', async () => {
		open()
		screen.getByRole('tab', { name: 'Chat' }).focus()
		await press('ArrowLeft')
		expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'Activity', selected: true }))
		expect(screen.getAllByRole('tabpanel')).toHaveLength(1)
	})
})

describe('adding', () => {
	const type = (text: string) =>
		fireEvent.input(screen.getByRole('textbox', { name: 'Add a video link' }), { target: { value: text } })
	const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Add a video link' })

	it('[UX4] the button queues, Shift+Enter and Play next put it next; the field is cleared', async () => {
		const { asked } = open()
		await type(' https://films.example/a.mp4 ')
		await fireEvent.click(button('Add to queue'))
		await settle()
		expect(field().value).toBe('')
		await type('https://films.example/b.mp4')
		await fireEvent.keyDown(field(), { key: 'Enter', shiftKey: true })
		await settle()
		await type('https://films.example/c.mp4')
		await fireEvent.click(button('Play next'))
		await settle()
		expect(asked).toEqual([
			['add', 'https://films.example/a.mp4', 'end'],
			['add', 'https://films.example/b.mp4', 'next'],
			['add', 'https://films.example/c.mp4', 'next'],
		])
	})
	it('[UX3] what is refused stays in the field, with the reason under it', async () => {
		open('film', {}, { add: async () => ({ type: 'refused', message: 'That is a picture.' }) })
		await type('https://films.example/a.png')
		await fireEvent.submit(field())
		await settle()
		expect(field().value).toBe('https://films.example/a.png')
		expect(screen.getByRole('alert').textContent).toContain('That is a picture.')
		expect(field().getAttribute('aria-invalid')).toBe('true')
		await type('https://films.example/a.mp4')
		expect(screen.queryByRole('alert')).toBeNull()
	})
	it('[UX3] what was typed meanwhile is not cleared away', async () => {
		let answer: (result: AddResult) => void = () => undefined
		open('film', {}, { add: () => new Promise((resolve) => (answer = resolve)) })
		await type('https://films.example/a.mp4')
		await fireEvent.submit(field())
		await type('https://films.example/b.mp4')
		answer({ type: 'added', item: 'x' as never, title: 'a' })
		await settle()
		expect(field().value).toBe('https://films.example/b.mp4')
	})
	it('[UX31] the empty room’s field takes the focus once, and never from somebody who writes', async () => {
		const { props } = createFakeRoom('empty')
		const { rerender } = render(RoomScreen, { props })
		const message = screen.getByRole('textbox', { name: 'Message' })
		message.focus()
		// The room goes on living: a new model comes several times a second.
		for (let i = 0; i < 3; i++) {
			await rerender({
				...props,
				state: { ...props.state },
				player: { ...props.player },
				people: [...props.people],
			})
			message.blur()
			await rerender({ ...props, state: { ...props.state }, driftMs: i })
			message.focus()
		}
		expect(document.activeElement).toBe(message)
		message.blur()
		await rerender({ ...props, state: { ...props.state } })
		expect(document.activeElement).toBe(document.body)
	})

	it('[UX17] an empty room says what to do, has one add field, and keeps its text when a film comes', async () => {
		const { asked, rerender } = open('empty')
		expect(screen.getByRole('heading', { name: 'Paste a link to start' })).toBeTruthy()
		expect(screen.getAllByRole('textbox', { name: 'Add a video link' })).toHaveLength(1)
		expect(button('Play next')).toBeTruthy()
		await type('https://films.example/half')
		await fireEvent.click(button('Play our sample film'))
		expect(asked).toEqual([['addSample']])
		await rerender({ state: made.stateOf('film'), player: made.playerOf('film') })
		expect(screen.getAllByRole('textbox', { name: 'Add a video link' })).toHaveLength(1)
		expect(field().value).toBe('https://films.example/half')
	})
})

describe('stage', () => {
	it('[UX15] a blocked start is one target with its words', async () => {
		const { asked } = open('blocked', { status: made.statuses['join'] ?? null })
		await fireEvent.click(button('Tap to join the sound'))
		expect(asked).toEqual([['joinSound']])
	})
	it('[UX15] the status has its action and says nothing when there is nothing to say', async () => {
		const { asked, rerender } = open('film', { status: made.statuses['resync'] ?? null })
		await fireEvent.click(button('Resync'))
		expect(asked).toEqual([['statusAction', 'resync']])
		await rerender({ status: null })
		expect(screen.getByRole('status', { name: 'Room status' }).textContent.trim()).toBe('')
	})
	it('[UX16] a film that cannot be played says why, and offers Skip and the source', async () => {
		const { asked } = open('failed')
		await screen.findByRole('heading', { name: 'This video can’t be shown here' }, { timeout: FETCH_MS })
		await fireEvent.click(button('Skip'))
		expect(asked).toEqual([['next']])
		expect(screen.getByRole('link', { name: /^Open at the source/ }).getAttribute('href')).toBe(
			'https://films.example/saltmarsh.webm',
		)
	})
	it('[UX17] the end of the queue says so and leads to what was', async () => {
		open('end')
		await screen.findByRole('heading', { name: 'That was the last one' }, { timeout: FETCH_MS })
		await fireEvent.click(button('See earlier'))
		const earlier = await screen.findByRole('list', { name: 'Earlier' }, { timeout: FETCH_MS })
		expect(within(earlier).getAllByRole('listitem')).toHaveLength(4)
	})
	it('[UX21] the root carries links, state and drift, kept current', async () => {
		const { container, rerender } = open()
		const root = container.querySelector<HTMLElement>('[data-room-state]')
		expect({ ...root?.dataset }).toMatchObject({ linkCount: '4', roomState: 'ready', driftMs: '4' })
		await rerender({ connection: made.connections['offline']!, driftMs: null })
		expect({ ...root?.dataset }).toMatchObject({ linkCount: '0', roomState: 'offline' })
		expect(root?.dataset['driftMs']).toBeUndefined()
	})
	it('[UX21] the session is given the stage, and told when it goes', () => {
		const given: (HTMLElement | null)[] = []
		const { unmount } = open('film', { onstage: (stage) => given.push(stage) })
		expect(given[0]).toBeInstanceOf(HTMLElement)
		unmount()
		expect(given.at(-1)).toBeNull()
	})
})

describe('toasts', () => {
	const toast = made.toasts['removed'] ?? null
	const undo = () => screen.findByRole('button', { name: 'Undo' }, { timeout: FETCH_MS })
	it('[UX10] Undo asks for the inverse', async () => {
		const { asked } = open('film', { toast })
		await fireEvent.click(await undo())
		expect(asked).toEqual([['toastAction', toast]])
	})
	it('[UX10] names its subject, whether or not the text does', async () => {
		const { rerender } = open('film', { toast })
		const region = screen.getByRole('region', { name: 'What just happened' })
		await undo()
		expect(region.textContent).toContain('Tomas removed Night bus, take two')
		await rerender({ toast: { ...toast!, id: 't9', text: 'Bo added', subject: 'Tide tables' } })
		expect(region.textContent).toContain('Bo added Tide tables')
	})
	it('[UX10] it goes by itself, but not under pointer or focus', async () => {
		const { asked, rerender } = open('film', { toast })
		await undo()
		// Another one, whose time runs by the clock of the test.
		vi.useFakeTimers()
		await rerender({ toast: { ...toast!, id: 't2' } })
		const box = button('Undo').parentElement!
		await fireEvent.pointerEnter(box)
		vi.advanceTimersByTime(60_000)
		expect(asked).toEqual([])
		await fireEvent.pointerLeave(box)
		vi.advanceTimersByTime(7_999)
		expect(asked).toEqual([])
		vi.advanceTimersByTime(1)
		expect(asked).toEqual([['dismissToast', 't2']])
	})
})

describe('queue', () => {
	const row = (title: string) => {
		const found = within(screen.getByRole('list', { name: 'Queue items' }))
			.getAllByRole('listitem')
			.find((item) => item.textContent.includes(title))
		return within(found!)
	}
	it('[UX9] buttons move a video before or behind its neighbour, and the new place is said', async () => {
		const { asked } = open()
		await tab('Queue')
		await fireEvent.click(row('How a viaduct').getByRole('button', { name: 'Move up' }))
		await fireEvent.click(row('How a viaduct').getByRole('button', { name: 'Move down' }))
		await fireEvent.click(row('super 8').getByRole('button', { name: 'Move down' }))
		expect(asked).toEqual([
			['move', 'q2', 'q1'],
			['move', 'q2', 'q4'],
			['move', 'q3', null],
		])
		expect(screen.getByText('Saltmarsh, super 8 moved to 4 of 4')).toBeTruthy()
	})
	it('[UX9] Alt and an arrow move it too; at the ends nothing is asked', async () => {
		const { asked } = open()
		await tab('Queue')
		const vote = row('Harbour').getByRole('button', { name: 'Vote' })
		await fireEvent.keyDown(vote, { key: 'ArrowUp', altKey: true })
		await fireEvent.keyDown(vote, { key: 'ArrowDown', altKey: true })
		await fireEvent.click(row('Harbour').getByRole('button', { name: 'Move up' }))
		expect(asked).toEqual([['move', 'q1', 'q3']])
	})
	it('[UX9] the focus stays on the button of the video that moved', async () => {
		const { props, rerender } = open()
		await tab('Queue')
		const down = row('Harbour').getByRole('button', { name: 'Move down' })
		down.focus()
		await fireEvent.click(down)
		const [first, second, ...rest] = props.state.queue.next
		await rerender({
			state: { ...props.state, queue: { ...props.state.queue, next: [second!, first!, ...rest] } },
		})
		await settle()
		expect(document.activeElement).toBe(row('Harbour').getByRole('button', { name: 'Move down' }))
	})
	it('[UX26] plays, removes, votes, clears and shuffles', async () => {
		const { asked } = open()
		await tab('Queue')
		await fireEvent.click(row('Harbour').getByRole('button', { name: 'Vote', pressed: true }))
		await fireEvent.click(row('tram').getByRole('button', { name: 'Vote', pressed: false }))
		await fireEvent.click(row('tram').getByRole('button', { name: 'Play now' }))
		await fireEvent.click(row('tram').getByRole('button', { name: 'Remove' }))
		for (const name of ['Shuffle', 'Clear']) {
			await fireEvent.click(button('Queue options'))
			await fireEvent.click(await screen.findByRole('menuitem', { name }, { timeout: FETCH_MS }))
		}
		expect(asked).toEqual([
			['vote', 'q1', false],
			['vote', 'q4', true],
			['playNow', 'q4'],
			['remove', 'q4'],
			['shuffle'],
			['clear'],
		])
	})
	it('[UX26] what was played is folded away and can be played again', async () => {
		const { asked } = open()
		await tab('Queue')
		expect(screen.queryByRole('list', { name: 'Earlier' })).toBeNull()
		await fireEvent.click(screen.getByRole('button', { name: /^Earlier/, expanded: false }))
		const played = await screen.findByRole('list', { name: 'Earlier' }, { timeout: FETCH_MS })
		const [latest] = within(played).getAllByRole('button')
		await fireEvent.click(latest!)
		expect(asked).toEqual([['playNow', 'e3']])
	})
	it('[UX8] one’s own video can be removed where another’s cannot', async () => {
		const { asked } = open('film', {
			canDo: (action) => (action === 'reorder' ? 'Only operators can do this here' : null),
		})
		await tab('Queue')
		await fireEvent.click(row('Harbour').getByRole('button', { name: 'Remove' }))
		await fireEvent.click(row('How a viaduct').getByRole('button', { name: 'Remove' }))
		expect(asked).toEqual([['remove', 'q2']])
	})
})

describe('chat', () => {
	const message = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
	const heard = (room: RoomState, ...texts: string[]): RoomState => ({
		...room,
		chat: [
			...room.chat,
			...texts.map((text): ChatMessage => ({
				id: `new ${text}` as never,
				from: room.members[2]!.device,
				text,
				atMs: made.NOW + 1,
				item: null,
				positionS: null,
				replyTo: null,
				editedAtMs: null,
				replyDeletedBy: null,
				reactions: [],
				isLate: false,
			})),
		],
	})
	it('[UX11] Enter sends and clears; Shift+Enter and a choice in an input method do not', async () => {
		const { asked } = open()
		await fireEvent.input(message(), { target: { value: 'Shh, it starts' } })
		await fireEvent.keyDown(message(), { key: 'Enter', shiftKey: true })
		await fireEvent.keyDown(message(), { key: 'Enter', isComposing: true })
		expect(asked).toEqual([])
		await fireEvent.keyDown(message(), { key: 'Enter' })
		await settle()
		expect(asked).toEqual([['say', 'Shh, it starts']])
		expect(message().value).toBe('')
	})
	it('[UX11] a refused message stays, with the reason', async () => {
		open('film', {}, { say: async () => ({ type: 'refused', message: 'Too long.' }) })
		await fireEvent.input(message(), { target: { value: 'A novel' } })
		await fireEvent.click(button('Send'))
		await settle()
		expect(message().value).toBe('A novel')
		expect(screen.getByRole('alert').textContent).toContain('Too long.')
	})
	it('[UX11] a time in a message seeks', async () => {
		const { asked } = open()
		await fireEvent.click(within(screen.getByRole('log', { name: 'Chat messages' })).getByText('9:30'))
		expect(asked).toEqual([['seek', 570]])
	})
	it('[UX13] what comes while another tab is open is counted beside the name and marked as new', async () => {
		const { props, rerender } = open()
		await tab('Queue')
		await rerender({ state: heard(props.state, 'one', 'two') })
		const chat = screen.getByRole('tab', { name: 'Chat' })
		expect(chat.querySelector('[data-shown="2"]')).toBeTruthy()
		await fireEvent.click(chat)
		await settle()
		expect(chat.querySelector('[data-shown]')).toBeNull()
		expect(screen.getByText('New')).toBeTruthy()
	})
	it('[UX13] what was said before the reader came counts as read', () => {
		open()
		expect(screen.getByRole('tab', { name: 'Chat' }).querySelector('[data-shown]')).toBeNull()
		expect(screen.queryByText('New')).toBeNull()
	})
	it('[UX29] text typed by strangers is text', () => {
		const { props } = createFakeRoom()
		const { container } = render(RoomScreen, {
			props: { ...props, state: heard(props.state, '<img src=x onerror=alert(1)>') },
		})
		expect(container.querySelector('[src="x"]')).toBeNull()
		expect(screen.getByText('<img src=x onerror=alert(1)>')).toBeTruthy()
	})
})

describe('people, activity, invitation', () => {
	it('[UX19] the own name is kept on Enter, and Escape takes it back', async () => {
		const { asked } = open()
		await tab('People')
		const name = screen.getByRole<HTMLInputElement>('textbox', { name: 'Your name' })
		await fireEvent.input(name, { target: { value: 'Inês' } })
		await fireEvent.keyDown(name, { key: 'Enter' })
		await settle()
		expect(asked).toEqual([['renameMe', 'Inês']])
		await fireEvent.input(name, { target: { value: 'Nobody' } })
		await fireEvent.keyDown(name, { key: 'Escape' })
		expect(name.value).toBe('Ines')
	})
	it('[UX19] the room’s name is edited in its place', async () => {
		const { asked } = open()
		await fireEvent.click(screen.getByRole('button', { name: /Rename the room/ }))
		const name = await screen.findByRole('textbox', { name: 'Room name' })
		await fireEvent.input(name, { target: { value: 'Monday matinee' } })
		await fireEvent.keyDown(name, { key: 'Enter' })
		await settle()
		expect(asked).toEqual([['renameRoom', 'Monday matinee']])
		expect(screen.queryByRole('textbox', { name: 'Room name' })).toBeNull()
	})
	it('[UX27] a person’s menu begins a message to them', async () => {
		open()
		await tab('People')
		await fireEvent.click(button('Options for Bo'))
		const write = { name: 'Write to them in the chat' }
		await fireEvent.click(await screen.findByRole('menuitem', write, { timeout: FETCH_MS }))
		await settle()
		expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' }).value).toBe('@Bo ')
	})
	it('[UX24] drift is said in words as well as shown', async () => {
		open()
		await tab('People')
		const people = screen.getByRole('list', { name: 'People' })
		expect(within(people).getByText('1.80 seconds behind')).toBeTruthy()
		expect(within(people).getByText('+0.31 s')).toBeTruthy()
	})
	it('[UX28] an entry with an inverse can be undone; where it may not, the reason is given', async () => {
		const { asked, rerender } = open()
		await tab('Activity')
		const log = screen.getByRole('log', { name: 'Activity' })
		await fireEvent.click(within(log).getAllByRole('button', { name: 'Undo' })[0]!)
		expect(asked).toEqual([['undo', 'a0']])
		expect(within(log).getByText(/Undone by Ana/)).toBeTruthy()
		await rerender({ canUndo: () => 'Only operators can do this here' })
		const [undo] = within(log).getAllByRole('button', { name: 'Undo' })
		expect(undo?.title).toBe('Only operators can do this here')
		await fireEvent.click(undo!)
		expect(asked).toHaveLength(1)
	})
	it('[UX18] Invite copies at once and shows link, code and QR; the focus comes back', async () => {
		const { asked } = open()
		await fireEvent.click(button('Invite'))
		expect(asked).toEqual([['copyInvite']])
		const dialog = within(
			await screen.findByRole('dialog', { name: 'Invite to Sunday matinee' }, { timeout: FETCH_MS }),
		)
		expect(dialog.getByRole<HTMLInputElement>('textbox', { name: 'Room link' }).value).toBe(
			'matinee.example/r#K7QX-3M9R-T2VH-8WPC-5NDA',
		)
		expect(dialog.getByText('5NDA')).toBeTruthy()
		expect(await dialog.findByRole('img', { name: 'QR code of the room link' })).toBeTruthy()
		expect(await dialog.findByText('Link copied')).toBeTruthy()
		await fireEvent.click(dialog.getByRole('button', { name: 'Close' }))
		expect(document.activeElement).toBe(button('Invite'))
	})
	it('[UX18] where copying is refused the link is there to be copied by hand', async () => {
		open('film', {}, { copyInvite: async () => false })
		await fireEvent.click(button('Invite'))
		expect(await screen.findByText(/lets no page copy/, {}, { timeout: FETCH_MS })).toBeTruthy()
		expect(button('Copy')).toBeTruthy()
	})
})

describe('in parts', () => {
	it('[UX83] each part comes to those that are there, and they stay as they are', async () => {
		const { rerender } = open('film', { parts: 1 })
		expect(screen.queryByRole('button', { name: 'Invite' })).toBeNull()
		await rerender({ parts: 2 })
		expect(screen.queryByRole('slider', { name: 'Seek' })).toBeNull()
		expect(screen.queryByRole('complementary')).toBeNull()
		const invite = button('Invite')
		await rerender({ parts: 3 })
		const seek = screen.getByRole('slider', { name: 'Seek' })
		expect(screen.queryByRole('tablist')).toBeNull()
		await rerender({ parts: 4 })
		const chat = screen.getByRole('tab', { name: 'Chat' })
		expect(screen.getByRole('tabpanel', { name: 'Chat' }).childElementCount).toBe(0)
		await rerender({ parts: 5 })
		expect(screen.getByRole('textbox', { name: 'Message' })).toBeTruthy()
		expect(button('Invite')).toBe(invite)
		expect(screen.getByRole('slider', { name: 'Seek' })).toBe(seek)
		expect(screen.getByRole('tab', { name: 'Chat' })).toBe(chat)
	})
	it('[UX83] the field of an empty room takes the focus with its part, and what is typed there outlives the others', async () => {
		const { rerender } = open('empty', { parts: 1 })
		await rerender({ parts: 3 })
		const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Add a video link' })
		expect(document.activeElement).toBe(field)
		await fireEvent.input(field, { target: { value: 'https://films.example/a' } })
		await rerender({ parts: 4 })
		await rerender({ parts: 5 })
		expect(document.activeElement).toBe(field)
		expect(field.value).toBe('https://films.example/a')
	})
})
