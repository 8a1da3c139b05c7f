/** Whether the side panel was shown: remembered in this browser, for the reader's own eyes. */
export type PanelTab = 'chat' | 'queue' | 'people' | 'activity'

const KEY = 'matinee.panel'

export const readPanelOpen = (): boolean => {
	try {
		return localStorage.getItem(KEY) !== 'closed'
	} catch {
		// A browser that refuses storage gets the panel as it is at first.
		return true
	}
}

export const keepPanelOpen = (isOpen: boolean): void => {
	try {
		localStorage.setItem(KEY, isOpen ? 'open' : 'closed')
	} catch {
		// Nothing is lost but the habit: the panel opens as at first next time.
		return
	}
}
