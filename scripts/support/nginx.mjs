/**
 * Finds the nginx that tests start for themselves, and on Debian installs it when allowed to.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './install.mjs'

/** Debian keeps it where only root's path leads. */
const foldersToLook = () => [
	...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
	...['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'],
]

/** The program, or null. */
export const findNginx = () =>
	[process.env['NGINX_PATH'], ...foldersToLook().map((folder) => join(folder, 'nginx'))].find(
		(path) => path && existsSync(path),
	) ?? null

export const NGINX_MISSING =
	'The tests need nginx 1.18 or newer. Install it, on Debian: apt-get install nginx-light, or say where it is ' +
	'with NGINX_PATH=/path/to/nginx.'

/** Asked by Debian's packages before they start anything. */
const POLICY = '/usr/sbin/policy-rc.d'

/**
 * nginx's program; rejects with a sentence where there is none.
 * @returns {Promise<string>}
 */
export const ensureNginx = async () => {
	const isDebianRoot = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
	if (findNginx() === null && isDebianRoot) {
		console.log('Installing nginx for the tests of proxies and static hosts.')
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
		// The package would start one of its own, on port 80; tests bring theirs.
		const isOurs = !existsSync(POLICY)
		if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
		try {
			await run('apt-get', ['update', '-qq'], { env, isQuiet: true })
			await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'nginx-light'], {
				env,
				isQuiet: true,
			})
		} finally {
			if (isOurs) rmSync(POLICY)
		}
	}
	const program = findNginx()
	if (program === null) throw new Error(NGINX_MISSING)
	return program
}
