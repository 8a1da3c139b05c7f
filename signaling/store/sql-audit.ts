/**
 * The audit log's table. A row is added by taking the next number, which only one can have: whoever comes second
 * reads the new end and tries again. As rows never change, that keeps the chain whole without a lock.
 */
import { CHAIN_START, hashOfRow } from './chain.ts'
import { numberOf, RowConflict, textOf, type Row, type Sql, type SqlValue } from './sql.ts'
import type { AuditEntry, AuditRow, Store } from './store.ts'

const rowOf = (row: Row): AuditRow => ({
	number: numberOf(row, 'number'),
	atMs: numberOf(row, 'at_ms'),
	event: textOf(row, 'event'),
	before: textOf(row, 'hash_before'),
	hash: textOf(row, 'hash'),
})

const COLUMNS = 'number, at_ms, event, hash_before, hash'
const PLACES = '(?, ?, ?, ?, ?)'
const valuesOf = (row: AuditRow): SqlValue[] => [row.number, row.atMs, row.event, row.before, row.hash]

export const createSqlAudit = (sql: Sql): Store['audit'] => {
	/** Rows that would follow the last one there is. */
	const chain = async (entries: readonly AuditEntry[]): Promise<readonly AuditRow[]> => {
		const [last] = await sql.rows('SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1')
		let number = last === undefined ? 0 : numberOf(last, 'number')
		let before = last === undefined ? CHAIN_START : textOf(last, 'hash')
		return entries.map(({ atMs, event }) => {
			const next = { number: ++number, atMs: Math.round(atMs), event, before }
			before = hashOfRow(next)
			return { ...next, hash: before }
		})
	}

	const append = async (atMs: number, event: string): Promise<AuditRow> => {
		for (;;) {
			const [row] = await chain([{ atMs, event }])
			if (row === undefined) throw new Error('one event makes one row')
			const added = await sql.run(
				`INSERT INTO audit (${COLUMNS}) VALUES ${PLACES} ON CONFLICT DO NOTHING`,
				...valuesOf(row),
			)
			if (added === 1) return row
			const [same] = await sql.rows('SELECT * FROM audit WHERE event = ?', event)
			if (same !== undefined) return rowOf(same)
		}
	}

	return {
		append,
		async appendAll(entries) {
			if (entries.length === 0) return
			const rows = await chain(entries)
			try {
				// All of them or none: a row left out would break the chain.
				await sql.run(
					`INSERT INTO audit (${COLUMNS}) VALUES ${rows.map(() => PLACES).join(', ')}`,
					...rows.flatMap(valuesOf),
				)
			} catch (error) {
				if (!(error instanceof RowConflict)) throw error
				// Somebody else was quicker, or some are there already: then one by one.
				for (const { atMs, event } of entries) await append(atMs, event)
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
	}
}
