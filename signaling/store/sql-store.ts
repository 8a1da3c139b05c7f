/**
 * The store over a database that speaks SQL. Each method is one statement, or several of which each leaves things
 * in order, so that nothing needs a transaction and two processes cannot get in each other's way.
 */
import { createSqlAccounts } from './sql-accounts.ts'
import { createSqlAudit } from './sql-audit.ts'
import { createSqlHistory } from './sql-history.ts'
import { createSqlMedia } from './sql-media.ts'
import { createSqlRooms } from './sql-rooms.ts'
import { numberOf, numberOrNull, textOf, textOrNull, type Row, type Sql } from './sql.ts'
import type { SigningKey, Store } from './store.ts'

const keyOf = (row: Row): SigningKey => ({
	kid: textOf(row, 'kid'),
	publicX: textOf(row, 'public_x'),
	privateJwk: textOrNull(row, 'private_jwk'),
	createdAtMs: numberOf(row, 'created_at_ms'),
	signsFromMs: numberOf(row, 'signs_from_ms'),
	retiredAtMs: numberOrNull(row, 'retired_at_ms'),
})

const createSqlKeys = (sql: Sql): Store['keys'] => {
	const list = async (): Promise<readonly SigningKey[]> =>
		(await sql.rows('SELECT * FROM signing_keys ORDER BY signs_from_ms')).map(keyOf)
	return {
		list,
		async add(key) {
			await sql.run(
				'INSERT INTO signing_keys VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
				key.kid,
				key.publicX,
				key.privateJwk,
				Math.round(key.createdAtMs),
				Math.round(key.signsFromMs),
				key.retiredAtMs === null ? null : Math.round(key.retiredAtMs),
			)
			return list()
		},
		async retire(kid, atMs) {
			await sql.run(
				'UPDATE signing_keys SET private_jwk = NULL, retired_at_ms = ? WHERE kid = ? AND private_jwk IS NOT NULL',
				Math.round(atMs),
				kid,
			)
		},
	}
}

export const createSqlStore = (sql: Sql): Store => ({
	keys: createSqlKeys(sql),
	...createSqlAccounts(sql),
	rooms: createSqlRooms(sql),
	media: createSqlMedia(sql),
	history: createSqlHistory(sql),
	audit: createSqlAudit(sql),
	async ping() {
		await sql.rows('SELECT 1')
	},
	close: () => sql.close(),
})
