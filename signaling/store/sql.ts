/**
 * What the store needs of a database: statements with `?` for values, and rows. SQLite and PostgreSQL each have a
 * driver; the statements are the same for both.
 */
export type SqlValue = string | number | null | Uint8Array
export type Row = Readonly<Record<string, unknown>>

export interface Sql {
	/** What this database calls a column of bytes. */
	readonly bytesType: 'BLOB' | 'BYTEA'
	rows(statement: string, ...values: readonly SqlValue[]): Promise<readonly Row[]>
	/** How many rows were written. */
	run(statement: string, ...values: readonly SqlValue[]): Promise<number>
	/** The same, one at a time over all who use this database: it sees whatever those before it did. */
	runInTurn(statement: string, ...values: readonly SqlValue[]): Promise<number>
	/** The same as `run` for what may be lost if the machine loses its power just now: it does not wait for the disk. */
	runUnsynced(statement: string, ...values: readonly SqlValue[]): Promise<number>
	/** Idempotent. */
	close(): Promise<void>
}

/** The database is away, full or frozen just now; the next call may go well. `message` is for the operator. */
export class StoreUnavailable extends Error {
	override readonly name = 'StoreUnavailable'
	/** It did not answer at all; else it did, and could not do this. */
	readonly isAway: boolean

	constructor(message: string, options: { readonly cause?: unknown; readonly isAway?: boolean } = {}) {
		super(message, options.cause === undefined ? {} : { cause: options.cause })
		this.isAway = options.isAway ?? false
	}
}

/** A row with that key is there already, or one it refers to is not: nothing of the statement was done. */
export class RowConflict extends Error {
	override readonly name = 'RowConflict'
}

export const textOf = (row: Row, column: string): string => {
	const value = row[column]
	if (typeof value !== 'string') throw new TypeError(`${column} is no text`)
	return value
}
export const textOrNull = (row: Row, column: string): string | null =>
	row[column] === null ? null : textOf(row, column)
export const numberOf = (row: Row, column: string): number => {
	const value = row[column]
	if (typeof value !== 'number') throw new TypeError(`${column} is no number`)
	return value
}
export const numberOrNull = (row: Row, column: string): number | null =>
	row[column] === null ? null : numberOf(row, column)
export const bytesOf = (row: Row, column: string): Uint8Array => {
	const value = row[column]
	if (!(value instanceof Uint8Array)) throw new TypeError(`${column} is no bytes`)
	// A driver may answer a Buffer, which is a part of a bigger block.
	return new Uint8Array(value)
}
