/**
 * The gate: after a carrier has changed the document, asks the ledger about each touched key and sets back what is
 * no record, or older than what is known. It judges the result and not the bytes, so it matters not by what trick of
 * the carrier a value went away. Nothing is forwarded before it has passed.
 */
import type { Ledger, Rejection, Verdict } from '#lib/core/ledger.ts'
import { parseKey } from '#lib/core/records.ts'
import type { Millis } from '#lib/core/units.ts'
import * as Y from 'yjs'

export interface GateDeps {
	readonly doc: Y.Doc
	readonly records: Y.Map<unknown>
	readonly ledger: Ledger
	readonly nowMs: () => Millis
	/** Lets the page do something else between two heaps of signatures. */
	readonly yieldTurn: () => Promise<void>
}

export interface GateResult {
	/** What was no record, however it came to stand there; `isGone` where a known record was not there any more. */
	readonly faults: readonly { readonly key: string; readonly why: Rejection; readonly isGone: boolean }[]
	/** The transaction that set things right; null where nothing had to be. */
	readonly repair: Uint8Array | null
	readonly accepted: number
}

export interface Gate {
	pass(keys: Iterable<string>): Promise<GateResult>
	/** The `origin` of repair transactions. */
	readonly origin: object
}

/** Signatures checked at one time. */
const BATCH_KEYS = 256
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

export const createGate = ({ doc, records, ledger, nowMs, yieldTurn }: GateDeps): Gate => {
	const origin = { type: 'gate' } as const
	/** Keys whose author was unknown; judged again once somebody new is known. */
	const waiting = new Set<string>()
	let repairs = new Map<string, number>()
	let repairsSinceMs = nowMs()

	const mayRepair = (key: string): boolean => {
		if (nowMs() - repairsSinceMs >= REPAIRS_WINDOW_MS) {
			repairs = new Map()
			repairsSinceMs = nowMs()
		}
		const count = (repairs.get(key) ?? 0) + 1
		repairs.set(key, count)
		return count <= REPAIRS_PER_KEY_MAX
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

	const repair = (judged: readonly Judged[]): Uint8Array | null => {
		const changes = judged.flatMap((one) => {
			const better = betterThan(one)
			// Changed again since it was judged: that change is somebody else's to be judged.
			if (better === undefined || records.get(one.key) !== one.value || !mayRepair(one.key)) return []
			return [[one.key, better] as const]
		})
		if (changes.length === 0) return null
		let update: Uint8Array | null = null
		const capture = (bytes: Uint8Array, from: unknown) => {
			if (from === origin) update = bytes
		}
		doc.on('update', capture)
		doc.transact(() => {
			for (const [key, better] of changes) {
				if (better === null) records.delete(key)
				else records.set(key, better)
			}
		}, origin)
		doc.off('update', capture)
		return update
	}

	return {
		origin,
		pass: async (touched) => {
			const keys = [...touched]
			const ids = keys.filter(isId)
			const idSet = new Set(ids)
			// Keys of devices before what they signed, so that nothing has to be judged twice.
			const judged = await judge(ids)
			judged.push(...(await judge(keys.filter((key) => !idSet.has(key)))))
			const faults = judged.flatMap(({ key, value, verdict }) =>
				verdict.type === 'rejected' && verdict.why !== 'over-budget'
					? [{ key, why: verdict.why, isGone: value === undefined }]
					: [],
			)
			const didMeetSomebody = judged.some(({ key, verdict }) => verdict.type === 'accepted' && idSet.has(key))
			if (didMeetSomebody && waiting.size > 0) {
				const again = [...waiting].filter((key) => records.has(key))
				waiting.clear()
				judged.push(...(await judge(again))) // whoever brought these is not known any more: no strike
			}
			for (const { key, verdict } of judged) if (verdict.type === 'waiting') waiting.add(key)
			const accepted = judged.filter(({ verdict }) => verdict.type === 'accepted').length
			return { faults, repair: repair(judged), accepted }
		},
	}
}
