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

const hex = (bytes: unknown): string =>
	bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : `no bytes: ${typeof bytes}`

/** Every verified record, by key. */
export const ledgerOf = (member: Member): Map<string, string> =>
	new Map([...member.on().room.ledger.entries()].sort().map(([key, bytes]) => [key, hex(bytes)]))

const differences = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] =>
	[...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key))

/** What is not the same; empty when all is well. `states` false leaves out folds (a rogue reads another room). */
export const findDivergence = (members: readonly Member[], readers: readonly Member[] = members): string[] => {
	const [first, ...others] = members
	if (first === undefined) return []
	const found: string[] = []
	const ledger = ledgerOf(first)
	for (const other of others) {
		const keys = differences(ledger, ledgerOf(other))
		if (keys.length > 0) found.push(`ledgers of ${first.name} and ${other.name}: ${keys.join(' ')}`)
	}
	for (const member of members) {
		const inDoc = new Map([...recordsOf(member)].map(([key, value]) => [key, hex(value)]))
		const keys = differences(ledgerOf(member), inDoc)
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
