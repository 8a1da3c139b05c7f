/**
 * The store in PostgreSQL. Nothing here waits long: a database that is refused, gone or frozen is an answer within
 * seconds, and one that is back is used again by itself.
 */
import pg from 'pg'
import { guardAbsence, type StoreNews } from './absence.ts'
import { migrations, POSTGRES } from './migrations.ts'
import { RowConflict, StoreUnavailable, type Row, type Sql, type SqlValue } from './sql.ts'
import { createSqlStore } from './sql-store.ts'
import type { Store } from './store.ts'

const CONNECTIONS_MAX = 10
const CONNECT_TIMEOUT_MS = 3_000
/** The database ends what takes longer. */
const STATEMENT_TIMEOUT_MS = 5_000
/** A database that stands still ends nothing: then we do. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000
/** `mati`: whoever holds this lock changes the tables. */
const MIGRATION_LOCK = 0x6d_61_74_69
/** `turn`: whoever holds this lock is the one that does what is done one at a time. */
const TURN_LOCK = 0x74_75_72_6e
const INT8_OID = 20

const nothing = (): void => {
	// A connection that fails while nobody uses it is replaced by the pool; the next call tells what is wrong.
}

const createPool = (url: string): pg.Pool => {
	const pool = new pg.Pool({
		connectionString: url,
		max: CONNECTIONS_MAX,
		connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
		statement_timeout: STATEMENT_TIMEOUT_MS,
		lock_timeout: STATEMENT_TIMEOUT_MS,
		idle_in_transaction_session_timeout: 2 * STATEMENT_TIMEOUT_MS,
		query_timeout: ANSWER_TIMEOUT_MS,
		application_name: 'matinee',
		keepAlive: true,
		types: {
			// Times and numbers stay far below 2 ** 53.
			getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
				oid === INT8_OID
					? Number
					: (pg.types.getTypeParser(oid, format) as unknown)) as typeof pg.types.getTypeParser,
		},
	})
	pool.on('error', nothing)
	pool.on('connect', (client) => client.on('error', nothing))
	return pool
}

/** The five characters by which PostgreSQL says what is wrong; null for trouble on the way to it. */
const stateOf = (error: unknown): string | null =>
	error instanceof pg.DatabaseError && typeof error.code === 'string' ? error.code : null

const messageOf = (error: unknown): string => {
	// `localhost` is tried by IPv6 and IPv4; the sum of both failures has no message of its own.
	if (error instanceof AggregateError) return messageOf(error.errors[0])
	return error instanceof Error && error.message !== '' ? error.message : String(error)
}

/** Connection lost, not yet or no longer serving, read-only after a failover, not letting us in, no such database. */
const AWAY = /^(08|57P|25006|28|3D)/
/** It serves, but not this now: too long, locked out, full, broken. */
const TROUBLE = /^(25|40|53|54|55|57|58|72|F0|XX)/

/** A unique or foreign key stands against it. */
const CONFLICT = /^23/

/** What it means for us; a statement of ours that is wrong stays what it is. */
const asOurs = (error: unknown): unknown => {
	const state = stateOf(error)
	if (state === null || AWAY.test(state))
		return new StoreUnavailable(messageOf(error), { cause: error, isAway: true })
	if (CONFLICT.test(state)) return new RowConflict(messageOf(error), { cause: error })
	return TROUBLE.test(state) ? new StoreUnavailable(messageOf(error), { cause: error }) : error
}

class NewerVersion extends Error {}

/** All steps that are missing, in one transaction, while everybody else who starts waits. */
const migrate = async (client: pg.PoolClient): Promise<void> => {
	const steps = migrations(POSTGRES)
	await client.query('BEGIN')
	await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
	await client.query('CREATE TABLE IF NOT EXISTS matinee_version (version BIGINT NOT NULL)')
	const { rows } = await client.query<{ version: number }>('SELECT version FROM matinee_version')
	const version = rows[0]?.version ?? 0
	if (version > steps.length) throw new NewerVersion('the database was written by a newer version of Matinee')
	for (const statement of steps.slice(version).flat()) await client.query(statement)
	if (version < steps.length) {
		await client.query('DELETE FROM matinee_version')
		await client.query('INSERT INTO matinee_version VALUES ($1)', [steps.length])
	}
	await client.query('COMMIT')
}

