/**
 * How a page of the extension looks and which language it speaks, as the settings say.
 */
import { languageFor, localeOf, onLanguage, trackLanguage, useLanguage } from '#lib/words/language.ts'
import { createSubscriber } from 'svelte/reactivity'
import type { Settings } from '../src/settings.ts'
import { settings } from './settings.ts'

/** In the language that is set; English where the others cannot be had. */
export const speak = async ({ language }: Pick<Settings, 'language'>): Promise<void> => {
	const next = language === 'system' ? languageFor(navigator.languages) : language
	try {
		await useLanguage(next)
		document.documentElement.lang = localeOf(next)
	} catch (error) {
		console.warn(error)
	}
}

const apply = async (set: Settings): Promise<void> => {
	if (set.theme === 'system') delete document.documentElement.dataset['theme']
	else document.documentElement.dataset['theme'] = set.theme
	await speak(set)
}

/** Theme and language of this page as they are set, now and whenever they change. Awaited before anything is drawn. */
export const followLook = async (): Promise<Settings> => {
	trackLanguage(createSubscriber(onLanguage))
	const keeper = settings()
	keeper.onChange((set) => void apply(set))
	const now = await keeper.read()
	await apply(now)
	return now
}
