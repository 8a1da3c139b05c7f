/**
 * What the runners' own reports say of their tests. A test that was left out counts as failed: none is meant to be.
 */
import { readFileSync } from 'node:fs'

const readJson = (/** @type {string} */ file) => JSON.parse(readFileSync(file, 'utf8'))

/**
 * @param {string} file Vitest's report in JSON
 * @returns {import('./steps.mjs').Counts}
 */
export const countVitest = (file) => {
	const report = readJson(file)
	return { passed: report.numPassedTests, failed: report.numFailedTests + report.numPendingTests }
}

/**
 * @typedef {{ title: string, tests: readonly { status: string }[] }} Spec
 * @typedef {{ file: string, specs: readonly Spec[], suites?: readonly Suite[] }} Suite
 */

/** @type {(suite: Suite) => string[]} */
const flakyOf = ({ file, specs, suites = [] }) => [
	...specs
		.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
		.map(({ title }) => `${file}: ${title}`),
	...suites.flatMap(flakyOf),
]

/**
 * @param {string} file Playwright's report in JSON
 * @returns {import('./steps.mjs').Counts}
 */
export const countPlaywright = (file) => {
	const { stats, suites } = readJson(file)
	return {
		passed: stats.expected + stats.flaky,
		failed: stats.unexpected + stats.skipped,
		flaky: suites.flatMap(flakyOf),
	}
}
