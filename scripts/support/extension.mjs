/**
 * Brings the extension's packages and both of its builds up to date, and does nothing when they are.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from './install.mjs'

const at = (/** @type {string[]} */ ...parts) => join(ROOT, ...parts)

/** What each browser loads. */
export const EXTENSION_BUILDS = {
	chrome: at('extension', '.output', 'chrome-mv3'),
	firefox: at('extension', '.output', 'firefox-mv3'),
}

const SOURCES = ['extension', 'src', 'static', 'package-lock.json']
const MADE = new Set(['node_modules', '.output', '.wxt'])

/**
 * @param {readonly string[]} paths files and folders, relative to the root
 * @returns {string} SHA-256 over names and contents, without what is made of them
 */
const hashOf = (paths) => {
	const hash = createHash('sha256')
	const add = (/** @type {string} */ path) => {
		if (!existsSync(at(path))) return
		if (statSync(at(path)).isDirectory()) {
			for (const name of readdirSync(at(path)).sort()) if (!MADE.has(name)) add(join(path, name))
			return
		}
		hash
			.update(path)
			.update('\0')
			.update(readFileSync(at(path)))
			.update('\0')
	}
	for (const path of paths) add(path)
	return hash.digest('hex')
}

const readStamp = (/** @type {string} */ file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** Lies in what it speaks of, so that it goes when that is made anew by hand. */
const builtStamp = (/** @type {string} */ folder) => join(folder, '.matinee-built')

/** @param {((text: string) => void) | undefined} say */
const ensurePackages = async (say) => {
	const stampFile = at('extension', 'node_modules', '.matinee-installed')
	const wanted = `${hashOf(['extension/package.json', 'extension/package-lock.json'])} ${process.platform} ${process.arch}`
	if (readStamp(stampFile) === wanted) return
	const args = ['--prefix', 'extension', 'ci', '--loglevel=error', '--no-audit', '--no-fund']
	await run('npm', args, { isQuiet: true, say })
	writeFileSync(stampFile, wanted)
}

/**
 * @param {((text: string) => void) | undefined} [say] where to tell of it, the terminal unless told
 * @returns {Promise<void>}
 */
export const ensureExtension = async (say) => {
	const wanted = hashOf(SOURCES)
	const folders = Object.values(EXTENSION_BUILDS)
	if (folders.every((folder) => readStamp(builtStamp(folder)) === wanted)) return
	const told = 'Building the extension, about ten seconds.\n'
	if (say) say(told)
	else process.stdout.write(told)
	await ensurePackages(say)
	await run('npm', ['--prefix', 'extension', 'run', 'build'], { isQuiet: true, say })
	for (const folder of folders) writeFileSync(builtStamp(folder), wanted)
}
