/**
 * The language in force, and how Svelte is told that it changed. English is part of the code that speaks it; other
 * languages are fetched whole when first used.
 */
export type Language = 'en' | 'zh'

/** Each by its own name, as a switch shows them. */
export const LANGUAGES: readonly { readonly language: Language; readonly name: string }[] = [
	{ language: 'en', name: 'English' },
	{ language: 'zh', name: '中文' },
]

let current: Language = 'en'
/** Of the language in force, by subject; English stands with the subjects themselves. */
let words: Readonly<Record<string, object>> = {}
const listeners = new Set<() => void>()
let track = (): void => undefined

/** Read by what renders: `fn` is called with each reading (createSubscriber's subscription), so that it renders anew. */
export const trackLanguage = (fn: () => void): void => {
	track = fn
}

/** Called after each change. Returns the function that ends it. */
export const onLanguage = (fn: () => void): (() => void) => {
	listeners.add(fn)
	return () => void listeners.delete(fn)
}

export const language = (): Language => {
	track()
	return current
}

/** For `<html lang>` and Intl: what the words are written in. */
export const localeOf = (of: Language): string => (of === 'zh' ? 'zh-CN' : 'en')
export const locale = (): string => localeOf(language())

/** Null while it has not been put into another language. */
export const translated = (subject: string): object | null => {
	track()
	return words[subject] ?? null
}

/** Rejects where the language's file cannot be fetched; the language before then stays in force. */
export const useLanguage = async (next: Language): Promise<void> => {
	const fetched = next === 'en' ? {} : (await import('./zh.ts')).zh
	if (current === next) return
	current = next
	words = { ...fetched }
	for (const fn of [...listeners]) fn()
}

/** The first of a browser's languages (BCP 47, best first) that there are words for; English where there is none. */
export const languageFor = (preferred: readonly string[]): Language => {
	for (const tag of preferred) {
		const primary = tag.toLowerCase().split('-', 1)[0]
		const known = LANGUAGES.find(({ language }) => language === primary)
		if (known !== undefined) return known.language
	}
	return 'en'
}

/** Of what somebody stored; null for anything else. */
export const parseLanguage = (value: unknown): Language | null =>
	LANGUAGES.find(({ language }) => language === value)?.language ?? null
