import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type {
	AccountDetails,
	AccountResult,
	SettingsScreenProps,
	SignInScreenProps,
} from './account-props.ts'
import SettingsScreen from './SettingsScreen.svelte'
import SignInScreen from './SignInScreen.svelte'

afterEach(cleanup)
beforeAll(() => {
	URL.createObjectURL = () => 'blob:preview'
	URL.revokeObjectURL = () => undefined
})

const WAYS = {
	type: 'ways-in',
	passwords: true,
	signUp: true,
	guests: true,
	door: false,
	issuers: [{ id: 'google', name: 'Google' }],
} as const
const refused = (
	field: 'username' | 'password' | 'new-password' | 'name' | 'picture' | 'form',
	message: string,
) => ({ type: 'refused', field, message }) as const
const button = (name: string) => screen.getByRole('button', { name })
const box = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name })
const labelled = (name: string) => screen.getByLabelText<HTMLInputElement>(name)
const type = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } })

const signIn = (more: Partial<SignInScreenProps> = {}) => {
	const asked: unknown[][] = []
	const done =
		(name: string) =>
		async (...values: unknown[]): Promise<AccountResult> => {
			asked.push([name, ...values])
			return { type: 'done' }
		}
	const note =
		(name: string) =>
		(...values: unknown[]) =>
			void asked.push([name, ...values])
	const props: SignInScreenProps = {
		view: WAYS,
		problem: null,
		returnsToRoom: false,
		guestName: 'Quiet Heron',
		openDoor: done('openDoor'),
		signIn: done('signIn'),
		signUp: done('signUp'),
		useProvider: note('useProvider'),
		skip: note('skip'),
		retry: note('retry'),
		...more,
	}
	return { asked, ...render(SignInScreen, { props }) }
}

