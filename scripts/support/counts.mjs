/**
 * What the runners' own reports say of their tests. A test that was left out counts as failed: none is meant to be.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

const readJson = (/** @type {string} */ file) => JSON.parse(readFileSync(file, 'utf8'))

/** The first line of what a test said, without the terminal's colours. */
const firstLine = (/** @type {string | undefined} */ message) =>
	// eslint-disable-next-line no-control-regex -- the escape is what colours begin with
	(message ?? '').replaceAll(/\u001B\[\d+m/g, '').split('\n', 1)[0]

/**
 * @typedef {{ fullName: string, status: string, failureMessages: readonly string[] }} Assertion
 * @typedef {{ name: string, message?: string, status: string, assertionResults: readonly Assertion[] }} TestFile
 */

const readFiles = (/** @type {string} */ file) => {
	/** @type {{ testResults: TestFile[] }} */
	const { testResults } = readJson(file)
	return testResults
}

const isCutOff = (/** @type {TestFile} */ { assertionResults }) =>
	assertionResults.some(({ status }) => status === 'pending')

/**
 * Test files whose process ended under them: @roamhq/wrtc now and then takes it along. Empty where any test failed:
 * then nothing is gained by running these again.
 * @param {string} file Vitest's report in JSON
 * @returns {string[]} their paths
 */
export const cutOffFiles = (file) => {
	const files = readFiles(file)
	const hasFailed = files.some(
		(testFile) =>
			testFile.status === 'failed' ||
			testFile.assertionResults.some(({ status }) => status !== 'passed' && status !== 'pending'),
	)
	return hasFailed ? [] : files.filter(isCutOff).map(({ name }) => name)
}

/**
 * @param {string} file Vitest's report in JSON
 * @param {string | null} [again] the report of what was cut off and ran again
 * @returns {import('./steps.mjs').Counts}
 */
export const countVitest = (file, again = null) => {
	const second = again === null ? [] : readFiles(again)
	const first = readFiles(file).filter(({ name }) => !second.some((testFile) => testFile.name === name))
	const files = [...first, ...second]
	/** @type {(status: string) => number} */
	const countOf = (status) =>
		files.flatMap(({ assertionResults }) => assertionResults.filter((test) => test.status === status)).length
	/** @type {(status: string) => string[]} */
	const tellingOf = (status) =>
		files.flatMap(({ name, assertionResults }) =>
			assertionResults
				.filter((test) => test.status === status && test.failureMessages.length > 0)
				.map((test) => `${basename(name)}: ${test.fullName} (${firstLine(test.failureMessages[0])})`),
		)
	const unread = files
		.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
		.map(({ name, message }) => `${basename(name)}: ${firstLine(message)}`)
	const cutOff = files.filter(isCutOff).map(({ name }) => `${basename(name)}: its process ended`)
	const passed = countOf('passed')
	const total = files.flatMap(({ assertionResults }) => assertionResults).length
	return {
		passed,
		failed: total - passed + unread.length,
		failures: [...tellingOf('failed'), ...unread, ...cutOff],
		flaky: [...tellingOf('passed'), ...second.map(({ name }) => `${basename(name)}: its process ended`)],
	}
}

/**
 * @typedef {{ error?: { message?: string } }} Result
 * @typedef {{ title: string, tests: readonly { status: string, results?: readonly Result[] }[] }} Spec
 * @typedef {{ file: string, specs: readonly Spec[], suites?: readonly Suite[] }} Suite
 */

/** @type {(suite: Suite, status: string) => string[]} */
const named = ({ file, specs, suites = [] }, status) => [
	...specs.flatMap(({ title, tests }) =>
		tests
			.filter((test) => test.status === status)
			.map(({ results = [] }) => `${file}: ${title} (${firstLine(results[0]?.error?.message)})`),
	),
	...suites.flatMap((suite) => named(suite, status)),
]

/**
 * @param {string} file Playwright's report in JSON
 * @returns {import('./steps.mjs').Counts}
 */
export const countPlaywright = (file) => {
	/** @type {{ stats: Record<'expected' | 'flaky' | 'unexpected' | 'skipped', number>, suites: Suite[] }} */
	const { stats, suites } = readJson(file)
	return {
		passed: stats.expected + stats.flaky,
		failed: stats.unexpected + stats.skipped,
		failures: suites.flatMap((suite) => named(suite, 'unexpected')),
		flaky: suites.flatMap((suite) => named(suite, 'flaky')),
	}
}
