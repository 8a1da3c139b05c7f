/**
 * The store in one SQLite file, readable by its owner only: it holds the server's private keys.
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { guardAbsence, type StoreNews } from './absence.ts'
import { migrations, SQLITE } from './migrations.ts'
import { RowConflict, StoreUnavailable, type Sql } from './sql.ts'
import { createSqlStore } from './sql-store.ts'
import type { Store } from './store.ts'

/** Another process may hold the file that long. */
const BUSY_TIMEOUT_MS = 5_000
const IN_MEMORY = ':memory:'

/** SQLite's own result codes. */
const CONSTRAINT = 19
/** Of statements that are wrong, whatever state the file is in. */
const FAULTS_OF_OURS = new Set([1, 20, 21, 25]) // ERROR, MISMATCH, MISUSE, RANGE

const codeOf = (error: unknown): number | null =>
	error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
		? error.errcode & 0xff
		: null

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A full disk or a locked file passes; a wrong statement does not. */
const asOurs = (error: unknown): unknown => {
	const code = codeOf(error)
	if (code === CONSTRAINT) return new RowConflict(messageOf(error), { cause: error })
	if (code === null || FAULTS_OF_OURS.has(code)) return error
	return new StoreUnavailable(messageOf(error), { cause: error })
}

/** Each step is in the file wholly or not at all, and another process that starts now waits for it. */
const migrate = (db: DatabaseSync, path: string): void => {
	const steps = migrations(SQLITE)
	db.exec('BEGIN IMMEDIATE')
	try {
		const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
		if (version > steps.length) throw new Error(`${path} was written by a newer version of Matinee`)
		for (const statement of steps.slice(version).flat()) db.exec(statement)
		db.exec(`PRAGMA user_version = ${String(steps.length)}`)
		db.exec('COMMIT')
	} catch (error) {
		db.exec('ROLLBACK')
		throw error
	}
}

const createSqliteDriver = (db: DatabaseSync): Sql => {
	const prepared = new Map<string, StatementSync>()
	let isOpen = true
	const statementOf = (text: string): StatementSync => {
		const statement = prepared.get(text) ?? db.prepare(text)
		prepared.set(text, statement)
		return statement
	}
	const attempt = async <T>(work: () => T): Promise<T> => {
		try {
			return work()
		} catch (error) {
			throw asOurs(error)
		}
	}
	const run: Sql['run'] = (text, ...values) => attempt(() => Number(statementOf(text).run(...values).changes))
	return {
		bytesType: 'BLOB',
		rows: (text, ...values) => attempt(() => statementOf(text).all(...values)),
		run,
		// Whoever writes has the file to itself.
		runInTurn: run,
		runUnsynced: (text, ...values) =>
			attempt(() => {
				db.exec('PRAGMA synchronous = NORMAL')
				try {
					return Number(statementOf(text).run(...values).changes)
				} finally {
					db.exec('PRAGMA synchronous = FULL')
				}
			}),
		async close() {
			if (isOpen) db.close()
			isOpen = false
		},
	}
}

const open = (path: string, tell: (news: StoreNews) => void = () => undefined): Store => {
	const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
	try {
		// secure_delete: a retired key or a removed session is not left behind in a free page.
		db.exec(
			'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON',
		)
		migrate(db, path)
	} catch (error) {
		db.close()
		throw error
	}
	return createSqlStore(guardAbsence(createSqliteDriver(db), { tell, nowMs: () => performance.now() }))
}

/** Throws where the folder cannot be made or written, or where a newer version of Matinee wrote the file. */
export const openSqliteStore = (dir: string, tell?: (news: StoreNews) => void): Store => {
	mkdirSync(dir, { recursive: true, mode: 0o700 })
	const path = join(dir, 'matinee.sqlite')
	// Made with its mode before SQLite opens it: the journal files take their mode from it.
	closeSync(openSync(path, 'a', 0o600))
	chmodSync(path, 0o600)
	return open(path, tell)
}

/** Forgets everything when it is closed: for tests. */
export const openMemoryStore = (): Store => open(IN_MEMORY)
