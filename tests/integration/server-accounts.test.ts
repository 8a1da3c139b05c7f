/**
 * Accounts over HTTP as browsers meet them: signing up, in and out, sessions, who may change what.
 */
import { hashSync } from '@node-rs/argon2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accountDevices, accountView, sessionAnswer } from '#lib/protocol/accounts.ts'
import { apiError, clientConfig, identityAnswer } from '#lib/protocol/http.ts'
import { readConfig } from '../../signaling/config.ts'
import { createMemoryStore } from '../../signaling/store/memory.ts'
import type { Store } from '../../signaling/store/store.ts'
import type { AppDeps } from '../../signaling/app.ts'
import { createAccountClient, GOOD_PASSWORD } from '../support/account-client.ts'
import { askIdentity, newDevice, type Answer } from '../support/ws-client.ts'
import { startServer, type ConfigChange, type TestServer } from '../support/ws-server.ts'

const MANY = 1_000_000
const GENEROUS = {
	signInsPerMinute: MANY,
	signInsPerAccountPerMinute: MANY,
	signUpsPerMinute: MANY,
	doorTriesPerMinute: MANY,
	accountChangesPerMinute: MANY,
}
const PAGES = 'https://pages.example'

let store: Store
const servers: TestServer[] = []
/** All servers of one test share one store, as a restart would. */
const start = async (change: ConfigChange = {}, deps: AppDeps = {}): Promise<TestServer> => {
	const server = await startServer(
		{ ...change, limits: { ...GENEROUS, ...change.limits } },
		{ store: { ...store, close: () => Promise.resolve() }, ...deps },
	)
	servers.push(server)
	return server
}
beforeEach(() => {
	store = createMemoryStore()
})
afterEach(async () => {
	for (const server of servers.splice(0)) await server.close()
	await store.close()
})

const errorOf = (answer: Answer): [number, string] => {
	const error = apiError.parse(answer.body)
	if (error === undefined) throw new Error(`not an error of ours: ${JSON.stringify(answer.body)}`)
	return [answer.status, error.error]
}
const browser = (server: TestServer, userAgent?: string) =>
	createAccountClient(server.url, userAgent === undefined ? {} : { userAgent })
const usersOf = (text: string) => readConfig({ AUTH_USERS: text }).users

describe('signing up', () => {
	it('[AU1] makes an account and signs in', async () => {
		const alice = browser(await start())
		const answer = await alice.signUp('Alice')
		expect(answer.status).toBe(201)
		const account = sessionAnswer.parse(answer.body)?.account
		expect(account).toMatchObject({ kind: 'local', username: 'Alice', name: 'Alice', picture: null })
		expect(account?.subject).toMatch(/^a_[A-Za-z0-9_-]{22}$/)
		expect((await alice.ask('GET', '/api/account')).body).toEqual(account)
		expect(answer.headers.get('cache-control')).toBe('no-store')
	})

	it('[AU1] a name is had once, in whatever spelling, and a listed one not at all', async () => {
		const server = await start({ users: usersOf('lizi:lizi456') })
		await browser(server).signUp('Alice')
		for (const name of ['alice', 'ALICE', 'Ａlice', 'Lizi', 'LIZI'])
			expect(errorOf(await browser(server).signUp(name))).toEqual([409, 'username-taken'])
		expect(server.app.counters.count('username-taken')).toBe(5)
	})

	it('[AU1] two who want one name at the same moment: one has it', async () => {
		const server = await start()
		const answers = await Promise.all([browser(server).signUp('alice'), browser(server).signUp('Alice')])
		expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
	})

	it('[AU2] says what is wrong with a username or password', async () => {
		const server = await start()
		expect(errorOf(await browser(server).signUp('a'))).toEqual([400, 'bad-request'])
		expect(errorOf(await browser(server).signUp('two words'))).toEqual([400, 'bad-request'])
		const weak = await browser(server).signUp('alice', 'password1')
		expect(errorOf(weak)).toEqual([422, 'weak-password'])
		expect(weak.body['message']).toMatch(/first that anybody tries/)
		const named = { username: 'alice', password: GOOD_PASSWORD, name: 'Ali\u202ece' }
		expect(errorOf(await browser(server).ask('POST', '/api/auth/sign-up', named))).toEqual([
			400,
			'bad-request',
		])
	})

	it('[AU4] is limited by address', async () => {
		const server = await start({ limits: { signUpsPerMinute: 2 } })
		await browser(server).signUp('alice')
		await browser(server).signUp('bob')
		const third = await browser(server).signUp('charlie')
		expect(errorOf(third)).toEqual([429, 'too-many-requests'])
		expect(third.body['message']).toMatch(/try again in \d+ seconds/)
	})
})

