import type { AccountOutcome } from '#lib/session/account-words.ts'
import type { Device } from '#lib/session/device.ts'
import type { FoundOpenRoom, FoundRoom } from '#lib/session/find-room.ts'
import type { RoomModel } from '#lib/session/room-model.ts'
import type { RoomEnd } from '#lib/session/standing.ts'
import { describe, expect, it } from 'vitest'
import type { PopupView } from '../wire/popup-messages.ts'
import { popupView } from '../wire/popup-messages.ts'
import { createEnterRoom, type RoomApp } from './enter-room.ts'

const SERVER = 'https://watch.example'
const CODE = 'AAAA-AAAA-AAAA-AAAA-AAAA'
const FOUND = { type: 'found' } as FoundOpenRoom
const DONE: AccountOutcome = { type: 'done' }

/** A server with what it wants of whoever comes, and the popup that is told. */
const setUp = () => {
	const server = {
		/** What it wants before it lets the device in. */
		wants: null as 'door-closed' | 'guests-off' | 'unreachable' | null,
		found: FOUND as FoundRoom,
		account: 'guest' as 'guest' | 'signed-in' | 'away' | 'door',
		passwords: true,
		issuers: [] as { readonly id: string; readonly name: string }[],
		trouble: null as { readonly type: string } | null,
		otherVersion: null as 'newer' | 'older' | null,
		missing: null as string | null,
		door: async (_password: string): Promise<AccountOutcome> => DONE,
		signIn: async (_username: string, _password: string): Promise<AccountOutcome> => DONE,
	}
	const opened: {
		code: string
		isClosed: boolean
		end: (end: RoomEnd) => void
		model: (model: object) => void
	}[] = []
	const app: RoomApp = {
		openDevice: async () =>
			({
				name: async () => 'Teal Wren',
				identity: {
					token: async () => (server.wants === null ? {} : null),
					whyNone: () => server.wants,
					known: async () => ({ isAccount: server.account === 'signed-in' }),
				},
				api: { trouble: () => server.trouble },
			}) as unknown as Device,
		openAccount: () => ({
			load: async () => undefined,
			state: () => ({ type: server.account }) as never,
			offer: () => ({
				guests: server.wants !== 'guests-off',
				passwords: server.passwords,
				signUp: false,
				door: false,
				issuers: server.issuers,
			}),
			openDoor: (password) => server.door(password),
			signIn: (username, password) => server.signIn(username, password),
			signOut: async () => {
				server.account = 'guest'
				return DONE
			},
			rename: async (name) =>
				name.trim() === '' ? { type: 'refused', field: 'name', message: 'no name' } : DONE,
		}),
		otherVersion: () => server.otherVersion,
		describeMissing: async () => server.missing,
		findRoom: async () => server.found,
		createRoom: async () => CODE,
		openRoom: async (_device, _found, code, { onEnd }) => {
			const listeners = new Set<(model: RoomModel) => void>()
			const one = {
				code,
				isClosed: false,
				end: onEnd,
				model: (model: object) => listeners.forEach((fn) => fn(model as RoomModel)),
			}
			opened.push(one)
			return {
				onChange: (fn: (model: RoomModel) => void) => listeners.add(fn),
				close: () => (one.isClosed = true),
			} as never
		},
	}
	let view: PopupView = { type: 'opening' }
	let left = 0
	const way = createEnterRoom({
		app,
		ownOrigin: 'chrome-extension://abc',
		show: (next) => {
			// What cannot be told to the popup would be dropped there.
			expect(popupView.parse(next)).toEqual(next)
			view = next
		},
		onOpen: () => (view = { type: 'room' } as PopupView),
		onClose: () => undefined,
		onLeave: () => left++,
	})
	const settled = () => new Promise<void>((resolve) => setTimeout(resolve))
	return { server, way, opened, view: () => view, left: () => left, settled }
}
type Set = ReturnType<typeof setUp>
const problemOf = (at: Set) => {
	const view = at.view()
	return view.type === 'none' ? view.problem : view.type
}

