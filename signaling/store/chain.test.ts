import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHAIN_START, createChainCheck, hashOfRow, type ChainFault } from './chain.ts'
import type { AuditRow } from './store.ts'

const chainOf = (events: readonly string[]): AuditRow[] => {
	const rows: AuditRow[] = []
	for (const [index, event] of events.entries()) {
		const row = { number: index + 1, atMs: 1_000 + index, event, before: rows.at(-1)?.hash ?? CHAIN_START }
		rows.push({ ...row, hash: hashOfRow(row) })
	}
	return rows
}
const faultIn = (rows: readonly AuditRow[]): ChainFault | null => {
	const check = createChainCheck()
	for (const row of rows) {
		const fault = check(row)
		if (fault !== null) return fault
	}
	return null
}
const rows = chainOf(Array.from({ length: 30 }, (_, i) => `{"id":"${String(i)}"}`))

describe('the chain', () => {
	it('[SD9] of what was written is whole, and so is each beginning of it', () => {
		expect(faultIn(rows)).toBeNull()
		expect(faultIn(rows.slice(0, 7))).toBeNull()
		expect(faultIn([])).toBeNull()
	})

	it('[SD9] tells a row that was changed, taken out, put elsewhere or written anew', () => {
		const at = (index: number): AuditRow => rows[index] as AuditRow
		const changed = rows.with(9, { ...at(9), event: '{"id":"x"}' })
		expect(faultIn(changed)).toEqual({ type: 'changed', number: 10 })
		expect(faultIn(rows.toSpliced(9, 1))).toEqual({ type: 'gap', number: 11, expected: 10 })
		expect(faultIn(rows.slice(1))).toEqual({ type: 'gap', number: 2, expected: 1 })
		const swapped = rows.with(9, { ...at(14), number: 10 }).with(14, { ...at(9), number: 15 })
		expect(faultIn(swapped)).toEqual({ type: 'moved', number: 10, from: 15 })
		const { hash: _, ...forged } = { ...at(9), event: '{"id":"x"}' }
		expect(faultIn(rows.with(9, { ...forged, hash: hashOfRow(forged) }))).toEqual({
			type: 'foreign',
			number: 11,
		})
		expect(faultIn(chainOf(['{"id":"x"}']).concat(rows.slice(1)))).toEqual({ type: 'foreign', number: 2 })
	})

	it('[SD9] finds any change of one character or number in any column of any row', () => {
		const change = fc.record({
			index: fc.nat(rows.length - 1),
			column: fc.constantFrom('number', 'atMs', 'event', 'before', 'hash'),
			at: fc.nat(10_000),
			by: fc.integer({ min: 1, max: 0xffff }),
		})
		fc.assert(
			fc.property(change, ({ index, column, at, by }) => {
				const row = rows[index] as AuditRow
				const value = row[column]
				const place = at % String(value).length
				const other =
					typeof value === 'number'
						? value + by
						: value.slice(0, place) +
							String.fromCharCode((value.charCodeAt(place) + by) % 0x1_0000) +
							value.slice(place + 1)
				if (other === value) return
				const tampered = rows.with(index, { ...row, [column]: other }).sort((a, b) => a.number - b.number)
				// Of the last row alone this could be told from nothing: it has to be found there too.
				expect(faultIn(tampered)).not.toBeNull()
			}),
			{ numRuns: 1_000 },
		)
	})

	it('[SD9] no two rows have one text: what one field ends with cannot begin the next', () => {
		const row = { number: 1, atMs: 11, event: '|x', before: CHAIN_START }
		const hashes = [
			row,
			{ ...row, number: 11, atMs: 1 },
			{ ...row, event: 'x' },
			{ ...row, event: '||x' },
		].map(hashOfRow)
		expect(new Set(hashes).size).toBe(hashes.length)
	})
})
