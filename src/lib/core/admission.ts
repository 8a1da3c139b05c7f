/**
 * Between the document and the ledger: judges what the document holds and puts it right by the outcome.
 */
import type * as Y from 'yjs'
import type { Rejection, Verdict, VerifiedSet } from './ledger.ts'
import { compareBytes, parseRecord } from './records.ts'
import type { RoomOrigin } from './writer.ts'

export interface Admission {
	readonly accepted: number
	readonly waiting: number
	readonly quarantined: number
	/** No records, taken out of the document or set back to what was known. */
	readonly rejected: readonly { readonly key: string; readonly why: Rejection }[]
	/** Known records that the document had lost, or held an older one of. */
	readonly mended: number
}

export interface Admissions {
	admitAll(): Promise<Admission>
	readonly judgeTouched: (keys: Iterable<string>) => Promise<ReadonlyMap<string, Verdict>>
	/** Sets a key to what the ledger holds, unless the document holds that or something newer to be judged yet. */
	putBack(key: string): void
}

interface Judged {
	readonly value: unknown
	readonly verdict: Verdict
}

/** Signatures checked at one time: enough to keep WebCrypto's threads busy, few enough to let others in between. */
const BATCH = 512

export const createAdmission = (doc: Y.Doc, records: Y.Map<unknown>, ledger: VerifiedSet): Admissions => {
	const origin: RoomOrigin = { type: 'repair' }

	const judgeKeys = async (keys: readonly string[]): Promise<Map<string, Judged>> => {
		const judged = new Map<string, Judged>()
		for (let at = 0; at < keys.length; at += BATCH) {
			const batch = keys.slice(at, at + BATCH).map(async (key): Promise<void> => {
				const value = records.get(key)
				judged.set(key, { value, verdict: await ledger.judge(key, value) })
			})
			await Promise.all(batch)
		}
		return judged
	}

	const putBack = (key: string): void => {
		const good = ledger.record(key)
		if (good === undefined) return
		const held = records.get(key)
		if (held instanceof Uint8Array) {
			if (compareBytes(held, good.bytes) === 0) return
			const other = parseRecord(held)
			if (typeof other !== 'string' && other.seq > good.seq) return
		}
		doc.transact(() => records.set(key, good.bytes), origin)
	}

	/** Makes the document hold what is known; keys that wait or stand in quarantine are left as they are. */
	const mend = (judged: ReadonlyMap<string, Judged>): number => {
		let mended = 0
		doc.transact(() => {
			for (const [key, { verdict, value }] of judged) {
				if (verdict.type !== 'rejected' && verdict.type !== 'stale') continue
				// Something came in while this was being judged: that is its carrier's to bring before the ledger.
				if (records.get(key) !== value) continue
				const good = ledger.get(key)
				if (good === undefined) records.delete(key)
				else {
					records.set(key, good)
					mended++
				}
			}
			for (const [key, bytes] of ledger.entries()) {
				if (records.has(key)) continue
				records.set(key, bytes)
				mended++
			}
		}, origin)
		return mended
	}

	return {
		admitAll: async () => {
			const keys = [...records.keys()]
			const isId = (key: string): boolean => key.startsWith('id/')
			// Keys before what they signed: nothing has to wait and be judged twice.
			const ids = await judgeKeys(keys.filter(isId))
			const rest = await judgeKeys(keys.filter((key) => !isId(key)))
			const judged = new Map([...ids, ...rest])
			const count = (type: Verdict['type']): number =>
				[...judged.values()].filter(({ verdict }) => verdict.type === type).length
			const rejected = [...judged].flatMap(([key, { verdict }]) =>
				verdict.type === 'rejected' ? [{ key, why: verdict.why }] : [],
			)
			const mended = mend(judged)
			return {
				accepted: count('accepted'),
				waiting: count('waiting'),
				quarantined: count('quarantined'),
				rejected,
				mended,
			}
		},
		judgeTouched: async (keys) => {
			const judged = await judgeKeys([...keys])
			return new Map([...judged].map(([key, { verdict }]) => [key, verdict]))
		},
		putBack,
	}
}
