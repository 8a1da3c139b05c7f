/**
 * Finds the PostgreSQL that tests start for themselves, and on Debian installs it when allowed to.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { run } from './install.mjs'

const DEBIAN_FOLDER = '/usr/lib/postgresql'
const CLUSTER_SETTINGS = '/etc/postgresql-common/createcluster.conf'

/** Debian keeps the server's programs off the path, in a folder for each version. */
const foldersToLook = () => {
	const versions = existsSync(DEBIAN_FOLDER)
		? readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a))
		: []
	return [
		...(process.env['POSTGRES_BIN'] ? [process.env['POSTGRES_BIN']] : []),
		...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
		...versions.map((version) => join(DEBIAN_FOLDER, version, 'bin')),
		'/opt/homebrew/opt/postgresql/bin',
		'/usr/local/opt/postgresql/bin',
	]
}

/** The folder with `initdb` and `postgres`, or null. */
export const findPostgres = () =>
	foldersToLook().find((folder) =>
		['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
	) ?? null

export const POSTGRES_MISSING =
	'The tests need PostgreSQL 13 or newer (its server: initdb and postgres). Install it, on Debian: ' +
	'apt-get install postgresql, or say where it is with POSTGRES_BIN=/path/to/bin.'

/**
 * The folder with PostgreSQL's programs; rejects with a sentence where there is none.
 * @returns {Promise<string>}
 */
export const ensurePostgres = async () => {
	const isDebianRoot = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
	if (findPostgres() === null && isDebianRoot) {
		console.log('Installing PostgreSQL for the tests of the store.')
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFOLD: '1' }
		// The package would make a database of its own and start it; tests bring theirs.
		if (!existsSync(CLUSTER_SETTINGS)) {
			mkdirSync(dirname(CLUSTER_SETTINGS), { recursive: true })
			writeFileSync(CLUSTER_SETTINGS, 'create_main_cluster = false\n')
		}
		await run('apt-get', ['update', '-qq'], { env, isQuiet: true })
		await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], {
			env,
			isQuiet: true,
		})
	}
	const folder = findPostgres()
	if (folder === null) throw new Error(POSTGRES_MISSING)
	return folder
}
