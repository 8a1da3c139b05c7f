/**
 * Chat: what people said, as they last wrote it, less what they or a moderator took back. Each device keeps its last
 * 256 messages and edits.
 */
import { compareRecords, type RecordOf } from './records.ts'
import type { ChatDeletion, ChatMessage, ChatReaction } from './state.ts'
import type { DeviceId, ItemId, MessageId, Millis, SubjectId } from './units.ts'

/** Said more than this before it was first seen here: shown as late. */
export const CHAT_LATE_MS = 2 * 60_000
/** The newest; older ones stay in the document and out of sight. */
export const CHAT_SHOWN_MAX = 2_000

export interface ChatFold {
	readonly messages: readonly ChatMessage[]
	/** Messages taken back, in the order in which they were: what answers them says so, and who did it. */
	readonly deletions: readonly ChatDeletion[]
	/** When somebody last said something that counts, hidden since or not. */
	lastSaidMs(subject: SubjectId): Millis | undefined
	/** The hidings of others' messages that count. */
	readonly hides: readonly RecordOf<'mod'>[]
}

export interface HideRights {
	mayModerate(record: RecordOf<'mod'>): boolean
	/** Take back own words: whoever is not out. */
	mayTakeBack(record: RecordOf<'mod'>): boolean
	subjectOf(device: DeviceId): SubjectId
}

export interface ChatRights {
	mayChat(record: RecordOf<'chat'>): boolean
	/** Slow mode as it stood when this was said, for who said it: seconds, 0 for none. */
	everyS(record: RecordOf<'chat'>): number
	subjectOf(device: DeviceId): SubjectId
}

/** The device that said it. */
export const authorOfMessage = (id: string): DeviceId => id.slice(0, id.indexOf('.')) as DeviceId

export interface HidesFold {
	readonly deletions: ReadonlyMap<string, ChatDeletion>
	readonly hides: readonly RecordOf<'mod'>[]
	/** Those of subtitles that say so, own ones too. */
	readonly subtitleHides: readonly RecordOf<'mod'>[]
}

/** What was taken back, by those who may. */
export const foldHides = (
	mods: readonly RecordOf<'mod'>[],
	{ mayModerate, mayTakeBack, subjectOf }: HideRights,
): HidesFold => {
	const deletions = new Map<string, ChatDeletion>()
	const hides: RecordOf<'mod'>[] = []
	const subtitleHides: RecordOf<'mod'>[] = []
	for (const record of mods.filter(({ body }) => body?.t === 'hide').sort(compareRecords)) {
		if (record.body?.t !== 'hide') continue
		const id = record.body.message
		const from = authorOfMessage(id)
		const isOwn = subjectOf(from) === subjectOf(record.author)
		if (!(isOwn ? mayTakeBack(record) : mayModerate(record))) continue
		if (record.body.sub !== undefined) subtitleHides.push(record)
		else if (!isOwn) hides.push(record)
		if (!deletions.has(id)) deletions.set(id, Object.freeze({ id, from, by: record.author, atMs: record.ms }))
	}
	return { deletions, hides, subtitleHides }
}

export const foldChat = (
	records: readonly RecordOf<'chat'>[],
	{ deletions, hides }: HidesFold,
	reactionsOn: (message: string) => readonly ChatReaction[],
	rights: ChatRights,
	isLate: (record: RecordOf<'chat'>) => boolean,
): ChatFold => {
	const lastSaid = new Map<SubjectId, Millis>()
	/** By the room's clock, a person with two devices as one. */
	const isInTime = (record: RecordOf<'chat'>): boolean => {
		const subject = rights.subjectOf(record.author)
		const dueMs = (lastSaid.get(subject) ?? -Infinity) + rights.everyS(record) * 1_000
		if (record.ms < dueMs) return false
		lastSaid.set(subject, record.ms)
		return true
	}
	const said: RecordOf<'chat'>[] = []
	const edits = new Map<string, RecordOf<'chat'>>()
	for (const record of records
		.filter(({ body }) => body !== null)
		.filter(rights.mayChat)
		.sort(compareRecords)) {
		// An edit is something said: it takes its turn in slow mode like a message.
		if (!isInTime(record) || deletions.has(record.ref)) continue
		const edited = record.body?.edit
		if (edited === undefined) said.push(record)
		else if (rights.subjectOf(authorOfMessage(edited)) === rights.subjectOf(record.author))
			edits.set(edited, record)
	}
	const messages: ChatMessage[] = []
	const told = new Set<string>()
	for (const record of said.slice(-CHAT_SHOWN_MAX)) {
		const { body, ref } = record
		// One message an id, also of a device that used a seq twice.
		if (body === null || told.has(ref)) continue
		told.add(ref)
		const edit = edits.get(ref)
		messages.push(
			Object.freeze({
				id: ref as MessageId,
				from: record.author,
				text: edit?.body?.text ?? body.text,
				atMs: record.ms,
				editedAtMs: edit?.ms ?? null,
				item: body.item ?? null,
				positionS: body.pos ?? null,
				replyTo: body.reply ?? null,
				replyDeletedBy: (body.reply && deletions.get(body.reply)?.by) ?? null,
				reactions: reactionsOn(ref),
				isLate: isLate(record),
			}),
		)
	}
	return {
		messages: Object.freeze(messages),
		deletions: Object.freeze([...deletions.values()]),
		lastSaidMs: (subject) => lastSaid.get(subject),
		hides,
	}
}

/** What was said while `item` was on, by the film's time: for who watches later. */
export const replayOf = (messages: readonly ChatMessage[], item: ItemId): readonly ChatMessage[] =>
	messages
		.filter((message) => message.item === item && message.positionS !== null)
		// Stable: what was said at one moment of the film stays in the order in which it was said.
		.sort((a, b) => (a.positionS ?? 0) - (b.positionS ?? 0))

/** `firstSeenMs`: room time at which the record came in here while the room was open, null where it was already there. */
export const isLateAt = (saidAtMs: Millis, firstSeenMs: Millis | null): boolean =>
	firstSeenMs !== null && firstSeenMs - saidAtMs > CHAT_LATE_MS