describe('signing in', () => {
	it('[UX60] has the fixed names, and fields that password managers know', () => {
		signIn()
		expect(box('Username').autocomplete).toBe('username')
		expect(labelled('Password').autocomplete).toBe('current-password')
		expect(labelled('Password').type).toBe('password')
		for (const name of ['Sign in', 'Create account', 'Continue with Google', 'Go on without an account'])
			expect(button(name), name).toBeTruthy()
	})
	it('[UX60] Sign in takes username and password, and stays busy until the page changes', async () => {
		const { asked } = signIn()
		await type(box('Username'), ' ana ')
		await type(labelled('Password'), ' two words ')
		await fireEvent.click(button('Sign in'))
		await fireEvent.click(button('Sign in'))
		expect(asked).toEqual([['signIn', 'ana', ' two words ']])
		expect(button('Sign in').getAttribute('aria-busy')).toBe('true')
	})
	it('[UX61] creating an account is a form of its own, and what was typed comes along', async () => {
		const { asked } = signIn()
		await type(box('Username'), 'ana')
		await fireEvent.click(button('Create account'))
		expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Create account')
		expect(box('Username').value).toBe('ana')
		expect(document.activeElement).toBe(labelled('Password'))
		expect(labelled('Password').autocomplete).toBe('new-password')
		await type(labelled('Password'), 'correct horse')
		await type(box('Your name'), 'Ana')
		await fireEvent.click(button('Create account'))
		expect(asked).toEqual([['signUp', 'ana', 'correct horse', 'Ana']])
	})
	it('[UX61] with both fields filled Create account creates it at once; after a refusal it only turns the form', async () => {
		const { asked, unmount } = signIn()
		await type(box('Username'), 'ana')
		await type(labelled('Password'), 'correct horse')
		await fireEvent.click(button('Create account'))
		expect(asked).toEqual([['signUp', 'ana', 'correct horse', '']])
		unmount()

		const again = signIn({ signIn: async () => refused('password', 'They do not fit together.') })
		await type(box('Username'), 'ana')
		await type(labelled('Password'), 'wrong')
		await fireEvent.click(button('Sign in'))
		await screen.findByRole('alert')
		await fireEvent.click(button('Create account'))
		expect(again.asked).toEqual([])
		expect(screen.queryByRole('alert')).toBeNull()
	})
	it('[UX62] what is wrong stands at its field, which keeps its text and has the focus', async () => {
		signIn({ signIn: async () => refused('password', 'Username and password do not fit together.') })
		await fireEvent.click(button('Sign in'))
		expect(box('Username').getAttribute('aria-invalid')).toBe('true')
		expect(screen.getByRole('alert').textContent).toContain('Type a username.')
		await waitFor(() => {
			expect(document.activeElement).toBe(box('Username'))
		})
		await type(box('Username'), 'ana')
		await type(labelled('Password'), 'matinee-1')
		await fireEvent.click(button('Sign in'))
		const alert = await screen.findByRole('alert')
		expect(labelled('Password').getAttribute('aria-describedby')).toBe(alert.id)
		await waitFor(() => {
			expect(document.activeElement).toBe(labelled('Password'))
		})
		expect(labelled('Password').value).toBe('matinee-1')
		expect(button('Sign in').getAttribute('aria-busy')).toBe('false')
		await type(labelled('Password'), 'matinee-2')
		expect(screen.queryByRole('alert')).toBeNull()
	})
	it('[UX62] when to try again is told at the form', async () => {
		signIn({ signIn: async () => refused('form', 'Too many tries. Try again in 43 s.') })
		await type(box('Username'), 'ana')
		await type(labelled('Password'), 'x')
		await fireEvent.click(button('Sign in'))
		expect((await screen.findByRole('alert')).textContent).toContain('in 43 s')
		expect(labelled('Password').getAttribute('aria-invalid')).toBe('false')
	})
	it('[UX63] a password can be shown, and the button does not answer to its label', async () => {
		signIn()
		await type(labelled('Password'), 'secret')
		await fireEvent.click(button('Show password'))
		expect(labelled('Password').type).toBe('text')
		expect(labelled('Password').value).toBe('secret')
		await fireEvent.click(button('Hide password'))
		expect(labelled('Password').type).toBe('password')
	})
	it('[UX64] only what the server offers is there', () => {
		const { unmount } = signIn({ view: { ...WAYS, signUp: false, guests: false, issuers: [] } })
		expect(screen.queryByRole('button', { name: 'Create account' })).toBeNull()
		expect(screen.queryByRole('button', { name: 'Go on without an account' })).toBeNull()
		expect(screen.getByText(/takes no guests/)).toBeTruthy()
		unmount()
		const only = signIn({ view: { ...WAYS, passwords: false } })
		expect(screen.queryByRole('textbox')).toBeNull()
		expect(button('Continue with Google')).toBeTruthy()
		only.unmount()
		signIn({ view: { ...WAYS, passwords: false, issuers: [] } })
		expect(screen.getByRole('heading', { name: 'No accounts here' })).toBeTruthy()
		expect(button('Go on without an account')).toBeTruthy()
	})
	it('[UX64] a provider is asked once; what went wrong there is told in words', async () => {
		const { asked } = signIn({ problem: 'You came back without being signed in.' })
		expect(screen.getByRole('alert').textContent).toContain('You came back')
		await fireEvent.click(button('Continue with Google'))
		await fireEvent.click(button('Continue with Google'))
		await fireEvent.click(button('Go on without an account'))
		expect(asked).toEqual([['useProvider', 'google'], ['skip']])
	})
	it('[UX65] where there is a door password, it comes first', async () => {
		const tries: string[] = []
		const { rerender } = signIn({
			view: { type: 'door' },
			openDoor: async (password) => {
				tries.push(password)
				return refused('password', 'This is not the door password.')
			},
		})
		expect(screen.queryByRole('button', { name: 'Sign in' })).toBeNull()
		await type(labelled('Door password'), 'sesame')
		await fireEvent.click(button('Open the door'))
		expect((await screen.findByRole('alert')).textContent).toContain('This is not the door password.')
		expect(tries).toEqual(['sesame'])
		expect(document.activeElement).toBe(labelled('Door password'))
		await rerender({ view: WAYS })
		expect(button('Sign in')).toBeTruthy()
	})
	it('[UX65] with the server away it says what still works and asks again', async () => {
		const { asked } = signIn({ view: { type: 'server-away' }, returnsToRoom: true })
		await fireEvent.click(button('Try again'))
		await fireEvent.click(button('Back to the room'))
		expect(asked).toEqual([['retry'], ['skip']])
	})
})

