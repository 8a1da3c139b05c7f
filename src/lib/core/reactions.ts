/**
 * Reactions on messages: of one emoji of a person on a message the latest word counts, whichever of their devices
 * said it. They are counted by person. A room has twice as many of them as messages, and makes them anew at each fold:
 * lists here are short, and short lists are quicker than maps.
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

type Reaction = RecordOf<'reaction'>

interface Group {
	readonly key: string
	/** As the first of those who hold it wrote it. */
	readonly emoji: string
	/** A person and the device that said so, in the order in which they did. */
	readonly subjects: SubjectId[]
	readonly by: DeviceId[]
}

const NONE: readonly ChatReaction[] = Object.freeze([])

const groupsOf = (records: readonly Reaction[], subjectOf: ReactionRights['subjectOf']): readonly Group[] => {
	const groups: Group[] = []
	for (const { body, author } of records) {
		if (body === null) continue
		const key = emojiKey(body.e)
		const place = groups.findIndex((group) => group.key === key)
		const group = groups[place]
		const subject = subjectOf(author)
		const at = group?.subjects.indexOf(subject) ?? -1
		if (body.on && group === undefined) groups.push({ key, emoji: body.e, subjects: [subject], by: [author] })
		else if (body.on && at < 0) {
			group?.subjects.push(subject)
			group?.by.push(author)
		} else if (!body.on && at >= 0) {
			group?.subjects.splice(at, 1)
			group?.by.splice(at, 1)
			if (group?.by.length === 0) groups.splice(place, 1)
		}
	}
	return groups
}

/** What stands on a message, in the order in which each emoji first came to it. */
export const foldReactions = (
	records: readonly Reaction[],
	{ mayReact, subjectOf }: ReactionRights,
	me: DeviceId,
): ((message: string) => readonly ChatReaction[]) => {
	const byMessage = new Map<string, Reaction[]>()
	for (const record of records) {
		if (record.body === null) continue
		const about = byMessage.get(record.body.m)
		if (about === undefined) byMessage.set(record.body.m, [record])
		else about.push(record)
	}
	const mySubject = subjectOf(me)
	// Only of messages that are shown anybody asks.
	return (message) => {
		const about = byMessage.get(message)?.filter(mayReact)
		if (about === undefined || about.length === 0) return NONE
		const groups = groupsOf(about.sort(compareRecords), subjectOf)
		return groups.length === 0
			? NONE
			: Object.freeze(
					groups.map(({ emoji, by, subjects }) =>
						Object.freeze({ emoji, by: Object.freeze(by), isMine: subjects.includes(mySubject) }),
					),
				)
	}
}
