/**
 * The chat as it is read: messages in order, and between them what people did to the film, folded into one quiet
 * line however often they pressed, and what was taken back.
 */
import type { ActivityEntry, ChatDeletion, ChatMessage } from '#lib/core/state.ts'

export type TimelineRow =
	| { readonly type: 'message'; readonly key: string; readonly message: ChatMessage; readonly isNew: boolean }
	/** `entry` is the last of `count` deeds in a row. */
	| { readonly type: 'quiet'; readonly key: string; readonly entry: ActivityEntry; readonly count: number }
	/** `deletion` is the last of `count` in a row, of one person's by one person. */
	| { readonly type: 'gone'; readonly key: string; readonly deletion: ChatDeletion; readonly count: number }

const QUIET: ReadonlySet<ActivityEntry['deed']['type']> = new Set([
	'played',
	'paused',
	'sought',
	'set-speed',
	'started',
])

/** Lines shown at most, as many as the fold keeps messages. */
const ROWS_MAX = 2_000

const byTime = (a: ChatDeletion, b: ChatDeletion): number => a.atMs - b.atMs

/**
 * `chat` oldest first, `activity` newest first, as the room gives them. `newFromIndex`: the first message that was
 * not there when the reader last looked, or null.
 */
export const timeline = (
	chat: readonly ChatMessage[],
	activity: readonly ActivityEntry[],
	newFromIndex: number | null,
	deletions: readonly ChatDeletion[] = [],
): TimelineRow[] => {
	const rows: TimelineRow[] = []
	const deeds = activity.filter((entry) => QUIET.has(entry.deed.type) && entry.undoneBy === null).reverse()
	const gone = deletions.toSorted(byTime)
	let at = 0
	let goneAt = 0
	const fold = (untilMs: number): void => {
		let last: ActivityEntry | null = null
		let count = 0
		for (let entry = deeds[at]; entry !== undefined && entry.atMs <= untilMs; entry = deeds[++at]) {
			last = entry
			count++
		}
		if (last) rows.push({ type: 'quiet', key: `a ${last.id}`, entry: last, count })
		for (let one = gone[goneAt]; one !== undefined && one.atMs <= untilMs; one = gone[++goneAt]) {
			const before = rows.at(-1)
			const isMore =
				before?.type === 'gone' && before.deletion.by === one.by && before.deletion.from === one.from
			if (isMore) rows.pop()
			rows.push({
				type: 'gone',
				// The first of them names the line, so that it stays one line as it grows.
				key: isMore ? before.key : `g ${one.id}`,
				deletion: one,
				count: isMore ? before.count + 1 : 1,
			})
		}
	}
	chat.forEach((message, index) => {
		fold(message.atMs)
		rows.push({ type: 'message', key: `m ${message.id}`, message, isNew: index === newFromIndex })
	})
	fold(Infinity)
	return rows.slice(-ROWS_MAX)
}
