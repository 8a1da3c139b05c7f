import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RoomId } from '#lib/core/units.ts'
import { describeStore } from './contract.ts'
import { createMemoryStore } from './memory.ts'
import { openSqliteStore } from './sqlite.ts'

let dir: string
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'matinee-store-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describeStore('memory', createMemoryStore)
describeStore('SQLite', () => openSqliteStore(join(dir, 'made', 'on', 'the', 'way')))

const room = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
const key = { kid: 'a', privateJwk: '{}' }

it('[SG17] SQLite keeps key and rooms when it is opened again', async () => {
	const first = openSqliteStore(dir)
	await first.signingKey(key)
	await first.putRoom(room, 'root', 1)
	await first.close()
	const second = openSqliteStore(dir)
	expect(await second.signingKey({ kid: 'b', privateJwk: '{}' })).toEqual(key)
	expect(await second.root(room)).toBe('root')
	await second.close()
})

it('[SG17] only the owner can read the files that hold the key', async () => {
	const store = openSqliteStore(dir)
	await store.signingKey(key)
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

it('two processes with one folder get one key', async () => {
	const [one, two] = [openSqliteStore(dir), openSqliteStore(dir)]
	await one.signingKey(key)
	expect((await two.signingKey({ kid: 'b', privateJwk: '{}' })).kid).toBe('a')
	await one.close()
	await two.close()
})

it('a file of a newer version is left alone', () => {
	const db = new DatabaseSync(join(dir, 'matinee.sqlite'))
	db.exec('PRAGMA user_version = 99')
	db.close()
	expect(() => openSqliteStore(dir)).toThrow('newer version')
})
