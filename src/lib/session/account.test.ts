import { describe, expect, it } from 'vitest'
import type { AccountView } from '#lib/protocol/accounts.ts'
import type { ApiError } from '#lib/protocol/http.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { createMemoryDeviceStore } from '#lib/storage/memory.ts'
import { createAccountApi } from './account-api.ts'
import { readAccountBadge } from './account-badge.ts'
import { describeProviderProblem, waitText } from './account-words.ts'
import { createAccount } from './account.ts'
import { readAuthHeaders } from './auth-headers.ts'
import type { StoredToken } from './identity.ts'
import type { ApiOutcome, ApiRequest } from './server-api.ts'
import { providerHref } from './provider-way.ts'
import { keepWay, readBack, takeWay } from './sign-in-return.ts'
import { signInHref } from './sign-in-way.ts'
import { squareOf } from './shrink-picture.ts'

const PICTURE = 'AAAAAAAAAAAAAAAAAAAAAA'
const alice: AccountView = {
	subject: 'a_alice' as SubjectId,
	kind: 'local',
	username: 'alice',
	name: 'Alice',
	picture: null,
	provider: null,
	createdAtMs: 1,
}
const ok = (value: unknown) => ({ type: 'ok', value }) as const
const refuse = (error: ApiError['error'], more: Partial<ApiError> = {}) =>
	({ type: 'refused', status: 400, error: { error, message: `server: ${error}`, ...more } }) as const
type Answer = ReturnType<typeof ok> | ReturnType<typeof refuse> | { type: 'unreachable' }

/** A browser, and a server that answers what `answers` says; `person` is who the server takes the browser for. */
const createBrowser = (answers: Record<string, Answer> = {}) => {
	const asked: string[] = []
	const bodies: Record<string, unknown> = {}
	const world = { person: null as AccountView | null, announced: 0, saved: [] as string[] }
	const store = createMemoryDeviceStore({ createSigner: () => Promise.reject(new Error('not needed')) })
	let token: StoredToken | null = null
	const identity = {
		known: async () => token,
		forgetToken: async () => void (token = null),
		token: async (name: string) => {
			const { person } = world
			return (token ??= {
				token: 't.t.t',
				subject: person?.subject ?? ('g_1' as SubjectId),
				name: person?.name ?? name,
				isAccount: person !== null,
				pictureId: person?.picture ?? null,
				device: 'd' as DeviceId,
				expiresAtMs: 1,
			})
		},
	}
	let guestName = 'Teal Wren'
	const server = {
		call: async (path: string, _schema: unknown, request: ApiRequest = { method: 'GET' }) => {
			const key = `${request.method} ${path}`
			asked.push(key)
			bodies[key] = request.body
			return answers[key] ?? { type: 'unreachable' }
		},
		config: async () =>
			ok({
				server: '',
				audience: 'x',
				iceServers: [],
				version: '1',
				auth: { guests: true, passwords: true, signUp: true, door: false, issuers: [] },
			}) as ApiOutcome<never>,
		pictureUrl: (id: string) => `/api/pictures/${id}`,
	}
	const device = {
		api: server,
		identity,
		store,
		name: async () => (token?.isAccount === true ? token.name : guestName),
		setName: async (name: string) => void (guestName = name),
	}
	const account = createAccount({
		api: createAccountApi(server as never),
		device,
		announce: () => world.announced++,
		shrinkPicture: async (file) => (file.type.startsWith('image/') ? file : null),
		saveFile: (name, text) => world.saved.push(name, text),
	})
	return { account, asked, bodies, world, identity, device, answers, store }
}
const SIGN_IN = 'POST /api/auth/sign-in'

