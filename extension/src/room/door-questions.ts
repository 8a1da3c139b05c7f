/**
 * What a server wants to know before it lets anybody into a room: its door password, and where it takes no guests,
 * who somebody is. One question at a time, asked in the popup; what was on its way goes on once it is answered.
 */
import type { AccountOutcome } from '#lib/session/account-words.ts'
import type { Account } from '#lib/session/account.ts'
import { signInWords } from '#lib/words/sign-in.ts'
import type { DoorAsked, SignInAsked } from '../wire/popup-messages.ts'

export type DoorAccount = Pick<
	Account,
	'load' | 'state' | 'offer' | 'openDoor' | 'signIn' | 'signOut' | 'rename'
>

export interface DoorQuestions {
	askDoor(server: string, account: DoorAccount, then: () => Promise<void>): void
	/** `isNeeded`: no guest comes further. Asked of an account that was loaded. */
	askSignIn(server: string, account: DoorAccount, isNeeded: boolean, then: () => Promise<void>): void
	door(password: string): Promise<void>
	signIn(username: string, password: string): Promise<void>
	/** Nobody waits for an answer any more. */
	drop(): void
}

interface Question {
	readonly view: DoorAsked | SignInAsked
	readonly account: DoorAccount
	readonly then: () => Promise<void>
}

const PROVIDERS_MAX = 16

export const createDoorQuestions = (show: (view: DoorAsked | SignInAsked) => void): DoorQuestions => {
	let asked: Question | null = null
	const ask = (question: Question): void => {
		asked = question
		show(question.view)
	}
	/** Tries an answer; whoever asks something else meanwhile hears nothing of it. */
	const attempt = async (
		{ account, then, view }: Question,
		work: () => Promise<AccountOutcome>,
	): Promise<void> => {
		const trying: Question = { account, then, view: { ...view, problem: null, isChecking: true } }
		ask(trying)
		const outcome = await work()
		if (asked !== trying) return
		if (outcome.type === 'done') {
			asked = null
			return then()
		}
		const problem = outcome.message.slice(0, 1_000)
		if (view.type === 'door') return ask({ account, then, view: { ...view, problem, isChecking: false } })
		const { field } = outcome
		ask({
			account,
			then,
			view: {
				...view,
				problem,
				field: field === 'username' || field === 'password' ? field : null,
				isChecking: false,
			},
		})
	}
	const answered = (type: Question['view']['type']): Question | null =>
		asked?.view.type === type && !asked.view.isChecking ? asked : null

	return {
		askDoor: (server, account, then) =>
			ask({ account, then, view: { type: 'door', server, problem: null, isChecking: false } }),
		askSignIn(server, account, isNeeded, then) {
			const offer = account.offer()
			const passwords = offer?.passwords === true
			const providers = (offer?.issuers ?? []).slice(0, PROVIDERS_MAX).map(({ name }) => name)
			ask({
				account,
				then,
				view: {
					type: 'sign-in',
					server,
					passwords,
					signUp: passwords && offer.signUp,
					providers,
					isNeeded,
					problem: null,
					field: null,
					isChecking: false,
				},
			})
		},
		async door(password) {
			const question = answered('door')
			if (question !== null) await attempt(question, () => question.account.openDoor(password))
		},
		async signIn(username, password) {
			const question = answered('sign-in')
			if (question?.view.type !== 'sign-in') return
			const missing = username.trim() === '' ? 'username' : password === '' ? 'password' : null
			if (missing !== null) {
				const words = signInWords()
				const problem = missing === 'username' ? words.typeUsername : words.typePassword
				return ask({ ...question, view: { ...question.view, problem, field: missing } })
			}
			await attempt(question, () => question.account.signIn(username.trim(), password))
		},
		drop: () => {
			asked = null
		},
	}
}
