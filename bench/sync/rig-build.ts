/**
 * Builds the app twice from a copy of the sources, so that the checkout's own `build` stays as it is: as shipped, and
 * with the tap of `page/tap.ts` in the one place where the app takes its follow loop from.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const STAGE = join(ROOT, '.cache/bench-sync')
const COPIED = [
	'src',
	'scripts',
	'static',
	'bench',
	'package.json',
	'tsconfig.json',
	'svelte.config.js',
	'vite.config.ts',
]

export interface Builds {
	/** Folders as MATINEE_CLIENT wants them. */
	readonly shipped: string
	readonly tapped: string
}

const build = async (config: string): Promise<void> => {
	const child = spawn(
		process.execPath,
		['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error', '--config', config],
		{ cwd: STAGE, stdio: ['ignore', 'ignore', 'inherit'] },
	)
	const [code] = (await once(child, 'exit')) as [number | null]
	if (code !== 0) throw new Error(`vite build with ${config} ended with ${String(code)}`)
}

/** `doesReuse`: takes what an earlier run built, for work on the rig itself. */
export const buildBoth = async (doesReuse: boolean): Promise<Builds> => {
	const [shipped, tapped] = [join(STAGE, 'shipped'), join(STAGE, 'tapped')]
	if (doesReuse && existsSync(shipped) && existsSync(tapped)) return { shipped, tapped }
	await rm(STAGE, { recursive: true, force: true })
	await mkdir(STAGE, { recursive: true })
	for (const name of COPIED) await cp(join(ROOT, name), join(STAGE, name), { recursive: true })
	await symlink(join(ROOT, 'node_modules'), join(STAGE, 'node_modules'))
	const take = async (config: string, name: string): Promise<string> => {
		await build(config)
		await rename(join(STAGE, 'build'), join(STAGE, name))
		return join(STAGE, name)
	}
	return {
		shipped: await take('vite.config.ts', 'shipped'),
		tapped: await take('bench/sync/tapped.vite.config.ts', 'tapped'),
	}
}
