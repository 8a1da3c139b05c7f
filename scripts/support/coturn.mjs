/**
 * Finds the coturn that tests start for themselves, and on Debian installs it when allowed to.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './install.mjs'

/** The program, or null. */
export const findCoturn = () => {
	const folders = [
		...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
		...['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/homebrew/opt/coturn/bin'],
	]
	const candidates = [process.env['TURNSERVER_PATH'], ...folders.map((folder) => join(folder, 'turnserver'))]
	return candidates.find((path) => path && existsSync(path)) ?? null
}

export const COTURN_MISSING =
	'The tests of TURN need coturn 4.6 or newer (turnserver). Install it, on Debian: apt-get install coturn, or say ' +
	'where it is with TURNSERVER_PATH=/path/to/turnserver.'

/** Asked by Debian's packages before they start anything. */
const POLICY = '/usr/sbin/policy-rc.d'

/**
 * coturn's program; rejects with a sentence where there is none.
 * @returns {Promise<string>}
 */
export const ensureCoturn = async () => {
	const isDebianRoot = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
	if (findCoturn() === null && isDebianRoot) {
		console.log('Installing coturn for the tests of TURN.')
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
		// The package would start one of its own, on port 3478; tests bring theirs.
		const isOurs = !existsSync(POLICY)
		if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
		// Beside it what the tests of networks are made with: namespaces and rules of translation.
		const packages = ['coturn', 'iproute2', 'nftables']
		try {
			await run('apt-get', ['update', '-qq'], { env, isQuiet: true })
			await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
				env,
				isQuiet: true,
			})
		} finally {
			if (isOurs) rmSync(POLICY)
		}
	}
	const program = findCoturn()
	if (program === null) throw new Error(COTURN_MISSING)
	return program
}