describe('the way into a room', () => {
	it('[XT82] a server with a door asks for its password, says at once that one is wrong, and goes on where it was', async () => {
		const at = setUp()
		at.server.wants = 'door-closed'
		const tried: string[] = []
		at.server.door = async (password) => {
			tried.push(password)
			if (password !== 'velvet') return { type: 'refused', field: 'password', message: 'not the one' }
			at.server.wants = null
			return DONE
		}
		await at.way.join(SERVER, CODE)
		expect(at.view()).toEqual({ type: 'door', server: SERVER, problem: null, isChecking: false })
		const trying = at.way.door('brass')
		expect(at.view()).toMatchObject({ type: 'door', isChecking: true })
		await at.way.door('twice at once')
		await trying
		expect(at.view()).toMatchObject({ type: 'door', problem: 'not the one', isChecking: false })
		await at.way.door('velvet')
		expect(tried).toEqual(['brass', 'velvet'])
		expect(at.opened.map(({ code }) => code)).toEqual([CODE])
		expect(at.left()).toBe(0)
	})
	it('[XT82] a door that was closed anew is asked for too, though the device still has a token', async () => {
		const at = setUp()
		at.server.found = { type: 'busy', retryAfterMs: 1 }
		at.server.account = 'door'
		await at.way.join(SERVER, CODE)
		expect(at.view().type).toBe('door')
	})
	it('[XT81] a server that takes no guests asks who one is, and the room that was wanted is started then', async () => {
		const at = setUp()
		at.server.wants = 'guests-off'
		at.server.issuers = [{ id: 'google', name: 'Google' }]
		let didOpen = 0
		at.server.signIn = async (username, password) => {
			if (username !== 'lizi' || password !== 'right')
				return { type: 'refused', field: 'password', message: 'they do not fit' }
			at.server.wants = null
			return DONE
		}
		await at.way.start(SERVER, async () => void didOpen++)
		expect(at.view()).toMatchObject({
			type: 'sign-in',
			passwords: true,
			providers: ['Google'],
			isNeeded: true,
			problem: null,
		})
		await at.way.signIn(' ', 'right')
		expect(at.view()).toMatchObject({ type: 'sign-in', field: 'username', problem: 'Type a username.' })
		await at.way.signIn('lizi', '')
		expect(at.view()).toMatchObject({ field: 'password', problem: 'Type a password.' })
		await at.way.signIn('lizi', 'wrong')
		expect(at.view()).toMatchObject({ field: 'password', problem: 'they do not fit', isChecking: false })
		await at.way.signIn(' lizi ', 'right')
		expect(at.opened).toHaveLength(1)
		expect(didOpen).toBe(1)
	})
	it('[XT81] one signs in without a room too, is told where there are no accounts, and signs out', async () => {
		const at = setUp()
		at.server.passwords = false
		await at.way.askSignIn(SERVER)
		expect(problemOf(at)).toMatchObject({ title: 'No accounts here' })
		at.server.issuers = [{ id: 'acme', name: 'Acme' }]
		await at.way.askSignIn(SERVER)
		expect(at.view()).toMatchObject({ type: 'sign-in', passwords: false, isNeeded: false })
		at.server.passwords = true
		await at.way.askSignIn(SERVER)
		at.server.signIn = async () => {
			at.server.account = 'signed-in'
			return DONE
		}
		await at.way.signIn('lizi', 'right')
		await at.settled()
		expect(at.view()).toMatchObject({ type: 'none', me: { name: 'Teal Wren', isAccount: true } })
		await at.way.signOut(SERVER)
		expect(at.view()).toMatchObject({ type: 'none', me: { isAccount: false }, note: null })
	})
	it('[XT81] another name is taken or its refusal told, while no room is open', async () => {
		const at = setUp()
		await at.way.look(SERVER)
		await at.way.rename(SERVER, ' ')
		expect(at.view()).toMatchObject({ type: 'none', note: 'no name' })
		await at.way.rename(SERVER, 'Brass Owl')
		expect(at.view()).toMatchObject({ type: 'none', note: null })
		await at.way.join(SERVER, CODE)
		await at.way.rename(SERVER, ' ')
		expect(at.view().type).toBe('room')
	})
	it('[XT81] whoever goes back is asked nothing more, and an answer that comes late does nothing', async () => {
		const at = setUp()
		at.server.wants = 'door-closed'
		let answer: (outcome: AccountOutcome) => void = () => undefined
		at.server.door = () => new Promise((resolve) => (answer = resolve))
		await at.way.join(SERVER, CODE)
		const trying = at.way.door('velvet')
		at.way.leave()
		answer(DONE)
		await trying
		await at.way.door('velvet')
		expect(at.view().type).toBe('none')
		expect(at.opened).toEqual([])
		expect(at.left()).toBe(1)
	})
})

