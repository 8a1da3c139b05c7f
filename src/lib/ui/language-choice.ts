/**
 * English or 中文: the browser's languages decide until the person does. The choice is kept in this browser.
 */
import {
	language,
	languageFor,
	localeOf,
	parseLanguage,
	useLanguage,
	type Language,
} from '#lib/words/language.ts'

export const LANGUAGE_KEY = 'matinee.language'

/** The choice made on this device, or null where the browser's languages decide. */
export const readLanguage = (): Language | null => {
	try {
		return parseLanguage(localStorage.getItem(LANGUAGE_KEY))
	} catch {
		// A browser that refuses storage still has languages of its own.
		return null
	}
}

const put = async (next: Language): Promise<void> => {
	await useLanguage(next)
	document.documentElement.lang = localeOf(language())
}

/**
 * Before anything is drawn. Rejects where the words cannot be fetched: the page is in English then, and its `lang`
 * says so.
 */
export const applyLanguage = (): Promise<void> => put(readLanguage() ?? languageFor(navigator.languages))

/** Changes the page's language and keeps the choice. Rejects as `applyLanguage`; then nothing is changed or kept. */
export const switchLanguage = async (next: Language): Promise<void> => {
	await put(next)
	try {
		localStorage.setItem(LANGUAGE_KEY, next)
	} catch {
		// Not kept, then: the page has changed, which is what was asked for.
	}
}
