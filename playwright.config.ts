import { defineConfig } from '@playwright/test'

const isCi = process.env['CI'] === 'true'

/**
 * Browser tests start the real server themselves (tests/support/app.ts), one for each test file on a free port,
 * because some of them kill it.
 */
export default defineConfig({
	testDir: 'tests/e2e',
	timeout: 120_000,
	expect: { timeout: 20_000 },
	workers: 1,
	fullyParallel: false,
	forbidOnly: isCi,
	retries: isCi ? 1 : 0,
	reporter: [
		['list'],
		['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ?? 'test-results/playwright.json' }],
	],
	outputDir: 'test-results/e2e',
	use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
})
