import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../config.ts'
import { parseIssuers } from './oidc-issuers.ts'

const SECRET = 'never-to-be-printed'
const ENTRY = {
	id: 'work',
	name: 'Work',
	issuer: 'https://id.work.example',
	clientId: 'matinee',
	clientSecret: SECRET,
}
const read = (env: Record<string, string>) => readConfig({ MATINEE_CLIENT: 'none', ...env }, '/tmp')
const problemOf = (env: Record<string, string>): string => {
	try {
		read(env)
	} catch (error) {
		if (error instanceof ConfigError) return error.message
		throw error
	}
	return ''
}

describe('providers in the configuration', () => {
	it('[OI9] are none unless some are named', () => {
		expect(read({}).issuers).toEqual([])
	})

	it('[OI9] have an id, a name, an issuer and a client, and ask for profiles unless told otherwise', () => {
		const issuers = read({
			OIDC_ISSUERS: JSON.stringify([
				ENTRY,
				{ id: 'club', name: 'Club', issuer: 'https://club.example/realms/x', clientId: 'm', scope: 'openid' },
			]),
		}).issuers
		expect(issuers).toEqual([
			{
				id: 'work',
				name: 'Work',
				url: 'https://id.work.example',
				clientId: 'matinee',
				clientSecret: SECRET,
				scope: 'openid profile',
			},
			{
				id: 'club',
				name: 'Club',
				url: 'https://club.example/realms/x',
				clientId: 'm',
				clientSecret: null,
				scope: 'openid',
			},
		])
	})

	it('[OI9] Google has a short form', () => {
		const env = { GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: SECRET }
		expect(read({ ...env, OIDC_ISSUERS: JSON.stringify([ENTRY]) }).issuers).toMatchObject([
			{ id: 'google', name: 'Google', url: 'https://accounts.google.com', clientSecret: SECRET },
			{ id: 'work' },
		])
		expect(problemOf({ GOOGLE_CLIENT_ID: 'id' })).toContain('GOOGLE_CLIENT_SECRET')
		expect(problemOf({ GOOGLE_CLIENT_SECRET: SECRET })).toContain('GOOGLE_CLIENT_ID')
		expect(problemOf({ ...env, OIDC_ISSUERS: JSON.stringify([{ ...ENTRY, id: 'google' }]) })).toContain(
			'google',
		)
	})

	it.each([
		['text that is not JSON', `{"clientSecret":"${SECRET}"`, 'no JSON'],
		['one entry without a list', JSON.stringify(ENTRY), 'no list'],
		['an entry that is none', `["${SECRET}"]`, 'entry 1 is no object'],
		['an unknown key', [ENTRY, { ...ENTRY, id: 'b', secret: SECRET }], 'entry 2 (b) has an unknown key'],
		['no id', [{ ...ENTRY, id: undefined }], 'entry 1 needs an "id"'],
		['an id for no address', [{ ...ENTRY, id: `../${SECRET}` }], 'entry 1 needs an "id"'],
		['no name', [{ ...ENTRY, name: '' }], 'entry 1 (work) needs a "name"'],
		['no issuer', [{ ...ENTRY, issuer: undefined }], 'needs an "issuer"'],
		['no client', [{ ...ENTRY, clientId: 5 }], 'needs a "clientId"'],
		['a secret that is no text', [{ ...ENTRY, clientSecret: { v: SECRET } }], '"clientSecret"'],
		['an empty secret', [{ ...ENTRY, clientSecret: '' }], '"clientSecret"'],
		['a scope without openid', [{ ...ENTRY, scope: 'profile' }], '"scope" without openid'],
		['an issuer that is no address', [{ ...ENTRY, issuer: 'work.example' }], 'no https address'],
		['an issuer with a password', [{ ...ENTRY, issuer: `https://u:${SECRET}@w.example` }], 'more in it'],
		['an issuer with a query', [{ ...ENTRY, issuer: `https://w.example/?${SECRET}` }], 'more in it'],
		['the same id twice', [ENTRY, ENTRY], 'two entries with the id work'],
		['seventeen', Array<unknown>(17).fill(ENTRY), 'more than 16'],
		['allowHttp that is neither', [{ ...ENTRY, allowHttp: 'yes' }], '"allowHttp"'],
	])('[OI9] with %s stop the start, naming the entry and never a value', (_what, entries, problem) => {
		const message = problemOf({
			OIDC_ISSUERS: typeof entries === 'string' ? entries : JSON.stringify(entries),
		})
		expect(message).toContain('OIDC_ISSUERS')
		expect(message).toContain(problem)
		expect(message).not.toContain(SECRET)
		expect(message.split('\n')).toHaveLength(1)
	})

	it('[OI10] speak https; http on this machine, or where it is said to be allowed', () => {
		const isFine = (issuer: string, more: object = {}) =>
			parseIssuers(JSON.stringify([{ ...ENTRY, issuer, ...more }])).type === 'issuers'
		for (const local of ['http://localhost:1234', 'http://127.0.0.1:1', 'http://[::1]:9/realm'])
			expect(isFine(local)).toBe(true)
		for (const far of [
			'http://id.work.example',
			'http://localhost.evil.example',
			'http://127.0.0.1.evil.example',
			'http://10.0.0.1',
		]) {
			expect(isFine(far)).toBe(false)
			expect(isFine(far, { allowHttp: true })).toBe(true)
		}
		expect(isFine('ftp://id.work.example', { allowHttp: true })).toBe(false)
	})
})
