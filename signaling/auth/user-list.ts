/**
 * AUTH_USERS: `exp:exp01,lizi:lizi456,ana:$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. A hash has commas of its own,
 * so an entry that begins one goes on to its end. What is wrong is told by number, and by name where what stands
 * there can be one; anything else might be a piece of a password.
 */
import { PASSWORD_MAX_CHARS } from '#lib/protocol/accounts.ts'
import { isUsableHash } from './passwords.ts'
import { foldUsername, tidyUsername, usernameProblem } from './usernames.ts'

export interface ListedUser {
	readonly username: string
	readonly folded: string
	readonly secret:
		{ readonly type: 'plain'; readonly password: string } | { readonly type: 'hash'; readonly phc: string }
}

export type UserList =
	| { readonly type: 'users'; readonly users: readonly ListedUser[] }
	/** `problem`: what comes after "AUTH_USERS, ". */
	| { readonly type: 'wrong'; readonly problem: string }

const LISTED_MAX = 1_000
const PHC = String.raw`\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+(?=\s*(?:,|$))`
/** 1: what stands before the colon, 2: after it; 3: an entry without one. */
const ENTRY = new RegExp(String.raw`(?:([^:,]*):\s*(${PHC}|[^,]*)|([^,]*))\s*(?:,|$)`, 'y')
/** Other hashes would be taken for passwords that nobody knows. */
const OTHER_HASH = /^\$(argon2|2[abxy]?\$|scrypt|pbkdf2|[156]\$|y\$)/

const secretOf = (value: string): ListedUser['secret'] | string => {
	if (value === '') return 'has no password'
	if (value.startsWith('$argon2id$'))
		return isUsableHash(value)
			? { type: 'hash', phc: value }
			: 'has a hash that is not a whole argon2id one ($argon2id$v=19$m=…,t=…,p=…$salt$hash)'
	if (OTHER_HASH.test(value)) return 'has a hash of another kind; only argon2id is read'
	if (Array.from(value).length > PASSWORD_MAX_CHARS)
		return `has a password of more than ${String(PASSWORD_MAX_CHARS)} characters`
	return { type: 'plain', password: value }
}

export const parseUserList = (text: string): UserList => {
	const users: ListedUser[] = []
	const seen = new Set<string>()
	ENTRY.lastIndex = 0
	for (let number = 1; ENTRY.lastIndex < text.length; number++) {
		const [, before = null, value = '', bare = ''] = ENTRY.exec(text) ?? []
		const wrong = (what: string, name?: string): UserList => ({
			type: 'wrong',
			problem: `entry ${String(number)}${name === undefined ? '' : ` (${name})`} ${what}`,
		})
		if (before === null) {
			if (bare.trim() === '') continue
			return wrong('is not written as name:password (a comma ends a password; give its hash instead)')
		}
		const username = tidyUsername(before)
		if (usernameProblem(username) !== null)
			return wrong('has no username: 2 to 32 letters, digits, dots, dashes and underscores')
		const secret = secretOf(value.trim())
		if (typeof secret === 'string') return wrong(secret, username)
		const folded = foldUsername(username)
		if (seen.has(folded)) return wrong('stands in the list twice', username)
		if (users.length === LISTED_MAX) return wrong(`is one too many: at most ${String(LISTED_MAX)}`)
		seen.add(folded)
		users.push({ username, folded, secret })
	}
	return { type: 'users', users }
}
