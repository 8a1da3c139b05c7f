/**
 * What came in the chat while the reader looked elsewhere: a count for the badge, and the message the "New" mark
 * stands before. What was said before the reader came counts as read.
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
}

export const createUnread = ({ chat, me, sinceMs, isReading }: UnreadDeps) => {
	let seen = $state.raw(NOTHING_READ)
	let markedFrom = $state.raw<MessageId | null>(null)

	const unseen = $derived(
		chat().filter((message) => message.atMs >= sinceMs && message.from !== me() && !seen.has(message.id)),
	)
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
		/** The first message of the last absence; stays until `clearMark`. */
		get newFrom() {
			return markedFrom
		},
		clearMark(): void {
			markedFrom = null
		},
	}
}
