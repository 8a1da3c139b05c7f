/**
 * Which passwords are not taken, and why, in words. Length decides; rules about kinds of characters only make
 * people write passwords down.
 */
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '#lib/protocol/accounts.ts'
import { COMMON_PASSWORDS } from './common-passwords.ts'
import { normalPassword } from './passwords.ts'

const common = new Set(COMMON_PASSWORDS.split(/\s+/))

/** A sentence, or null for a password that may be taken. */
export const passwordProblem = (typed: string, username: string): string | null => {
	const password = normalPassword(typed)
	const characters = Array.from(password)
	const lower = password.toLowerCase()
	if (characters.length < PASSWORD_MIN_CHARS)
		return `This password is too short: at least ${String(PASSWORD_MIN_CHARS)} characters.`
	if (characters.length > PASSWORD_MAX_CHARS)
		return `This password is too long: at most ${String(PASSWORD_MAX_CHARS)} characters.`
	if (new Set(characters).size === 1) return 'This password is one character over and over; choose another.'
	if (lower === username.normalize('NFKC').toLowerCase())
		return 'This password is the username; choose another.'
	if (common.has(lower)) return 'This password is one of the first that anybody tries; choose another.'
	return null
}
