/**
 * The chain of the audit log: each row's hash covers the row and the hash of the one before it. Pure.
 */
import { createHash } from 'node:crypto'
import type { AuditRow } from './store.ts'

/** What the first row follows. */
export const CHAIN_START = '0'.repeat(64)

/** Numbers and hashes cannot hold the separator and the event comes last, so no two rows have one text. */
export const hashOfRow = (row: Omit<AuditRow, 'hash'>): string =>
	createHash('sha256')
		.update(`matinee-audit-1|${String(row.number)}|${String(row.atMs)}|${row.before}|${row.event}`)
		.digest('hex')

export type ChainFault =
	/** Rows are missing before this one. */
	| { readonly type: 'gap'; readonly number: number; readonly expected: number }
	/** It stood elsewhere when it was written. */
	| { readonly type: 'moved'; readonly number: number; readonly from: number }
	/** It is not what was written, or its hash is not. */
	| { readonly type: 'changed'; readonly number: number }
	/** Whole in itself, but written after another row than the one that stands before it. */
	| { readonly type: 'foreign'; readonly number: number }

/** How far a row is looked for from where it stands, to say where it belongs. */
const MOVED_AT_MOST = 1_000

const placeOf = (row: AuditRow): number | null => {
	for (let number = Math.max(1, row.number - MOVED_AT_MOST); number <= row.number + MOVED_AT_MOST; number++)
		if (number !== row.number && hashOfRow({ ...row, number }) === row.hash) return number
	return null
}

/** Takes the rows from the first on, in order; answers what is wrong with a row, or null. */
export const createChainCheck = () => {
	let expected = 1
	let before = CHAIN_START
	return (row: AuditRow): ChainFault | null => {
		const { number } = row
		if (hashOfRow(row) !== row.hash) {
			const from = placeOf(row)
			return from === null ? { type: 'changed', number } : { type: 'moved', number, from }
		}
		if (number !== expected) return { type: 'gap', number, expected }
		if (row.before !== before) return { type: 'foreign', number }
		expected++
		before = row.hash
		return null
	}
}
