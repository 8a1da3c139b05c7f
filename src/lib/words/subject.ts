/**
 * The words of one subject: written in English beside the name of the subject, in other languages in the folder of
 * the language, where the type of the English holds them complete.
 */
import { translated } from './language.ts'

/** Answers a function that gives the subject's words in the language in force; call it where they are shown. */
export const subject = <Words extends object>(name: string, english: Words): (() => Words) => {
	// `zh.ts` is typed by the subjects themselves.
	return () => (translated(name) as Words | null) ?? english
}
