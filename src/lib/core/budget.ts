/**
 * How much a device and a room may hold. Readers refuse what passes the hard bounds; what a device may use of them
 * depends on who it is, which readers learn at different times, so that part is applied when the room is folded:
 * over its budget, a device's least important records stop counting, the same ones at every reader.
 */
import { KINDS } from './kinds.ts'
import { compareRecords, type ParsedRecord } from './records.ts'

export const GUEST_BUDGET_BYTES = 256 * 1024
export const ACCOUNT_BUDGET_BYTES = 1024 * 1024
/** What a reader holds for one device at most: slots change size, so a writer at its budget may pass it for a while. */
export const DEVICE_HARD_BYTES = 1.25 * ACCOUNT_BUDGET_BYTES
export const ROOM_BUDGET_BYTES = 8 * 1024 * 1024

/** The records of one device that count within `budgetBytes`: important kinds first, of one kind the newer. */
export const withinBudget = (
	records: readonly ParsedRecord[],
	budgetBytes: number,
): readonly ParsedRecord[] => {
	let total = 0
	for (const record of records) total += record.bytes.length
	if (total <= budgetBytes) return records
	const ranked = [...records].sort(
		(a, b) => KINDS[a.kind].budgetRank - KINDS[b.kind].budgetRank || b.seq - a.seq || compareRecords(a, b),
	)
	let used = 0
	const counted: ParsedRecord[] = []
	for (const record of ranked) {
		used += record.bytes.length
		if (used > budgetBytes) break
		counted.push(record)
	}
	return counted
}
