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
