import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatMessage, RoomState } from '#lib/core/state.ts'
import * as made from '../../made-up.ts'
import RoomScreen from '../../RoomScreen.svelte'
import { createFakeRoom } from '../../testing.ts'
import Alerts from './Alerts.svelte'
import { parseChoices } from './choices.svelte.ts'
import EmojiPicker from './EmojiPicker.svelte'
import Floats from './Floats.svelte'

beforeEach(() => {
	localStorage.clear()
})
afterEach(() => {
	cleanup()
	vi.useRealTimers()
	vi.unstubAllGlobals()
})
const FETCH = { timeout: 20_000 }
const settle = async () => {
	for (let i = 0; i < 6; i++) await tick()
}
const log = () => screen.getByRole('log', { name: 'Chat messages' })
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
const type = (value: string) => fireEvent.input(field(), { target: { value } })
const rowOf = (text: string): HTMLElement =>
	within(log()).getByText(text, { selector: '.said > p' }).closest<HTMLElement>('.msg')!
const pick = async (text: string, item: string) => {
	await fireEvent.click(within(rowOf(text)).getByRole('button', { name: 'Options for this message' }))
	await fireEvent.click(await screen.findByRole('menuitem', { name: item }, FETCH))
	await settle()
}
const said = (room: RoomState, from: number, text: string, more: Partial<ChatMessage> = {}): ChatMessage => ({
	...room.chat[0]!,
	id: `${room.members[from]!.device}.${text}` as never,
	from: room.members[from]!.device,
	text,
	atMs: made.NOW,
	...more,
})
/** A room with these messages; the reader's member comes first. */
const roomWith = (messages: (room: RoomState) => readonly ChatMessage[]) => {
	const fake = createFakeRoom()
	const { state } = fake.props
	const members = [...state.members].sort(
		(a, b) => Number(b.device === state.me) - Number(a.device === state.me),
	)
	const room = { ...state, members }
	return { ...fake, props: { ...fake.props, state: { ...room, chat: messages(room) } } }
}

describe('reactions and answers', () => {
	it('[CV1] a press on what stands there takes one’s own back, or joins', async () => {
		const { props, asked } = roomWith((room) => [
			said(room, 1, 'Look', {
				reactions: [
					{ emoji: '🔥', by: [room.members[1]!.device, room.me], isMine: true },
					{ emoji: '👏', by: [room.members[1]!.device], isMine: false },
				],
			}),
		])
		render(RoomScreen, { props })
		const name = props.state.members[1]!.name
		const mine = await screen.findByRole(
			'button',
			{ name: `${name} and you reacted with 🔥`.replace('you', 'You') },
			FETCH,
		)
		expect(mine.getAttribute('aria-pressed')).toBe('true')
		await fireEvent.click(mine)
		await fireEvent.click(screen.getByRole('button', { name: `${name} reacted with 👏` }))
		const { id } = props.state.chat[0]!
		expect(asked).toEqual([
			['react', id, '🔥', false],
			['react', id, '👏', true],
		])
	})
	it('[CV2] an answer is sent with what it answers, which can be let go', async () => {
		const { props, asked } = roomWith((room) => [said(room, 1, 'Who is that?')])
		render(RoomScreen, { props })
		await pick('Who is that?', 'Reply')
		expect(screen.getByText(`Replying to ${props.state.members[1]!.name}`)).toBeTruthy()
		await type('The captain')
		await fireEvent.keyDown(field(), { key: 'Enter' })
		await settle()
		expect(asked).toEqual([['say', 'The captain', props.state.chat[0]!.id]])
		await pick('Who is that?', 'Reply')
		await fireEvent.keyDown(field(), { key: 'Escape' })
		await type('Never mind')
		await fireEvent.keyDown(field(), { key: 'Enter' })
		await settle()
		expect(asked.at(-1)).toEqual(['say', 'Never mind'])
	})
	it('[CV2] the line that is answered leads to it, and says who took it back where it is gone', async () => {
		const { props } = roomWith((room) => {
			const first = said(room, 1, 'First')
			return [
				first,
				said(room, 2, 'Second', { replyTo: first.id }),
				said(room, 2, 'Third', {
					replyTo: `${room.members[1]!.device}.gone` as never,
					replyDeletedBy: room.members[1]!.device,
				}),
			]
		})
		Element.prototype.scrollIntoView = () => undefined
		render(RoomScreen, { props })
		const name = props.state.members[1]!.name
		await fireEvent.click(await screen.findByRole('button', { name: `Answers ${name}: First` }, FETCH))
		await settle()
		expect(document.activeElement).toBe(rowOf('First'))
		expect(rowOf('Third').textContent).toContain(`${name} took this message back`)
	})
})

