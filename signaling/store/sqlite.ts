/**
 * The store in one SQLite file, readable by its owner only: it holds the server's private key.
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Store } from './store.ts'

const SCHEMA_VERSION = 1
const SCHEMA = `
	CREATE TABLE IF NOT EXISTS signing_key (
		only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
		kid TEXT NOT NULL,
		private_jwk TEXT NOT NULL
	) STRICT;
	CREATE TABLE IF NOT EXISTS rooms (
		id TEXT PRIMARY KEY,
		root TEXT NOT NULL,
		created_at_ms INTEGER NOT NULL
	) STRICT, WITHOUT ROWID;
`

/** Throws where the folder cannot be made or written, or where a newer version of Matinee wrote the file. */
export const openSqliteStore = (dir: string): Store => {
	mkdirSync(dir, { recursive: true, mode: 0o700 })
	const path = join(dir, 'matinee.sqlite')
	// Made with its mode before SQLite opens it: the journal files take their mode from it.
	closeSync(openSync(path, 'a', 0o600))
	chmodSync(path, 0o600)

	const db = new DatabaseSync(path, { timeout: 5_000 })
	db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
	const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
	if (version > SCHEMA_VERSION) {
		db.close()
		throw new Error(`${path} was written by a newer version of Matinee`)
	}
	db.exec(SCHEMA)
	db.exec(`PRAGMA user_version = ${String(SCHEMA_VERSION)}`)

	const insertKey = db.prepare('INSERT OR IGNORE INTO signing_key VALUES (1, ?, ?)')
	const selectKey = db.prepare('SELECT kid, private_jwk FROM signing_key')
	const insertRoom = db.prepare('INSERT OR IGNORE INTO rooms VALUES (?, ?, ?)')
	const selectRoot = db.prepare('SELECT root FROM rooms WHERE id = ?')
	let isOpen = true

	return {
		async signingKey(offered) {
			insertKey.run(offered.kid, offered.privateJwk)
			const row = selectKey.get()
			return { kid: String(row?.['kid']), privateJwk: String(row?.['private_jwk']) }
		},
		async putRoom(room, root, nowMs) {
			if (insertRoom.run(room, root, Math.round(nowMs)).changes === 1) return 'created'
			return selectRoot.get(room)?.['root'] === root ? 'same' : 'taken'
		},
		async root(room) {
			const row = selectRoot.get(room)
			return row === undefined ? null : String(row['root'])
		},
		async close() {
			if (isOpen) db.close()
			isOpen = false
		},
	}
}
