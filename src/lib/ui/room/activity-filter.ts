/**
 * The list of who did what, narrowed to one person (all their devices) and to one kind of deed. Each choice carries how
 * many entries it would leave beside the other one.
 */
import type { ActivityEntry, RoomState } from '#lib/core/state.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { activityWords } from '#lib/words/activity.ts'
import { locale } from '#lib/words/language.ts'
import { whoWords } from '#lib/words/who.ts'
import { DEED_GROUPS, deedGroup, type DeedGroup } from './deed-text.ts'

/** Empty: everybody, everything. A device stands for whoever left no name. */
export interface ActivityFilter {
	readonly person: SubjectId | DeviceId | ''
	readonly kind: DeedGroup | ''
}

export interface Choice<T> {
	readonly value: T
	readonly text: string
}

type Log = Pick<RoomState, 'activity' | 'members' | 'me'>

const personsIn = ({ members }: Log): ((entry: ActivityEntry) => SubjectId | DeviceId) => {
	const subjects = new Map(members.map(({ device, subject }) => [device, subject]))
	return ({ by }) => subjects.get(by) ?? by
}
const isOfKind = (entry: ActivityEntry, kind: ActivityFilter['kind']): boolean =>
	kind === '' || deedGroup(entry.deed) === kind

export const filterActivity = (log: Log, { person, kind }: ActivityFilter): readonly ActivityEntry[] => {
	if (person === '' && kind === '') return log.activity
	const personOf = personsIn(log)
	return log.activity.filter(
		(entry) => (person === '' || personOf(entry) === person) && isOfKind(entry, kind),
	)
}

/** Everybody who did something, by name; also with a count of none while they are chosen or another kind is. */
export const peopleChoices = (log: Log, { kind }: ActivityFilter): Choice<ActivityFilter['person']>[] => {
	const { counted, everyone } = activityWords()
	const { you, someone } = whoWords()
	const personOf = personsIn(log)
	const names = new Map(
		log.members.map(({ subject, name, device }) => [subject as string, device === log.me ? you : name]),
	)
	const me = log.members.find(({ device }) => device === log.me)
	if (me) names.set(me.subject, you)
	const counts = new Map<SubjectId | DeviceId, number>()
	let all = 0
	for (const entry of log.activity) {
		const person = personOf(entry)
		const count = isOfKind(entry, kind) ? 1 : 0
		counts.set(person, (counts.get(person) ?? 0) + count)
		all += count
	}
	const people = [...counts].map(([value, count]) => ({ value, name: names.get(value) ?? someone, count }))
	people.sort((a, b) => a.name.localeCompare(b.name, locale()))
	return [
		{ value: '' as const, text: counted(everyone, all) },
		...people.map(({ value, name, count }) => ({ value, text: counted(name, count) })),
	]
}

export const kindChoices = (log: Log, { person }: ActivityFilter): Choice<ActivityFilter['kind']>[] => {
	const { counted, allKinds, groups } = activityWords()
	const entries = filterActivity(log, { person, kind: '' })
	const counts = new Map<DeedGroup, number>()
	for (const { deed } of entries) {
		const group = deedGroup(deed)
		counts.set(group, (counts.get(group) ?? 0) + 1)
	}
	return [
		{ value: '' as const, text: counted(allKinds, entries.length) },
		...DEED_GROUPS.map((value) => ({
			value,
			text: counted(groups[value], counts.get(value) ?? 0),
		})),
	]
}
