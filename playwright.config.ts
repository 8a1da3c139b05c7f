import { defineConfig } from '@playwright/test'

const isCi = process.env['CI'] === 'true'

/** What measures moments, or needs the whole machine: these run one by one, with nothing beside them. */
const ALONE = /@alone/

/**
 * Browser tests start the real server themselves (tests/support/app.ts), one for each test file on a free port,
 * because some of them kill it. One worker unless told: `npm test` runs the project `beside` with several.
 */
export default defineConfig({
	testDir: 'tests',
	testMatch: '{e2e,extension}/**/*.spec.ts',
	globalSetup: './tests/support/light-client.ts',
	timeout: 120_000,
	expect: { timeout: 20_000 },
	workers: 1,
	fullyParallel: false,
	forbidOnly: isCi,
	retries: isCi ? 2 : 0,
	reporter: [
		['list'],
		['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ?? 'test-results/playwright.json' }],
	],
	outputDir: 'test-results/e2e',
	// A trace films every page, at the cost of half the machine. Of a failure: `npx playwright test --trace on -g …`.
	use: { trace: 'off', screenshot: 'only-on-failure' },
	projects: [
		{ name: 'beside', grepInvert: ALONE },
		{ name: 'alone', grep: ALONE, workers: 1 },
	],
})
