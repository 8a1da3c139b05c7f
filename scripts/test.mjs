/**
 * `npm test`: everything, from nothing: installs, checks, unit tests and simulations, builds, then real browsers.
 * All of it runs even when a part fails; the last line counts the tests of all runners together.
 */
import { readFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowsers } from './support/browsers.mjs'
import { ensurePostgres } from './support/postgres.mjs'
import { ensureRedis } from './support/redis.mjs'
import { ensureBuilt, ensureInstalled, ROOT, run } from './support/install.mjs'

const RESULTS = join(ROOT, 'test-results', 'counts')
let passed = 0
let failed = 0
/** @type {string[]} */
const failures = []

const attempt = async (/** @type {string} */ name, /** @type {() => Promise<unknown>} */ work) => {
	console.log(`\n── ${name}`)
	const startedAt = Date.now()
	try {
		await work()
		console.log(`   ${name}: ${((Date.now() - startedAt) / 1000).toFixed(0)} s`)
		return true
	} catch (error) {
		console.error(error instanceof Error ? error.message : error)
		failures.push(name)
		return false
	}
}

/** A check that is one pass or one failure. */
const check = async (/** @type {string} */ name, /** @type {() => Promise<unknown>} */ work) => {
	if (await attempt(name, work)) passed++
	else failed++
}

/**
 * A runner that writes its own counts; one that ends without them is a failure by itself.
 * @param {string} name
 * @param {() => Promise<unknown>} work
 * @param {() => { passed: number, failed: number }} count
 */
const suite = async (name, work, count) => {
	const didPass = await attempt(name, work)
	try {
		const counts = count()
		passed += counts.passed
		failed += counts.failed
		if (counts.passed === 0) throw new Error(`${name} ran no test`)
		if (!didPass && counts.failed === 0) failed++
	} catch (error) {
		console.error(error instanceof Error ? error.message : error)
		failures.push(name)
		failed++
	}
}

const readJson = (/** @type {string} */ name) => JSON.parse(readFileSync(join(RESULTS, name), 'utf8'))

const main = async () => {
	rmSync(RESULTS, { recursive: true, force: true })
	mkdirSync(RESULTS, { recursive: true })
	await ensureInstalled()

	await check('format', () => run('prettier', ['--check', '--log-level', 'warn', '.']))
	await check('lint', () => run('eslint', ['.']))
	await check('types', () => run('npm', ['run', '--silent', 'types']))
	await check('PostgreSQL', ensurePostgres)
	await check('Redis', ensureRedis)
	await suite(
		'unit tests and simulations',
		() =>
			run('vitest', [
				'run',
				'--reporter=default',
				'--reporter=json',
				`--outputFile.json=${join(RESULTS, 'vitest.json')}`,
			]),
		() => {
			const report = readJson('vitest.json')
			return { passed: report.numPassedTests, failed: report.numFailedTests + report.numPendingTests }
		},
	)
	await check('build', ensureBuilt)
	/** @type {Record<string, string>} */
	let browsers = {}
	await check('browsers', async () => (browsers = await ensureBrowsers()))
	await suite(
		'browser tests',
		() =>
			run('playwright', ['test'], {
				env: { ...process.env, ...browsers, PLAYWRIGHT_JSON_OUTPUT_NAME: join(RESULTS, 'playwright.json') },
			}),
		() => {
			const { stats } = readJson('playwright.json')
			return { passed: stats.expected + stats.flaky, failed: stats.unexpected + stats.skipped }
		},
	)
}

try {
	await main()
} catch (error) {
	console.error(error instanceof Error ? error.message : error)
	failures.push('set-up')
	failed++
}
if (failures.length > 0) console.log(`\nFailed: ${[...new Set(failures)].join(', ')}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)
