/**
 * Between the document and the ledger: judges what the document holds and puts it right by the outcome.
 */
import type * as Y from 'yjs'
import type { Rejection, Verdict, VerifiedSet } from './ledger.ts'
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
	judgeTouched(keys: Iterable<string>): Promise<ReadonlyMap<string, Verdict>>
	/** Sets a key to what the ledger holds, if the document holds something else. */
	putBack(key: string): void
}

/** Signatures checked at one time: enough to keep WebCrypto's threads busy, few enough to let others in between. */
const BATCH = 512

export const createAdmission = (doc: Y.Doc, records: Y.Map<unknown>, ledger: VerifiedSet): Admissions => {
	const origin: RoomOrigin = { type: 'repair' }

	const judgeKeys = async (keys: readonly string[]): Promise<Map<string, Verdict>> => {
		const verdicts = new Map<string, Verdict>()
		for (let at = 0; at < keys.length; at += BATCH) {
			const batch = keys.slice(at, at + BATCH)
			const judged = await Promise.all(batch.map((key) => ledger.judge(key, records.get(key))))
			judged.forEach((verdict, index) => verdicts.set(batch[index] ?? '', verdict))
		}
		return verdicts
	}

	const putBack = (key: string): void => {
		const good = ledger.get(key)
		if (good !== undefined && records.get(key) !== good) doc.transact(() => records.set(key, good), origin)
	}

	/** Makes the document hold what is known; keys that wait or stand in quarantine are left as they are. */
	const mend = (verdicts: ReadonlyMap<string, Verdict>): number => {
		let mended = 0
		doc.transact(() => {
			for (const [key, verdict] of verdicts) {
				if (verdict.type !== 'rejected' && verdict.type !== 'stale') continue
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
			const verdicts = new Map([...ids, ...rest])
			const count = (type: Verdict['type']): number =>
				[...verdicts.values()].filter((verdict) => verdict.type === type).length
			const rejected = [...verdicts].flatMap(([key, verdict]) =>
				verdict.type === 'rejected' ? [{ key, why: verdict.why }] : [],
			)
			const mended = mend(verdicts)
			return {
				accepted: count('accepted'),
				waiting: count('waiting'),
				quarantined: count('quarantined'),
				rejected,
				mended,
			}
		},
		judgeTouched: (keys) => judgeKeys([...keys]),
		putBack,
	}
}
