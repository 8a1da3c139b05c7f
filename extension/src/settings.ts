/**
 * What a person has set for the extension: kept in the extension's own storage, read by popup, panel, options and
 * background, and told to the room's document by the background. The name and the hidden address are the app's own and
 * stand where the app keeps them.
 */
import { object, oneOf, text, type Parsed } from '#lib/core/schema.ts'

const server = text(300, /^(https?:\/\/|$)/)
const theme = oneOf('system', 'light', 'dark')
const language = oneOf('system', 'en', 'zh')

export const settingsSchema = object({
	/** As `readServer` gives it; '' until one is set. */
	server,
	theme,
	language,
})
export type Settings = Parsed<typeof settingsSchema>
export type ThemeChoice = Settings['theme']
export type LanguageChoice = Settings['language']

export const SETTING_KEYS = ['server', 'theme', 'language'] as const
const isSettingKey = (key: string): boolean => (SETTING_KEYS as readonly string[]).includes(key)

/** Anything may stand on the disk: what does not fit is as at first. */
export const readSettings = (kept: Readonly<Record<string, unknown>>): Settings => ({
	server: server.parse(kept['server']) ?? '',
	theme: theme.parse(kept['theme']) ?? 'system',
	language: language.parse(kept['language']) ?? 'system',
})

/** What is used of `storage.local`. */
export interface SettingsArea {
	get(keys: string[]): Promise<Record<string, unknown>>
	set(items: Record<string, unknown>): Promise<void>
	readonly onChanged: {
		addListener(fn: (changes: Readonly<Record<string, unknown>>) => void): void
		removeListener(fn: (changes: Readonly<Record<string, unknown>>) => void): void
	}
}

export interface SettingsKeeper {
	read(): Promise<Settings>
	set(change: Partial<Settings>): Promise<void>
	/** Called with all of them after any part of the extension has changed one. Returns the function that ends it. */
	onChange(fn: (settings: Settings) => void): () => void
}

export const createSettings = (area: SettingsArea): SettingsKeeper => {
	const read = async () => readSettings(await area.get([...SETTING_KEYS]))
	return {
		read,
		set: (change) => area.set({ ...change }),
		onChange: (fn) => {
			const heard = (changes: Readonly<Record<string, unknown>>) => {
				if (!Object.keys(changes).some(isSettingKey)) return
				// Read as a whole: two changes at once come in any order.
				read().then(fn, (error: unknown) => console.error(error))
			}
			area.onChanged.addListener(heard)
			return () => area.onChanged.removeListener(heard)
		},
	}
}
