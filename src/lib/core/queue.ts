/**
 * The queue: items stand where a fractional key puts them; what moved, removed, described, cleared or shuffled them
 * are records of their own, applied in order. Earlier and next are what lies before and behind the current item.
 */
import { shuffledKey } from './position.ts'
import { compareRecords, type RecordOf } from './records.ts'
import type { Settings } from './roles.ts'
import type { QueueItem, QueueState } from './state.ts'
import type { DeviceId, ItemId, SubjectId } from './units.ts'

export interface QueueEntry {
	readonly record: RecordOf<'queue'>
	readonly id: ItemId
	position: string
	isRemoved: boolean
	title: string
	durationS: number | null
	thumbnailUrl: string | null
}

export interface QueueFold {
	readonly state: QueueState
	/** Removed ones too. */
	readonly entries: ReadonlyMap<ItemId, QueueEntry>
	/** In the order of their places: earlier, current, next. */
	readonly live: readonly QueueItem[]
	/** The last part of `live`: next in the order of places, whatever the votes say. */
	readonly behind: readonly QueueItem[]
	/** The queue-changing records that count, in order. */
	readonly mods: readonly RecordOf<'qmod'>[]
	/** `DeviceId.nonce` of the clears and shuffles that were taken back. */
	readonly cancelled: ReadonlySet<string>
}

export interface QueueRights {
	mayAdd(record: RecordOf<'queue'>): boolean
	mayReorder(record: RecordOf<'qmod'>): boolean
	mayControl(record: RecordOf<'qmod'>): boolean
	mayHandleOwn(record: RecordOf<'qmod'>): boolean
	mayVote(record: RecordOf<'vote'>): boolean
}

export interface NowPlaying {
	readonly itemId: ItemId | null
	/** With no item: the key up to which the queue is over. */
	readonly edge: string | null
}

export const itemIdOf = (author: DeviceId, nonce: string): ItemId => `${author}.${nonce}` as ItemId
export const authorOfItem = (id: ItemId): DeviceId => id.slice(0, id.indexOf('.')) as DeviceId

export const comparePlaces = (
	a: { readonly position: string; readonly id: string },
	b: { readonly position: string; readonly id: string },
): number =>
	a.position !== b.position ? (a.position < b.position ? -1 : 1) : a.id < b.id ? -1 : a.id > b.id ? 1 : 0

const entriesOf = (records: readonly RecordOf<'queue'>[], rights: QueueRights): Map<ItemId, QueueEntry> => {
	const entries = new Map<ItemId, QueueEntry>()
	for (const record of [...records].sort(compareRecords)) {
		const { body } = record
		if (body === null || !rights.mayAdd(record)) continue
		const id = itemIdOf(record.author, body.nonce)
		const twin = entries.get(id)
		if (twin !== undefined && twin.record.slot < record.slot) continue
		entries.set(id, {
			record,
			id,
			position: body.pos,
			isRemoved: false,
			title: body.title,
			durationS: body.dur ?? null,
			thumbnailUrl: body.thumb ?? null,
		})
	}
	return entries
}

const mayApply = (record: RecordOf<'qmod'>, rights: QueueRights): boolean => {
	const { body, author } = record
	switch (body?.t) {
		case undefined:
			return false
		case 'rm':
		case 'facts':
			return (authorOfItem(body.item) === author && rights.mayHandleOwn(record)) || rights.mayReorder(record)
		case 'cancel':
			return (body.d === author && rights.mayHandleOwn(record)) || rights.mayReorder(record)
		case 'pos':
			return rights.mayReorder(record) || (body.turn === true && rights.mayControl(record))
		case 'clear':
		case 'shuffle':
			return rights.mayReorder(record)
	}
}

const apply = (
	record: RecordOf<'qmod'>,
	entries: Map<ItemId, QueueEntry>,
	{ mayReorder }: QueueRights,
): void => {
	const { body } = record
	switch (body?.t) {
		case 'pos': {
			const entry = entries.get(body.item)
			if (entry === undefined) return
			// Who may only control pulls forward what is to play, and puts nothing off.
			if (body.pos < entry.position || mayReorder(record)) entry.position = body.pos
			return
		}
		case 'rm': {
			const entry = entries.get(body.item)
			if (entry !== undefined) entry.isRemoved = body.is
			return
		}
		case 'facts': {
			const entry = entries.get(body.item)
			if (entry === undefined) return
			entry.title = body.title ?? entry.title
			entry.durationS = body.dur ?? entry.durationS
			entry.thumbnailUrl = body.thumb ?? entry.thumbnailUrl
			return
		}
		case 'clear': {
			const covers = new Map(body.covers.map(({ d, s }) => [d, s]))
			for (const entry of entries.values())
				if (entry.record.seq <= (covers.get(entry.record.author) ?? -1)) entry.isRemoved = true
			return
		}
		case 'shuffle':
			// What is added later, also by people who had not seen the shuffle, keeps the place it was given.
			for (const entry of entries.values())
				if ((body.after === null || entry.position > body.after) && compareRecords(entry.record, record) < 0)
					entry.position = shuffledKey(body.prefix, body.nonce, entry.id) ?? entry.position
			return
		case 'cancel':
		case undefined:
			return
	}
}

