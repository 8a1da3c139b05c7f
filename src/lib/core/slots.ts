/**
 * Which of its slots a device writes next: the one about the same thing, else a free one, else the oldest whose
 * content no longer matters. Slots are few, and a reused one costs the document nothing.
 */
import { emojiKey } from './emoji.ts'
import { freeSlot, oldest, ownRecords } from './free-slot.ts'
import type { Bodies } from './kinds.ts'
import type { PlanContext } from './plan.ts'
import { comparePlaces, itemIdOf } from './queue.ts'
import { compareRecords, type RecordOf } from './records.ts'

/** Removed items that keep their slot, so that Undo finds them. */
const REMOVED_KEPT = 32
/** Grants that a later one has taken the place of. */
const GRANTS_KEPT = 32

/** For `count` new items: fewer where 256 of mine are waiting to be played. */
export const queueSlots = (context: PlanContext, count: number): readonly number[] => {
	const taken = new Set<number>()
	while (taken.size < count) {
		const slot = queueSlot(context, taken)
		if (slot === null) break
		taken.add(slot)
	}
	return [...taken]
}

const queueSlot = (context: PlanContext, taken: ReadonlySet<number>): number | null => {
	const { queue } = context.fold
	const records = ownRecords(context, 'queue').filter(({ slot }) => !taken.has(slot))
	const currentId = queue.state.current?.id
	const dead = records.filter((record) => {
		if (record.body === null) return true
		const id = itemIdOf(record.author, record.body.nonce)
		const entry = queue.entries.get(id)
		return (entry === undefined || entry.record !== record || entry.isRemoved) && id !== currentId
	})
	if (dead.length > REMOVED_KEPT) return oldest(dead)
	const free = freeSlot(context, 'queue', records, taken)
	if (free !== null) return free
	if (dead.length > 0) return oldest(dead)
	const played = [...queue.state.earlier].sort(comparePlaces).filter(({ addedBy }) => addedBy === context.me)
	const places = played.flatMap(({ id }) => queue.entries.get(id)?.record.slot ?? [])
	return places.find((slot) => !taken.has(slot)) ?? null
}

type QmodBody = Bodies['qmod']

const isAboutTheSame = (a: QmodBody, b: QmodBody): boolean =>
	a.t === b.t && 'item' in a && 'item' in b && a.item === b.item

/** Whether a queue change has nothing left to act on. */
const isSpent = (record: RecordOf<'qmod'>, { fold }: PlanContext): boolean => {
	const { body } = record
	const { entries, mods } = fold.queue
	switch (body?.t) {
		case undefined:
			return true
		case 'pos':
		case 'rm':
		case 'facts':
			return !entries.has(body.item)
		case 'clear': {
			const covers = new Map(body.covers.map(({ d, s }) => [d, s]))
			return ![...entries.values()].some(({ record: item }) => item.seq <= (covers.get(item.author) ?? -1))
		}
		case 'shuffle':
			return ![...entries.values()].some(({ record: item }) => compareRecords(item, record) < 0)
		case 'cancel':
			return !mods.some(
				({ author, body: other }) =>
					author === body.d && (other?.t === 'clear' || other?.t === 'shuffle') && other.nonce === body.nonce,
			)
	}
}

/** `taken`: slots that other drafts of the same command use already. */
export const qmodSlot = (
	context: PlanContext,
	body: QmodBody,
	taken: ReadonlySet<number> = new Set(),
): number | null => {
	const records = ownRecords(context, 'qmod').filter(({ slot }) => !taken.has(slot))
	const same = records.find((record) => record.body !== null && isAboutTheSame(record.body, body))
	if (same !== undefined) return same.slot
	const spent = oldest(records.filter((record) => isSpent(record, context)))
	return spent ?? freeSlot(context, 'qmod', records, taken)
}

