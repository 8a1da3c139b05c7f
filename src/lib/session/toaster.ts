/**
 * Toasts: what others did to the queue or the film, what the person did and may regret. Each comes from an activity
 * entry, so Undo is that entry's inverse; repeats of one person fold into one line.
 */
import type { ActivityEntry, Deed, RoomState } from '#lib/core/state.ts'
import type { DeviceId, Millis } from '#lib/core/units.ts'
import type { ToastView } from '#lib/core/view.ts'
import { commonWords } from '#lib/words/common.ts'
import type { DescribeNews } from './news-words.ts'

/** Older entries arrive when a room is loaded or merged: history, not news. */
const NEWS_MAX_AGE_MS = 20_000

export interface Toaster {
	/** Looks for news; true if the toast changed. */
	observe(state: RoomState, nowMs: Millis): boolean
	/** Something that is no activity: a copied link, a refusal. */
	show(toast: ToastView): void
	current(): ToastView | null
	dismiss(id: string): void
}

/**
 * `mayUndo`: whether the person here may write the inverse of that entry. The words are fetched with the first entry
 * where they are not given; `onFetched` runs when what came meanwhile has been looked through.
 */
export const createToaster = (
	nameOf: (device: DeviceId) => string,
	mayUndo: (entryId: string) => boolean = () => true,
	given: DescribeNews | null = null,
	onFetched: () => void = () => undefined,
): Toaster => {
	let describe = given
	const seen = new Set<string>()
	let current: ToastView | null = null
	/** Of the toast that is up: who and what, to fold the next one in. */
	let fold: { by: DeviceId; type: Deed['type']; count: number } | null = null

	const toastOf = (entry: ActivityEntry, me: DeviceId): ToastView | null => {
		const isMine = entry.by === me
		const count =
			fold?.by === entry.by && fold.type === entry.deed.type && current !== null ? fold.count + 1 : 1
		const words = describe?.(entry.deed, { isMine, name: nameOf(entry.by), count }) ?? null
		if (words === null) return null
		fold = { by: entry.by, type: entry.deed.type, count }
		const mayBeUndone = entry.isUndoable && !words.isFolded && mayUndo(entry.id)
		return {
			id: entry.id,
			text: words.text,
			subject: words.subject,
			action: mayBeUndone ? { label: commonWords().undo, kind: 'undo' } : null,
			tone: 'plain',
		}
	}

	const look = (state: RoomState, nowMs: Millis): boolean => {
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
	}

	const unseen: [RoomState, Millis][] = []
	let isFetching = false
	const fetchWords = async (): Promise<void> => {
		if (isFetching) return
		isFetching = true
		try {
			describe = (await import('./news-words.ts')).describeNews
		} catch (error) {
			console.warn('The words for what others do could not be fetched.', error)
		}
		isFetching = false
		const states = unseen.splice(0)
		if (describe === null) return
		for (const [state, nowMs] of states) look(state, nowMs)
		onFetched()
	}

	return {
		observe: (state, nowMs) => {
			if (describe !== null) return look(state, nowMs)
			if (state.activity.length > 0) {
				unseen.push([state, nowMs])
				void fetchWords()
			}
			return false
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
