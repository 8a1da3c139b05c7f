/**
 * The gate: after a carrier has changed the document, asks the ledger about each touched key and sets back what is
 * no record, or older than what is known. It judges the result and not the bytes, so it matters not by what trick of
 * the carrier a value went away. Nothing is forwarded before it has passed.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { Ledger, Rejection, Verdict } from '#lib/core/ledger.ts'
import { keyOf, parseKey, parseRecord } from '#lib/core/records.ts'
import type { Millis } from '#lib/core/units.ts'
import * as Y from 'yjs'

export interface GateDeps {
	readonly doc: Y.Doc
	readonly records: Y.Map<unknown>
	readonly ledger: Ledger
	readonly nowMs: () => Millis
	/** For client ids; need not be secret. */
	readonly random: RandomSource
	/** Lets the page do something else between two heaps of signatures. */
	readonly yieldTurn: () => Promise<void>
}

export interface GateFault {
	readonly key: string
	readonly why: Rejection
	/** A known record was not there any more. */
	readonly isGone: boolean
	/** A good record, of another slot. */
	readonly isMisplaced: boolean
	/** It was set right shortly before: several do that at once, and get in each other's way. */
	readonly isDisputed: boolean
}

export interface GateResult {
	/** What was no record, however it came to stand there. */
	readonly faults: readonly GateFault[]
	/** The transactions that set things right, a few keys each; null where nothing had to be. */
	readonly repair: readonly Uint8Array[] | null
	/** Keys that were left gone. */
	readonly held: readonly string[]
	/** Keys whose record was news. */
	readonly accepted: readonly string[]
}

export interface Gate {
	/** `mayHold`: where very many are gone, they are left to whoever is first; the ledger has them meanwhile. */
	pass(keys: Iterable<string>, mayHold?: boolean): Promise<GateResult>
	/** The `origin` of repair transactions. */
	readonly origin: object
}

/** Signatures checked at one time, keys set right in one transaction: the page draws in between. */
const BATCH_KEYS = 128
/** So many records set right by all at once would be a great deal to send. */
const HOLD_FROM_KEYS = 64
/** Two peers that cannot agree about a key must not set it to and fro for ever. */
const REPAIRS_PER_KEY_MAX = 16
const REPAIRS_WINDOW_MS: Millis = 60_000
/**
 * Valid records beyond the room's budget stay where they are up to this much, since peers at the edge of the budget
 * know different ones and would fight; beyond it they go.
 */
const OVER_BUDGET_KEPT_BYTES = 16 * 1024 * 1024

const isId = (key: string): boolean => {
	const place = parseKey(key)
	return typeof place !== 'string' && place.kind === 'id'
}