export const voteSlot = (context: PlanContext, item: string): { slot: number; isCast: boolean } | null => {
	const records = ownRecords(context, 'vote')
	const cast = records.find(({ body }) => body?.item === item)
	if (cast !== undefined) return { slot: cast.slot, isCast: true }
	const { entries } = context.fold.queue
	const spent = oldest(
		records.filter(({ body }) => {
			const entry = body === null ? undefined : entries.get(body.item)
			return entry === undefined || entry.isRemoved
		}),
	)
	const slot = spent ?? freeSlot(context, 'vote', records)
	return slot === null ? null : { slot, isCast: false }
}

/** For a reaction: where it stands already, else a free slot, else one that says nothing any more, else the oldest. */
export const reactionSlot = (
	context: PlanContext,
	message: string,
	emoji: string,
): { readonly slot: number; readonly isAboutIt: boolean } => {
	const records = ownRecords(context, 'reaction')
	const same = records.find(({ body }) => body?.m === message && emojiKey(body.e) === emojiKey(emoji))
	if (same !== undefined) return { slot: same.slot, isAboutIt: true }
	const shown = new Set<string>(context.fold.state.chat.map(({ id }) => id))
	const spent = records.filter(({ body }) => body === null || !body.on || !shown.has(body.m))
	const slot = freeSlot(context, 'reaction', records) ?? oldest(spent) ?? oldest(records) ?? 0
	return { slot, isAboutIt: false }
}

export const modSlot = (context: PlanContext, message: string): number | null => {
	const records = ownRecords(context, 'mod')
	const same = records.find(({ body }) => body?.t === 'hide' && body.message === message)
	if (same !== undefined) return same.slot
	return freeSlot(context, 'mod', records) ?? oldestHiding(records)
}

/** Who is out stays out: only hidings make room. */
const oldestHiding = (
	records: readonly RecordOf<'mod'>[],
	taken: ReadonlySet<number> = new Set(),
): number | null =>
	oldest(records.filter(({ body, slot }) => (body === null || body.t === 'hide') && !taken.has(slot)))

/** For putting a person out or letting them in: one slot each, so that Activity can tell of both. */
export const personSlot = (
	context: PlanContext,
	subject: string,
	taken: ReadonlySet<number> = new Set(),
	what: 'out' | 'in' = 'out',
): number | null => {
	const records = ownRecords(context, 'mod')
	const about = records.filter(
		({ body }) => (body?.t === 'out' || body?.t === 'in') && body.subject === subject,
	)
	const same = about.find(({ body }) => body?.t === what)
	const free = freeSlot(context, 'mod', records, taken)
	return same?.slot ?? free ?? about[0]?.slot ?? oldestHiding(records, taken)
}

/** Each word of the owner stands in a slot of its own while there is room, so that Activity tells of those before too. */
export const grantSlot = (
	context: PlanContext,
	subject: string,
	taken: ReadonlySet<number> = new Set(),
): number | null => {
	const records = ownRecords(context, 'grant').filter(({ slot }) => !taken.has(slot))
	const { winners } = context.fold.authority.grants
	const past = records.filter((record) => record.body === null || winners.get(record.body.subject) !== record)
	if (past.length >= GRANTS_KEPT) return oldest(past)
	const free = freeSlot(context, 'grant', records, taken)
	return free ?? oldest(past) ?? records.find(({ body }) => body?.subject === subject)?.slot ?? null
}

/** For an offer taken, or one kept for others; of many, the oldest makes room. */
export const handoverSlot = (context: PlanContext, taken: ReadonlySet<number>): number => {
	const records = ownRecords(context, 'handover')
	return (
		freeSlot(context, 'handover', records, taken) ??
		oldest(records.filter(({ slot }) => !taken.has(slot))) ??
		1
	)
}

/** Evidence about one device takes one slot; of many, the oldest makes room. */
export const forkSlot = (context: PlanContext): number => {
	const records = ownRecords(context, 'fork')
	return freeSlot(context, 'fork', records) ?? oldest(records) ?? 0
}
