/**
 * The tables, as the steps that made them. Forward only: a step that was released is never changed, new ones go to
 * the end. The same steps in two dialects, so that version numbers mean the same in both databases.
 */
export interface Dialect {
	readonly whole: 'INTEGER' | 'BIGINT'
	readonly bytes: 'BLOB' | 'BYTEA'
	/** Behind a table's columns. */
	readonly strict: ' STRICT' | ''
	/** Takes over the one key of version 1. */
	readonly firstKey: string
	/** No event stands in `audit` twice, however long it is. */
	readonly uniqueEvents: string
	/** Refuses to change or delete what stands in `audit`. */
	readonly appendOnly: readonly string[]
}

export const SQLITE: Dialect = {
	whole: 'INTEGER',
	bytes: 'BLOB',
	strict: ' STRICT',
	firstKey: `INSERT INTO signing_keys
		SELECT kid, json_extract(private_jwk, '$.x'), private_jwk, 0, 0, NULL FROM signing_key`,
	uniqueEvents: 'CREATE UNIQUE INDEX audit_events ON audit (event)',
	appendOnly: ['UPDATE', 'DELETE'].map(
		(what) => `CREATE TRIGGER audit_no_${what.toLowerCase()} BEFORE ${what} ON audit
			BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END`,
	),
}

export const POSTGRES: Dialect = {
	whole: 'BIGINT',
	bytes: 'BYTEA',
	strict: '',
	firstKey: `INSERT INTO signing_keys
		SELECT kid, private_jwk::json ->> 'x', private_jwk, 0, 0, NULL FROM signing_key`,
	// A B-tree takes no more than 2,700 bytes.
	uniqueEvents: 'ALTER TABLE audit ADD CONSTRAINT audit_events EXCLUDE USING hash (event WITH =)',
	appendOnly: [
		`CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$`,
		`CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
			FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()`,
	],
}

/** Statements of each version, from 1 on. */
export const migrations = (dialect: Dialect): readonly string[][] => {
	const { whole, bytes, strict } = dialect
	return [
		[
			`CREATE TABLE signing_key (
			only_one ${whole} PRIMARY KEY CHECK (only_one = 1),
			kid TEXT NOT NULL,
			private_jwk TEXT NOT NULL
		)${strict}`,
			`CREATE TABLE rooms (
			id TEXT PRIMARY KEY,
			root TEXT NOT NULL,
			created_at_ms ${whole} NOT NULL
		)${strict}`,
		],
		[
			`CREATE TABLE signing_keys (
			kid TEXT PRIMARY KEY,
			public_x TEXT NOT NULL,
			private_jwk TEXT,
			created_at_ms ${whole} NOT NULL,
			signs_from_ms ${whole} NOT NULL UNIQUE,
			retired_at_ms ${whole}
		)${strict}`,
			dialect.firstKey,
			'DROP TABLE signing_key',
			`CREATE TABLE accounts (
			id TEXT PRIMARY KEY,
			account_key TEXT NOT NULL UNIQUE,
			kind TEXT NOT NULL,
			username TEXT,
			name TEXT NOT NULL,
			issuer TEXT,
			password_hash TEXT,
			created_at_ms ${whole} NOT NULL
		)${strict}`,
			`CREATE TABLE pictures (
			account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
			id TEXT NOT NULL,
			type TEXT NOT NULL,
			bytes ${bytes} NOT NULL
		)${strict}`,
			'CREATE INDEX pictures_by_id ON pictures (id)',
			`CREATE TABLE sessions (
			hash TEXT PRIMARY KEY,
			account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
			agent TEXT NOT NULL,
			created_at_ms ${whole} NOT NULL,
			last_seen_at_ms ${whole} NOT NULL,
			expires_at_ms ${whole} NOT NULL
		)${strict}`,
			'CREATE INDEX sessions_by_account ON sessions (account_id)',
			'CREATE INDEX sessions_by_end ON sessions (expires_at_ms)',
			'ALTER TABLE rooms ADD COLUMN owner_device TEXT',
			'ALTER TABLE rooms ADD COLUMN owner_subject TEXT',
			'ALTER TABLE rooms ADD COLUMN heir_device TEXT',
			'ALTER TABLE rooms ADD COLUMN heir_subject TEXT',
			"ALTER TABLE rooms ADD COLUMN operators TEXT NOT NULL DEFAULT '[]'",
			`ALTER TABLE rooms ADD COLUMN operators_version ${whole} NOT NULL DEFAULT -1`,
			'ALTER TABLE rooms ADD COLUMN moved TEXT',
			`CREATE TABLE removals (
			room_id TEXT NOT NULL,
			subject TEXT NOT NULL,
			removed_by TEXT NOT NULL,
			removed_at_ms ${whole} NOT NULL,
			PRIMARY KEY (room_id, subject)
		)${strict}`,
			`CREATE TABLE audit (
			number ${whole} PRIMARY KEY,
			at_ms ${whole} NOT NULL,
			event TEXT NOT NULL,
			hash_before TEXT NOT NULL,
			hash TEXT NOT NULL
		)${strict}`,
			dialect.uniqueEvents,
			...dialect.appendOnly,
		],
		[
			`CREATE TABLE media_answers (
			key TEXT PRIMARY KEY,
			answer TEXT NOT NULL,
			good_until_ms ${whole} NOT NULL
		)${strict}`,
			'CREATE INDEX media_answers_by_end ON media_answers (good_until_ms)',
		],
		[
			`CREATE TABLE histories (
			room_id TEXT PRIMARY KEY,
			verifier TEXT NOT NULL,
			version ${whole} NOT NULL,
			size ${whole} NOT NULL,
			touched_at_ms ${whole} NOT NULL,
			content ${bytes}
		)${strict}`,
			// What all of them have together is asked for at each write.
			'CREATE INDEX histories_by_size ON histories (size)',
			'CREATE INDEX histories_by_touch ON histories (touched_at_ms)',
		],
	]
}
