/**
 * What must hold of a swarm that had time to talk: everybody has the same records and sees the same room.
 */
import type { ItemId } from '#lib/core/units.ts'
import type { RoomState } from '#lib/core/state.ts'
import { recordsOf, type Member } from './swarm.ts'

/** The room without what only concerns the reader. */
export const canonical = (state: RoomState): string =>
	JSON.stringify({
		...state,
		me: null,
		myRole: null,
		chat: state.chat.map((message) => ({ ...message, isLate: null })),
		queue: Object.fromEntries(
			Object.entries(state.queue).map(([part, items]) => [
				part,
				Array.isArray(items)
					? items.map((item: object) => ({ ...item, didIVote: null }))
					: items && { ...(items as object), didIVote: null },
			]),
		),
	})

/** Every verified record, by key. */
export const ledgerOf = (member: Member): ReadonlyMap<string, unknown> =>
	new Map(member.on().room.ledger.entries())

const isSame = (a: unknown, b: unknown): boolean =>
	a === b || (a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0)

/** Keys that are not the same in both. */
const differences = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] => [
	...[...a].filter(([key, value]) => !isSame(value, b.get(key))).map(([key]) => key),
	...[...b.keys()].filter((key) => !a.has(key)),
]

/** What is not the same, in words; `readers` are those who should see the same room (a rogue does not). */
export const findDivergence = (
	members: readonly Member[],
	readers: readonly Member[] = members,
): string[] => {
	const [first, ...others] = members
	if (first === undefined) return []
	const found: string[] = []
	const ledger = ledgerOf(first)
	for (const other of others) {
		const keys = differences(ledger, ledgerOf(other))
		if (keys.length > 0) found.push(`ledgers of ${first.name} and ${other.name}: ${keys.join(' ')}`)
	}
	for (const member of members) {
		const keys = differences(ledgerOf(member), new Map(recordsOf(member).entries()))
		if (keys.length > 0) found.push(`ledger and document of ${member.name}: ${keys.join(' ')}`)
	}
	const [reader, ...otherReaders] = readers
	const state = reader && canonical(reader.on().room.state())
	for (const other of otherReaders)
		if (canonical(other.on().room.state()) !== state)
			found.push(`rooms as ${reader?.name} and ${other.name} see them`)
	return found
}

export const queueIds = (state: RoomState): ItemId[] =>
	[...state.queue.earlier, ...(state.queue.current ? [state.queue.current] : []), ...state.queue.next].map(
		({ id }) => id,
	)

/** Items that stand in two places, or that should be somewhere and are not. */
export const findQueueFaults = (state: RoomState, expected: Iterable<ItemId>): string[] => {
	const ids = queueIds(state)
	const present = new Set(ids)
	const doubled = ids.filter((id, index) => ids.indexOf(id) !== index)
	const lost = [...expected].filter((id) => !present.has(id))
	return [...doubled.map((id) => `doubled: ${id}`), ...lost.map((id) => `lost: ${id}`)]
}
