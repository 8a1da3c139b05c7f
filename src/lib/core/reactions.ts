/**
 * Reactions on messages: of one emoji of a person on a message the latest word counts, whichever of their devices
 * said it. They are counted by person.
 */
import { emojiKey } from './emoji.ts'
import { compareRecords, type RecordOf } from './records.ts'
import type { ChatReaction } from './state.ts'
import type { DeviceId, SubjectId } from './units.ts'

export interface ReactionRights {
	/** May react, and is not out now. */
	mayReact(record: RecordOf<'reaction'>): boolean
	subjectOf(device: DeviceId): SubjectId
}

interface Group {
	/** As the first of those who hold it wrote it. */
	emoji: string
	/** In the order in which they said so. */
	readonly by: Map<SubjectId, DeviceId>
}

/** By message, in the order in which each emoji first came to it. Messages that nobody knows are among them. */
export const foldReactions = (
	records: readonly RecordOf<'reaction'>[],
	rights: ReactionRights,
	me: DeviceId,
): ReadonlyMap<string, readonly ChatReaction[]> => {
	const messages = new Map<string, Map<string, Group>>()
	for (const { body, author } of records.filter(rights.mayReact).sort(compareRecords)) {
		if (body === null) continue
		const key = emojiKey(body.e)
		let groups = messages.get(body.m)
		if (groups === undefined) messages.set(body.m, (groups = new Map<string, Group>()))
		const group = groups.get(key)
		const subject = rights.subjectOf(author)
		if (body.on) {
			if (group === undefined) groups.set(key, { emoji: body.e, by: new Map([[subject, author]]) })
			else if (!group.by.has(subject)) group.by.set(subject, author)
		} else if (group?.by.delete(subject) && group.by.size === 0) groups.delete(key)
	}
	const mySubject = rights.subjectOf(me)
	const shown = new Map<string, readonly ChatReaction[]>()
	for (const [message, groups] of messages) {
		const reactions = [...groups.values()].map(({ emoji, by }) =>
			Object.freeze({ emoji, by: Object.freeze([...by.values()]), isMine: by.has(mySubject) }),
		)
		if (reactions.length > 0) shown.set(message, Object.freeze(reactions))
	}
	return shown
}