describe('signing in', () => {
	it('[AU3] answers a wrong password and an unknown name in the same words', async () => {
		const server = await start({ users: usersOf('lizi:lizi456') })
		await browser(server).signUp('alice')
		const answers = []
		for (const name of ['alice', 'nobody', 'lizi', 'x', 'two words', '\u{1f600}'])
			answers.push(await browser(server).signIn(name, 'not the password'))
		expect(errorOf(answers[0] as Answer)).toEqual([401, 'wrong-password'])
		const told = answers.map(({ status, body, headers }) => {
			const others = Object.fromEntries(headers)
			delete others['date']
			return { status, body, others }
		})
		for (const one of told) expect(one).toEqual(told[0])
		expect(server.app.counters.count('wrong-password')).toBe(6)
	})

	it.each(['alice', 'nobody'])(
		'[AU4] five wrong tries for %s in a minute, then 429 with how long to wait',
		async (name) => {
			const server = await start({ limits: { signInsPerAccountPerMinute: 5 } })
			await browser(server).signUp('alice')
			for (let tries = 0; tries < 5; tries++)
				expect(errorOf(await browser(server).signIn(name, 'wrong one'))[0]).toBe(401)
			const sixth = await browser(server).signIn(name)
			expect(errorOf(sixth)).toEqual([429, 'too-many-requests'])
			expect(sixth.body['message']).toMatch(/try again in \d+ seconds/)
			expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(0)
			expect(sixth.body['retryAfterMs']).toBeGreaterThan(0)
			expect(server.app.counters.count('sign-in-rate')).toBe(1)
		},
	)

	it('[AU4] an address tries twenty times a minute, whoever it tries to be', async () => {
		const server = await start({ limits: { signInsPerMinute: 20 } })
		const tried = await Promise.all(
			Array.from({ length: 24 }, (_, index) => browser(server).signIn(`user${String(index)}`, 'wrong one')),
		)
		expect(tried.filter(({ status }) => status === 429).length).toBe(4)
		expect(server.app.counters.count('http-rate')).toBe(4)
	})

	it('[AU5] gives a cookie that no script reads and no other site sends, and keeps only its hash', async () => {
		const server = await start()
		const alice = browser(server)
		const answer = await alice.signUp('alice')
		const [cookie = ''] = answer.headers.getSetCookie()
		expect(cookie).toMatch(/^sid=[a-z2-7]{40}; /)
		for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=2592000'])
			expect(cookie).toContain(attribute)
		expect(cookie).not.toMatch(/Secure|Domain/)
		expect(JSON.stringify(answer.body)).not.toContain(alice.cookies.get('sid'))

		const subject = sessionAnswer.parse(answer.body)?.account.subject
		if (subject === undefined) throw new Error('no account')
		const kept = await store.sessions.ofAccount(subject)
		expect(kept.length).toBe(1)
		expect(kept[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
		expect(JSON.stringify(kept)).not.toContain(alice.cookies.get('sid'))
	})

	it('[AU5] under https the cookie is Secure and this very host\u2019s', async () => {
		const server = await start({ publicOrigin: 'https://watch.example' })
		const alice = createAccountClient(server.url)
		const answer = await alice.ask(
			'POST',
			'/api/auth/sign-up',
			{ username: 'alice', password: GOOD_PASSWORD },
			{ origin: 'https://watch.example' },
		)
		expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-sid=.*; Secure$/)
		expect((await alice.ask('GET', '/api/account')).status).toBe(200)
	})

	it('[AU6] never takes over a session id that was planted before', async () => {
		const server = await start()
		const mallory = browser(server)
		await mallory.signUp('mallory')
		await browser(server).signUp('alice')
		for (const planted of ['a'.repeat(40), mallory.cookies.get('sid') ?? '']) {
			const alice = browser(server)
			alice.cookies.set('sid', planted)
			expect((await alice.signIn('alice')).status).toBe(200)
			expect(alice.cookies.get('sid')).not.toBe(planted)
			const thief = browser(server)
			thief.cookies.set('sid', planted)
			expect(errorOf(await thief.ask('GET', '/api/account'))).toEqual([401, 'signed-out'])
		}
	})

	it('[AU6] ends the session this device had before', async () => {
		const server = await start()
		const alice = browser(server)
		await alice.signUp('alice')
		const before = alice.cookies.get('sid') ?? ''
		await alice.signIn('alice')
		const old = browser(server)
		old.cookies.set('sid', before)
		expect((await old.ask('GET', '/api/account')).status).toBe(401)
		const devices = accountDevices.parse((await alice.ask('GET', '/api/account/devices')).body)
		expect(devices?.devices.length).toBe(1)
	})

	it('[AU6] two cookies of one name are none: which is whose is not said', async () => {
		const server = await start()
		const alice = browser(server)
		await alice.signUp('alice')
		const sid = alice.cookies.get('sid') ?? ''
		const answer = await alice.ask('GET', '/api/account', undefined, {
			cookie: `sid=${'a'.repeat(40)}; sid=${sid}`,
		})
		expect(answer.status).toBe(401)
	})

	it('[AU7] sessions live on while they are used, and end after 30 days unused', async () => {
		let nowMs = Date.now()
		const days = (count: number) => void (nowMs += count * 86_400_000)
		const server = await start({}, { nowMs: () => nowMs })
		const [used, unused] = [browser(server), browser(server)]
		await used.signUp('alice')
		await unused.signIn('alice')
		days(14)
		expect((await used.ask('GET', '/api/account')).headers.getSetCookie()).toEqual([])
		days(2)
		const renewed = await used.ask('GET', '/api/account')
		expect(renewed.headers.getSetCookie()[0]).toMatch(/^sid=[a-z2-7]{40};.*Max-Age=2592000/)
		days(15)
		expect((await used.ask('GET', '/api/account')).status).toBe(200)
		expect((await unused.ask('GET', '/api/account')).status).toBe(401)
	})

	it('[AU7] sessions that have ended are forgotten by and by', async () => {
		let nowMs = Date.now()
		const server = await start({}, { nowMs: () => nowMs })
		const answer = await browser(server).signUp('alice')
		const subject = sessionAnswer.parse(answer.body)?.account.subject
		if (subject === undefined) throw new Error('no account')
		nowMs += 31 * 86_400_000
		server.app.sweep(nowMs)
		await expect.poll(async () => (await store.sessions.ofAccount(subject)).length).toBe(0)
	})

	it('[AU7] signing out ends this session, or all of them', async () => {
		const server = await start()
		const [here, there, third] = [browser(server), browser(server), browser(server)]
		await here.signUp('alice')
		await there.signIn('alice')
		await third.signIn('alice')
		const sid = here.cookies.get('sid') ?? ''
		expect((await here.ask('POST', '/api/auth/sign-out', { everywhere: false })).status).toBe(200)
		expect(here.cookies.has('sid')).toBe(false)
		here.cookies.set('sid', sid)
		expect((await here.ask('GET', '/api/account')).status).toBe(401)
		expect((await there.ask('GET', '/api/account')).status).toBe(200)
		await there.ask('POST', '/api/auth/sign-out', { everywhere: true })
		expect((await third.ask('GET', '/api/account')).status).toBe(401)
		expect((await third.ask('POST', '/api/auth/sign-out', { everywhere: true })).status).toBe(200)
	})

	it('[AU7] an account has 50 devices at most; the one that was away longest goes', async () => {
		let nowMs = Date.now()
		const server = await start({}, { nowMs: () => nowMs })
		const first = browser(server)
		const answer = await first.signUp('alice')
		const subject = sessionAnswer.parse(answer.body)?.account.subject
		if (subject === undefined) throw new Error('no account')
		for (let count = 0; count < 50; count++) {
			nowMs += 1_000
			await browser(server).signIn('alice')
		}
		expect((await store.sessions.ofAccount(subject)).length).toBe(50)
		expect((await first.ask('GET', '/api/account')).status).toBe(401)
	})

	it('[AU21] a hash of older parameters is made anew at sign-in', async () => {
		const server = await start()
		const answer = await browser(server).signUp('alice')
		const subject = sessionAnswer.parse(answer.body)?.account.subject
		if (subject === undefined) throw new Error('no account')
		const old = hashSync(GOOD_PASSWORD, { memoryCost: 4_096, timeCost: 1, parallelism: 1 })
		await store.accounts.change(subject, { passwordHash: old })
		expect((await browser(server).signIn('alice')).status).toBe(200)
		expect((await store.accounts.byId(subject))?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
		expect((await browser(server).signIn('alice')).status).toBe(200)
	})
})

describe('pages of other origins', () => {
	const elsewhere = (server: TestServer) => createAccountClient(server.url, { origin: PAGES })

	it('[AU8] an allowed page gets its session in the answer, no cookie, and sends it as bearer', async () => {
		const server = await start({ allowedOrigins: [PAGES] })
		const page = elsewhere(server)
		const answer = await page.signUp('alice')
		expect(answer.status).toBe(201)
		expect(answer.headers.getSetCookie()).toEqual([])
		const session = sessionAnswer.parse(answer.body)?.session ?? ''
		const authorization = `Bearer ${session}`
		const mine = await page.ask('GET', '/api/account', undefined, { authorization })
		expect(accountView.parse(mine.body)?.username).toBe('alice')
		expect(mine.headers.get('access-control-allow-origin')).toBe(PAGES)
		expect((await page.ask('POST', '/api/account', { name: 'Al' }, { authorization })).status).toBe(200)
		expect(
			(await page.ask('POST', '/api/auth/sign-out', { everywhere: false }, { authorization })).status,
		).toBe(200)
		expect((await page.ask('GET', '/api/account', undefined, { authorization })).status).toBe(401)
	})

	it('[AU8] a bearer counts from nowhere else, and no cookie counts from there', async () => {
		const server = await start({ allowedOrigins: [PAGES] })
		const session = sessionAnswer.parse((await elsewhere(server).signUp('alice')).body)?.session ?? ''
		const authorization = `Bearer ${session}`
		for (const origin of [server.url, 'https://evil.example', 'null'])
			expect(
				(await browser(server).ask('GET', '/api/account', undefined, { authorization, origin })).status,
			).toBe(401)
		const named = { authorization, origin: undefined }
		expect((await browser(server).ask('POST', '/api/account', { name: 'Al' }, named)).status).toBe(401)
		const cookie = `sid=${session}`
		expect((await elsewhere(server).ask('GET', '/api/account', undefined, { cookie })).status).toBe(401)
	})

	it('[AU8] an extension that was let into the site reads without an Origin, by bearer', async () => {
		const server = await start({ allowedOrigins: [PAGES] })
		const session = sessionAnswer.parse((await elsewhere(server).signUp('alice')).body)?.session ?? ''
		const headers = { authorization: `Bearer ${session}`, origin: undefined }
		const mine = await browser(server).ask('GET', '/api/account', undefined, headers)
		expect(accountView.parse(mine.body)?.username).toBe('alice')
		expect(mine.headers.getSetCookie()).toEqual([])
	})

	it('[AU8] what a page of another origin must ask first is answered, and credentials are never allowed', async () => {
		const server = await start({ allowedOrigins: [PAGES] })
		for (const origin of [PAGES, 'https://evil.example', server.url]) {
			const preflight = await fetch(`${server.url}/api/account/devices/x`, {
				method: 'OPTIONS',
				headers: { origin, 'access-control-request-method': 'DELETE' },
			})
			expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
			expect(preflight.headers.get('access-control-allow-origin')).toBe(origin === PAGES ? PAGES : null)
			expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST, PUT, DELETE')
			expect(preflight.headers.get('access-control-allow-headers')).toBe(
				'content-type, authorization, x-matinee-door, x-matinee-history',
			)
		}
	})

	it('[AU8] other pages sign nobody in', async () => {
		const server = await start({ allowedOrigins: [PAGES] })
		await browser(server).signUp('alice')
		const evil = createAccountClient(server.url, { origin: 'https://evil.example' })
		const answer = await evil.signIn('alice')
		expect(errorOf(answer)).toEqual([403, 'not-allowed'])
		expect(answer.headers.getSetCookie()).toEqual([])
		expect(errorOf(await evil.signUp('bob'))).toEqual([403, 'not-allowed'])
	})

	it('[AU9] what a cookie vouches for comes from a page of this server, or nothing changes', async () => {
		const server = await start({ allowedOrigins: [PAGES] })
		const alice = browser(server)
		await alice.signUp('alice')
		const host = new URL(server.url).host
		const origins = [
			undefined,
			'null',
			'https://evil.example',
			`http://evil.${host}`,
			`http://${host}.evil.example`,
			`http://127.0.0.1:${String(server.port + 1)}`,
			'http://127.0.0.1',
			`http://user@${host}`,
			`${server.url}/`,
			`HTTP://${host}`,
			`${server.url} https://evil.example`,
		]
		for (const origin of origins) {
			for (const [method, path, body] of [
				['POST', '/api/account', { name: 'Mallory' }],
				['POST', '/api/account/password', { current: GOOD_PASSWORD, next: 'another good one' }],
				['POST', '/api/account/delete', { password: GOOD_PASSWORD }],
				['POST', '/api/auth/sign-out', { everywhere: true }],
				['POST', '/api/auth/sign-in', { username: 'alice', password: GOOD_PASSWORD }],
				['POST', '/api/identity', {}],
				['PUT', '/api/account/picture', new Uint8Array(8)],
				['DELETE', '/api/account/picture', undefined],
				['DELETE', '/api/account/devices/x', undefined],
			] as const)
				expect(errorOf(await alice.ask(method, path, body, { origin }))).toEqual([403, 'not-allowed'])
		}
		expect(server.app.counters.count('http-origin')).toBe(origins.length * 9)
		const mine = accountView.parse((await alice.ask('GET', '/api/account')).body)
		expect(mine).toMatchObject({ name: 'alice', picture: null })
		expect((await alice.ask('POST', '/api/account', { name: 'Al' })).status).toBe(200)
	})

	it('[AU9] forms cannot be sent here at all', async () => {
		const server = await start()
		const alice = browser(server)
		await alice.signUp('alice')
		for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
			expect(
				(await alice.ask('POST', '/api/account', { name: 'Mallory' }, { 'content-type': type })).status,
			).toBe(415)
	})
})

describe('the operator\u2019s list', () => {
	it('[AU10] people on it sign in with their password, plain or hashed in the configuration', async () => {
		const phc = hashSync('only ana knows', { memoryCost: 8, timeCost: 1, parallelism: 1 })
		const server = await start({ users: usersOf(`exp:exp01,Lizi:lizi456,ana:${phc}`) })
		const lizi = await browser(server).signIn('lizi', 'lizi456')
		expect(sessionAnswer.parse(lizi.body)?.account).toMatchObject({
			kind: 'list',
			username: 'Lizi',
			name: 'Lizi',
		})
		expect((await browser(server).signIn('ana', 'only ana knows')).status).toBe(200)
		expect((await browser(server).signIn('exp', 'lizi456')).status).toBe(401)
		const again = await browser(server).signIn('LIZI', 'lizi456')
		expect(again.body).toEqual(lizi.body)
	})

	it('[AU10] sessions outlive a restart, and end when the name or its password is off the list', async () => {
		const first = await start({ users: usersOf('exp:exp01,lizi:lizi456') })
		const [exp, lizi] = [browser(first), browser(first)]
		await exp.signIn('exp', 'exp01')
		await lizi.signIn('lizi', 'lizi456')
		const asked = async (users: string, sid: string | undefined) => {
			const server = await start({ users: usersOf(users) })
			const client = browser(server)
			client.cookies.set('sid', sid ?? '')
			return (await client.ask('GET', '/api/account')).status
		}
		expect(await asked('lizi:lizi456,exp:exp01', lizi.cookies.get('sid'))).toBe(200)
		expect(await asked('lizi:lizi457,exp:exp01', lizi.cookies.get('sid'))).toBe(401)
		expect(await asked('lizi:lizi456,exp:exp01', lizi.cookies.get('sid'))).toBe(401)
		expect(await asked('lizi:lizi456', exp.cookies.get('sid'))).toBe(401)
	})

	it('[AU10] no secret of the configuration is in the store', async () => {
		const server = await start({ users: usersOf('exp:canary-plain'), doorPassword: null })
		await browser(server).signIn('exp', 'canary-plain')
		const account = await store.accounts.byKey({ type: 'username', kind: 'list', folded: 'exp' })
		expect(JSON.stringify(account)).not.toContain('canary')
	})
})

describe('which ways in are on', () => {
	const offerOf = async (server: TestServer) =>
		clientConfig.parse((await createAccountClient(server.url).ask('GET', '/config.json')).body)?.auth

	it('[AU22] stands in /config.json', async () => {
		expect(await offerOf(await start())).toEqual({
			guests: true,
			passwords: true,
			signUp: true,
			door: false,
			issuers: [],
		})
		expect(await offerOf(await start({ accounts: 'sign-in-only' }))).toMatchObject({
			passwords: true,
			signUp: false,
		})
		expect(await offerOf(await start({ accounts: 'off', hasGuests: false }))).toMatchObject({
			guests: false,
			passwords: false,
			signUp: false,
		})
		expect(await offerOf(await start({ accounts: 'off', users: usersOf('exp:exp01') }))).toMatchObject({
			passwords: true,
			signUp: false,
		})
		expect(await offerOf(await start({ doorPassword: 'open sesame' }))).toMatchObject({ door: true })
	})

	it('[AU22] what is off is refused, and sessions of it end', async () => {
		const open = await start()
		const alice = browser(open)
		await alice.signUp('alice')
		const signInOnly = await start({ accounts: 'sign-in-only' })
		expect(errorOf(await browser(signInOnly).signUp('bob'))).toEqual([403, 'not-offered'])
		expect((await browser(signInOnly).signIn('alice')).status).toBe(200)
		const off = await start({ accounts: 'off' })
		expect(errorOf(await browser(off).signUp('bob'))).toEqual([403, 'not-offered'])
		expect(errorOf(await browser(off).signIn('alice'))).toEqual([403, 'not-offered'])
		const listed = await start({ accounts: 'off', users: usersOf('exp:exp01') })
		expect(errorOf(await browser(listed).signIn('alice'))).toEqual([401, 'wrong-password'])
		const later = browser(listed)
		later.cookies.set('sid', alice.cookies.get('sid') ?? '')
		expect((await later.ask('GET', '/api/account')).status).toBe(401)
	})

	it.each([
		[{}, 'on'],
		[{ AUTH_ACCOUNTS: 'off' }, 'off'],
		[{ AUTH_ACCOUNTS: 'sign-in-only' }, 'sign-in-only'],
	])('[AU22] %j is understood', (env, accounts) => {
		expect(readConfig(env).accounts).toBe(accounts)
	})

	it('[AU22] another word stops the start', () => {
		expect(() => readConfig({ AUTH_ACCOUNTS: 'maybe' })).toThrow(/^AUTH_ACCOUNTS is "maybe"/)
	})
})

describe('the audit log', () => {
	it('[AU24] has who signed up, in, out and failed to, and nothing that was typed', async () => {
		const server = await start({ doorPassword: 'canary-door', users: usersOf('lizi:canary-list') })
		const alice = browser(server)
		await alice.ask('POST', '/api/door', { password: 'canary-wrong-door' })
		await alice.ask('POST', '/api/door', { password: 'canary-door' })
		await alice.signUp('canary-alice', 'canary-password-1')
		await alice.signIn('canary-alice', 'canary-wrong')
		await alice.signIn('canary-nobody', 'canary-wrong')
		await alice.signIn('lizi', 'canary-list')
		await alice.signIn('canary-alice', 'canary-password-1')
		const next = { current: 'canary-password-1', next: 'canary-password-2' }
		await alice.ask('POST', '/api/account/password', next)
		await alice.ask('POST', '/api/auth/sign-out', { everywhere: true })
		await alice.signIn('canary-alice', 'canary-password-2')
		await alice.ask('POST', '/api/account/delete', { password: 'canary-password-2' })
		const events = async () =>
			(await store.audit.read(1, 1_000))
				.map(({ event }) => JSON.parse(event) as { type: string; why?: string; kind?: string })
				.filter(({ type }) => /sign|door|password|account/.test(type))
				.map(({ type, why, kind }) => [type, why ?? kind].filter((word) => word !== undefined).join(' '))
		await expect
			.poll(events)
			.toEqual([
				'door-refused',
				'door-opened',
				'signed-up',
				'sign-in-failed wrong-password',
				'sign-in-failed unknown-user',
				'signed-in list',
				'signed-in local',
				'password-changed',
				'signed-out',
				'signed-in local',
				'account-deleted',
			])
		const rows = await store.audit.read(1, 1_000)
		expect(JSON.stringify(rows)).not.toMatch(/canary|lizi|argon2/)
		// The address this server listens on is in the configuration at its start; nobody else's is anywhere.
		const later = rows.filter(({ event }) => !event.includes('"type":"started"'))
		expect(later.length).toBe(rows.length - 1)
		expect(JSON.stringify(later)).not.toContain('127.0.0.1')
	})
})

describe('the identity of somebody signed in', () => {
	it('[AU23] is the account\u2019s, on each of its devices', async () => {
		const server = await start()
		const alice = browser(server)
		const answer = await alice.signUp('alice')
		await alice.ask('POST', '/api/account', { name: 'Alice M.' })
		const subject = sessionAnswer.parse(answer.body)?.account.subject
		const identities = []
		for (const client of [alice, alice]) {
			const device = newDevice()
			const guest = await askIdentity(server.url, device, 'Somebody')
			expect(identityAnswer.parse(guest.body)).toMatchObject({ isAccount: false, name: 'Somebody' })
			const config = await client.ask('GET', '/config.json')
			const atMs = Date.now()
			const proof = device.prove(
				`matinee-identity-1|${String(config.body['audience'])}|${String(atMs)}|Somebody`,
			)
			const body = { jwk: device.jwk, name: 'Somebody', atMs, proof }
			identities.push(identityAnswer.parse((await client.ask('POST', '/api/identity', body)).body))
		}
		for (const identity of identities)
			expect(identity).toMatchObject({ subject, name: 'Alice M.', isAccount: true, picture: null })
	})
})