describe('signing in and out', () => {
	it('[SS50] who one is, is asked of the server: signed in, a guest, before the door, or nobody can say', async () => {
		for (const [answer, type] of [
			[ok(alice), 'signed-in'],
			[refuse('signed-out'), 'guest'],
			[refuse('door-closed'), 'door'],
			[{ type: 'unreachable' }, 'away'],
			[refuse('unavailable'), 'away'],
		] as const) {
			const { account } = createBrowser({ 'GET /api/account': answer })
			expect(account.state().type).toBe('unknown')
			await account.load()
			expect(account.state().type).toBe(type)
		}
	})

	it('[SS51] after signing in rooms get the account’s identity and name, and other tabs are told', async () => {
		const browser = createBrowser({ [SIGN_IN]: ok({ account: alice }) })
		await browser.identity.token('Teal Wren')
		browser.world.person = alice
		expect(await browser.account.signIn('alice', 'correct horse')).toEqual({ type: 'done' })
		expect(await browser.identity.known()).toMatchObject({ subject: 'a_alice', name: 'Alice' })
		expect(await browser.device.name()).toBe('Alice')
		expect(browser.world.announced).toBe(1)
		expect(browser.bodies[SIGN_IN]).toEqual({ username: 'alice', password: 'correct horse' })
	})

	it('[SS51] after signing out one is the guest again, with the guest’s name', async () => {
		const browser = createBrowser({ 'GET /api/account': ok(alice), 'POST /api/auth/sign-out': ok({}) })
		browser.world.person = alice
		await browser.account.load()
		browser.world.person = null
		expect(await browser.account.signOut({ everywhere: true })).toEqual({ type: 'done' })
		expect(browser.bodies['POST /api/auth/sign-out']).toEqual({ everywhere: true })
		expect(browser.account.state()).toEqual({ type: 'guest' })
		expect(await browser.identity.known()).toMatchObject({ subject: 'g_1', name: 'Teal Wren' })
		expect(browser.world.announced).toBe(2)
	})

	it('[SS51] nothing changes hands when the page only looks and all is as it was', async () => {
		const browser = createBrowser({ 'GET /api/account': ok(alice) })
		browser.world.person = alice
		await browser.account.load()
		await browser.account.load()
		expect(browser.world.announced).toBe(1)
	})

	it('[SS52] a session that ended elsewhere makes one a guest, whatever was asked', async () => {
		const browser = createBrowser({
			'GET /api/account': ok(alice),
			'POST /api/account': refuse('signed-out'),
		})
		browser.world.person = alice
		await browser.account.load()
		browser.world.person = null
		expect(await browser.account.rename('Ali')).toEqual({
			type: 'refused',
			field: 'form',
			message: 'You are signed out on this device. Sign in again.',
		})
		expect(browser.account.state().type).toBe('guest')
		expect((await browser.identity.known())?.isAccount).toBe(false)
	})

	it('[SS53] what went wrong stands at its field, in words, with the time to wait', async () => {
		const signUp = 'POST /api/auth/sign-up'
		for (const [answer, field, message] of [
			[refuse('username-taken'), 'username', 'server: username-taken'],
			[refuse('bad-request'), 'username', 'server: bad-request'],
			[refuse('weak-password'), 'password', 'server: weak-password'],
			[refuse('too-many-requests', { retryAfterMs: 42_300 }), 'form', 'Too many tries. Try again in 43 s.'],
			[{ type: 'unreachable' }, 'form', /does not answer/],
			[refuse('unavailable'), 'form', 'server: unavailable'],
		] as const) {
			const { account } = createBrowser({ [signUp]: answer })
			const outcome = await account.signUp('alice', 'correct horse', '')
			expect(outcome).toMatchObject({ type: 'refused', field })
			expect('message' in outcome ? outcome.message : '').toMatch(message)
		}
		const { account } = createBrowser({ [SIGN_IN]: refuse('wrong-password') })
		expect(await account.signIn('alice', 'x')).toMatchObject({ field: 'password' })
		expect(waitText(119_000)).toBe('in 119 s')
		expect(waitText(121_000)).toBe('in 3 minutes')
		expect(waitText(3 * 3_600_000)).toBe('in 3 hours')
		expect(describeProviderProblem('refused')).toBe('You came back without being signed in.')
		expect(describeProviderProblem('<script>')).toMatch(/did not work/)
	})

	it('[SS54] a server of another origin gets session and door pass in headers, and none after signing out', async () => {
		const browser = createBrowser({
			[SIGN_IN]: ok({ account: alice, session: 'secret' }),
			'POST /api/door': ok({ door: '99.pass' }),
			'GET /api/account': refuse('signed-out'),
			'POST /api/auth/sign-out': ok({}),
		})
		await browser.account.openDoor('sesame')
		expect(await readAuthHeaders(browser.store)).toEqual({ 'x-matinee-door': '99.pass' })
		await browser.account.signIn('alice', 'correct horse')
		expect(await readAuthHeaders(browser.store)).toEqual({
			authorization: 'Bearer secret',
			'x-matinee-door': '99.pass',
		})
		await browser.account.signOut({ everywhere: false })
		expect(await readAuthHeaders(browser.store)).toEqual({ 'x-matinee-door': '99.pass' })
	})

	it('[SS55] behind the door it is told who one is; a wrong door password stays there', async () => {
		const browser = createBrowser({
			'GET /api/account': refuse('door-closed'),
			'POST /api/door': refuse('wrong-password'),
		})
		await browser.account.load()
		expect(await browser.account.openDoor('x')).toMatchObject({ type: 'refused', field: 'password' })
		expect(browser.account.state().type).toBe('door')
		browser.answers['POST /api/door'] = ok({})
		browser.answers['GET /api/account'] = refuse('signed-out')
		await browser.account.openDoor('sesame')
		expect(browser.account.state().type).toBe('guest')
	})
})

