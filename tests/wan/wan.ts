/**
 * A wide-area link on one machine, for whoever drives browsers: starts `router.py`, which makes the namespaces, and
 * ends it. Root only; the link stops by itself after `seconds`, whatever becomes of us.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface WanOptions {
	/** One way, between any two places. */
	readonly delayMs: number
	readonly jitterMs: number
	readonly lossPct: number
	readonly seconds: number
	/** Of the server; each place finds them at its own 127.0.0.1. */
	readonly ports: readonly number[]
}

export interface WanConditions {
	/** One way, ms. */
	readonly delay: number
	readonly jitter: number
	/** Percent of packets: dropped, sent ahead of what is queued, sent twice. */
	readonly loss: number
	readonly reorder: number
	readonly duplicate: number
	/** kbit/s of each direction; 0: no limit. */
	readonly rate: number
}

export interface Wan {
	/** The server's address among the namespaces. */
	readonly serverAddress: string
	/** What runs a command at the server's place. */
	readonly serverPrefix: readonly string[]
	/** Measured before anybody came, place to place. */
	readonly rtts: Readonly<Record<string, { readonly medianMs: number; readonly lostPct: number }>>
	executable(place: 'a' | 'b' | 'c', program: string): string
	/** What runs a command at that place. */
	prefix(place: 'a' | 'b' | 'c'): readonly string[]
	/** From now on, as far as it is named. */
	change(conditions: Partial<WanConditions>): void
	close(): Promise<void>
}

const UP_DEADLINE_MS = 60_000

/** Why no link can be made here, or null. */
export const whyNoWan = (): string | null => {
	if (process.platform !== 'linux') return 'The WAN link needs Linux.'
	if (process.getuid?.() !== 0) return 'The WAN link needs root: it makes network namespaces.'
	if (spawnSync('python3', ['--version']).status !== 0)
		return 'The WAN link needs Python 3, which is not to be found here (apt install python3).'
	if (spawnSync('ip', ['-V']).status !== 0) return 'The WAN link needs `ip` (apt install iproute2).'
	return null
}

export const openWan = async (options: WanOptions): Promise<Wan> => {
	const why = whyNoWan()
	if (why !== null) throw new Error(why)
	const names = ['a', 'b', 'c', 's'].map((place) => `mt${String(process.pid)}${place}`)
	const scripts = mkdtempSync(join(tmpdir(), 'matinee-wan-'))
	const router = spawn(
		'python3',
		[
			join(import.meta.dirname, 'router.py'),
			...names,
			...['--delay', String(options.delayMs), '--jitter', String(options.jitterMs)],
			...['--loss', String(options.lossPct), '--seconds', String(options.seconds)],
			...options.ports.flatMap((port) => ['--forward', String(port)]),
		],
		{ stdio: ['pipe', 'pipe', 'inherit'] },
	)
	const [line] = (await Promise.race([
		once(createInterface(router.stdout), 'line'),
		once(router, 'exit').then(() => ['']),
		new Promise((resolve) => setTimeout(resolve, UP_DEADLINE_MS).unref()).then(() => ['']),
	])) as [string]
	if (line === '') {
		router.kill()
		throw new Error('the WAN link did not come up')
	}
	const up = JSON.parse(line) as { addresses: Record<string, string>; rtts: Wan['rtts'] }
	const nameOf = (place: string) => `mt${String(process.pid)}${place}`
	return {
		serverAddress: up.addresses[nameOf('s')] ?? '',
		serverPrefix: ['ip', 'netns', 'exec', nameOf('s')],
		rtts: up.rtts,
		prefix: (place) => ['ip', 'netns', 'exec', nameOf(place)],
		change: (conditions) => void router.stdin.write(`${JSON.stringify(conditions)}\n`),
		executable: (place, program) => {
			const path = join(scripts, `${place}.sh`)
			writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${nameOf(place)} ${program} "$@"\n`)
			chmodSync(path, 0o755)
			return path
		},
		close: async () => {
			// It ends when nobody holds its input any more, and takes its namespaces along.
			router.stdin.end()
			if (router.exitCode === null) await once(router, 'exit')
			rmSync(scripts, { recursive: true, force: true })
		},
	}
}
