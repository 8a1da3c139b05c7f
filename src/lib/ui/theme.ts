/**
 * Light or dark: the system decides until the person does. The choice is kept in this browser and set on the root
 * element, where tokens.css reads it.
 */
export type Theme = 'light' | 'dark'

export const THEME_KEY = 'matinee.theme'

/** The choice made on this device, or null where the system decides. */
export const readTheme = (): Theme | null => {
	try {
		const kept = localStorage.getItem(THEME_KEY)
		return kept === 'light' || kept === 'dark' ? kept : null
	} catch {
		// A browser that refuses storage still has a theme: the system's.
		return null
	}
}

/** Sets the kept choice on the page: before anything is drawn, and when another page has changed it. */
export const applyKeptTheme = (): void => {
	const kept = readTheme()
	if (kept) document.documentElement.dataset['theme'] = kept
	else delete document.documentElement.dataset['theme']
}

export const shownTheme = (): Theme => {
	const set = document.documentElement.dataset['theme']
	if (set === 'light' || set === 'dark') return set
	return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}

/** Changes the page to this theme, or back to the system's (null), and keeps the choice. */
export const chooseTheme = (theme: Theme | null): void => {
	if (theme === null) delete document.documentElement.dataset['theme']
	else document.documentElement.dataset['theme'] = theme
	try {
		if (theme === null) localStorage.removeItem(THEME_KEY)
		else localStorage.setItem(THEME_KEY, theme)
	} catch {
		// Not kept, then: the page has changed, which is what was asked for.
		return
	}
}

/** To the other of the two. */
export const switchTheme = (): Theme => {
	const theme = shownTheme() === 'dark' ? 'light' : 'dark'
	chooseTheme(theme)
	return theme
}
