/**
 * Modules of the app and of tests as scripts for a page, bundled in memory by Vite, once a process.
 */
import { join } from 'node:path'
import { build } from 'vite'
import { ROOT } from '../source-files.ts'

const made = new Map<string, Promise<ReadonlyMap<string, string>>>()

const bundle = async (entry: string, isOneScript: boolean): Promise<ReadonlyMap<string, string>> => {
	const names = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' }
	const built = await build({
		root: ROOT,
		configFile: false,
		publicDir: false,
		logLevel: 'warn',
		build: {
			write: false,
			minify: false,
			target: 'es2022',
			modulePreload: false,
			rollupOptions: {
				input: join(ROOT, entry),
				output: isOneScript ? { ...names, format: 'iife' } : names,
			},
		},
		worker: { format: 'es' },
	})
	if (Array.isArray(built) || !('output' in built)) throw new Error('Vite gave no single bundle')
	return new Map(
		built.output.map((file) => [
			`/${file.fileName}`,
			file.type === 'chunk' ? file.code : String(file.source),
		]),
	)
}

const once = (entry: string, isOneScript: boolean): Promise<ReadonlyMap<string, string>> => {
	const known = made.get(entry) ?? bundle(entry, isOneScript)
	made.set(entry, known)
	return known
}

/** The module at `entry` (from the root) and all it imports, by path: `/NAME.js` and what it loads later. */
export const bundlePage = (entry: string): Promise<ReadonlyMap<string, string>> => once(entry, false)

/** The module at `entry` as one script, to be evaluated in a page. */
export const bundleScript = async (entry: string): Promise<string> => {
	const [script] = (await once(entry, true)).values()
	if (script === undefined) throw new Error('Vite gave no script')
	return script
}
