/**
 * PostgreSQL as a store: the contract, and what a database of its own kind can do to it.
 */
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeStore } from '../../signaling/store/contract.ts'
import { openPostgresStore } from '../../signaling/store/postgres.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'

let postgres: TestPostgres
beforeAll(async () => {
	postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres.close())

describeStore('PostgreSQL', async () => {
	const url = await postgres.newDatabase()
	return { store: await openPostgresStore(url), second: await openPostgresStore(url) }
})

const ask = async (url: string, ...statements: string[]): Promise<pg.QueryResult> => {
	const client = new pg.Client({ connectionString: url })
	await client.connect()
	try {
		let last = await client.query('SELECT 1')
		for (const statement of statements) last = await client.query(statement)
		return last
	} finally {
		await client.end()
	}
}

it('[SD7] of many processes that start at once on an empty database, one makes the tables', async () => {
	const url = await postgres.newDatabase()
	const stores = await Promise.all(Array.from({ length: 6 }, () => openPostgresStore(url)))
	for (const store of stores) expect(await store.keys.list()).toEqual([])
	expect((await ask(url, 'SELECT version FROM matinee_version')).rows).toHaveLength(1)
	await Promise.all(stores.map((store) => store.close()))
})

it('[SD7] a database of a newer version is left alone', async () => {
	const url = await postgres.newDatabase()
	await ask(url, 'CREATE TABLE matinee_version (version BIGINT)', 'INSERT INTO matinee_version VALUES (99)')
	await expect(openPostgresStore(url)).rejects.toThrow('newer version')
	const { rows } = await ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	expect(rows).toEqual([{ tablename: 'matinee_version' }])
})

it('[SD7] a step that fails leaves the database as it was', async () => {
	const url = await postgres.newDatabase()
	await ask(url, 'CREATE TABLE accounts (mine TEXT)')
	await expect(openPostgresStore(url)).rejects.toThrow('already exists')
	const { rows } = await ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	expect(rows).toEqual([{ tablename: 'accounts' }])
})

it('[SD7] a database that does not exist, or lets us not in, is said at once', async () => {
	const url = await postgres.newDatabase()
	await expect(openPostgresStore(`${url}_not`)).rejects.toThrow('does not exist')
	await expect(openPostgresStore(url.replace('matinee@', 'nobody@'))).rejects.toThrow('nobody')
})

it('[SD8] the audit table refuses to change, lose or drop its rows', async () => {
	const url = await postgres.newDatabase()
	const store = await openPostgresStore(url)
	await store.audit.append(1, '{}')
	for (const statement of ["UPDATE audit SET event = '[]'", 'DELETE FROM audit', 'TRUNCATE audit'])
		await expect(ask(url, statement)).rejects.toThrow('append-only')
	expect(await store.audit.read(1, 2)).toHaveLength(1)
	await store.close()
})
