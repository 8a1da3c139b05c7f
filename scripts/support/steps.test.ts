import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { countPlaywright, countVitest, cutOffFiles } from './counts.mjs'
import { createSteps } from './steps.mjs'

const printed = (): string[] => {
	const lines: string[] = []
	for (const method of ['log', 'error'] as const)
		vi.spyOn(console, method).mockImplementation((text) => void lines.push(...String(text).split('\n')))
	return lines
}
afterEach(() => vi.restoreAllMocks())

const reportOf = <T>(report: unknown, read: (file: string) => T): T => {
	const folder = mkdtempSync(join(tmpdir(), 'matinee-counts-'))
	try {
		const file = join(folder, 'report.json')
		writeFileSync(file, JSON.stringify(report))
		return read(file)
	} finally {
		rmSync(folder, { recursive: true })
	}
}

describe('the steps of the whole check', () => {
	it('print what each said in one piece, however they overlap', async () => {
		const lines = printed()
		const steps = createSteps()
		let endFirst = (): void => undefined
		const first = steps.check('first', async (say) => {
			say?.('one\n')
			await new Promise<void>((resolve) => (endFirst = resolve))
			say?.('two\n')
		})
		await steps.check('second', async (say) => say?.('between\n'))
		endFirst()
		await first
		expect(lines).toEqual(['', '── second: 0 s', 'between', '', '── first: 0 s', 'one', 'two'])
	})

	it('end with the sum of all alone on the last line, and name what failed or was flaky', async () => {
		const lines = printed()
		const steps = createSteps()
		await steps.check('good', async () => undefined)
		await steps.check('bad', () => Promise.reject(new Error('why')))
		const nothing = async (): Promise<void> => undefined
		await steps.suite('tests', nothing, () => ({
			passed: 5,
			failed: 1,
			failures: ['a.spec.ts: never (why not)'],
			flaky: ['a.spec.ts: at times (once not)'],
		}))
		await steps.suite('no test at all', nothing, () => ({ passed: 0, failed: 0 }))
		await steps.suite('no report', nothing, () => countVitest('/nowhere/report.json'))
		expect(steps.close()).toBe(1)
		expect(lines.at(-1)).toBe('6 passed, 4 failed')
		expect(lines).toContain('Failed: bad, no test at all, no report')
		expect(lines).toContain('a.spec.ts: at times (once not)')
		expect(lines).toContain('a.spec.ts: never (why not)')
		expect(lines).toContain('why')
	})

	it('count a runner that ended badly without a failed test as a failure', async () => {
		printed()
		const steps = createSteps()
		const ends = () => Promise.reject(new Error('ended with 1'))
		await steps.suite('tests', ends, () => ({ passed: 5, failed: 0 }))
		expect(steps.close()).toBe(1)
	})
})

describe('the reports of the runners', () => {
	const failing = (status: string, message: string) => ({ status, results: [{ error: { message } }, {}] })

	it('a test left out counts as failed, one that passed at the second try as passed and flaky', () => {
		const counts = reportOf(
			{
				stats: { expected: 3, flaky: 1, unexpected: 2, skipped: 1 },
				suites: [
					{
						file: 'a.spec.ts',
						specs: [
							{ title: 'good', tests: [{ status: 'expected', results: [{}] }] },
							{ title: 'never', tests: [failing('unexpected', '\u001B[31mnot this\u001B[39m\nat line 1')] },
						],
						suites: [
							{
								file: 'a.spec.ts',
								specs: [{ title: 'at times', tests: [failing('flaky', 'once not')] }],
							},
						],
					},
				],
			},
			countPlaywright,
		)
		expect(counts).toEqual({
			passed: 4,
			failed: 3,
			failures: ['a.spec.ts: never (not this)'],
			flaky: ['a.spec.ts: at times (once not)'],
		})
	})

	it('unit tests are told with their first words, and a file that could not be read counts as one that failed', () => {
		const test = (fullName: string, status: string, failureMessages: string[] = []) => ({
			fullName,
			status,
			failureMessages,
		})
		const report = {
			testResults: [
				{
					name: '/a/b.test.ts',
					status: 'failed',
					assertionResults: [
						test('good', 'passed'),
						test('at times', 'passed', ['once not\nat line 1']),
						test('never', 'failed', ['Error: why']),
						test('left out', 'skipped'),
					],
				},
				{ name: '/a/c.test.ts', status: 'failed', message: 'does not parse', assertionResults: [] },
			],
		}
		expect(reportOf(report, countVitest)).toEqual({
			passed: 2,
			failed: 3,
			failures: ['b.test.ts: never (Error: why)', 'c.test.ts: does not parse'],
			flaky: ['b.test.ts: at times (once not)'],
		})
	})

	it('a test file whose process ended is named to run again, and its second run counts', () => {
		const file = (name: string, ...statuses: string[]) => ({
			name,
			status: 'passed',
			assertionResults: statuses.map((status) => ({ fullName: status, status, failureMessages: [] })),
		})
		const whole = file('/a/whole.test.ts', 'passed')
		const first = { testResults: [whole, file('/a/cut.test.ts', 'passed', 'pending')] }
		expect(reportOf(first, cutOffFiles)).toEqual(['/a/cut.test.ts'])
		expect(reportOf(first, countVitest)).toEqual({
			passed: 2,
			failed: 1,
			failures: ['cut.test.ts: its process ended'],
			flaky: [],
		})
		const again = { testResults: [file('/a/cut.test.ts', 'passed', 'passed')] }
		expect(reportOf(first, (one) => reportOf(again, (two) => countVitest(one, two)))).toEqual({
			passed: 3,
			failed: 0,
			failures: [],
			flaky: ['cut.test.ts: its process ended'],
		})
		const failed = { testResults: [...first.testResults, file('/a/bad.test.ts', 'failed')] }
		expect(reportOf(failed, cutOffFiles)).toEqual([])
	})
})
