/**
 * The project's own source files, for tests that read the code itself.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')

export interface SourceFile {
	/** Relative to the root, with forward slashes. */
	readonly path: string
	readonly text: string
}

const walk = (folder: string): string[] =>
	readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name)
		return entry.isDirectory() ? walk(path) : [path]
	})

export const readSources = (folders: readonly string[], endings: RegExp): SourceFile[] =>
	folders
		.flatMap((folder) => walk(join(ROOT, folder)))
		.filter((path) => endings.test(path))
		.map((path) => ({ path: relative(ROOT, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }))