describe('editing and taking back', () => {
	it('[CV3] up in an empty field edits what was said last; Escape brings the draft back', async () => {
		const { props, asked } = roomWith((room) => [said(room, 0, 'Helo'), said(room, 1, 'Hi')])
		render(RoomScreen, { props })
		field().focus()
		await type('half')
		await fireEvent.keyDown(field(), { key: 'ArrowUp' })
		expect(field().value).toBe('half')
		await pick('Helo', 'Edit')
		expect(field().value).toBe('Helo')
		await fireEvent.keyDown(field(), { key: 'Escape' })
		await settle()
		expect(field().value).toBe('half')
		await type('')
		await fireEvent.keyDown(field(), { key: 'ArrowUp' })
		await settle()
		await type('Hello')
		await fireEvent.keyDown(field(), { key: 'Enter' })
		await settle()
		expect(asked).toEqual([['edit', props.state.chat[0]!.id, 'Hello']])
		expect(field().value).toBe('')
	})
	it('[CV4] one’s own words are written again from the line that tells they were taken back', async () => {
		const { props, asked } = roomWith((room) => [said(room, 0, 'Oops')])
		const { rerender } = render(RoomScreen, { props })
		await pick('Oops', 'Remove')
		const { id } = props.state.chat[0]!
		expect(asked).toEqual([['unsay', id]])
		const { me } = props.state
		await rerender({
			state: { ...props.state, chat: [], chatDeletions: [{ id, from: me, by: me, atMs: made.NOW }] },
		})
		expect(log().textContent).toContain('You took back a message')
		await fireEvent.click(screen.getByRole('button', { name: 'Write it again' }))
		await settle()
		expect(field().value).toBe('Oops')
	})
})

describe('the field', () => {
	it('[CV6] a name completes itself, and Enter takes it before it sends', async () => {
		const { props, asked } = createFakeRoom()
		render(RoomScreen, { props })
		await type('hey @B')
		field().setSelectionRange(6, 6)
		await fireEvent.click(field())
		const option = await screen.findByRole('option', { name: 'Bo' }, FETCH)
		expect(option.getAttribute('aria-selected')).toBe('true')
		expect(field().getAttribute('aria-activedescendant')).toBe(option.id)
		await fireEvent.keyDown(field(), { key: 'Enter' })
		await settle()
		expect(field().value).toBe('hey @Bo ')
		expect(asked).toEqual([])
	})
	it('[CV5] names between colons are sent as emoji', async () => {
		const { props, asked } = createFakeRoom()
		render(RoomScreen, { props })
		await type('so good :fire:')
		await fireEvent.keyDown(field(), { key: 'Enter' })
		await vi.waitFor(() => {
			expect(asked).toEqual([['say', 'so good 🔥']])
		}, FETCH)
	})
	it('[CV12] a message that is too long says by how much, asks for nothing and stays', async () => {
		const { props, asked } = createFakeRoom()
		render(RoomScreen, { props })
		await type('x'.repeat(10_000))
		expect(screen.getByText('10000 of 500 characters. Shorten it to send it.')).toBeTruthy()
		await fireEvent.keyDown(field(), { key: 'Enter' })
		await settle()
		expect(asked).toEqual([])
		expect(field().value).toHaveLength(10_000)
		await type('x'.repeat(499))
		expect(screen.getByText('1 character left')).toBeTruthy()
	})
	it('[CV12] slow mode counts down', async () => {
		vi.useFakeTimers()
		let now = made.NOW
		const { props } = roomWith((room) => [said(room, 0, 'Mine')])
		const state = {
			...props.state,
			myRole: 'member' as const,
			settings: { ...props.state.settings, chatEveryS: 30 },
		}
		render(RoomScreen, { props: { ...props, state, nowMs: () => now } })
		await settle()
		expect(screen.getByText('Slow mode: one message in 30 s · again in 30 s')).toBeTruthy()
		now += 29_500
		await vi.advanceTimersByTimeAsync(600)
		expect(screen.getByText('Slow mode: one message in 30 s · again in 1 s')).toBeTruthy()
		now += 1_000
		await vi.advanceTimersByTimeAsync(600)
		expect(screen.getByText('Slow mode: one message in 30 s')).toBeTruthy()
	})
})