const numbered = new Map<string, string>()
/** `?` as PostgreSQL writes it: `$1`, `$2`, … */
const withNumbers = (statement: string): string => {
	let count = 0
	const known = numbered.get(statement) ?? statement.replaceAll('?', () => `$${String(++count)}`)
	numbered.set(statement, known)
	return known
}

const createPostgresDriver = (url: string): { sql: Sql; renew: () => void } => {
	let pool = createPool(url)
	let isOpen = true
	let ready: Promise<void> | null = null

	const prepareNow = async (): Promise<void> => {
		const client = await pool.connect()
		try {
			await migrate(client)
			client.release()
		} catch (error) {
			// The connection goes, and the transaction with it.
			client.release(true)
			throw error
		}
	}
	/** Tables are seen to before the first statement, and again with it while that fails. */
	const prepare = (): Promise<void> =>
		(ready ??= prepareNow().catch((error: unknown) => {
			ready = null
			throw error
		}))

	const query = async (statement: string, values: readonly SqlValue[]): Promise<pg.QueryResult<Row>> => {
		if (!isOpen) throw new Error('the store is closed')
		try {
			await prepare()
			return await pool.query<Row>(withNumbers(statement), [...values])
		} catch (error) {
			throw asOurs(error)
		}
	}

	/** The lock comes before the statement: what a statement sees is settled when it begins, before it waits. */
	const queryInTurn = async (statement: string, values: readonly SqlValue[]): Promise<number> => {
		if (!isOpen) throw new Error('the store is closed')
		try {
			await prepare()
			const client = await pool.connect()
			try {
				await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${String(TURN_LOCK)})`)
				const { rowCount } = await client.query(withNumbers(statement), [...values])
				await client.query('COMMIT')
				client.release()
				return rowCount ?? 0
			} catch (error) {
				// The connection goes, and the transaction with it.
				client.release(true)
				throw error
			}
		} catch (error) {
			throw asOurs(error)
		}
	}

	return {
		/** Forgets every connection: those of a database that has vanished would each be found out one by one. */
		renew() {
			const old = pool
			pool = createPool(url)
			void old.end().catch(nothing)
		},
		sql: {
			bytesType: 'BYTEA',
			rows: async (statement, ...values) => (await query(statement, values)).rows,
			run: async (statement, ...values) => (await query(statement, values)).rowCount ?? 0,
			runInTurn: (statement, ...values) => queryInTurn(statement, values),
			// Its own setting decides, for all of its users alike.
			runUnsynced: async (statement, ...values) => (await query(statement, values)).rowCount ?? 0,
			async close() {
				if (!isOpen) return
				isOpen = false
				// A frozen database does not say goodbye.
				await Promise.race([pool.end(), new Promise((resolve) => setTimeout(resolve, 1_000).unref())])
			},
		},
	}
}

/** Not up yet, too many connections, somebody else is at the tables: passes by itself. */
const PASSING = /^(08|40|53|55|57)/

/** The database answers, and will not have us: what is configured is wrong. */
const isRefusal = (error: unknown): boolean => {
	const cause = error instanceof StoreUnavailable ? error.cause : error
	const state = stateOf(cause)
	if (state !== null) return !PASSING.test(state)
	return cause instanceof NewerVersion
}

/**
 * Rejects where the database does not let us in, does not exist, or was written by a newer version of Matinee. One
 * that is away is not waited for: the store is there, and its calls reject until the database is.
 */
export const openPostgresStore = async (
	url: string,
	tell: (news: StoreNews) => void = () => undefined,
): Promise<Store> => {
	const { sql, renew } = createPostgresDriver(url)
	// A refusal is told by rejecting, not as news.
	const early: StoreNews[] = []
	let isOpening = true
	const guarded = guardAbsence(sql, {
		tell: (news) => (isOpening ? void early.push(news) : tell(news)),
		nowMs: () => performance.now(),
		onAway: renew,
	})
	try {
		await guarded.rows('SELECT 1')
	} catch (error) {
		if (isRefusal(error)) {
			await sql.close()
			throw error
		}
	}
	isOpening = false
	early.forEach(tell)
	return createSqlStore(guarded)
}
