/** The follow loop for the player page, as one script to be evaluated in it. Bundled in memory by Vite, once a process. */
import { join } from 'node:path'
import { build } from 'vite'
import { ROOT } from '../source-files.ts'

let bundling: Promise<string> | null = null

const bundle = async (): Promise<string> => {
	const built = await build({
		root: ROOT,
		configFile: false,
		publicDir: false,
		logLevel: 'warn',
		build: {
			write: false,
			minify: false,
			target: 'es2022',
			rollupOptions: {
				input: join(ROOT, 'tests/support/upstreams/bilibili-room.ts'),
				output: { format: 'iife' },
			},
		},
	})
	const [file] = Array.isArray(built) || !('output' in built) ? [] : built.output
	if (file?.type !== 'chunk') throw new Error('Vite gave no script')
	return file.code
}

export const followScript = (): Promise<string> => (bundling ??= bundle())
