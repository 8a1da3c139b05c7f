/**
 * Chat: what people said, less what they or a moderator took back. Each device keeps its last 256 messages.
 */
import { compareRecords, type RecordOf } from './records.ts'
import type { ChatMessage } from './state.ts'
import type { DeviceId, MessageId, Millis, SubjectId } from './units.ts'

/** Said more than this before it was first seen here: shown as late. */
export const CHAT_LATE_MS = 2 * 60_000
/** The newest; older ones stay in the document and out of sight. */
export const CHAT_SHOWN_MAX = 2_000

export interface ChatFold {
	readonly messages: readonly ChatMessage[]
	/** When somebody last said something that counts, hidden since or not. */
	lastSaidMs(subject: SubjectId): Millis | undefined
	/** The hidings that count. */
	readonly hides: readonly RecordOf<'mod'>[]
}

export interface ChatRights {
	mayChat(record: RecordOf<'chat'>): boolean
	mayModerate(record: RecordOf<'mod'>): boolean
	/** Slow mode as it stood when this was said, for who said it: seconds, 0 for none. */
	everyS(record: RecordOf<'chat'>): number
	subjectOf(device: DeviceId): SubjectId
}

export const foldChat = (
	records: readonly RecordOf<'chat'>[],
	mods: readonly RecordOf<'mod'>[],
	rights: ChatRights,
	isLate: (record: RecordOf<'chat'>) => boolean,
): ChatFold => {
	const hides = mods.filter((mod) => mod.body?.t === 'hide' && rights.mayModerate(mod))
	const hidden = new Set<string>()
	for (const { body } of hides) if (body?.t === 'hide') hidden.add(body.message)
	const lastSaid = new Map<SubjectId, Millis>()
	/** By the room's clock, a person with two devices as one. */
	const isInTime = (record: RecordOf<'chat'>): boolean => {
		const subject = rights.subjectOf(record.author)
		const dueMs = (lastSaid.get(subject) ?? -Infinity) + rights.everyS(record) * 1_000
		if (record.ms < dueMs) return false
		lastSaid.set(subject, record.ms)
		return true
	}
	const said = records
		.filter((record) => record.body !== null && rights.mayChat(record))
		.sort(compareRecords)
		.filter((record) => isInTime(record) && !hidden.has(record.ref))
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
	return { messages: Object.freeze(messages), lastSaidMs: (subject) => lastSaid.get(subject), hides }
}

/** `firstSeenMs`: room time at which the record came in here while the room was open, null where it was already there. */
export const isLateAt = (saidAtMs: Millis, firstSeenMs: Millis | null): boolean =>
	firstSeenMs !== null && firstSeenMs - saidAtMs > CHAT_LATE_MS
