import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RoomId, SubjectId } from '#lib/core/units.ts'
import { describeStore } from './contract.ts'
import { createMemoryStore } from './memory.ts'
import { openSqliteStore } from './sqlite.ts'

let dir: string
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'matinee-store-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describeStore('memory', async () => ({ store: createMemoryStore() }))
describeStore('SQLite', async () => {
	const path = join(dir, 'made', 'on', 'the', 'way')
	return { store: openSqliteStore(path), second: openSqliteStore(path) }
})

const room = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
const keyOf = (kid: string) => ({
	kid,
	publicX: 'x',
	privateJwk: '{}',
	createdAtMs: 1,
	signsFromMs: 0,
	retiredAtMs: null,
})

it('[SG17] SQLite keeps key and rooms when it is opened again', async () => {
	const first = openSqliteStore(dir)
	await first.keys.add(keyOf('a'))
	await first.rooms.put(room, 'root', null, 1)
	await first.close()
	const second = openSqliteStore(dir)
	expect(await second.keys.add(keyOf('b'))).toEqual([keyOf('a')])
	expect((await second.rooms.get(room))?.root).toBe('root')
	await second.close()
})

it('[SG17] only the owner can read the files that hold the key', async () => {
	const store = openSqliteStore(dir)
	await store.keys.add(keyOf('a'))
	const modes = readdirSync(dir).map((file) => statSync(join(dir, file)).mode & 0o777)
	expect(modes.length).toBeGreaterThanOrEqual(3)
	expect(new Set(modes)).toEqual(new Set([0o600]))
	await store.close()
})

it('[SG17] a file left readable by others is closed to them at the next start', async () => {
	await openSqliteStore(dir).close()
	const path = join(dir, 'matinee.sqlite')
	chmodSync(path, 0o644)
	await openSqliteStore(dir).close()
	expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('[SD7] the file of version 1 keeps its rooms, and its key goes on as the first one', async () => {
	const db = new DatabaseSync(join(dir, 'matinee.sqlite'))
	db.exec(`
		CREATE TABLE signing_key (
			only_one INTEGER PRIMARY KEY CHECK (only_one = 1), kid TEXT NOT NULL, private_jwk TEXT NOT NULL
		) STRICT;
		CREATE TABLE rooms (id TEXT PRIMARY KEY, root TEXT NOT NULL, created_at_ms INTEGER NOT NULL)
			STRICT, WITHOUT ROWID;
		INSERT INTO signing_key VALUES (1, 'old', '{"kty":"OKP","crv":"Ed25519","x":"public","d":"private"}');
		INSERT INTO rooms VALUES ('${room}', 'root', 5);
		PRAGMA user_version = 1;
	`)
	db.close()
	const store = openSqliteStore(dir)
	expect(await store.keys.list()).toEqual([
		{
			kid: 'old',
			publicX: 'public',
			privateJwk: '{"kty":"OKP","crv":"Ed25519","x":"public","d":"private"}',
			createdAtMs: 0,
			signsFromMs: 0,
			retiredAtMs: null,
		},
	])
	expect(await store.rooms.get(room)).toMatchObject({ root: 'root', owner: null, createdAtMs: 5 })
	expect(await store.rooms.put(room, 'other', null, 1)).toBe('taken')
	await store.close()
})

it('[SD7] a step that fails leaves the file as it was', async () => {
	const db = new DatabaseSync(join(dir, 'matinee.sqlite'))
	db.exec('CREATE TABLE accounts (mine TEXT)') // not ours: the step that makes this table cannot
	db.close()
	expect(() => openSqliteStore(dir)).toThrow()
	const after = new DatabaseSync(join(dir, 'matinee.sqlite'))
	expect(after.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'accounts' }])
	expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 0 })
	after.close()
})

it('[SD8] the audit table refuses to change or lose a row', async () => {
	const store = openSqliteStore(dir)
	await store.audit.append(1, '{}')
	const db = new DatabaseSync(join(dir, 'matinee.sqlite'))
	for (const statement of ["UPDATE audit SET event = '[]'", 'DELETE FROM audit'])
		expect(() => db.exec(statement)).toThrow('append-only')
	db.close()
	expect(await store.audit.read(1, 2)).toHaveLength(1)
	await store.close()
})

it('[SD2] what was forgotten is not left behind in the file', async () => {
	const store = openSqliteStore(dir)
	const account = 'a_alice' as SubjectId
	await store.keys.add({ ...keyOf('a'), privateJwk: 'canary-of-a-private-key' })
	await store.keys.retire('a', 1)
	await store.accounts.create(
		{
			id: account,
			kind: 'local',
			username: 'alice',
			name: 'canary-of-a-name',
			pictureId: null,
			issuer: null,
			createdAtMs: 1,
			passwordHash: 'canary-of-a-hash',
		},
		{ type: 'username', kind: 'local', folded: 'alice' },
	)
	await store.accounts.remove(account)
	await store.close()
	expect(readFileSync(join(dir, 'matinee.sqlite'), 'latin1')).not.toContain('canary')
})

it('[SD7] a file of a newer version is left alone', () => {
	const db = new DatabaseSync(join(dir, 'matinee.sqlite'))
	db.exec('PRAGMA user_version = 99')
	db.close()
	expect(() => openSqliteStore(dir)).toThrow('newer version')
})