describe('the account', () => {
	const signedIn = async (answers: Record<string, Answer>) => {
		const browser = createBrowser({ 'GET /api/account': ok(alice), ...answers })
		browser.world.person = alice
		await browser.account.load()
		return browser
	}

	it('[SS56] a new name or picture is in rooms at once', async () => {
		const changed = { ...alice, name: 'Ali', picture: PICTURE }
		const browser = await signedIn({
			'POST /api/account': ok(changed),
			'PUT /api/account/picture': ok(changed),
		})
		browser.world.person = changed
		expect(await browser.account.rename('  Ali ')).toEqual({ type: 'done' })
		expect(browser.bodies['POST /api/account']).toEqual({ name: 'Ali' })
		expect(await browser.identity.known()).toMatchObject({ name: 'Ali', pictureId: PICTURE })
		const picture = new Blob(['x'], { type: 'image/webp' })
		expect(await browser.account.setPicture(picture)).toEqual({ type: 'done' })
		expect(browser.bodies['PUT /api/account/picture']).toBe(picture)
		expect(browser.account.pictureUrl(changed)).toBe(`/api/pictures/${PICTURE}`)
	})

	it('[SS56] a guest’s new name is too; a name of nothing is refused', async () => {
		const browser = createBrowser({ 'GET /api/account': refuse('signed-out') })
		await browser.account.load()
		expect(await browser.account.rename('Bo')).toEqual({ type: 'done' })
		expect(await browser.identity.known()).toMatchObject({ name: 'Bo', isAccount: false })
		expect(browser.world.announced).toBe(1)
		expect(await browser.account.rename(' \u200b ')).toMatchObject({ type: 'refused', field: 'name' })
		expect(await browser.device.name()).toBe('Bo')
	})

	it('[SS56] with the server away a guest’s name waits for it, and an account keeps its identity', async () => {
		const browser = createBrowser({})
		await browser.account.load()
		expect(await browser.account.rename('Bo')).toEqual({ type: 'done' })
		expect(await browser.device.name()).toBe('Bo')
		browser.world.person = alice
		const token = await browser.identity.token('Bo')
		expect(await browser.account.rename('Ali')).toMatchObject({ type: 'refused', field: 'name' })
		expect(await browser.identity.known()).toBe(token)
		expect(browser.world.announced).toBe(0)
	})

	it('[SS57] a file that is no picture is not sent; a picture is cut to a square of at most 512 px', async () => {
		const browser = await signedIn({})
		const outcome = await browser.account.setPicture(new Blob(['x'], { type: 'text/plain' }))
		expect(outcome).toMatchObject({ type: 'refused', field: 'picture' })
		expect(browser.asked).not.toContain('PUT /api/account/picture')
		expect(squareOf(4000, 3000)).toEqual({ x: 500, y: 0, cut: 3000, side: 512 })
		expect(squareOf(100, 300)).toEqual({ x: 0, y: 100, cut: 100, side: 100 })
	})

	it('[SS58] devices are listed and signed out one by one; gone already is what was wanted', async () => {
		const devices = [{ id: 'x', agent: 'Firefox', createdAtMs: 1, lastSeenAtMs: 2, isThis: false }]
		const browser = await signedIn({
			'GET /api/account/devices': ok({ devices }),
			'DELETE /api/account/devices/x': refuse('not-found'),
		})
		await browser.account.loadDevices()
		expect(browser.account.state()).toMatchObject({ devices })
		browser.answers['GET /api/account/devices'] = ok({ devices: [] })
		expect(await browser.account.signOutDevice('x')).toEqual({ type: 'done' })
		expect(browser.account.state()).toMatchObject({ devices: [] })
	})

	it('[SS59] the data come as a file; deleting takes the password and leaves a guest', async () => {
		const browser = await signedIn({
			'GET /api/account/export': ok({ account: { name: 'Alice' } }),
			'POST /api/account/delete': refuse('wrong-password'),
		})
		await browser.account.exportData()
		expect(browser.world.saved).toEqual([
			'matinee-account.json',
			'{\n\t"account": {\n\t\t"name": "Alice"\n\t}\n}\n',
		])
		expect(await browser.account.deleteAccount('nope')).toMatchObject({ field: 'password' })
		expect(browser.account.state().type).toBe('signed-in')
		browser.answers['POST /api/account/delete'] = ok({})
		browser.world.person = null
		expect(await browser.account.deleteAccount('correct horse')).toEqual({ type: 'done' })
		expect(browser.account.state().type).toBe('guest')
		expect((await browser.identity.known())?.subject).toBe('g_1')
	})

	it('[SS60] the front page knows who is signed in without asking', async () => {
		const browser = createBrowser({ 'GET /api/account': ok({ ...alice, picture: PICTURE }) })
		expect(await readAccountBadge(browser.device as never)).toEqual({ type: 'guest' })
		browser.world.person = { ...alice, picture: PICTURE }
		await browser.account.load()
		const before = browser.asked.length
		expect(await readAccountBadge(browser.device as never)).toEqual({
			type: 'signed-in',
			name: 'Alice',
			pictureUrl: `/api/pictures/${PICTURE}`,
		})
		expect(browser.asked).toHaveLength(before)
	})
})

