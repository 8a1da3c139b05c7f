import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import type { SubjectId } from '#lib/core/units.ts'
import { askTicket, newPeerId, newPerson, newRoomId } from '../tests/support/ws-client.ts'
import { startServer } from '../tests/support/ws-server.ts'
import { readConfig, type ConfigError } from './config.ts'
import { createTurnPasses } from './turn.ts'

const secret = 'a-secret-of-the-test'
const urls = ['turn:turn.example:3478', 'turns:turn.example:5349?transport=tcp']
const alice = 'g:alice' as SubjectId
const bob = 'g:bob' as SubjectId

it('[TN1] a pass names its end and its bearer, and its password is the HMAC-SHA1 of that name', () => {
	const passes = createTurnPasses({ urls, secret, lifetimeS: 600 }, () => 1_700_000_000_900)
	const pass = passes.issue(alice)
	expect(pass).toEqual({
		urls,
		username: expect.stringMatching(/^1700000600:[A-Za-z0-9_-]{12}$/) as string,
		credential: createHmac('sha1', secret).update(pass.username).digest('base64'),
		lifetimeS: 600,
	})
	expect(pass.username).not.toContain('alice')
})

it('[TN1] one person has one name at the TURN server, another person and another secret another one', () => {
	const nameOf = (one: SubjectId, key = secret, atMs = 0) =>
		createTurnPasses({ urls, secret: key, lifetimeS: 600 }, () => atMs)
			.issue(one)
			.username.split(':')[1]
	expect(nameOf(alice, secret, 5_000_000)).toBe(nameOf(alice))
	expect(nameOf(bob)).not.toBe(nameOf(alice))
	expect(nameOf(alice, 'another-secret-of-it')).not.toBe(nameOf(alice))
})

it('[TN2] comes with a ticket, to whoever gets that, and nowhere else', async () => {
	const server = await startServer({
		turn: { urls, secret, lifetimeS: 120 },
		limits: { ticketsPerMinute: 2 },
	})
	try {
		const person = await newPerson(server.url)
		const [room, peer] = [newRoomId(), newPeerId()]
		const good = await askTicket(server.url, person, room, peer)
		expect(good.body['turn']).toMatchObject({ urls, lifetimeS: 120 })
		const { username, credential } = good.body['turn'] as Record<string, string>
		expect(credential).toBe(createHmac('sha1', secret).update(String(username)).digest('base64'))
		const stolen = await askTicket(server.url, person, room, peer, { room: newRoomId() })
		expect([stolen.status, stolen.body['turn']]).toEqual([401, undefined])
		const third = await askTicket(server.url, person, room, peer)
		expect([third.status, third.body['turn']]).toEqual([429, undefined])
		const config = await (await fetch(`${server.url}/config.json`)).text()
		expect(config).not.toContain('turn.example')
		expect(JSON.stringify(good.body) + config).not.toContain(secret)
	} finally {
		await server.close()
	}
})

it('[TN2] there is none where no TURN server is set', async () => {
	const server = await startServer()
	try {
		const answer = await askTicket(server.url, await newPerson(server.url), newRoomId(), newPeerId())
		expect([answer.status, answer.body['turn']]).toEqual([200, undefined])
	} finally {
		await server.close()
	}
})

const problemOf = (env: Record<string, string>): string => {
	try {
		readConfig({ MATINEE_CLIENT: 'none', ...env })
	} catch (error) {
		return (error as ConfigError).message
	}
	return ''
}

it('[TN3] addresses and secret are read together, with ten minutes unless told', () => {
	const env = { MATINEE_CLIENT: 'none', TURN_URLS: urls.join(', '), TURN_SECRET: secret }
	expect(readConfig(env).turn).toEqual({ urls, secret, lifetimeS: 600 })
	expect(readConfig({ ...env, TURN_SECONDS: '60' }).turn?.lifetimeS).toBe(60)
	expect(readConfig({ MATINEE_CLIENT: 'none' }).turn).toBeNull()
	expect(readConfig({ MATINEE_CLIENT: 'none', ICE_URLS: 'turn:turn.example' })).toMatchObject({
		turn: null,
		iceServers: [{ urls: ['turn:turn.example'] }],
	})
})

it.each([
	[{ TURN_URLS: 'turn:turn.example' }, 'TURN_URLS is set, but TURN_SECRET is not'],
	[{ TURN_SECRET: secret }, 'TURN_SECRET is set, but TURN_URLS is not'],
	[{ TURN_URLS: 'stun:turn.example', TURN_SECRET: secret }, 'TURN_URLS is "stun:turn.example"'],
	[{ TURN_URLS: 'turn://turn.example', TURN_SECRET: secret }, 'TURN_URLS is "turn://turn.example"'],
	[{ TURN_URLS: 'turn:a b', TURN_SECRET: secret }, 'TURN_URLS is "turn:a b"'],
	[{ TURN_URLS: 'turn:turn.example', TURN_SECRET: 'too-short' }, 'TURN_SECRET is not usable'],
	[{ TURN_URLS: 'turn:turn.example', TURN_SECRET: 'with spaces in the middle' }, 'TURN_SECRET is not usable'],
	[{ TURN_URLS: 'turn:t', TURN_SECRET: secret, TURN_SECONDS: '59' }, 'TURN_SECONDS is "59"'],
])('[TN3] %j stops the start with one line', (env: Record<string, string>, expected) => {
	const message = problemOf(env)
	expect(message.startsWith(expected)).toBe(true)
	expect(message).not.toContain('\n')
	if (env['TURN_SECRET'] !== undefined) expect(message).not.toContain(env['TURN_SECRET'])
})
