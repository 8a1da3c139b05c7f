import { browser } from '$app/environment'
import { applyLanguage } from '#lib/ui/language-choice.ts'

export const ssr = false
export const prerender = false

/** The words are there before anything is drawn. */
export const load = async (): Promise<void> => {
	if (!browser) return
	try {
		await applyLanguage()
	} catch (error) {
		// Offline, and not kept on this device: the page is in English, as its `lang` says.
		console.warn('The words of this language could not be fetched.', error)
	}
}
