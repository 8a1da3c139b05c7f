/**
 * The layers of ARCHITECTURE.md, held: reads every import and every global that a pure layer must not touch.
 */
import { dirname, join } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import { readSources } from '../support/source-files.ts'

/** Which folders (and packages) each layer may import, beside itself. */
const LAYERS: Readonly<Record<string, { folders: readonly string[]; packages: readonly string[] }>> = {
	'src/lib/words': { folders: [], packages: [] },
	'src/lib/core': { folders: ['src/lib/words'], packages: ['yjs', 'lib0'] },
	'src/lib/follow': { folders: ['src/lib/core', 'src/lib/players/player.ts'], packages: [] },
	'src/lib/protocol': { folders: ['src/lib/core'], packages: ['lib0'] },
	'src/lib/transport': { folders: ['src/lib/protocol', 'src/lib/core'], packages: ['lib0', 'simple-peer'] },
	'src/lib/sync': {
		folders: ['src/lib/transport', 'src/lib/protocol', 'src/lib/core'],
		packages: ['yjs', 'y-protocols', 'lib0'],
	},
	'src/lib/storage': { folders: ['src/lib/core'], packages: ['yjs', 'y-indexeddb', 'lib0'] },
	'src/lib/players': { folders: ['src/lib/core', 'src/lib/words'], packages: ['hls.js'] },
	'src/lib/sources': { folders: ['src/lib/core', 'src/lib/words'], packages: [] },
	'src/lib/shell': { folders: [], packages: [] },
	'src/lib/session': {
		folders: [
			'core',
			'words',
			'follow',
			'protocol',
			'transport',
			'sync',
			'storage',
			'players',
			'sources',
			'shell',
		].map((name) => `src/lib/${name}`),
		packages: ['yjs', 'svelte'],
	},
	'src/lib/ui': { folders: ['src/lib/core', 'src/lib/words'], packages: ['svelte', 'uqr'] },
	'src/routes': {
		folders: ['src/lib/session', 'src/lib/ui', 'src/lib/core', 'src/lib/words', 'src/app.css'],
		packages: ['svelte', '$app'],
	},
	signaling: {
		folders: ['src/lib/protocol', 'src/lib/core'],
		packages: [
			...['node', 'fastify', '@fastify', 'ws', 'jose', 'pino'],
			// Each behind one file, the hash behind two.
			...['lucia', '@node-rs/argon2', 'openid-client', 'sharp', 'pg', 'ioredis'],
		],
	},
}

/** What a pure layer takes as an argument and never from the platform. */
const IMPURE =
	/\b(Date\.now|Math\.random|performance\.|setTimeout|setInterval|document\.|window\.|localStorage|indexedDB|fetch\(|new WebSocket|new Worker|requestAnimationFrame|crypto\.(subtle|getRandomValues))/

const IMPORT = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g
const withoutComments = (text: string): string =>
	text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '')

const resolve = (from: string, specifier: string): { folder?: string; packageName?: string } => {
	if (specifier.startsWith('#lib/')) return { folder: `src/lib/${specifier.slice('#lib/'.length)}` }
	if (specifier.startsWith('.')) return { folder: join(dirname(from), specifier) }
	if (specifier.startsWith('node:')) return { packageName: 'node' }
	const [scope = '', name = ''] = specifier.split('/')
	if (scope === '@fastify' || scope === '$app') return { packageName: scope }
	return { packageName: scope.startsWith('@') ? `${scope}/${name}` : scope }
}

describe('layers', () => {
	for (const [layer, allowed] of Object.entries(LAYERS)) {
		const files = readSources([layer], /\.(ts|svelte|js)$/).filter(
			(file) => !/\.test\.ts$|\/contract\.ts$/.test(file.path),
		)

		it(`${layer} has files and imports only what it may`, () => {
			expect(files.length).toBeGreaterThan(0)
			const trespasses = files.flatMap((file) =>
				Array.from(withoutComments(file.text).matchAll(IMPORT), (match) => match[1] ?? '')
					.filter((specifier) => {
						const target = resolve(file.path, specifier)
						if (target.packageName !== undefined) return !allowed.packages.includes(target.packageName)
						return ![layer, ...allowed.folders].some(
							(folder) => target.folder === folder || target.folder?.startsWith(`${folder}/`),
						)
					})
					.map((specifier) => `${file.path} imports ${specifier}`),
			)
			expect(trespasses).toEqual([])
		})
	}

	it.each(['src/lib/core', 'src/lib/follow', 'src/lib/sources', 'src/lib/protocol'])(
		'%s is pure',
		(layer) => {
			const touches = readSources([layer], /\.ts$/)
				.filter((file) => !/\.test\.ts$/.test(file.path))
				.flatMap((file) => {
					const match = IMPURE.exec(withoutComments(file.text))
					return match === null ? [] : [`${file.path} uses ${match[0]}`]
				})
			expect(touches).toEqual([])
		},
	)

	it('only signaling/config.ts reads the environment', () => {
		const readers = readSources(['signaling', 'src'], /\.(ts|svelte)$/)
			.filter((file) => !/\.test\.ts$/.test(file.path) && /process\.env/.test(withoutComments(file.text)))
			.map((file) => file.path)
		expect(readers).toEqual(['signaling/config.ts'])
	})

	it('one use of each: no barrel files, no utils.ts, no types.ts', () => {
		const names = readSources(['src/lib', 'signaling'], /\/(index|utils|types)\.ts$/).map((file) => file.path)
		expect(names).toEqual([])
	})
})
