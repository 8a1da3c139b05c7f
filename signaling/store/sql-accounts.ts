/**
 * Accounts, what they wear and where they are signed in.
 */
import type { SubjectId } from '#lib/core/units.ts'
import { ACCOUNT_KINDS } from '#lib/protocol/accounts.ts'
import { bytesOf, numberOf, textOf, textOrNull, type Row, type Sql } from './sql.ts'
import type { AccountKey, AccountRecord, Session, Store } from './store.ts'

/** One text for each key: JSON keeps the parts apart. */
const textOfKey = (key: AccountKey): string =>
	JSON.stringify(
		key.type === 'username' ? [key.type, key.kind, key.folded] : [key.type, key.issuerUrl, key.subject],
	)

/** The picture is joined, not kept twice. Columns of the same name elsewhere are why each one is said. */
const ACCOUNT = `a.id AS account_id, a.kind, a.username, a.name, a.issuer, a.password_hash,
	a.created_at_ms AS account_created_at_ms, p.id AS picture_id`
const WITH_PICTURE = 'LEFT JOIN pictures p ON p.account_id = a.id'

const accountOf = (row: Row): AccountRecord => {
	const kind = ACCOUNT_KINDS.find((known) => known === row['kind'])
	if (kind === undefined) throw new TypeError('an account of no known kind')
	return {
		id: textOf(row, 'account_id') as SubjectId,
		kind,
		username: textOrNull(row, 'username'),
		name: textOf(row, 'name'),
		pictureId: textOrNull(row, 'picture_id'),
		issuer: textOrNull(row, 'issuer'),
		createdAtMs: numberOf(row, 'account_created_at_ms'),
		passwordHash: textOrNull(row, 'password_hash'),
	}
}

const SESSION = 's.hash, s.account_id, s.agent, s.created_at_ms, s.last_seen_at_ms, s.expires_at_ms'
const sessionOf = (row: Row): Session => ({
	hash: textOf(row, 'hash'),
	accountId: textOf(row, 'account_id') as SubjectId,
	agent: textOf(row, 'agent'),
	createdAtMs: numberOf(row, 'created_at_ms'),
	lastSeenAtMs: numberOf(row, 'last_seen_at_ms'),
	expiresAtMs: numberOf(row, 'expires_at_ms'),
})

export const createSqlAccounts = (sql: Sql): Pick<Store, 'accounts' | 'pictures' | 'sessions'> => ({
	accounts: {
		async create(account, key) {
			const added = await sql.run(
				'INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_key) DO NOTHING',
				account.id,
				textOfKey(key),
				account.kind,
				account.username,
				account.name,
				account.issuer,
				account.passwordHash,
				Math.round(account.createdAtMs),
			)
			return added === 1 ? 'created' : 'taken'
		},
		async byId(id) {
			const [row] = await sql.rows(`SELECT ${ACCOUNT} FROM accounts a ${WITH_PICTURE} WHERE a.id = ?`, id)
			return row === undefined ? null : accountOf(row)
		},
		async byKey(key) {
			const [row] = await sql.rows(
				`SELECT ${ACCOUNT} FROM accounts a ${WITH_PICTURE} WHERE a.account_key = ?`,
				textOfKey(key),
			)
			return row === undefined ? null : accountOf(row)
		},
		async change(id, { name, pictureId, passwordHash }) {
			if (name !== undefined || passwordHash !== undefined)
				await sql.run(
					'UPDATE accounts SET name = COALESCE(?, name), password_hash = COALESCE(?, password_hash) WHERE id = ?',
					name ?? null,
					passwordHash ?? null,
					id,
				)
			if (pictureId !== undefined)
				await sql.run('DELETE FROM pictures WHERE account_id = ? AND id IS DISTINCT FROM ?', id, pictureId)
		},
		async remove(id) {
			await sql.run('DELETE FROM accounts WHERE id = ?', id)
		},
	},
	pictures: {
		async put(account, picture) {
			// SELECT: an account removed a moment ago gets no picture, and that is no fault.
			await sql.run(
				`INSERT INTO pictures (account_id, id, type, bytes)
					SELECT a.id, ?, ?, CAST(? AS ${sql.bytesType}) FROM accounts a WHERE a.id = ?
					ON CONFLICT (account_id)
					DO UPDATE SET id = excluded.id, type = excluded.type, bytes = excluded.bytes`,
				picture.id,
				picture.type,
				picture.bytes,
				account,
			)
		},
		async get(id) {
			const [row] = await sql.rows('SELECT id, type, bytes FROM pictures WHERE id = ? LIMIT 1', id)
			return row === undefined
				? null
				: { id: textOf(row, 'id'), type: textOf(row, 'type'), bytes: bytesOf(row, 'bytes') }
		},
	},
	sessions: {
		async add(session) {
			// Lost with the power, it is one sign-in more.
			await sql.runUnsynced(
				`INSERT INTO sessions (hash, account_id, agent, created_at_ms, last_seen_at_ms, expires_at_ms)
					SELECT ?, a.id, ?, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT)
					FROM accounts a WHERE a.id = ?`,
				session.hash,
				session.agent,
				Math.round(session.createdAtMs),
				Math.round(session.lastSeenAtMs),
				Math.round(session.expiresAtMs),
				session.accountId,
			)
		},
		async get(hash) {
			const [row] = await sql.rows(
				`SELECT ${SESSION}, ${ACCOUNT} FROM sessions s JOIN accounts a ON a.id = s.account_id ${WITH_PICTURE} WHERE s.hash = ?`,
				hash,
			)
			return row === undefined ? null : { session: sessionOf(row), account: accountOf(row) }
		},
		async touch(hash, lastSeenAtMs, expiresAtMs) {
			await sql.runUnsynced(
				'UPDATE sessions SET last_seen_at_ms = ?, expires_at_ms = ? WHERE hash = ?',
				Math.round(lastSeenAtMs),
				Math.round(expiresAtMs),
				hash,
			)
		},
		async ofAccount(account) {
			const rows = await sql.rows(
				`SELECT ${SESSION} FROM sessions s WHERE s.account_id = ? ORDER BY s.last_seen_at_ms DESC, s.hash`,
				account,
			)
			return rows.map(sessionOf)
		},
		async remove(hash) {
			await sql.run('DELETE FROM sessions WHERE hash = ?', hash)
		},
		async removeOf(account, except) {
			await sql.run('DELETE FROM sessions WHERE account_id = ? AND hash IS DISTINCT FROM ?', account, except)
		},
		async removeExpired(nowMs) {
			await sql.run('DELETE FROM sessions WHERE expires_at_ms <= ?', Math.round(nowMs))
		},
	},
})
