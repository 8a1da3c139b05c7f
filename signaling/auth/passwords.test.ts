import { hashSync, parseOptions } from '@node-rs/argon2'
import { beforeAll, describe, expect, it } from 'vitest'
import { ARGON2, createPasswords, isUsableHash, type Passwords } from './passwords.ts'
import { passwordProblem } from './weak-passwords.ts'

let passwords: Passwords
beforeAll(async () => {
	passwords = await createPasswords()
})

const hashOf = async (password: string): Promise<string> => {
	const made = await passwords.hash(password)
	if (made.type === 'full') throw new Error('full')
	return made.value
}

describe('passwords', () => {
	it('[AU5] are kept as argon2id with the parameters of today, salted anew each time', async () => {
		const [a, b] = [await hashOf('a good long one'), await hashOf('a good long one')]
		expect(a).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
		expect(a).not.toBe(b)
		expect(parseOptions(a)).toMatchObject(ARGON2)
		expect(isUsableHash(a)).toBe(true)
	})

	it('[AU21] are the same in each spelling Unicode has for them', async () => {
		const phc = await hashOf('Gro\u00dfe Cafe\u0301s ﬁx')
		expect(await passwords.verify('Gro\u00dfe Caf\u00e9s fix', phc)).toMatchObject({
			value: { type: 'right', rehashed: null },
		})
	})

	it('[AU21] a hash of other parameters is replaced once the password is there', async () => {
		const old = hashSync('a good long one', { memoryCost: 4_096, timeCost: 1, parallelism: 1 })
		const verdict = await passwords.verify('a good long one', old)
		const rehashed = verdict.type === 'done' && verdict.value.type === 'right' ? verdict.value.rehashed : null
		expect(parseOptions(rehashed ?? '')).toMatchObject(ARGON2)
		expect(await passwords.verify('a good long one', rehashed)).toMatchObject({ value: { type: 'right' } })
		expect(await passwords.verify('another', old)).toMatchObject({ value: { type: 'wrong' } })
	})

	it('[AU3] nobody has a password, and none of them is right', async () => {
		expect(await passwords.verify('a good long one', null)).toEqual({
			type: 'done',
			value: { type: 'wrong' },
		})
	})

	it('[AU20] hashing for very many at once is turned away at once, not queued without end', async () => {
		const outcomes = await Promise.all(Array.from({ length: 60 }, () => passwords.verify('x', null)))
		const turnedAway = outcomes.filter(({ type }) => type === 'full').length
		expect(turnedAway).toBeGreaterThanOrEqual(60 - 32 - 3)
		expect(turnedAway).toBeLessThan(60 - 32)
		expect((await passwords.verify('x', null)).type).toBe('done')
	})
})

describe('a password that is too weak', () => {
	it.each([
		['short', /too short: at least 8/],
		['x'.repeat(257), /too long: at most 256/],
		['aaaaaaaaaa', /one character over and over/],
		['Alice.Miller', /is the username/],
		['Password1', /first that anybody tries/],
		['1Q2W3E4R', /first that anybody tries/],
		['ｐａｓｓｗｏｒｄ１', /first that anybody tries/],
	])('[AU2] %s is refused with the reason', (password, reason) => {
		expect(passwordProblem(password, 'alice.miller')).toMatch(reason)
	})

	it.each(['correct horse', 'x'.repeat(128) + 'y'.repeat(128), '😀😃😄😁😆😅😂🤣', 'alice.miller2'])(
		'[AU2] %s is taken',
		(password) => {
			expect(passwordProblem(password, 'alice.miller')).toBeNull()
		},
	)

	it('[AU2] eight characters are counted as people count them', () => {
		expect(passwordProblem('😀😃😄😁', 'alice')).toMatch(/too short/)
	})
})
