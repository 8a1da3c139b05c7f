/** What went wrong with an account. `when`: "in 40 s". */
import { subject } from './subject.ts'

const english = {
	/** What the server says itself, in English; `error` is its name for it. */
	ofServer: (_error: string, message: string): string => message,
	unreachable: 'The server does not answer. What you typed stays here; try again in a minute.',
	unexpected: (status: number) =>
		`Something else than this server answered (status ${String(status)}). Try again in a minute.`,
	tooMany: (when: string) => `Too many tries. Try again ${when}.`,
	signedOut: 'You are signed out on this device. Sign in again.',
	doorClosed: 'This server wants its door password again.',
	/** Of an outside provider's sign-in. */
	provider: {
		refused: 'You came back without being signed in.',
		expired: 'That sign-in took too long, or was begun somewhere else. Sign in again.',
		reused: 'That sign-in had been used already. Sign in again.',
		down: 'The other service does not answer. Try again in a minute, or sign in another way.',
		nonsense:
			'The other service answered what it must not, so nobody was signed in. Tell whoever runs this server.',
		notOffered: 'This way of signing in is not on here.',
		unavailable: 'The server cannot reach its accounts just now. Try again in a minute.',
		other: 'Signing in with the other service did not work. Try again, or sign in another way.',
	},
}
export type AccountAnswersWords = typeof english
export const accountAnswersWords = subject('account-answers', english)
