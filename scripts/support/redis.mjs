/**
 * Finds the Redis that tests start for themselves, and on Debian installs it when allowed to.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './install.mjs'

/** The program `redis-server` (or Valkey's), or null. */
export const findRedis = () => {
	const folders = [
		...(process.env['PATH'] ?? '').split(delimiter),
		'/usr/bin',
		'/usr/local/bin',
		'/opt/homebrew/bin',
	]
	const candidates = [
		...(process.env['REDIS_SERVER'] ? [process.env['REDIS_SERVER']] : []),
		...folders
			.filter((folder) => folder !== '')
			.flatMap((folder) => ['redis-server', 'valkey-server'].map((program) => join(folder, program))),
	]
	return candidates.find((program) => existsSync(program)) ?? null
}

export const REDIS_MISSING =
	'The tests need Redis 6.2 or newer (redis-server). Install it, on Debian: apt-get install redis-server, or say ' +
	'where it is with REDIS_SERVER=/path/to/redis-server.'

/** Asked by Debian's packages before they start anything. */
const POLICY = '/usr/sbin/policy-rc.d'

/**
 * The program; rejects with a sentence where there is none.
 * @returns {Promise<string>}
 */
export const ensureRedis = async () => {
	const isDebianRoot = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
	if (findRedis() === null && isDebianRoot) {
		console.log('Installing Redis for the tests of several processes.')
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFOLD: '1' }
		// The package would start one of its own, on port 6379; tests bring theirs.
		const isOurs = !existsSync(POLICY)
		if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
		try {
			await run('apt-get', ['update', '-qq'], { env, isQuiet: true })
			await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], {
				env,
				isQuiet: true,
			})
		} finally {
			if (isOurs) rmSync(POLICY)
		}
	}
	const program = findRedis()
	if (program === null) throw new Error(REDIS_MISSING)
	return program
}
