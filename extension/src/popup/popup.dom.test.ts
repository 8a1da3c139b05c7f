import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, describe, expect, it } from 'vitest'
import { popupView, type FromPopup, type PopupView, type RoomShown } from '../wire/popup-messages.ts'
import { createPopup, type PopupTab } from './popup.svelte.ts'
import PopupScreen from './PopupScreen.svelte'

afterEach(cleanup)

const SERVER = 'https://watch.example'
const TAB: PopupTab = { id: 7, url: 'https://video.example/v/1' }
const NONE: PopupView = {
	type: 'none',
	problem: null,
	me: { name: 'Teal Wren', isAccount: false },
	note: null,
}
const FILM: NonNullable<RoomShown['film']> = {
	title: 'Saltmarsh',
	place: 2,
	of: 5,
	url: 'https://video.example/v/1',
	isPlaying: true,
	obstacle: null,
}
const PAGE: NonNullable<RoomShown['page']> = {
	hasVideo: true,
	frame: null,
	isProtected: false,
	refuses: null,
}
const person = (name: string, more: Partial<RoomShown['people'][number]> = {}) => ({
	name,
	isMe: false,
	isHere: true,
	driftS: 0.01,
	...more,
})
const ROOM: RoomShown = {
	type: 'room',
	title: 'Sunday',
	link: `${SERVER}/r#AAAA-AAAA-AAAA-AAAA-AAAA`,
	connection: 'ready',
	people: [
		person('Teal Wren', { isMe: true }),
		person('Brass Owl', { driftS: -1.23 }),
		person('Ash Grebe', { isHere: false }),
	],
	count: 2,
	tab: TAB.id,
	isShutOut: false,
	page: PAGE,
	film: FILM,
	whyNotSteer: null,
	whyNotAdd: null,
	status: null,
	note: null,
}

const setUp = async (
	first: PopupView,
	{
		tab = TAB,
		server = SERVER,
		isAllowed = true,
		letsScriptIn = true,
		opens = () => true,
	}: {
		tab?: PopupTab | null
		server?: string
		isAllowed?: boolean
		letsScriptIn?: boolean
		/** Whether the document is there at the next try. */
		opens?: () => boolean
	} = {},
) => {
	const sent: FromPopup[] = []
	const done: unknown[][] = []
	let kept = server
	let show: (view: PopupView) => void = () => undefined
	let lose: () => void = () => undefined
	const popup = createPopup({
		openPort: async (onView, onGone) => {
			if (!opens()) return null
			show = (view) => {
				expect(popupView.parse(view)).toEqual(view)
				onView(view)
			}
			lose = onGone
			show(first)
			return {
				send: (message) => sent.push(message),
				putScriptIn: async () => letsScriptIn,
				goTo: async (...to) => void done.push(['goTo', ...to]),
				close: () => undefined,
			}
		},
		tab: async () => tab,
		keptServer: async () => kept,
		keepServer: async (next) => void (kept = next),
		copy: async () => Promise.reject(new Error('no')),
		isAllowed: async () => isAllowed,
		allow: async (pattern) => {
			done.push(['allow', pattern])
			return false
		},
		openSettings: () => done.push(['openSettings']),
		openPage: (url) => done.push(['openPage', url]),
	})
	render(PopupScreen, { popup })
	await popup.begin()
	await settled()
	return {
		popup,
		sent,
		done,
		kept: () => kept,
		show: async (v: PopupView) => (show(v), settled()),
		lose: () => lose(),
	}
}
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 5))
const text = () => document.body.textContent
const click = async (name: string | RegExp) => {
	await fireEvent.click(screen.getByRole('button', { name }))
	await settled()
}
const type = (label: string, value: string) =>
	fireEvent.input(screen.getByLabelText(label), { target: { value } })

