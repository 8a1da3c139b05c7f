/**
 * What must hold of a swarm that had time to talk: everybody has the same records and sees the same room.
 */
import type { ItemId } from '#lib/core/units.ts'
import { parseRecord, type ParsedRecord } from '#lib/core/records.ts'
import type { RoomState } from '#lib/core/state.ts'
import { recordsOf, type Member } from './swarm.ts'

/** The room without what only concerns the reader. */
export const canonical = (state: RoomState): string =>
	JSON.stringify({
		...state,
		me: null,
		myRole: null,
		myRemoval: null,
		chat: state.chat.map((message) => ({
			...message,
			isLate: null,
			reactions: message.reactions.map((reaction) => ({ ...reaction, isMine: null })),
		})),
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

const recordsIn = (member: Member): ParsedRecord[] =>
	[...ledgerOf(member).values()].flatMap((bytes) => {
		const record = bytes instanceof Uint8Array ? parseRecord(bytes) : 'bad-record'
		return typeof record === 'string' ? [] : [record]
	})

/** What somebody may do or not, as one reader sees it, against the records themselves. */
export const findRightsFaults = (member: Member): string[] => {
	const state = member.on().room.state()
	const records = recordsIn(member)
	const faults: string[] = []
	const owners = new Set(state.members.filter(({ role }) => role === 'owner').map(({ subject }) => subject))
	if (owners.size !== 1) faults.push(`${owners.size} owners`)
	const removed = new Set(state.removals.map(({ subject }) => subject))
	for (const { name, role, subject } of state.members)
		if ((role === 'banned') !== removed.has(subject)) faults.push(`${name} is ${role} and on the wrong list`)
	const deviceOf = new Map(state.members.map(({ subject, device }) => [subject, device]))
	for (const { subject, isBan, by, atMs } of state.removals) {
		if (isBan) continue
		// Somebody may put out several people within one moment.
		const cuts = records.flatMap(({ kind, author, ms, body }) =>
			kind === 'mod' && author === by && ms === atMs && body?.t === 'out' && body.subject === subject
				? [body.cuts]
				: [],
		)
		if (cuts[0] === undefined) continue
		const device = deviceOf.get(subject)
		const cut = cuts[0].find(({ d }) => d === device)?.s ?? -1
		for (const { id, from } of state.chat)
			if (from === device && Number(id.split('.')[1]) > cut) faults.push(`${id} was said by one put out`)
	}
	return faults
}

/** Messages too close to each other while slow mode stands, of people who are below operator. */
export const findSlowFaults = (member: Member): string[] => {
	const state = member.on().room.state()
	const everyS = state.settings.chatEveryS
	if (everyS === 0) return []
	const starts = recordsIn(member).flatMap((record) =>
		record.kind === 'settings' ? (record.body?.slow ?? []).filter(({ b }) => b === undefined) : [],
	)
	const sinceMs = Math.max(...starts.map(({ a }) => a))
	const bound = new Set(
		state.members.filter(({ role }) => role === 'member' || role === 'viewer').map(({ device }) => device),
	)
	const wasHigh = new Set(
		recordsIn(member).flatMap((record) =>
			record.kind === 'grant'
				? (record.body?.devices ?? [])
						.filter(({ s }) => s.some(({ r }) => r === 'operator'))
						.map(({ d }) => d)
				: record.kind === 'handover'
					? [record.author]
					: [],
		),
	)
	const last = new Map<string, number>()
	const faults: string[] = []
	for (const { from, atMs, id } of state.chat) {
		if (atMs < sinceMs || !bound.has(from) || wasHigh.has(from)) continue
		if (atMs - (last.get(from) ?? -Infinity) < everyS * 1_000) faults.push(`${id} was said too soon`)
		last.set(from, atMs)
	}
	return faults
}

/** Edits and reactions against the records themselves. Nobody in the simulation has two devices. */
export const findChatFaults = (member: Member): string[] => {
	const state = member.on().room.state()
	const records = recordsIn(member)
	const faults: string[] = []
	const isOut = new Set(state.members.filter(({ role }) => role === 'banned').map(({ device }) => device))
	const shown = new Set<string>(state.chat.map(({ id }) => id))
	for (const { id } of state.chatDeletions)
		if (shown.has(id)) faults.push(`${id} was taken back and is shown`)
	for (const { id, from, text, editedAtMs, reactions } of state.chat) {
		const edit = records.find(
			({ kind, body, ms }) => kind === 'chat' && body?.edit === id && body.text === text && ms === editedAtMs,
		)
		if (editedAtMs !== null && edit?.author !== from) faults.push(`${id} was edited by somebody else`)
		for (const { emoji, by } of reactions) {
			if (new Set(by).size !== by.length) faults.push(`${emoji} on ${id} counts somebody twice`)
			for (const device of by) if (isOut.has(device)) faults.push(`${emoji} on ${id} counts one who is out`)
		}
	}
	return faults
}

/** Items that stand in two places, or that should be somewhere and are not. */
export const findQueueFaults = (state: RoomState, expected: Iterable<ItemId>): string[] => {
	const ids = queueIds(state)
	const present = new Set(ids)
	const doubled = ids.filter((id, index) => ids.indexOf(id) !== index)
	const lost = [...expected].filter((id) => !present.has(id))
	return [...doubled.map((id) => `doubled: ${id}`), ...lost.map((id) => `lost: ${id}`)]
}
