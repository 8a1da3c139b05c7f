/**
 * SQLite as a store, where other processes have the same file and disks have an end.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createChainCheck } from '../../signaling/store/chain.ts'
import { openSqliteStore } from '../../signaling/store/sqlite.ts'
import { ROOT } from '../support/source-files.ts'

let dir: string
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'matinee-sqlite-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** Runs `code` with `store` in a process of its own; what it prints. */
const inProcess = async (code: string, limit = 'unlimited'): Promise<string> => {
	const script = `
		import { openSqliteStore } from './signaling/store/sqlite.ts'
		const store = openSqliteStore(${JSON.stringify(dir)})
		${code}
		await store.close()`
	const { stdout } = await promisify(execFile)(
		'sh',
		['-c', `ulimit -f ${limit}; exec "$0" --input-type=module -e "$1"`, process.execPath, script],
		{ cwd: ROOT },
	)
	return stdout.trim()
}

it('[SD7, SD6] processes that start at once on an empty folder make one database and one chain', async () => {
	const key = (kid: string) =>
		`{ kid: '${kid}', publicX: 'x', privateJwk: '{}', createdAtMs: 1, signsFromMs: 0, retiredAtMs: null }`
	const kids = await Promise.all(
		['a', 'b', 'c', 'd'].map((kid) =>
			inProcess(`
				console.log((await store.keys.add(${key(kid)})).map((key) => key.kid).join())
				for (let i = 0; i < 50; i++) await store.audit.append(i, '{"id":"${kid}' + i + '"}')`),
		),
	)
	expect(kids[0]).toMatch(/^[abcd]$/)
	expect(new Set(kids).size).toBe(1)
	const store = openSqliteStore(dir)
	const rows = await store.audit.read(1, 1_000)
	await store.close()
	expect(rows).toHaveLength(200)
	const check = createChainCheck()
	expect(rows.map(check).filter((fault) => fault !== null)).toEqual([])
}, 30_000)

it('[SD12] a disk that is full is said to be trouble of the store, and what was kept is there', async () => {
	const said = await inProcess(
		`
		process.on('SIGXFSZ', () => {}) // the limit of sh ends the process unless somebody listens
		for (let i = 0; i < 4_000; i++) {
			try {
				await store.rooms.put('room' + i, 'r'.repeat(4_000), null, i)
			} catch (error) {
				const kept = await store.rooms.get('room' + (i - 1))
				console.log(error.name, i > 10, kept?.root.length)
				break
			}
		}`,
		'4000',
	)
	expect(said).toBe('StoreUnavailable true 4000')
}, 30_000)
