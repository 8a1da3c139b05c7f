/**
 * A coturn of the test's own, with the configuration that we give to operators: free ports, a folder of its own,
 * nothing kept. Or within a network namespace.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COTURN_MISSING, findCoturn } from '../../scripts/support/coturn.mjs'
import { ROOT } from './source-files.ts'

const START_DEADLINE_MS = 60_000
const EXAMPLE = join(ROOT, 'deploy', 'coturn.conf')

export interface TestCoturn {
	/** Everything it has printed. */
	output(): string
	/** What it came up with of our configuration; the options that it does not know. */
	close(): Promise<void>
}

export interface CoturnOptions {
	readonly port: number
	readonly secret: string
	/** It listens and relays there. */
	readonly addresses: readonly string[]
	/** Before the program: `ip netns exec NAME`. */
	readonly prefix?: readonly string[]
	/** Lines of our configuration to leave out. */
	readonly without?: RegExp
	/** Lines of the test's own. */
	readonly more?: readonly string[]
}

export const startCoturn = async (options: CoturnOptions): Promise<TestCoturn> => {
	const program = findCoturn()
	if (program === null) throw new Error(COTURN_MISSING)
	const dir = mkdtempSync(join(tmpdir(), 'matinee-coturn-'))
	const config = join(dir, 'turnserver.conf')
	const example = readFileSync(EXAMPLE, 'utf8')
		.split('\n')
		.filter((line) => !/^listening-port=/.test(line) && options.without?.test(line) !== true)
	const own = [
		`listening-port=${String(options.port)}`,
		`static-auth-secret=${options.secret}`,
		...options.addresses.flatMap((address) => [`listening-ip=${address}`, `relay-ip=${address}`]),
		`pidfile=${join(dir, 'pid')}`,
		`userdb=${join(dir, 'users')}`,
		// Where all is on one machine, two threads do.
		'relay-threads=2',
		'verbose',
		...(options.more ?? []),
	]
	writeFileSync(config, [...example, ...own, ''].join('\n'), { mode: 0o600 })
	const [command = program, ...args] = [...(options.prefix ?? []), program, '-c', config]
	const child = spawn(command, args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
	let output = ''
	child.stdout.on('data', (chunk) => (output += String(chunk)))
	child.stderr.on('data', (chunk) => (output += String(chunk)))
	const close = async (): Promise<void> => {
		if (child.exitCode === null && child.signalCode === null) {
			const ended = once(child, 'exit')
			child.kill('SIGKILL')
			await ended
		}
		rmSync(dir, { recursive: true, force: true })
	}
	const isUp = () =>
		options.addresses.every((address) =>
			new RegExp(`UDP listener opened on: \\[?${address}\\]?:${String(options.port)}`, 'i').test(output),
		)
	const deadline = Date.now() + START_DEADLINE_MS
	while (!isUp()) {
		if (child.exitCode !== null || Date.now() > deadline) {
			await close()
			throw new Error(`coturn did not come up:\n${output}`)
		}
		await new Promise((resolve) => setTimeout(resolve, 50))
	}
	return { output: () => output, close }
}
