/**
 * A room's password: 32 bytes that follow from it and the code, dear to compute, and 16 that tell a wrong one at
 * once. Nothing of it ever leaves the browser but those 16 bytes, inside the sealed root.
 */
import { passwordsWords } from '#lib/words/passwords.ts'
import { bytesToBase64url } from './base64url.ts'
import { roomCodeToBytes } from './room-code.ts'
import { hkdf } from './room-keys.ts'

export const PASSWORD_MAX_CHARS = 256
/** PBKDF2-SHA-256 as OWASP's password storage cheat sheet has it (2023): about 0.2 s on a laptop. */
export const PASSWORD_ROUNDS = 600_000
export const PASSWORD_SECRET_BYTES = 32
const SALT_BYTES = 16
const CHECK_BYTES = 16
const utf8 = new TextEncoder()

/** The sentence that stands under the field, or null where the text can be a password. */
export const describePasswordProblem = (password: string): string | null => {
	if (password === '') return passwordsWords().empty
	if (!password.isWellFormed()) return passwordsWords().halfCharacter
	const count = password.normalize('NFKC').length
	return count > PASSWORD_MAX_CHARS ? passwordsWords().tooLong(count, PASSWORD_MAX_CHARS) : null
}

/** `code` in its written form. Throws on what `describePasswordProblem` refuses. */
export const derivePasswordSecret = async (
	subtle: SubtleCrypto,
	code: string,
	password: string,
): Promise<Uint8Array<ArrayBuffer>> => {
	const problem = describePasswordProblem(password)
	if (problem !== null) throw new Error(problem)
	const salt = await hkdf(subtle, new Uint8Array(roomCodeToBytes(code)), 'password-salt', SALT_BYTES)
	// One password typed on two keyboards may be spelled in two ways.
	const typed = utf8.encode(password.normalize('NFKC'))
	const key = await subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveBits'])
	const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: PASSWORD_ROUNDS }
	return new Uint8Array(await subtle.deriveBits(algorithm, key, PASSWORD_SECRET_BYTES * 8))
}

/** What the root says of the password: base64url of 16 bytes. */
export const passwordCheckOf = async (subtle: SubtleCrypto, secret: Uint8Array): Promise<string> =>
	bytesToBase64url(await hkdf(subtle, new Uint8Array(secret), 'password-check', CHECK_BYTES))
