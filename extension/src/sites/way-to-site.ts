/**
 * The way from the extension's page that asks to the site: the room is opened for this page's own tab, and when it is
 * open the tab goes there. What the room asks or refuses meanwhile is shown.
 */
import type { WatchNote } from '#lib/protocol/extension-note.ts'
import type { FromPopup, PopupView } from '../wire/popup-messages.ts'

export type WayView =
	/** Nothing has been clicked yet. `other`: the room that would be left, its title perhaps ''. */
	| { readonly type: 'asks'; readonly other: string | null }
	| { readonly type: 'joining' }
	| { readonly type: 'password'; readonly problem: string | null; readonly isChecking: boolean }
	/** The server's door, say, or a sign-in: the popup asks for those. */
	| { readonly type: 'other-question' }
	| { readonly type: 'stopped'; readonly title: string; readonly detail: string }
	| { readonly type: 'going' }

export interface WayDeps {
	readonly note: WatchNote
	readonly server: string
	/** This page's own. */
	readonly tab: number
	readonly send: (message: FromPopup) => void
	readonly onView: (view: WayView) => void
	/** The room is open in this tab. */
	readonly go: () => void
}

export interface Way {
	/** What the room's document tells its popups. */
	heard(view: PopupView): void
	/** After the person's click, with the site's permission given. */
	start(): void
	password(text: string): void
}

export const createWay = ({ note, server, tab, send, onView, go }: WayDeps): Way => {
	let room: PopupView | null = null
	let isStarted = false
	/** The room's document has taken the wish up: what it tells from then on is of this room. */
	let isTaken = false
	const isThisRoom = (view: PopupView): boolean => view.type === 'room' && view.link.endsWith(`#${note.code}`)
	const arrive = (): void => {
		isStarted = false
		onView({ type: 'going' })
		go()
	}
	return {
		heard(view) {
			room = view
			if (!isStarted) {
				if (!isTaken)
					onView({ type: 'asks', other: view.type === 'room' && !isThisRoom(view) ? view.title : null })
				return
			}
			switch (view.type) {
				case 'opening':
					isTaken = true
					return onView({ type: 'joining' })
				case 'room':
					return isThisRoom(view) ? arrive() : undefined
				case 'password':
					return isTaken
						? onView({ type: 'password', problem: view.problem, isChecking: view.isChecking })
						: undefined
				case 'none':
					if (!isTaken) return
					isStarted = false
					return onView({
						type: 'stopped',
						title: view.problem?.title ?? '',
						detail: view.problem?.detail ?? '',
					})
				default:
					return isTaken ? onView({ type: 'other-question' }) : undefined
			}
		},
		start() {
			if (isStarted) return
			isStarted = true
			isTaken = false
			onView({ type: 'joining' })
			if (room !== null && isThisRoom(room)) {
				send({ type: 'play-here', tab })
				arrive()
			} else send({ type: 'join', server, text: note.code, tab })
		},
		password: (text) => send({ type: 'password', text: text.slice(0, 500) }),
	}
}
