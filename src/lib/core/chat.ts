/**
 * Chat: what people said, less what they or a moderator took back. Each device keeps its last 256 messages.
 */
import { compareRecords, type RecordOf } from './records.ts'
import type { ChatMessage } from './state.ts'
import type { MessageId, Millis } from './units.ts'

/** Said more than this before it was first seen here: shown as late. */
export const CHAT_LATE_MS = 2 * 60_000
/** The newest; older ones stay in the document and out of sight. */
export const CHAT_SHOWN_MAX = 2_000

export const foldChat = (
	records: readonly RecordOf<'chat'>[],
	mods: readonly RecordOf<'mod'>[],
	rights: {
		mayChat: (record: RecordOf<'chat'>) => boolean
		mayModerate: (record: RecordOf<'mod'>) => boolean
	},
	isLate: (record: RecordOf<'chat'>) => boolean,
): readonly ChatMessage[] => {
	const hidden = new Set<string>()
	for (const mod of mods) if (mod.body?.t === 'hide' && rights.mayModerate(mod)) hidden.add(mod.body.message)
	const said = records
		.filter((record) => record.body !== null && !hidden.has(record.ref) && rights.mayChat(record))
		.sort(compareRecords)
	const messages: ChatMessage[] = []
	const told = new Set<string>()
	for (const record of said.slice(-CHAT_SHOWN_MAX)) {
		const { body, ref } = record
		// One message an id, also of a device that used a seq twice.
		if (body === null || told.has(ref)) continue
		told.add(ref)
		messages.push(
			Object.freeze({
				id: ref as MessageId,
				from: record.author,
				text: body.text,
				atMs: record.ms,
				item: body.item ?? null,
				positionS: body.pos ?? null,
				replyTo: body.reply ?? null,
				isLate: isLate(record),
			}),
		)
	}
	return Object.freeze(messages)
}

/** `firstSeenMs`: room time at which the record came in here while the room was open, null where it was already there. */
export const isLateAt = (saidAtMs: Millis, firstSeenMs: Millis | null): boolean =>
	firstSeenMs !== null && firstSeenMs - saidAtMs > CHAT_LATE_MS