describe('no room yet', () => {
	it('[XT84] starts a room with the page in the tab and joins by code, at the server that is kept', async () => {
		const { sent } = await setUp(NONE)
		await click('Start a room with this page')
		await type('Room code or link', 'AAAA-AAAA-AAAA-AAAA-AAAA')
		await click('Join')
		expect(sent).toEqual([
			{ type: 'look', server: SERVER },
			{ type: 'start', server: SERVER, tab: TAB.id },
			{ type: 'join', server: SERVER, text: 'AAAA-AAAA-AAAA-AAAA-AAAA', tab: TAB.id },
		])
	})
	it.each([
		['a server that is none', { server: '' }, 'http://watch.example', 'It begins with https://'],
		['a page that lets no extension in', { letsScriptIn: false }, SERVER, 'no extension work on this page'],
	])('[XT84] %s is named, and what was typed stays', async (_what, more, typed, sentence) => {
		const { sent } = await setUp(NONE, more)
		await type('Server', typed)
		await click('Start a room with this page')
		expect(screen.getByRole('alert').textContent).toContain(sentence)
		expect(screen.getByLabelText<HTMLInputElement>('Server').value).toBe(typed)
		expect(sent.filter((message) => message.type === 'start')).toEqual([])
	})
	it('[XT84] a link of another server is not joined at this one; with no server yet it names it', async () => {
		const link = 'https://other.example/r#AAAA-AAAA-AAAA-AAAA-AAAA'
		const first = await setUp(NONE)
		await type('Room code or link', link)
		await click('Join')
		expect(screen.getByRole('alert').textContent).toContain('other.example')
		expect(first.sent.filter((message) => message.type === 'join')).toEqual([])
		cleanup()
		const second = await setUp(NONE, { server: '' })
		await type('Room code or link', link)
		await click('Join')
		expect(second.sent).toContainEqual({
			type: 'join',
			server: 'https://other.example',
			text: link,
			tab: TAB.id,
		})
		expect(second.kept()).toBe('https://other.example')
	})
	it('[XT84] with no page under it nothing can be started, and it says so', async () => {
		await setUp(NONE, { tab: null })
		expect(screen.getByRole<HTMLButtonElement>('button', { name: /Start/ }).disabled).toBe(true)
		expect(text()).toContain('There is no page here')
	})
	it('[XT84] why there is no room stands first', async () => {
		await setUp({ ...NONE, problem: { title: 'There is no room by this code', detail: 'Check the code.' } })
		expect(screen.getByRole('alert').textContent).toContain('There is no room by this code')
	})
	it('[XT81] says who one is, takes another name by keyboard, and leads to signing in and out', async () => {
		const { sent, show } = await setUp(NONE)
		expect(text()).toContain('a guest, on this device')
		await click('Change name')
		await type('Your name', 'Brass Owl')
		await fireEvent.submit(screen.getByLabelText('Your name').closest('form') as HTMLFormElement)
		await settled()
		await click('Change name')
		await fireEvent.keyDown(screen.getByLabelText('Your name'), { key: 'Escape' })
		await settled()
		expect(screen.queryByLabelText('Your name')).toBeNull()
		expect(document.activeElement?.textContent).toBe('Change name')
		await click('Sign in')
		await show({ ...NONE, me: { name: 'Lizi', isAccount: true }, note: 'The server is away.' })
		expect(text()).toContain('your account on watch.example')
		expect(screen.getByRole('alert').textContent).toBe('The server is away.')
		await click('Sign out')
		expect(sent.slice(1)).toEqual([
			{ type: 'rename', server: SERVER, name: 'Brass Owl' },
			{ type: 'ask-sign-in', server: SERVER },
			{ type: 'sign-out', server: SERVER },
		])
	})
})

describe('what a server or a room asks first', () => {
	it('[XT82] the door’s password, with the wrong one told beside it', async () => {
		const { sent, show } = await setUp({ type: 'door', server: SERVER, problem: null, isChecking: false })
		const field = screen.getByLabelText<HTMLInputElement>('Door password')
		expect(document.activeElement).toBe(field)
		await type('Door password', 'brass')
		await click('Open the door')
		await show({ type: 'door', server: SERVER, problem: 'This is not the door password.', isChecking: false })
		expect(screen.getByRole('alert').textContent).toBe('This is not the door password.')
		expect(field.value).toBe('brass')
		await show({ type: 'door', server: SERVER, problem: null, isChecking: true })
		expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Open the door' }).disabled).toBe(true)
		await click('Back')
		expect(sent).toEqual([{ type: 'door', text: 'brass' }, { type: 'leave' }])
	})
	it('[XT84] a room’s password', async () => {
		const { sent } = await setUp({
			type: 'password',
			title: 'Sunday',
			problem: 'That is not the password of this room.',
			isChecking: false,
		})
		expect(text()).toContain('Sunday')
		expect(screen.getByRole('alert').textContent).toContain('not the password')
		await type('Room password', 'sesame')
		await click('Enter')
		expect(sent).toEqual([{ type: 'password', text: 'sesame' }])
	})
	const SIGN_IN: Extract<PopupView, { type: 'sign-in' }> = {
		type: 'sign-in',
		server: SERVER,
		passwords: true,
		signUp: false,
		providers: [],
		isNeeded: true,
		problem: null,
		field: null,
		isChecking: false,
	}
	it('[XT81] username and password, with the problem at its field', async () => {
		const { sent, show } = await setUp(SIGN_IN)
		expect(text()).toContain('takes no guests')
		expect(screen.queryByRole('button', { name: 'Open the web app' })).toBeNull()
		await type('Username', 'lizi')
		await type('Password', 'nope')
		await click('Sign in')
		await show({ ...SIGN_IN, problem: 'They do not fit.', field: 'password' })
		expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true')
		expect(screen.getByLabelText('Username').getAttribute('aria-invalid')).toBe('false')
		expect(sent).toEqual([{ type: 'sign-in', username: 'lizi', password: 'nope' }])
	})
	it('[XT81] where providers alone sign people in it says so and opens the web app', async () => {
		const { done } = await setUp({ ...SIGN_IN, passwords: false, providers: ['Google', 'Acme'] })
		expect(screen.queryByLabelText('Password')).toBeNull()
		expect(text()).toContain('Google and Acme')
		await click('Open the web app')
		expect(done).toEqual([['openPage', `${SERVER}/login`]])
	})
})

