/**
 * Brings node_modules and the built client up to date, and does nothing when they are. Runs under the system's Node
 * (20 or newer) with nothing installed, so it imports the platform alone.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const at = (/** @type {string[]} */ ...parts) => join(ROOT, ...parts)

const LAST_WORDS_MS = 2_000

/**
 * Runs a command with our output; rejects unless it exits with 0.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, isQuiet?: boolean, say?: ((text: string) => void) | undefined }} [options]
 * `isQuiet`: its output is shown only when it fails; `say` gets what is shown instead of the terminal.
 * @returns {Promise<void>}
 */
export const run = (command, args, options = {}) =>
	new Promise((resolve, reject) => {
		const { say, isQuiet = false } = options
		const child = spawn(command, args, {
			cwd: ROOT,
			env: withLocalBin(options.env ?? process.env),
			stdio: say || isQuiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
		})
		let kept = ''
		const hear = isQuiet ? (/** @type {string} */ text) => void (kept += text) : say
		for (const stream of [child.stdout, child.stderr]) {
			stream?.setEncoding('utf8')
			stream?.on('data', (text) => hear?.(text))
		}
		child.on('error', reject)
		child.on('exit', (code, signal) => {
			const settle = () => {
				clearTimeout(timer)
				child.off('close', settle)
				if (code === 0) return resolve()
				if (kept) (say ?? ((text) => process.stderr.write(text)))(kept)
				reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? String(code)}`))
			}
			// What it said last may still be on its way; what it left running may hold its output open for ever.
			const timer = setTimeout(settle, LAST_WORDS_MS)
			child.once('close', settle)
		})
	})

/**
 * The environment with this project's own programs (and its own Node) first on the path.
 * @param {NodeJS.ProcessEnv} env
 */
export const withLocalBin = (env) => {
	const separator = process.platform === 'win32' ? ';' : ':'
	return { ...env, PATH: `${at('node_modules', '.bin')}${separator}${env['PATH'] ?? ''}` }
}

/** The Node the project brings, or the system's where no package fits this machine. */
export const projectNode = () => {
	const own = at('node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
	return existsSync(own) ? own : process.execPath
}

/**
 * @param {readonly string[]} paths files and folders, relative to the root
 * @returns {string} SHA-256 over names and contents
 */
const hashOf = (paths) => {
	const hash = createHash('sha256')
	const add = (/** @type {string} */ path) => {
		if (!existsSync(at(path))) return
		if (statSync(at(path)).isDirectory()) {
			for (const name of readdirSync(at(path)).sort()) add(join(path, name))
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

/** Installs exactly what the lock file names, unless that is already there. */
export const ensureInstalled = async () => {
	const stampFile = at('node_modules', '.matinee-installed')
	const wanted = `${hashOf(['package.json', 'package-lock.json'])} ${process.platform} ${process.arch}`
	if (readStamp(stampFile) !== wanted) {
		console.log('Installing what Matinee is made of. This takes about half a minute, once.')
		await run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'])
		writeFileSync(stampFile, wanted)
	}
	await requireNode()
}

/** Fails with one clear line unless Node 24 is there: npm skips an optional package in silence. */
const requireNode = async () => {
	const version = await new Promise((resolve, reject) => {
		const child = spawn(projectNode(), ['-p', 'process.versions.node'], {
			stdio: ['ignore', 'pipe', 'inherit'],
		})
		let output = ''
		child.stdout.on('data', (chunk) => (output += String(chunk)))
		child.on('error', reject)
		child.on('exit', () => resolve(output.trim()))
	})
	if (Number(String(version).split('.')[0]) < 24) {
		throw new Error(
			`Matinee's server needs Node 24 and found ${String(version) || 'none'}. npm brings it on Linux and Windows (x64); ` +
				'elsewhere install it from your system, then run this again.',
		)
	}
}

const CLIENT_SOURCES = [
	'src',
	'static',
	'svelte.config.js',
	'vite.config.ts',
	'tsconfig.json',
	'package-lock.json',
]

/**
 * Builds the client into build/, unless its sources are unchanged since the last build.
 * @param {((text: string) => void) | undefined} [say] where to tell of it, the terminal unless told
 */
export const ensureBuilt = async (say) => {
	const stampFile = at('build', '.matinee-built')
	const wanted = hashOf(CLIENT_SOURCES)
	if (readStamp(stampFile) === wanted) return
	const told = 'Building the app, about ten seconds.\n'
	if (say) say(told)
	else process.stdout.write(told)
	await run('vite', ['build', '--logLevel', 'warn'], { isQuiet: true, say })
	writeFileSync(stampFile, wanted)
}