export const createGate = ({ doc, records, ledger, nowMs, random, yieldTurn }: GateDeps): Gate => {
	const origin = { type: 'gate' } as const
	/** Keys whose author was unknown; judged again once somebody new is known. */
	const waiting = new Set<string>()
	let repairs = new Map<string, number>()
	let repairsSinceMs = nowMs()

	/** How often this key has been set right of late, this time counted. */
	const countRepair = (key: string): number => {
		if (nowMs() - repairsSinceMs >= REPAIRS_WINDOW_MS) {
			repairs = new Map()
			repairsSinceMs = nowMs()
		}
		const count = (repairs.get(key) ?? 0) + 1
		repairs.set(key, count)
		return count
	}

	const heldBytes = (): number => {
		let sum = 0
		for (const value of records.values()) sum += value instanceof Uint8Array ? value.length : 0
		return sum
	}

	interface Judged {
		readonly key: string
		readonly value: unknown
		readonly verdict: Verdict
	}

	const judge = async (keys: readonly string[]): Promise<Judged[]> => {
		const judged: Judged[] = []
		for (let at = 0; at < keys.length; at += BATCH_KEYS) {
			if (at > 0) await yieldTurn()
			judged.push(
				...(await Promise.all(
					keys.slice(at, at + BATCH_KEYS).map(async (key) => {
						const value = records.get(key)
						return { key, value, verdict: await ledger.judge(key, value) }
					}),
				)),
			)
		}
		return judged
	}

	/**
	 * Where somebody has used a client id twice, items stand behind other items here than elsewhere, and then under
	 * other keys: what an honest neighbour wrote may arrive as a good record in a wrong place. It is taken in at its own.
	 */
	const homeOf = async ({ key, value, verdict }: Judged): Promise<Judged | null> => {
		if (verdict.type !== 'rejected' || !(value instanceof Uint8Array)) return null
		const record = parseRecord(value)
		if (typeof record === 'string') return null
		const home = keyOf(record.kind, record.author, record.slot)
		if (home === key) return null
		const atHome = await ledger.judge(home, value)
		if (atHome.type === 'rejected') return null
		return { key: home, value: records.get(home), verdict: await ledger.judge(home, records.get(home)) }
	}

	/** What the key should hold instead of what was judged; undefined where it may stay. */
	const betterThan = ({ key, verdict }: Judged): Uint8Array | null | undefined => {
		// The ledger may have learned more while others were judged: ask it for the best of now.
		if (verdict.type === 'stale') return ledger.get(key) ?? verdict.better
		if (verdict.type !== 'rejected') return undefined
		const better = ledger.get(key) ?? verdict.better
		if (verdict.why === 'over-budget' && better === null && heldBytes() <= OVER_BUDGET_KEPT_BYTES)
			return undefined
		return better
	}

	/**
	 * Sets values behind nothing: what stands at these keys may hang, at others, on items of other keys (somebody has
	 * used a client id twice), and whatever was set behind it would go astray there. The highest client id wins.
	 */
	const setAtRoot = (
		transaction: Y.Transaction,
		values: readonly (readonly [string, Uint8Array])[],
	): void => {
		const usual = doc.clientID
		const [high = 0, low = 0] = new Uint32Array(random.bytes(8).slice().buffer)
		doc.clientID = 2 ** 32 * (1 + (high % 2 ** 19)) + low
		for (const [key, value] of values) {
			const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID))
			new Y.Item(id, null, null, null, null, records, key, new Y.ContentBinary(value)).integrate(
				transaction,
				0,
			)
		}
		doc.clientID = usual
		// Somebody had a still higher one.
		for (const [key, value] of values) if (records.get(key) !== value) records.set(key, value)
	}

	const repairSome = (judged: readonly Judged[]): Uint8Array | null => {
		const changes: (readonly [string, Uint8Array | null])[] = []
		const again: (readonly [string, Uint8Array])[] = []
		for (const one of judged) {
			const better = betterThan(one)
			// Changed again since it was judged: that change is somebody else's to be judged.
			if (better === undefined || records.get(one.key) !== one.value) continue
			const count = countRepair(one.key)
			if (count > REPAIRS_PER_KEY_MAX) continue
			if (better !== null && count > 1) again.push([one.key, better])
			else changes.push([one.key, better])
		}
		if (changes.length + again.length === 0) return null
		let update: Uint8Array | null = null
		const capture = (bytes: Uint8Array, from: unknown) => {
			if (from === origin) update = bytes
		}
		doc.on('update', capture)
		doc.transact((transaction) => {
			for (const [key, better] of changes) {
				if (better === null) records.delete(key)
				else records.set(key, better)
			}
			if (again.length > 0) setAtRoot(transaction, again)
		}, origin)
		doc.off('update', capture)
		return update
	}

	const repair = async (judged: readonly Judged[]): Promise<readonly Uint8Array[] | null> => {
		const updates: Uint8Array[] = []
		const wrong = judged.filter((one) => betterThan(one) !== undefined)
		for (let at = 0; at < wrong.length; at += BATCH_KEYS) {
			if (at > 0) await yieldTurn()
			const update = repairSome(wrong.slice(at, at + BATCH_KEYS))
			if (update !== null) updates.push(update)
		}
		return updates.length === 0 ? null : updates
	}

	return {
		origin,
		pass: async (touched, mayHold = false) => {
			const keys = [...touched]
			const ids = keys.filter(isId)
			const idSet = new Set(ids)
			// Keys of devices before what they signed, so that nothing has to be judged twice.
			const judged = await judge(ids)
			judged.push(...(await judge(keys.filter((key) => !idSet.has(key)))))
			const faults: GateFault[] = []
			for (const one of [...judged]) {
				const { key, value, verdict } = one
				if (verdict.type !== 'rejected' || verdict.why === 'over-budget') continue
				const home = await homeOf(one)
				if (home !== null) judged.push(home)
				faults.push({
					key,
					why: verdict.why,
					isGone: value === undefined,
					isMisplaced: home !== null,
					isDisputed: (repairs.get(key) ?? 0) > 0,
				})
			}
			const didMeetSomebody = judged.some(({ key, verdict }) => verdict.type === 'accepted' && idSet.has(key))
			if (didMeetSomebody && waiting.size > 0) {
				const again = [...waiting].filter((key) => records.has(key))
				waiting.clear()
				judged.push(...(await judge(again))) // whoever brought these is not known any more: no strike
			}
			for (const { key, verdict } of judged) if (verdict.type === 'waiting') waiting.add(key)
			const accepted = judged.filter(({ verdict }) => verdict.type === 'accepted').map(({ key }) => key)
			const gone = mayHold ? faults.filter(({ isGone }) => isGone).map(({ key }) => key) : []
			const held = new Set(gone.length > HOLD_FROM_KEYS ? gone : [])
			return {
				faults,
				repair: await repair(judged.filter(({ key }) => !held.has(key))),
				held: [...held],
				accepted,
			}
		},
	}
}
