/**
 * Lighthouse over one address, as its own command line runs it: the mobile profile (a slow phone and network,
 * simulated), a browser of its own for each run.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumPath } from '../../tests/support/browsers.ts'

const HERE = import.meta.dirname
const PROGRAM = join(HERE, 'node_modules', 'lighthouse', 'cli', 'index.js')

const run = async (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> => {
	const child = spawn(command, args, {
		cwd: HERE,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	})
	let said = ''
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
	const [code] = (await once(child, 'exit')) as [number | null]
	if (code !== 0)
		throw new Error(`${command} ${args[0] ?? ''} ended with ${String(code)}:\n${said.slice(-2_000)}`)
}

/** Nothing else needs it, and it is large: installed here when first asked for. */
export const ensureLighthouse = async (): Promise<void> => {
	if (!existsSync(PROGRAM)) await run('npm', ['ci', '--no-audit', '--no-fund'])
}

export interface Score {
	/** 0 to 100, by category. */
	readonly scores: Readonly<Record<string, number>>
	/** Milliseconds but for layout shift. */
	readonly metrics: Readonly<Record<string, number>>
	/** Of every category: what did not pass whole, "id: title". */
	readonly failures: readonly string[]
	/** What the run itself complains of. */
	readonly warnings: readonly string[]
}

interface Report {
	readonly categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>
	readonly audits: Record<string, { title: string; score: number | null; numericValue?: number }>
	readonly runWarnings: readonly string[]
}

const METRICS = {
	fcpMs: 'first-contentful-paint',
	lcpMs: 'largest-contentful-paint',
	tbtMs: 'total-blocking-time',
	cls: 'cumulative-layout-shift',
	speedIndexMs: 'speed-index',
} as const

export const score = async (url: string, categories: readonly string[]): Promise<Score> => {
	const folder = await mkdtemp(join(tmpdir(), 'matinee-lighthouse-'))
	try {
		const path = join(folder, 'report.json')
		await run(
			process.execPath,
			[
				PROGRAM,
				url,
				'--quiet',
				'--output=json',
				`--output-path=${path}`,
				`--only-categories=${categories.join(',')}`,
				'--chrome-flags=--headless=new --no-sandbox --disable-gpu --mute-audio',
				'--no-enable-error-reporting',
			],
			{ CHROME_PATH: chromiumPath() },
		)
		const report = JSON.parse(await readFile(path, 'utf8')) as Report
		return {
			scores: Object.fromEntries(
				Object.entries(report.categories).map(([id, category]) => [
					id,
					Math.round((category.score ?? 0) * 100),
				]),
			),
			metrics: Object.fromEntries(
				Object.entries(METRICS).map(([name, id]) => [name, report.audits[id]?.numericValue ?? NaN]),
			),
			failures: Object.entries(report.categories).flatMap(([id, { auditRefs }]) =>
				auditRefs.flatMap((ref) => {
					const audit = report.audits[ref.id]
					const isFull = audit === undefined || audit.score === null || audit.score >= 0.9
					return isFull || ref.weight === 0 ? [] : [`${id}: ${ref.id}: ${audit.title}`]
				}),
			),
			warnings: report.runWarnings,
		}
	} finally {
		await rm(folder, { recursive: true, force: true })
	}
}