describe('the list of emoji', () => {
	it('[CV5] is a grid for the arrow keys, searched in both languages, those used last first', async () => {
		vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
		localStorage.setItem('matinee.emoji', JSON.stringify(['🍿', 7, 'x'.repeat(99)]))
		const picked: string[] = []
		const trigger = document.body.appendChild(document.createElement('button'))
		render(EmojiPicker, {
			props: {
				trigger,
				pick: (emoji: string) => picked.push(emoji),
				onclose: () => undefined,
				onaway: () => undefined,
			},
		})
		const search = screen.getByRole('searchbox', { name: 'Search emoji' })
		expect(document.activeElement).toBe(search)
		await fireEvent.keyDown(search, { key: 'ArrowDown' })
		await settle()
		expect(document.activeElement?.textContent).toBe('🍿')
		await fireEvent.keyDown(document.activeElement!, { key: 'ArrowRight' })
		await settle()
		expect(document.activeElement?.textContent).toBe('❤️')
		await fireEvent.input(search, { target: { value: '鼓掌' } })
		await fireEvent.keyDown(search, { key: 'Enter' })
		expect(picked).toEqual(['👏'])
		expect(JSON.parse(localStorage.getItem('matinee.emoji')!)).toEqual(['👏', '🍿'])
		await fireEvent.input(search, { target: { value: 'qqqq' } })
		expect(screen.getByRole('status').textContent).toContain('No emoji for “qqqq”')
		trigger.remove()
	})
})