const countVotes = (
	votes: readonly RecordOf<'vote'>[],
	rights: QueueRights,
	subjectOf: (device: DeviceId) => SubjectId,
): Map<ItemId, Set<SubjectId>> => {
	const voters = new Map<ItemId, Set<SubjectId>>()
	for (const record of votes) {
		if (record.body === null || !rights.mayVote(record)) continue
		const { item } = record.body
		// A person with two devices has one vote.
		voters.set(item, (voters.get(item) ?? new Set()).add(subjectOf(record.author)))
	}
	return voters
}

const byVotes = (a: QueueItem, b: QueueItem): number => b.votes - a.votes

/** What comes after the current item; `isPast`: also where that one alone is looped. Null: nothing. */
export const followingIn = (
	{ state: { current, next }, live }: Pick<QueueFold, 'state' | 'live'>,
	{ order, loop }: Pick<Settings, 'order' | 'loop'>,
	isPast: boolean,
): QueueItem | null => {
	if (loop === 'one' && !isPast && current !== null) return current
	const [first] = next
	if (first !== undefined || loop !== 'all' || current === null) return first ?? null
	// From the start again, and not with the same one where there is another.
	const others = live.filter(({ id }) => id !== current.id)
	// Sorting is stable: of as many votes the first of the list.
	return (order === 'votes' ? others.sort(byVotes)[0] : others[0]) ?? current
}

export const foldQueue = (
	input: {
		readonly items: readonly RecordOf<'queue'>[]
		readonly mods: readonly RecordOf<'qmod'>[]
		readonly votes: readonly RecordOf<'vote'>[]
	},
	rights: QueueRights,
	now: NowPlaying,
	rules: Pick<Settings, 'order' | 'loop'>,
	subjectOf: (device: DeviceId) => SubjectId,
	me: DeviceId,
): QueueFold => {
	const entries = entriesOf(input.items, rights)
	const mods = input.mods.filter((record) => mayApply(record, rights)).sort(compareRecords)
	const cancelled = new Set<string>()
	for (const { body } of mods) if (body?.t === 'cancel') cancelled.add(`${body.d}.${body.nonce}`)
	for (const record of mods) {
		const { body, author } = record
		const isGroup = body?.t === 'clear' || body?.t === 'shuffle'
		if (!isGroup || !cancelled.has(`${author}.${body.nonce}`)) apply(record, entries, rights)
	}

	const voters = countVotes(input.votes, rights, subjectOf)
	const mySubject = subjectOf(me)
	const live: QueueItem[] = []
	for (const entry of entries.values()) {
		// What plays stays in sight until the room moves on, whoever removed it meanwhile.
		if (entry.record.body === null || (entry.isRemoved && entry.id !== now.itemId)) continue
		live.push(
			Object.freeze({
				id: entry.id,
				media: Object.freeze(entry.record.body.media),
				title: entry.title,
				durationS: entry.durationS,
				thumbnailUrl: entry.thumbnailUrl,
				addedBy: entry.record.author,
				addedAtMs: entry.record.ms,
				position: entry.position,
				votes: voters.get(entry.id)?.size ?? 0,
				didIVote: voters.get(entry.id)?.has(mySubject) ?? false,
			}),
		)
	}
	live.sort(comparePlaces)

	const at = live.findIndex(({ id }) => id === now.itemId)
	const { edge } = now
	const behind = at >= 0 ? at + 1 : edge === null ? 0 : live.filter(({ position }) => position <= edge).length
	const isByVotes = rules.order === 'votes'
	const parts = {
		earlier: Object.freeze(live.slice(0, at >= 0 ? at : behind)),
		current: live[at] ?? null,
		next: Object.freeze(isByVotes ? live.slice(behind).sort(byVotes) : live.slice(behind)),
		following: null,
	}
	const state: QueueState = Object.freeze({
		...parts,
		following: followingIn({ state: parts, live }, rules, false),
	})
	return { state, entries, live, behind: live.slice(behind), mods, cancelled }
}
