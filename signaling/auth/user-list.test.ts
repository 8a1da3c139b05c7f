import { hashSync } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../config.ts'
import { parseUserList } from './user-list.ts'

const phc = hashSync('known only to ana', { memoryCost: 8, timeCost: 1, parallelism: 1 })

const secretsOf = (text: string): Record<string, unknown> => {
	const list = parseUserList(text)
	if (list.type === 'wrong') throw new Error(list.problem)
	return Object.fromEntries(list.users.map(({ username, secret }) => [username, secret]))
}

describe('the list of users', () => {
	it('[AU10] is read with plain passwords and with hashes, whose commas end nothing', () => {
		expect(secretsOf(`exp:exp01, lizi:lizi456 ,ana:${phc},ben:with:colons,cleo: ${phc} `)).toEqual({
			exp: { type: 'plain', password: 'exp01' },
			lizi: { type: 'plain', password: 'lizi456' },
			ana: { type: 'hash', phc },
			ben: { type: 'plain', password: 'with:colons' },
			cleo: { type: 'hash', phc },
		})
	})

	it('[AU10] may be empty, and may end with a comma', () => {
		expect(secretsOf('')).toEqual({})
		expect(secretsOf('exp:exp01,')).toEqual({ exp: { type: 'plain', password: 'exp01' } })
	})

	it('[AU10] knows a name by its folded spelling', () => {
		const list = parseUserList('ÉVA:geheim-1')
		expect(list).toMatchObject({ users: [{ username: 'ÉVA', folded: 'éva' }] })
	})

	it.each([
		['exp:exp01,lizi', 'entry 2 is not written as name:password'],
		['exp:secret,tail', 'entry 2 is not written as name:password'],
		['exp:exp01,lizi:', 'entry 2 (lizi) has no password'],
		['exp:exp01,:secret', 'entry 2 has no username'],
		['e:secret', 'entry 1 has no username'],
		['two words:secret', 'entry 1 has no username'],
		['exp:secret,EXP:secret', 'entry 2 (EXP) stands in the list twice'],
		[
			'ana:$argon2id$v=19$m=19456,t=2,p=1$c2FsdA',
			'entry 1 (ana) has a hash that is not a whole argon2id one',
		],
		// Of 43 characters 21 are left, which no bytes are written as.
		[`ana:${phc.slice(0, -22)},exp:secret`, 'entry 1 (ana) has a hash that is not a whole argon2id one'],
		[`ana:${phc.replace('m=8', 'm=9999999')}`, 'entry 1 (ana) has a hash that is not a whole argon2id one'],
		[`ana:${phc.replace('argon2id', 'argon2i')}`, 'entry 1 (ana) has a hash of another kind'],
		['ana:$2b$12$secretsecretsecretsecre', 'entry 1 (ana) has a hash of another kind'],
		[`exp:${'secret'.repeat(50)}`, 'entry 1 (exp) has a password of more than 256 characters'],
	])('[AU11] %s stops the start, naming the entry and never printing what stands there', (value, problem) => {
		let thrown: unknown
		try {
			readConfig({ AUTH_USERS: value })
		} catch (error) {
			thrown = error
		}
		expect(thrown).toBeInstanceOf(ConfigError)
		const { message } = thrown as ConfigError
		expect(message).toContain('AUTH_USERS')
		expect(message).toContain(problem)
		expect(message).not.toMatch(/secret|tail|exp01|\$2b|c2FsdA|\n/)
	})

	it('[AU11] the door password is not printed either', () => {
		const password = 'canary-'.repeat(40)
		expect(() => readConfig({ AUTH_SHARED_PASSWORD: password })).toThrow(
			/^AUTH_SHARED_PASSWORD is not usable/,
		)
		expect(() => readConfig({ AUTH_SHARED_PASSWORD: password })).not.toThrow(/canary/)
	})
})
