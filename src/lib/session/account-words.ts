/**
 * What went wrong with an account, in words, and at which field of the page the words belong.
 */
import type { Millis } from '#lib/core/units.ts'
import type { ApiFailure } from './server-api.ts'

/** As `ui/account-props.ts` takes it. */
export type AccountOutcome =
	| { readonly type: 'done' }
	| {
			readonly type: 'refused'
			readonly field: 'username' | 'password' | 'new-password' | 'name' | 'picture' | 'form'
			readonly message: string
	  }

export const refusal = (
	field: Extract<AccountOutcome, { type: 'refused' }>['field'],
	message: string,
): AccountOutcome => ({ type: 'refused', field, message })

/** "in 40 s", "in 3 minutes": when to try again, never sooner than it helps. */
export const waitText = (ms: Millis): string => {
	const seconds = Math.max(1, Math.ceil(ms / 1000))
	if (seconds < 120) return `in ${String(seconds)} s`
	const minutes = Math.ceil(seconds / 60)
	return minutes < 120 ? `in ${String(minutes)} minutes` : `in ${String(Math.ceil(minutes / 60))} hours`
}

export type Doing = 'sign-up' | 'rename' | 'change-password' | 'other'

/** `doing` decides where a refusal shows: the server names the fault, not the field. */
export const describeFailure = (failure: ApiFailure, doing: Doing = 'other'): AccountOutcome => {
	if (failure.type === 'unreachable')
		return refusal('form', 'The server does not answer. What you typed stays here; try again in a minute.')
	if (failure.type === 'unexpected')
		return refusal(
			'form',
			`Something else than this server answered (status ${String(failure.status)}). Try again in a minute.`,
		)
	const { error, message, retryAfterMs } = failure.error
	switch (error) {
		case 'username-taken':
			return refusal('username', message)
		case 'weak-password':
			return refusal(doing === 'change-password' ? 'new-password' : 'password', message)
		case 'wrong-password':
			return refusal('password', message)
		case 'bad-picture':
			return refusal('picture', message)
		case 'bad-request':
			return refusal(doing === 'sign-up' ? 'username' : doing === 'rename' ? 'name' : 'form', message)
		case 'too-many-requests':
			return refusal('form', `Too many tries. Try again ${waitText(retryAfterMs ?? 60_000)}.`)
		case 'signed-out':
			return refusal('form', 'You are signed out on this device. Sign in again.')
		case 'door-closed':
			return refusal('form', 'This server wants its door password again.')
		default:
			return refusal('form', message)
	}
}

/** What an outside provider's sign-in came back with, from the address of the page. */
export const describeProviderProblem = (code: string): string => {
	switch (code) {
		case 'refused':
			return 'You came back without being signed in.'
		case 'expired':
			return 'That sign-in took too long, or was begun somewhere else. Sign in again.'
		case 'reused':
			return 'That sign-in had been used already. Sign in again.'
		case 'provider-down':
			return 'The other service does not answer. Try again in a minute, or sign in another way.'
		case 'provider-nonsense':
			return 'The other service answered what it must not, so nobody was signed in. Tell whoever runs this server.'
		case 'not-offered':
			return 'This way of signing in is not on here.'
		case 'unavailable':
			return 'The server cannot reach its accounts just now. Try again in a minute.'
		default:
			return 'Signing in with the other service did not work. Try again, or sign in another way.'
	}
}