const NOW = new Date(2026, 10, 21, 20, 16).getTime()
const ana: AccountDetails = {
	kind: 'local',
	username: 'ana',
	name: 'Ana',
	pictureUrl: null,
	provider: null,
	createdAtMs: new Date(2026, 10, 2).getTime(),
	devices: [
		{ id: 'one', agent: 'Firefox on Linux', createdAtMs: NOW - 3_600_000, lastSeenAtMs: NOW, isThis: true },
		{
			id: 'two',
			agent: 'Safari on iPhone',
			createdAtMs: NOW - 9 * 86_400_000,
			lastSeenAtMs: NOW - 86_400_000,
			isThis: false,
		},
	],
}
const OWN = { hidesAddress: false, toleranceMs: 40 }
const settings = (more: Partial<SettingsScreenProps> = {}) => {
	const asked: unknown[][] = []
	const done =
		(name: string) =>
		async (...values: unknown[]): Promise<AccountResult> => {
			asked.push([name, ...values])
			return { type: 'done' }
		}
	const props: SettingsScreenProps = {
		account: ana,
		isLoading: false,
		isServerAway: false,
		nowMs: () => NOW,
		signInHref: '/login#back=%2Fsettings',
		guestName: 'Quiet Heron',
		rename: done('rename'),
		setPicture: done('setPicture'),
		removePicture: done('removePicture'),
		changePassword: done('changePassword'),
		signOut: done('signOut'),
		signOutDevice: done('signOutDevice'),
		exportData: done('exportData'),
		deleteAccount: done('deleteAccount'),
		own: OWN,
		setOwn: (change) => void asked.push(['setOwn', change]),
		offline: { type: 'ready' },
		retryOffline: () => void asked.push(['retryOffline']),
		...more,
	}
	return { asked, ...render(SettingsScreen, { props }) }
}

