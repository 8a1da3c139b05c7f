/**
 * What went wrong with an account, in words, and at which field of the page the words belong.
 */
import type { Millis } from '#lib/core/units.ts'
import { accountAnswersWords } from '#lib/words/account-answers.ts'
import { timesWords } from '#lib/words/times.ts'
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
	const words = timesWords()
	const seconds = Math.max(1, Math.ceil(ms / 1000))
	if (seconds < 120) return words.inSeconds(seconds)
	const minutes = Math.ceil(seconds / 60)
	return minutes < 120 ? words.inMinutes(minutes) : words.inHours(Math.ceil(minutes / 60))
}

export type Doing = 'sign-up' | 'rename' | 'change-password' | 'other'

/** `doing` decides where a refusal shows: the server names the fault, not the field. */
export const describeFailure = (failure: ApiFailure, doing: Doing = 'other'): AccountOutcome => {
	const words = accountAnswersWords()
	if (failure.type === 'unreachable') return refusal('form', words.unreachable)
	if (failure.type === 'unexpected') return refusal('form', words.unexpected(failure.status))
	const { error, retryAfterMs } = failure.error
	const message = words.ofServer(error, failure.error.message)
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
			return refusal('form', words.tooMany(waitText(retryAfterMs ?? 60_000)))
		case 'signed-out':
			return refusal('form', words.signedOut)
		case 'door-closed':
			return refusal('form', words.doorClosed)
		default:
			return refusal('form', message)
	}
}

/** What an outside provider's sign-in came back with, from the address of the page. */
export const describeProviderProblem = (code: string): string => {
	const words = accountAnswersWords().provider
	switch (code) {
		case 'refused':
			return words.refused
		case 'expired':
			return words.expired
		case 'reused':
			return words.reused
		case 'provider-down':
			return words.down
		case 'provider-nonsense':
			return words.nonsense
		case 'not-offered':
			return words.notOffered
		case 'unavailable':
			return words.unavailable
		default:
			return words.other
	}
}
