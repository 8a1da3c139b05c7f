/**
 * What the extension's button in the browser's toolbar shows of the room: that there is one, and where it needs a click.
 */
import { extensionSitesWords } from '#lib/words/extension-sites.ts'
import type { PopupView, RoomShown } from './wire/popup-messages.ts'

export interface Toolbar {
	/** Up to four characters; '' for none. */
	readonly badge: string
	readonly title: string
}

type Shown =
	Pick<RoomShown, 'type' | 'title' | 'isShutOut'> | { readonly type: Exclude<PopupView['type'], 'room'> }

const TITLE_MAX_CHARS = 80

export const toolbarOf = (view: Shown): Toolbar => {
	const words = extensionSitesWords()
	if (view.type !== 'room') return { badge: '', title: words.bar }
	if (view.isShutOut) return { badge: '!', title: words.barClick }
	const title = view.title.slice(0, TITLE_MAX_CHARS).toWellFormed()
	return { badge: '•', title: title === '' ? words.barOpenUntitled : words.barOpen(title) }
}
