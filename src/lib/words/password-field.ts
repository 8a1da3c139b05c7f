/** A field for a password that can be made readable. */
import { subject } from './subject.ts'

const english = {
	show: 'Show',
	hide: 'Hide',
	showTyped: 'Show what is typed',
	hideTyped: 'Hide what is typed',
}
export type PasswordFieldWords = typeof english
export const passwordFieldWords = subject('password-field', english)