describe('the way to the sign-in page and back', () => {
	const origin = 'https://watch.example'
	const app = new URL(`${origin}/`)
	const room = '/r#K7QX-3M9R-T2VH-8WPC-5NDA'

	it('[SS61] a room’s code goes along in the fragment, and the way leads back to it', () => {
		const url = new URL(signInHref(room), origin)
		expect(url.pathname + url.search).toBe('/login')
		expect(readBack(url.hash, app)).toBe(room)
		expect(readBack('', app)).toBeNull()
	})
	it('[SS62] no way leads to another site, or around in a circle', () => {
		for (const back of [
			'//evil.example',
			'/\\evil.example',
			'/\t/evil.example',
			'https://evil.example',
			'javascript:alert(1)',
			'\\\\evil.example',
			'evil',
			'/login#back=x',
			'/x/../login',
			'http://[',
		])
			expect(readBack(`#back=${encodeURIComponent(back)}`, app), back).toBeNull()
		expect(readBack(`#back=${encodeURIComponent('/settings?x=1#y')}`, app)).toBe('/settings?x=1#y')
	})
	const createStorage = (kept = new Map<string, string>()) =>
		({
			getItem: (key: string) => kept.get(key) ?? null,
			setItem: (key: string, value: string) => void kept.set(key, value),
			removeItem: (key: string) => void kept.delete(key),
		}) as Storage
	it('[SS64] a provider brings one back by cookie here, with a code for the keeper of the verifier elsewhere', async () => {
		const storage = createStorage()
		const hrefAt = (server: string, page = `${origin}/login`) =>
			providerHref(
				{
					device: {
						api: { config: async () => ok({ server }) as never },
						random: { bytes: (count) => new Uint8Array(count).fill(7) },
						subtle: crypto.subtle,
					},
					pageUrl: new URL(page),
					storage,
				},
				'google',
				room,
			)
		expect(await hrefAt('')).toBe('/api/auth/oidc/google/start?return=/login')
		expect(takeWay(storage, app)).toEqual({ back: room, verifier: null })

		const url = new URL((await hrefAt('https://api.example')) ?? '')
		expect(url.origin + url.pathname).toBe('https://api.example/api/auth/oidc/google/start')
		expect(url.searchParams.get('client')).toBe(origin)
		const { back, verifier } = takeWay(storage, app)
		expect(back).toBe(room)
		expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/)
		const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier ?? ''))
		expect(url.searchParams.get('challenge')).toBe(Buffer.from(digest).toString('base64url'))
		expect(url.href).not.toContain('K7QX')
		expect(url.searchParams.has('path')).toBe(false)
		const below = new URL((await hrefAt('https://api.example', `${origin}/watch/login`)) ?? '')
		expect(below.searchParams.get('client')).toBe(origin)
		expect(below.searchParams.get('path')).toBe('/watch')
	})
	it('[DE2] below a path of a host, the way back stays with the app there', () => {
		const below = new URL('/watch/', origin)
		const back = `/watch${room}`
		const url = new URL(signInHref(back), `${origin}/watch/settings`)
		expect(url.pathname).toBe('/watch/login')
		expect(readBack(url.hash, below)).toBe(back)
		for (const other of ['/', '/r#x', '/watching', '/watch/../r', '/watch/login', '//watch/r'])
			expect(readBack(`#back=${encodeURIComponent(other)}`, below), other).toBeNull()
	})
	it('[SS61] while a provider has the tab the way is kept in it, and taken once', () => {
		const kept = new Map<string, string>()
		const storage = createStorage(kept)
		keepWay(storage, { back: room, verifier: 'v' })
		expect(takeWay(storage, app)).toEqual({ back: room, verifier: 'v' })
		expect(takeWay(storage, app)).toEqual({ back: null, verifier: null })
		kept.set('matinee.sign-in.back', '//evil.example')
		expect(takeWay(storage, app).back).toBeNull()
	})
})
