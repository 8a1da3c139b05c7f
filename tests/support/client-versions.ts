/**
 * The built client under a folder of its own, where a newer version can take its place: the same build with another
 * version's number, all of its hashed files under other names, as after a change of the source.
 */
import { createHash } from 'node:crypto'
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './source-files.ts'

export interface ClientVersions {
	readonly dir: string
	/** From now on the server has the newer one, and nothing of the older. */
	deploy(): void
	remove(): void
}

const TEXT = /\.(?:js|html|json|css)$/
const PACKED = /\.(?:br|gz)$/
/** What the newer version's addresses have and the older one's have not. */
export const NEWER_MARK = '_app/immutable/newer/'
export const NEWER_VERSION = 'newer'

const readVersion = (dir: string): string =>
	(JSON.parse(readFileSync(join(dir, '_app/version.json'), 'utf8')) as { version: string }).version

const INLINE = /<script>([^]*?)<\/script>/g
const hashesOf = (html: string): string[] =>
	Array.from(html.matchAll(INLINE), ([, script = '']) => createHash('sha256').update(script).digest('base64'))

/** The page's inline scripts have changed, and their hashes stand in its policy. */
const withPolicyOf = (html: string, before: string): string => {
	const now = hashesOf(html)
	return hashesOf(before).reduce((text, hash, at) => text.replace(hash, now[at] ?? ''), html)
}

export const createClientVersions = (): ClientVersions => {
	const work = mkdtempSync(join(tmpdir(), 'matinee-versions-'))
	const [dir, newer, older] = ['client', 'newer', 'older'].map((name) => join(work, name)) as [
		string,
		string,
		string,
	]
	// Packed copies would have to be made anew: the server sends the files as they are where there is none.
	const filter = (path: string) => !PACKED.test(path)
	cpSync(join(ROOT, 'build'), dir, { recursive: true, filter })
	cpSync(dir, newer, { recursive: true })

	const files = join(newer, '_app/immutable')
	renameSync(files, join(newer, 'moved'))
	mkdirSync(files)
	renameSync(join(newer, 'moved'), join(newer, NEWER_MARK))
	const version = readVersion(newer)
	for (const name of readdirSync(newer, { recursive: true, encoding: 'utf8' })) {
		if (!TEXT.test(name)) continue
		const path = join(newer, name)
		const before = readFileSync(path, 'utf8')
		const text = before.replaceAll('_app/immutable/', NEWER_MARK).replaceAll(version, NEWER_VERSION)
		writeFileSync(path, name.endsWith('.html') ? withPolicyOf(text, before) : text)
	}
	return {
		dir,
		deploy: () => {
			renameSync(dir, older)
			renameSync(newer, dir)
		},
		remove: () => {
			rmSync(work, { recursive: true, force: true })
		},
	}
}