describe('in a room', () => {
	it('[XT84] shows the film with its place in the queue, and who is here and how far from it', async () => {
		const { sent } = await setUp(ROOM)
		expect(text()).toContain('2 of 5 in the queue')
		expect(text()).toContain('2 people here')
		expect(screen.getByText('Brass Owl').parentElement?.textContent).toContain('1.2 s behind')
		expect(screen.getByText('Ash Grebe').parentElement?.textContent).toContain('away')
		await click('Pause for everyone')
		await click('Leave the room')
		expect(sent).toEqual([{ type: 'steer', isPlaying: false }, { type: 'leave' }])
	})
	it.each([
		['another film', { film: { ...FILM, obstacle: 'other-page' } }, 'watches something else'],
		['no video', { film: { ...FILM, obstacle: 'no-video' } }, 'no video on the page'],
		['a browser that waits', { film: { ...FILM, obstacle: 'blocked' } }, 'waits for a click'],
		['an ad', { film: { ...FILM, obstacle: 'ad' } }, 'shows an ad'],
		['copy protection', { page: { ...PAGE, isProtected: true } }, 'can still play, pause and seek'],
		[
			'protection that refuses',
			{ page: { ...PAGE, isProtected: true, refuses: 'play' } },
			'does not do what the room asks',
		],
		['a player that does not start', { page: { ...PAGE, refuses: 'play' } }, 'Start it on the page'],
		['a player that does not go there', { page: { ...PAGE, refuses: 'seek' } }, 'Move it there'],
		['a site that needs a click', { isShutOut: true, tab: null, page: null }, 'not let into'],
		['who may not steer', { whyNotSteer: 'Only operators may.' }, 'Only operators may.'],
		['who is offline', { connection: 'offline' }, 'No connection'],
		['what the room says', { note: 'This was refused.' }, 'This was refused.'],
	] as const)('[XT84] %s is told in one sentence', async (_what, more, sentence) => {
		await setUp({ ...ROOM, ...more })
		expect(text()).toContain(sentence)
	})
	it('[XT84] a film of another page and a video in a frame have a way there', async () => {
		const url = 'https://frames.example/embed/1'
		const frame = { host: 'frames.example', url }
		const { done, show } = await setUp({ ...ROOM, page: { ...PAGE, hasVideo: false, frame } })
		expect(text()).toContain('in a frame of frames.example')
		await click('Open it alone on frames.example')
		await show({ ...ROOM, film: { ...FILM, obstacle: 'other-page', url: 'https://video.example/v/2' } })
		await click('Open it on video.example')
		expect(done).toEqual([
			['goTo', TAB.id, url],
			['goTo', TAB.id, 'https://video.example/v/2'],
		])
	})
	it('[XT84] a permission for the site is asked for by a click alone, and its refusal told', async () => {
		const { done } = await setUp(ROOM, { isAllowed: false })
		expect(done).toEqual([])
		await click('Stay in the room on this site')
		expect(done).toEqual([['allow', 'https://video.example/*']])
		expect(screen.getByRole('alert').textContent).toContain('was not let into video.example')
	})
	it('[XT84] a link that cannot be copied stands there, and settings are a click away', async () => {
		const { done } = await setUp(ROOM)
		await click('Copy the room’s link')
		expect(text()).toContain('did not let the link be copied')
		await click('Settings')
		expect(done).toEqual([['openSettings']])
	})
})

describe('the room’s document', () => {
	it('[XT86] started anew, it is found again, and the room that was left is offered', async () => {
		const set = await setUp(NONE)
		await set.show(ROOM)
		set.lose()
		await settled()
		await set.show({ ...NONE, me: { name: 'Lizi', isAccount: true } })
		expect(text()).toContain('The extension was started anew')
		await click('Go back into the room')
		expect(set.sent.at(-1)).toEqual({ type: 'join', server: SERVER, text: ROOM.link, tab: TAB.id })
	})
	it('[XT86] a room that was left is offered by nobody', async () => {
		const set = await setUp(NONE)
		await set.show(ROOM)
		await set.show(NONE)
		set.lose()
		await settled()
		expect(text()).not.toContain('started anew')
	})
	it('[XT86] one that never answers is told as that, and asked again by a click', async () => {
		let isThere = false
		await setUp(NONE, { opens: () => isThere })
		expect(screen.getByRole('alert').textContent).toContain('does not answer')
		isThere = true
		await click('Try again')
		expect(text()).toContain('Start a room with this page')
	})
})
