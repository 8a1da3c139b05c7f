/**
 * Toasts: what others did to the queue or the film, what the person did and may regret. Each comes from an activity
 * entry, so Undo is that entry's inverse; repeats of one person fold into one line.
 */
import type { ActivityEntry, Deed, RoomState } from '#lib/core/state.ts'
import type { DeviceId, Millis } from '#lib/core/units.ts'
import type { ToastView } from '#lib/core/view.ts'

/** Older entries arrive when a room is loaded or merged: history, not news. */
const NEWS_MAX_AGE_MS = 20_000

const timecode = (positionS: number): string => {
	const whole = Math.floor(positionS)
	const seconds = String(whole % 60).padStart(2, '0')
	const minutes = Math.floor(whole / 60) % 60
	const hours = Math.floor(whole / 3600)
	return hours > 0
		? `${String(hours)}:${String(minutes).padStart(2, '0')}:${seconds}`
		: `${String(minutes)}:${seconds}`
}

const MAY_BE_REGRETTED: ReadonlySet<Deed['type']> = new Set(['removed', 'cleared', 'shuffled'])

/** The sentence without its subject (what is named in it), or null where nobody needs to be told. */
const describe = (deed: Deed, isMine: boolean): { text: string; subject: string | null } | null => {
	// What one does oneself is seen on the screen; only what may be regretted is told.
	if (isMine && !MAY_BE_REGRETTED.has(deed.type)) return null
	switch (deed.type) {
		case 'removed':
			return { text: 'removed', subject: deed.title }
		case 'cleared':
			return {
				text: `cleared the queue, ${String(deed.count)} ${deed.count === 1 ? 'video' : 'videos'}`,
				subject: null,
			}
		case 'shuffled':
			return { text: 'shuffled the queue', subject: null }
		case 'added':
			return { text: 'added', subject: deed.title }
		case 'moved':
			return { text: 'moved', subject: deed.title }
		case 'started':
			return { text: 'started', subject: deed.title }
		case 'paused':
			return { text: `paused at ${timecode(deed.positionS)}`, subject: null }
		case 'played':
			return { text: 'pressed play', subject: null }
		case 'sought':
			return { text: `went to ${timecode(deed.positionS)}`, subject: null }
		case 'set-speed':
			return { text: `set the speed to ${String(deed.rate)}×`, subject: null }
		case 'renamed-room':
			return { text: 'named the room', subject: deed.title }
		case 'changed-settings':
			return { text: 'changed the settings of the room', subject: null }
		case 'went-on':
			return deed.isSkip ? { text: 'skipped to', subject: deed.title } : null
		case 'came-in':
		case 'opened-room':
		case 'waited':
		case 'granted':
		case 'put-out':
		case 'let-in':
		case 'hid-message':
		case 'handed-over':
		case 'changed-lock':
			return null
	}
}

export interface Toaster {
	/** Looks for news; true if the toast changed. */
	observe(state: RoomState, nowMs: Millis): boolean
	/** Something that is no activity: a copied link, a refusal. */
	show(toast: ToastView): void
	current(): ToastView | null
	dismiss(id: string): void
}

/** `mayUndo`: whether the person here may write the inverse of that entry. */
export const createToaster = (
	nameOf: (device: DeviceId) => string,
	mayUndo: (entryId: string) => boolean = () => true,
): Toaster => {
	const seen = new Set<string>()
	let current: ToastView | null = null
	/** Of the toast that is up: who and what, to fold the next one in. */
	let fold: { by: DeviceId; type: Deed['type']; count: number } | null = null

	const toastOf = (entry: ActivityEntry, me: DeviceId): ToastView | null => {
		const isMine = entry.by === me
		const words = describe(entry.deed, isMine)
		if (words === null) return null
		const who = isMine ? 'You' : nameOf(entry.by)
		const count =
			fold?.by === entry.by && fold.type === entry.deed.type && current !== null ? fold.count + 1 : 1
		fold = { by: entry.by, type: entry.deed.type, count }
		const isFolded =
			count > 1 &&
			(entry.deed.type === 'added' || entry.deed.type === 'removed' || entry.deed.type === 'moved')
		return {
			id: entry.id,
			text: isFolded ? `${who} ${words.text} ${String(count)} videos` : `${who} ${words.text}`,
			subject: isFolded ? null : words.subject,
			action: entry.isUndoable && !isFolded && mayUndo(entry.id) ? { label: 'Undo', kind: 'undo' } : null,
			tone: 'plain',
		}
	}

	return {
		observe: (state, nowMs) => {
			const news = state.activity.filter((entry) => !seen.has(entry.id))
			for (const entry of news) seen.add(entry.id)
			const before = current
			// The list is newest first; told in the order in which things happened, the last one stays up.
			for (const entry of news.toReversed()) {
				if (nowMs - entry.atMs > NEWS_MAX_AGE_MS || entry.undoneBy !== null) continue
				current = toastOf(entry, state.me) ?? current
			}
			const isUndone = state.activity.some((entry) => entry.id === current?.id && entry.undoneBy !== null)
			if (isUndone) current = null
			return current !== before
		},
		show: (toast) => {
			current = toast
			fold = null
		},
		current: () => current,
		dismiss: (id) => {
			if (current?.id === id) {
				current = null
				fold = null
			}
		},
	}
}
