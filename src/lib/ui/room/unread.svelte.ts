/**
 * What came in the chat while the reader looked elsewhere: a count for the badge, whether any of it is meant for them,
 * and the message the "New" mark stands before. What was said before the reader came counts as read.
 */
import type { ChatMessage } from '#lib/core/state.ts'
import type { DeviceId, MessageId, Millis } from '#lib/core/units.ts'
import { markRead, NOTHING_READ } from '../read-marks.ts'

interface UnreadDeps {
	readonly chat: () => readonly ChatMessage[]
	readonly me: () => DeviceId
	readonly sinceMs: Millis
	/** The reader sees the newest line. */
	readonly isReading: () => boolean
	/** Names the reader, or answers them. */
	readonly isForMe: (message: ChatMessage) => boolean
}

const NONE: readonly ChatMessage[] = []

export const createUnread = ({ chat, me, sinceMs, isReading, isForMe }: UnreadDeps) => {
	let seen = $state.raw(NOTHING_READ)
	let markedFrom = $state.raw<MessageId | null>(null)

	// Only the end of the chat can be new: the rest was there when the reader came.
	const recent = $derived.by(() => {
		const all = chat()
		let from = all.length
		while (from > 0 && (all[from - 1]?.atMs ?? -Infinity) >= sinceMs) from--
		return all.slice(from)
	})
	const unseen = $derived(recent.filter((message) => message.from !== me() && !seen.has(message.id)))
	// Reading is an act in time, not a value: what is on the screen now stays read later.
	$effect(() => {
		if (unseen.length === 0 || !isReading()) return
		seen = markRead(
			seen,
			unseen.map(({ id }) => id),
		)
	})
	$effect(() => {
		if (unseen.length > 0 && !isReading() && markedFrom === null) markedFrom = unseen[0]?.id ?? null
	})
	return {
		get count() {
			return isReading() ? 0 : unseen.length
		},
		/** How many of them are meant for the reader. */
		get forMe() {
			return isReading() ? 0 : unseen.filter(isForMe).length
		},
		/** Oldest first. */
		get messages() {
			return isReading() ? NONE : unseen
		},
		/** The first message of the last absence; stays until `clearMark`. */
		get newFrom() {
			return markedFrom
		},
		clearMark(): void {
			markedFrom = null
		},
	}
}
