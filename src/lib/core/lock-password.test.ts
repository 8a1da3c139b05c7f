import { describe, expect, it } from 'vitest'
import { pbkdf2Sync, hkdfSync } from 'node:crypto'
import { base64urlToBytes } from './base64url.ts'
import { derivePasswordSecret, describePasswordProblem, passwordCheckOf } from './lock-password.ts'
import { roomCodeToBytes } from './room-code.ts'

const CODE = 'K7QX-3M9R-T2VH-8WPC-5NDA'
const { subtle } = crypto

describe('a room’s password', () => {
	it('[LK1] leads to 32 bytes by 600,000 rounds, salted from the code', async () => {
		const secret = await derivePasswordSecret(subtle, CODE, 'open sesame')
		const salt = new Uint8Array(hkdfSync('sha256', roomCodeToBytes(CODE), 'matinee-1', 'password-salt', 16))
		expect(Buffer.from(secret)).toEqual(pbkdf2Sync('open sesame', salt, 600_000, 32, 'sha256'))
		expect(Buffer.from(secret).toString('base64url')).toBe('xz72bnFZKJbvJ2i4uM0Db3XpcJj8ZexEa08bDgmmqT0')
	})

	it('[LK1] another password or another code leads elsewhere, another spelling of the same does not', async () => {
		const composed = await derivePasswordSecret(subtle, CODE, 'caf\u00e9 \ufb01lm')
		expect(await derivePasswordSecret(subtle, CODE, 'cafe\u0301 film')).toEqual(composed)
		expect(await derivePasswordSecret(subtle, CODE, 'cafe film')).not.toEqual(composed)
		expect(await derivePasswordSecret(subtle, 'K7QX-3M9R-T2VH-8WPC-5NDB', 'café ﬁlm')).not.toEqual(composed)
	})

	it('[LK1] the check is 16 bytes that only the right password leads to', async () => {
		const secret = new Uint8Array(32).fill(1)
		const check = await passwordCheckOf(subtle, secret)
		expect(base64urlToBytes(check)).toHaveLength(16)
		expect(await passwordCheckOf(subtle, secret.slice())).toBe(check)
		expect(await passwordCheckOf(subtle, new Uint8Array(32).fill(2))).not.toBe(check)
	})

	it('[LK2] has 1 to 256 characters', async () => {
		expect(describePasswordProblem('x')).toBeNull()
		expect(describePasswordProblem('x'.repeat(256))).toBeNull()
		expect(describePasswordProblem('')).toBe('Type a password, at least one character.')
		expect(describePasswordProblem('x'.repeat(257))).toContain('257 characters')
		expect(describePasswordProblem('\ud800')).toContain('half a character')
		await expect(derivePasswordSecret(subtle, CODE, '')).rejects.toThrow('at least one')
	})
})
