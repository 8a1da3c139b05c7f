/**
 * The audit log's table. A row is added by taking the next number, which only one can have: whoever comes second
 * reads the new end and tries again. As rows never change, that keeps the chain whole without a lock.
 */
import { CHAIN_START, hashOfRow } from './chain.ts'
import { numberOf, textOf, type Row, type Sql } from './sql.ts'
import type { AuditRow, Store } from './store.ts'

const rowOf = (row: Row): AuditRow => ({
	number: numberOf(row, 'number'),
	atMs: numberOf(row, 'at_ms'),
	event: textOf(row, 'event'),
	before: textOf(row, 'hash_before'),
	hash: textOf(row, 'hash'),
})

export const createSqlAudit = (sql: Sql): Store['audit'] => ({
	async append(atMs, event) {
		for (;;) {
			const [last] = await sql.rows('SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1')
			const next = {
				number: last === undefined ? 1 : numberOf(last, 'number') + 1,
				atMs: Math.round(atMs),
				event,
				before: last === undefined ? CHAIN_START : textOf(last, 'hash'),
			}
			const row: AuditRow = { ...next, hash: hashOfRow(next) }
			const added = await sql.run(
				`INSERT INTO audit (number, at_ms, event, hash_before, hash) VALUES (?, ?, ?, ?, ?)
					ON CONFLICT DO NOTHING`,
				row.number,
				row.atMs,
				row.event,
				row.before,
				row.hash,
			)
			if (added === 1) return row
			const [same] = await sql.rows('SELECT * FROM audit WHERE event = ?', event)
			if (same !== undefined) return rowOf(same)
		}
	},
	async read(fromNumber, limit) {
		const rows = await sql.rows(
			'SELECT * FROM audit WHERE number >= ? ORDER BY number LIMIT ?',
			fromNumber,
			limit,
		)
		return rows.map(rowOf)
	},
})