describe('on this device', () => {
	it('[CV10] who is muted is silent here, also after a reload, until a list unmutes them', async () => {
		const { props } = roomWith((room) => [said(room, 1, 'Blah'), said(room, 2, 'Hush')])
		const { name } = props.state.members[1]!
		render(RoomScreen, { props })
		await pick('Blah', `Mute ${name} for me`)
		expect(within(log()).queryByText('Blah')).toBeNull()
		cleanup()
		render(RoomScreen, { props })
		expect(within(log()).queryByText('Blah')).toBeNull()
		expect(within(log()).getByText('Hush')).toBeTruthy()
		await fireEvent.click(screen.getByRole('button', { name: 'Room menu' }))
		await fireEvent.click(await screen.findByRole('menuitem', { name: 'Chat on this device' }, FETCH))
		await fireEvent.click(await screen.findByRole('button', { name: `Unmute ${name}` }, FETCH))
		expect(within(log()).getByText('Blah')).toBeTruthy()
	})
	it('[CV15] sound and notices are off at first, whatever stands in the storage', () => {
		for (const kept of [null, 1, 'x', [], { hasSound: 'yes', hasNotices: 1, muted: 'all', opacity: NaN }])
			expect(parseChoices(kept), JSON.stringify(kept)).toEqual({
				hasSound: false,
				hasNotices: false,
				isOnlyForMe: true,
				hasOverlay: true,
				opacity: 0.74,
				hasFloats: true,
				muted: [],
			})
		expect(parseChoices({ muted: [null, { subject: 's' }, { subject: 2 }], opacity: 9 })).toMatchObject({
			muted: [{ subject: 's', name: '' }],
			opacity: 1,
		})
	})
	it('[CV15] the browser’s notice comes once, only where it was asked for and the page is hidden', async () => {
		document.title = 'Matinee'
		const shown: string[] = []
		class FakeNotice {
			static permission = 'granted'
			constructor(title: string) {
				shown.push(title)
			}
			close = () => undefined
		}
		vi.stubGlobal('Notification', FakeNotice)
		const { props } = createFakeRoom()
		const message = said(props.state, 1, 'Now')
		const alerts = {
			messages: [message],
			isForMe: () => true,
			choices: parseChoices(null),
			nameOf: () => ({ name: 'Bo', seat: 1, isMe: false }),
			title: 'Sunday',
			isPageShown: false,
			onopen: () => undefined,
		}
		const { rerender } = render(Alerts, { props: alerts })
		expect(shown).toEqual([])
		expect(document.title).toMatch(/^\(@ 1\) /)
		const choices = parseChoices({ hasNotices: true })
		await rerender({ choices, messages: [message, { ...message, id: 'next' as never }] })
		expect(shown).toEqual(['Bo mentioned you in Sunday'])
		await rerender({ isPageShown: true, messages: [{ ...message, id: 'third' as never }] })
		expect(shown).toHaveLength(1)
		expect(document.title).not.toMatch(/^\(/)
	})
	it('[CV14] reactions over the picture are few at a time, and none with reduced motion', async () => {
		let send: (float: { emoji: string; by: never }) => void = () => undefined
		let isReduced = false
		vi.stubGlobal('matchMedia', () => ({ matches: isReduced }))
		const { container } = render(Floats, {
			props: {
				onFloat: (fn: typeof send) => {
					send = fn
					return () => undefined
				},
				isMuted: (device: string) => device === 'muted',
			},
		})
		send({ emoji: '🔥', by: 'muted' as never })
		for (let i = 0; i < 100; i++) send({ emoji: '🔥', by: 'd' as never })
		await tick()
		expect(container.querySelectorAll('.floats span')).toHaveLength(14)
		cleanup()
		isReduced = true
		const again = render(Floats, {
			props: { onFloat: (fn: typeof send) => ((send = fn), () => undefined), isMuted: () => false },
		})
		send({ emoji: '🔥', by: 'd' as never })
		await tick()
		expect(again.container.querySelectorAll('.floats span')).toHaveLength(0)
	})
})

describe('what is on the page', () => {
	it('[CV11] of ten thousand messages some screens are, the newest', () => {
		const { props } = roomWith((room) =>
			Array.from({ length: 10_000 }, (_none, i) =>
				said(room, 1, `line ${String(i)}`, { atMs: made.NOW - 10_000 + i }),
			),
		)
		render(RoomScreen, { props })
		const rows = log().querySelectorAll('[data-message]')
		expect(rows.length).toBeLessThanOrEqual(160)
		expect(rows[rows.length - 1]?.textContent).toContain('line 9999')
	})
	it('[CV17] whichever way letters run a message is a block of its own, and a tall one is folded', async () => {
		const tall = Array.from({ length: 200 }, (_none, i) => String(i)).join('\n')
		const { props } = roomWith((room) => [
			said(room, 1, 'שלום \u200b\u0301\u0301\u0301'),
			said(room, 1, tall),
		])
		render(RoomScreen, { props })
		for (const text of log().querySelectorAll('.said > p')) expect(text.getAttribute('dir')).toBe('auto')
		const button = within(log()).getByRole('button', { name: 'Show all' })
		await fireEvent.click(button)
		expect(within(log()).queryByRole('button', { name: 'Show all' })).toBeNull()
	})
	it('[CV9] links open elsewhere without telling from where', () => {
		const { props } = roomWith((room) => [said(room, 1, 'https://bank.example@evil.example/x')])
		render(RoomScreen, { props })
		const link = within(log()).getByRole<HTMLAnchorElement>('link')
		expect([link.target, link.rel, link.getAttribute('referrerpolicy')]).toEqual([
			'_blank',
			'noopener noreferrer nofollow ugc',
			'no-referrer',
		])
		expect(link.textContent).toContain('(evil.example)')
	})
	it('[CV16] what was said at the film before comes at its moment', async () => {
		const { props } = roomWith((room) => {
			const item = room.queue.current!.id
			return [
				said(room, 1, 'Early', { item, positionS: 10, atMs: made.NOW - 5_000 }),
				said(room, 1, 'Late', { item, positionS: 1_800, atMs: made.NOW - 4_000 }),
			]
		})
		render(RoomScreen, { props })
		await fireEvent.click(await screen.findByRole('button', { name: 'Replay' }, FETCH))
		const replay = screen.getByRole('log', { name: 'Chat along the film' })
		expect(replay.textContent).toContain('Early')
		expect(replay.textContent).not.toContain('Late')
		expect(screen.getByText('Next at 30:00')).toBeTruthy()
		await fireEvent.click(screen.getByRole('button', { name: 'Live' }))
		expect(within(log()).getByText('Late')).toBeTruthy()
	})
})
