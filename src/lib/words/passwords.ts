/** What is wrong with a password for a room. */
import { subject } from './subject.ts'

const english = {
	empty: 'Type a password, at least one character.',
	halfCharacter: 'This password holds half a character. Type it again.',
	tooLong: (count: number, most: number) =>
		`${String(count)} characters, but a password has at most ${String(most)}.`,
}
export type PasswordsWords = typeof english
export const passwordsWords = subject('passwords', english)