describe('what stops somebody on the way', () => {
	it.each([
		['a wrong code', 'no code', {}, 'The room could not be opened'],
		['a room that nobody knows', CODE, { found: { type: 'unknown' } }, 'There is no room by this code'],
		['another room’s root', CODE, { found: { type: 'bad-root' } }, 'This code does not open the room'],
		['too many tries', CODE, { found: { type: 'busy', retryAfterMs: 4_000 } }, 'Too many tries'],
		[
			'a server that is away',
			CODE,
			{ wants: 'unreachable', found: { type: 'server-away' } },
			'The server does not answer',
		],
		['a browser that lacks something', CODE, { missing: 'It lacks locks.' }, 'The room could not be opened'],
	] as const)('[XT85] %s is told in its own words', async (_what, code, more, title) => {
		const at = setUp()
		Object.assign(at.server, more)
		await at.way.join(SERVER, code)
		expect(problemOf(at)).toMatchObject({ title })
		expect(at.left()).toBe(1)
	})
	it('[XT85] a server that does not allow the extension is told apart, with what its operator adds', async () => {
		const at = setUp()
		at.server.wants = 'unreachable'
		at.server.trouble = { type: 'origin-refused' }
		await at.way.start(SERVER, async () => undefined)
		expect(JSON.stringify(problemOf(at))).toContain('chrome-extension://abc')
	})
	it('[XT83] a room or a server of a newer Matinee wants a newer extension; an older server is told as that', async () => {
		const at = setUp()
		at.server.found = { type: 'newer' }
		await at.way.join(SERVER, CODE)
		expect(problemOf(at)).toEqual({
			title: 'This room uses a newer Matinee',
			detail: 'Update the extension.',
		})
		at.server.wants = 'unreachable'
		at.server.otherVersion = 'newer'
		await at.way.start(SERVER, async () => undefined)
		expect(problemOf(at)).toMatchObject({ title: 'watch.example uses a newer Matinee' })
		at.server.otherVersion = 'older'
		await at.way.start(SERVER, async () => undefined)
		expect(problemOf(at)).toMatchObject({ title: 'watch.example uses an older Matinee' })
	})
	it('[XT83] a server that changed its version ends a room without links, and one with links goes on', async () => {
		const at = setUp()
		await at.way.join(SERVER, CODE)
		const [room] = at.opened
		room?.model({ connection: { direct: 1, relayed: 0, serverVersion: 'newer' } })
		expect(at.way.session()).not.toBeNull()
		room?.model({ connection: { direct: 0, relayed: 0 } })
		expect(at.way.session()).not.toBeNull()
		room?.model({ connection: { direct: 0, relayed: 0, serverVersion: 'newer' } })
		expect(at.way.session()).toBeNull()
		expect(room?.isClosed).toBe(true)
		expect(problemOf(at)).toMatchObject({ detail: 'Update the extension.' })
	})
	it('[XT85] whoever asks for another room meanwhile gets that one only', async () => {
		const at = setUp()
		const first = at.way.join(SERVER, CODE)
		const second = at.way.join(SERVER, CODE.replaceAll('A', 'B'))
		await Promise.all([first, second])
		expect(at.opened.filter(({ isClosed }) => !isClosed).map(({ code }) => code)).toEqual([
			CODE.replaceAll('A', 'B'),
		])
	})
})
