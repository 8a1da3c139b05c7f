/**
 * `npm test`: everything, from nothing: installs, checks, unit tests and simulations, builds, then real browsers.
 * What does not need the machine for itself runs side by side. All of it runs even when a part fails; the last line
 * counts the tests of all runners together.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ensureBrowsers } from './support/browsers.mjs'
import { countPlaywright, countVitest, cutOffFiles } from './support/counts.mjs'
import { ensureCoturn } from './support/coturn.mjs'
import { ensureExtension } from './support/extension.mjs'
import { ensureNginx } from './support/nginx.mjs'
import { ensurePostgres } from './support/postgres.mjs'
import { ensureRedis } from './support/redis.mjs'
import { ensureBuilt, ensureInstalled, ROOT, run } from './support/install.mjs'
import { createSteps } from './support/steps.mjs'

const RESULTS = join(ROOT, 'test-results', 'counts')
/** Browser tests wait more than they work. */
const BROWSER_WORKERS = availableParallelism() + 1

const steps = createSteps()

const checkCode = async () => {
	await steps.check('build', (say) => ensureBuilt(say))
	await steps.check('extension', (say) => ensureExtension(say))
	await steps.check('format', (say) => run('prettier', ['--check', '--log-level', 'warn', '.'], { say }))
	await steps.check('types', (say) => run('npm', ['run', '--silent', 'types'], { say }))
	await steps.check('lint', (say) => run('eslint', ['.'], { say }))
}

/** @returns {Promise<Record<string, string>>} the browsers */
const testUnits = async () => {
	/** @type {Record<string, string>} */
	let browsers = {}
	// One after the other: each may install packages.
	await steps.check('PostgreSQL', ensurePostgres)
	await steps.check('Redis', ensureRedis)
	await steps.check('nginx', ensureNginx)
	await steps.check('coturn', ensureCoturn)
	await steps.check('browsers', async () => (browsers = await ensureBrowsers()))
	const report = join(RESULTS, 'vitest.json')
	/** @type {string | null} */
	let again = null
	/** @type {(to: string, files?: readonly string[]) => string[]} */
	const argsOf = (to, files = []) => [
		'run',
		...files,
		'--maxWorkers=100%',
		// Real servers and processes on a shared machine: what passes at a later try is named as flaky at the end.
		...(process.env['CI'] === 'true' ? ['--retry=2'] : []),
		'--reporter=default',
		'--reporter=json',
		`--outputFile.json=${to}`,
	]
	await steps.suite(
		'unit tests and simulations',
		async (say) => {
			try {
				await run('vitest', argsOf(report), { say })
			} catch (error) {
				const files = cutOffFiles(report)
				if (files.length === 0) throw error
				again = join(RESULTS, 'vitest-again.json')
				await run('vitest', argsOf(again, files), { say })
			}
		},
		() => countVitest(report, again),
	)
	return browsers
}

/**
 * @param {string} name
 * @param {'beside' | 'alone'} project of playwright.config.ts
 * @param {number} workers
 * @param {Record<string, string>} browsers
 */
const testBrowsers = (name, project, workers, browsers) => {
	const report = join(RESULTS, `playwright-${project}.json`)
	const args = ['test', `--project=${project}`, `--workers=${workers}`, `--output=test-results/${project}`]
	const env = { ...process.env, ...browsers, PLAYWRIGHT_JSON_OUTPUT_NAME: report }
	return steps.suite(
		name,
		() => run('playwright', args, { env }),
		() => countPlaywright(report),
		{ isLive: true },
	)
}

try {
	rmSync(RESULTS, { recursive: true, force: true })
	mkdirSync(RESULTS, { recursive: true })
	await ensureInstalled()
	console.log('\nChecks and unit tests, side by side; each is told when it ends.')
	const [browsers] = await Promise.all([testUnits(), checkCode()])
	await testBrowsers('browser tests', 'beside', BROWSER_WORKERS, browsers)
	await testBrowsers('browser tests that measure', 'alone', 1, browsers)
} catch (error) {
	steps.fail(error)
}
process.exit(steps.close())
