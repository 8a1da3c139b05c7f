/**
 * How the app looks is one choice for this device: what another page of it changes, this one follows at once.
 */
import { applyLanguage, LANGUAGE_KEY } from './language-choice.ts'
import { applyKeptMotion, MOTION_KEY } from './motion.ts'
import { applyKeptTheme, THEME_KEY } from './theme.ts'

/** Returns the function that ends it. */
export const followLooks = (): (() => void) => {
	const onstorage = ({ key }: StorageEvent): void => {
		// Null: all of it was deleted.
		if (key === THEME_KEY || key === null) applyKeptTheme()
		if (key === MOTION_KEY || key === null) applyKeptMotion()
		if (key === LANGUAGE_KEY || key === null)
			void applyLanguage().catch((error: unknown) => {
				// It stays in the language that it has.
				console.warn('The words of a language could not be fetched.', error)
			})
	}
	addEventListener('storage', onstorage)
	return () => {
		removeEventListener('storage', onstorage)
	}
}
