/**
 * Records that a neighbour sent because a comparison had found that we lack them: judged like everything else, and
 * written into the document by ourselves.
 */
import type { Ledger } from '#lib/core/ledger.ts'
import { keyOf, parseRecord } from '#lib/core/records.ts'
import type { Gate } from './gate.ts'
import type { Turns } from './turns.ts'

export interface TakeRecordsDeps {
	readonly ledger: Ledger
	readonly gate: Pick<Gate, 'pass'>
	readonly breathe: Turns['breathe']
}

export interface TakenRecords {
	/** None of them was a record that nobody may send. */
	readonly isGood: boolean
	/** What had to be written, for all neighbours; null where nothing was news. */
	readonly repair: readonly Uint8Array[] | null
}

export const takeRecords = async (
	{ ledger, gate, breathe }: TakeRecordsDeps,
	list: readonly Uint8Array[],
): Promise<TakenRecords> => {
	const keys: string[] = []
	const judgeOne = async (bytes: Uint8Array): Promise<boolean> => {
		const record = parseRecord(bytes)
		if (typeof record === 'string') return false
		const key = keyOf(record.kind, record.author, record.slot)
		const verdict = await ledger.judge(key, bytes)
		if (verdict.type === 'accepted') keys.push(key)
		return verdict.type !== 'rejected' || verdict.why === 'over-budget'
	}
	let isGood = true
	for (const bytes of list) {
		isGood = (await judgeOne(bytes)) && isGood
		await breathe()
	}
	return { isGood, repair: (await gate.pass(keys)).repair }
}
