/**
 * Finds the browsers and ffmpeg that the tests drive, and on Debian installs what is missing when allowed to.
 * Playwright's own downloads are not used: tests run in the browsers people have.
 */
import { existsSync } from 'node:fs'
import { run } from './install.mjs'

/** @type {Record<string, { envName: string, paths: readonly string[], debianPackage: string }>} */
const PROGRAMS = {
	chromium: {
		envName: 'CHROMIUM_PATH',
		paths: [
			'/usr/bin/chromium',
			'/usr/bin/chromium-browser',
			'/usr/bin/google-chrome',
			'/snap/bin/chromium',
			'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
		],
		debianPackage: 'chromium',
	},
	firefox: {
		envName: 'FIREFOX_PATH',
		paths: ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
		debianPackage: 'firefox-esr',
	},
}

const findProgram = (/** @type {string} */ name) => {
	const program = PROGRAMS[name]
	if (program === undefined) return null
	return [process.env[program.envName], ...program.paths].find((path) => path && existsSync(path)) ?? null
}

/**
 * Paths of the browsers, by the names of the environment variables that the tests read.
 * @returns {Promise<Record<string, string>>}
 */
export const ensureBrowsers = async () => {
	const missing = () => Object.keys(PROGRAMS).filter((name) => findProgram(name) === null)
	const isDebianRoot = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
	if (missing().length > 0 && isDebianRoot) {
		const packages = missing().map((name) => PROGRAMS[name]?.debianPackage ?? name)
		console.log(`Installing ${packages.join(' and ')} for the browser tests.`)
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
		await run('apt-get', ['update', '-qq'], { env, isQuiet: true })
		// Firefox plays H.264 through ffmpeg's libraries.
		await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages, 'ffmpeg'], {
			env,
			isQuiet: true,
		})
	}
	/** @type {Record<string, string>} */
	const found = {}
	for (const [name, program] of Object.entries(PROGRAMS)) {
		const path = findProgram(name)
		if (path === null) {
			throw new Error(
				`The tests need ${name}. Install it, or say where it is with ${program.envName}=/path/to/${name}.`,
			)
		}
		found[program.envName] = path
	}
	return found
}
