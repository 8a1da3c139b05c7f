/** How the app looks to whoever uses it: theme and language. */
import { subject } from './subject.ts'

const english = {
	lightOrDark: 'Light or dark',
	/** Beside the languages' own names, in the language in force. */
	language: 'Language',
	languageNotFetched: (language: string) =>
		`The words for ${language} could not be fetched. Try again once you are online.`,
	theme: 'Theme',
	lessMotion: 'Less movement',
	lessMotionAbout: 'Otherwise as your system says.',
	themes: { system: 'System', light: 'Light', dark: 'Dark' },
}
export type LookWords = typeof english
export const lookWords = subject('look', english)