describe('the account and this device', () => {
	it('[UX66] the name is changed in its field; refused, it stays with the reason', async () => {
		const names: string[] = []
		settings({
			rename: async (name) => {
				names.push(name)
				return names.length === 1 ? refused('name', 'A name has letters.') : { type: 'done' }
			},
		})
		expect(box('Your name').value).toBe('Ana')
		expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
		await type(box('Your name'), ' Anna ')
		await fireEvent.click(button('Save'))
		expect((await screen.findByRole('alert')).textContent).toContain('A name has letters.')
		expect(box('Your name').value).toBe(' Anna ')
		await fireEvent.click(button('Save'))
		expect(await screen.findByText('Saved. Rooms show it from now on.')).toBeTruthy()
		expect(names).toEqual(['Anna', 'Anna'])
	})
	it('[UX66] a picture is chosen and shown while it is on its way, refused with the reason, and removed', async () => {
		let answer: (result: AccountResult) => void = () => undefined
		const { container, rerender, asked } = settings({
			setPicture: () => new Promise((resolve) => (answer = resolve)),
		})
		const file = new File(['x'], 'me.png', { type: 'image/png' })
		await fireEvent.change(container.querySelector('input[type=file]')!, { target: { files: [file] } })
		expect(container.querySelector('img')?.src).toBe('blob:preview')
		answer(refused('picture', 'This is no picture.'))
		expect((await screen.findByRole('alert')).textContent).toContain('This is no picture.')
		expect(container.querySelector('img')).toBeNull()
		await rerender({ account: { ...ana, pictureUrl: '/api/pictures/x' } })
		await fireEvent.click(button('Remove it'))
		expect(asked).toEqual([['removePicture']])
	})
	it('[UX67] devices are listed with when they were last here, and signed out one by one or all', async () => {
		const { asked } = settings()
		const items = within(screen.getByRole('list', { name: 'Devices' })).getAllByRole('listitem')
		expect(items.map((item) => item.textContent.replaceAll(/\s+/g, ' ').trim())).toEqual([
			'Firefox on LinuxThis device Signed in today, 19:16',
			'Safari on iPhone Last here yesterday, 20:16, signed in 12 November Sign out',
		])
		await fireEvent.click(within(items[1]!).getByRole('button', { name: 'Sign out' }))
		expect(await screen.findByText('Safari on iPhone is signed out.')).toBeTruthy()
		await fireEvent.click(button('Sign out everywhere'))
		await waitFor(() => {
			expect(asked).toEqual([
				['signOutDevice', 'two'],
				['signOut', { everywhere: true }],
			])
		})
	})
	it('[UX68] a new password takes the old one; each refusal stands at its own field', async () => {
		let result: AccountResult = refused('password', 'The password so far is another one.')
		const tries: string[][] = []
		settings({
			changePassword: async (current, next) => {
				tries.push([current, next])
				return result
			},
		})
		await fireEvent.click(button('Change password'))
		await waitFor(() => {
			expect(document.activeElement).toBe(labelled('Current password'))
		})
		await type(labelled('Current password'), 'old')
		await type(labelled('New password'), 'short')
		await fireEvent.click(button('Save the new password'))
		await waitFor(() => {
			expect(labelled('Current password').getAttribute('aria-invalid')).toBe('true')
		})
		result = refused('new-password', 'This password is too short.')
		await fireEvent.click(button('Save the new password'))
		await waitFor(() => {
			expect(labelled('New password').getAttribute('aria-invalid')).toBe('true')
		})
		expect(labelled('Current password').getAttribute('aria-invalid')).toBe('false')
		result = { type: 'done' }
		await fireEvent.click(button('Save the new password'))
		expect(await screen.findByText(/Your other devices are signed out/)).toBeTruthy()
		expect(document.activeElement).toBe(button('Change password'))
		expect(tries).toHaveLength(3)
	})
	it('[UX68] without a password here there is nothing to change', () => {
		settings({ account: { ...ana, kind: 'oidc', username: null, provider: 'Google' } })
		expect(screen.queryByRole('button', { name: 'Change password' })).toBeNull()
		expect(screen.getByText('There is none here: Google signs you in.')).toBeTruthy()
	})
	it('[UX69] deleting asks first, with the password where there is one', async () => {
		const passwords: string[] = []
		const { asked } = settings({
			deleteAccount: async (password) => {
				passwords.push(password)
				return refused('password', 'This is not the password of this account.')
			},
		})
		await fireEvent.click(button('Export my data'))
		expect(asked).toEqual([['exportData']])
		await fireEvent.click(button('Delete account'))
		const dialog = within(screen.getByRole('dialog', { name: 'Delete this account?' }))
		await fireEvent.click(dialog.getByRole('button', { name: 'Delete it for good' }))
		expect(dialog.getByRole('alert').textContent).toContain('Type your password.')
		expect(passwords).toEqual([])
		await type(dialog.getByLabelText('Password'), 'nope')
		await fireEvent.click(dialog.getByRole('button', { name: 'Delete it for good' }))
		expect((await dialog.findByRole('alert')).textContent).toContain('not the password')
		expect(passwords).toEqual(['nope'])
		await fireEvent.click(dialog.getByRole('button', { name: 'Keep it' }))
		expect(screen.queryByRole('dialog')).toBeNull()
	})
	it('[UX70] a guest has a name on this device and a way to sign in', async () => {
		const { asked } = settings({ account: null })
		expect(box('Your name').value).toBe('Quiet Heron')
		expect(screen.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/login#back=%2Fsettings')
		for (const name of ['Sign out', 'Choose a picture', 'Delete account'])
			expect(screen.queryByRole('button', { name }), name).toBeNull()
		await type(box('Your name'), 'Bo')
		await fireEvent.submit(box('Your name').closest('form')!)
		expect(asked).toEqual([['rename', 'Bo']])
	})
	it('[UX70] with the server away the guest’s name can still be changed', () => {
		settings({ account: null, isServerAway: true })
		expect(screen.getByText(/The server is away/)).toBeTruthy()
		expect(box('Your name')).toBeTruthy()
		expect(screen.queryByRole('link', { name: 'Sign in' })).toBeNull()
	})
})

describe('hiding one’s address', () => {
	it('[UX80] is a switch of its own, in the words it has in rooms, for guests too', async () => {
		for (const account of [ana, null]) {
			const { asked, rerender, unmount } = settings({ account })
			const box = screen.getByRole<HTMLInputElement>('switch', { name: 'Hide my address' })
			expect(box.checked).toBe(false)
			expect(screen.getByText('Others see only the server’s address. It may be slower.')).toBeTruthy()
			await fireEvent.click(box)
			expect(asked).toEqual([['setOwn', { hidesAddress: true }]])
			await rerender({ own: { ...OWN, hidesAddress: true } })
			expect(box.checked).toBe(true)
			unmount()
		}
	})
	it('[UX80] is not offered before it is known', () => {
		settings({ own: null })
		expect(screen.queryByRole('switch', { name: 'Hide my address' })).toBeNull()
		expect(screen.queryByRole('slider', { name: 'Sync tolerance' })).toBeNull()
	})
})

describe('opening offline', () => {
	it('[OF10] ready is said with what it is good for', () => {
		settings({ offline: { type: 'ready' } })
		expect(screen.getByText('Ready offline')).toBeTruthy()
		expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
	})
	it.each([
		['full', /no storage left/],
		['refused', /refuses to keep pages/],
		['not-fetched', /could be fetched yet/],
	] as const)('[OF10] %s is told in words, and can be tried again', async (why, words) => {
		const { asked } = settings({ offline: { type: 'not-ready', why } })
		expect(screen.getByText('Not ready offline')).toBeTruthy()
		expect(screen.getByText(words).textContent).toContain('Online all works as before.')
		await fireEvent.click(button('Try again'))
		expect(asked).toEqual([['retryOffline']])
	})
	it('[OF10] a browser that cannot is not asked again, and while it is looked at that is said', () => {
		const { rerender } = settings({ offline: { type: 'not-ready', why: 'unsupported' } })
		expect(screen.getByText(/private windows/)).toBeTruthy()
		expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
		return rerender({ offline: { type: 'looking' } }).then(() => {
			expect(screen.getByText(/^Looking at what is kept/)).toBeTruthy()
		})
	})
})
