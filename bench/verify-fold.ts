/**
 * How long a room of a thousand records takes to verify and fold: `npm run bench:verify-fold`, in Chromium (the goal is
 * 150 ms) and in Node. Prints a table and writes bench/out/verify-fold.json.
 */
import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { launch } from '../tests/support/browsers.ts'
import { printRepairCosts } from './repair-costs.ts'
import { runVerifyFold, type VerifyFoldRun } from './verify-fold-job.ts'

const RECORDS = Number(process.env['RECORDS'] ?? 1_000)
const RUNS = Number(process.env['RUNS'] ?? 15)
const GOAL_MS = 150

const median = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const round = (value: number): number => Math.round(value * 10) / 10

const summary = (where: string, runs: readonly VerifyFoldRun[]) => {
	const totals = runs.map(({ verifyMs, foldMs }) => verifyMs + foldMs)
	return {
		where,
		records: runs[0]?.records ?? 0,
		bytes: runs[0]?.bytes ?? 0,
		verifyMs: round(median(runs.map(({ verifyMs }) => verifyMs))),
		foldMs: round(median(runs.map(({ foldMs }) => foldMs))),
		totalMs: round(median(totals)),
		worstMs: round(Math.max(...totals)),
	}
}

/** The job as one file, in a page of localhost, where browsers allow cryptography. */
const inChromium = async (): Promise<VerifyFoldRun[]> => {
	const folder = await mkdtemp(join(tmpdir(), 'matinee-bench-'))
	const browser = await launch('chromium')
	const server = createServer()
	try {
		await build({
			configFile: false,
			logLevel: 'error',
			build: {
				target: 'es2022',
				outDir: folder,
				lib: { entry: join(import.meta.dirname, 'verify-fold-job.ts'), formats: ['es'], fileName: 'job' },
			},
		})
		const script = await readFile(join(folder, 'job.js'), 'utf8')
		server.on('request', (request, response) => {
			const isScript = request.url === '/job.js'
			response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html')
			response.end(isScript ? script : '<!doctype html><script type="module" src="/job.js"></script>')
		})
		server.listen(0, '127.0.0.1')
		await once(server, 'listening')
		const address = server.address()
		if (address === null || typeof address === 'string') throw new Error('no port')
		const page = await browser.newPage()
		await page.goto(`http://localhost:${String(address.port)}/`)
		await page.waitForFunction(() => 'runVerifyFold' in globalThis)
		return await page.evaluate(
			([records, runs]) =>
				(globalThis as unknown as { runVerifyFold: typeof runVerifyFold }).runVerifyFold(records, runs),
			[RECORDS, RUNS] as const,
		)
	} finally {
		await browser.close()
		server.close()
		await rm(folder, { recursive: true, force: true })
	}
}

const chromium = summary('Chromium', await inChromium())
const node = summary('Node', await runVerifyFold(RECORDS, RUNS))
console.table([chromium, node])
console.log(`goal in Chromium: ${String(GOAL_MS)} ms; medians of ${String(RUNS)} runs`)
const repair = await printRepairCosts()
const folder = join(import.meta.dirname, 'out')
await mkdir(folder, { recursive: true })
await writeFile(
	join(folder, 'verify-fold.json'),
	`${JSON.stringify({ goalMs: GOAL_MS, runs: RUNS, chromium, node, repair }, null, '\t')}\n`,
)
