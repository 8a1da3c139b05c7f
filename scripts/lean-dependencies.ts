/**
 * Two dependencies for the browser without what nobody there needs: simple-peer, whose bundled file carries Node's
 * streams, as its own source with its `require` lines exchanged for small modules of ours (docs/decisions/0005); and
 * Yjs without the styled console of lib0. Node and the tests keep both as they come.
 */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

export const SIMPLE_PEER_SOURCE = createRequire(import.meta.url).resolve('simple-peer/index.js')

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url)).replaceAll('\\', '/')
const SHIMS = pathOf('../src/lib/transport/simple-peer-shims/')
const small = (name: string) => `import { ${name} } from ${JSON.stringify(`${SHIMS}small-parts.ts`)}`

/** Line for line, so that the source map of the file still holds. */
const EXCHANGES: readonly (readonly [from: string, to: string])[] = [
	[`const debug = require('debug')('simple-peer')`, small('debug')],
	[`const getBrowserRTC = require('get-browser-rtc')`, small('getBrowserRTC')],
	[`const randombytes = require('randombytes')`, small('randombytes')],
	[
		`const stream = require('readable-stream')`,
		`import * as stream from ${JSON.stringify(`${SHIMS}duplex.ts`)}`,
	],
	[`const queueMicrotask = require('queue-microtask')`, ''],
	[`const errCode = require('err-code')`, small('errCode')],
	[`const { Buffer } = require('buffer')`, small('Buffer')],
	[`module.exports = Peer`, 'export default Peer'],
]

/** The source of simple-peer as a module. @throws if it is not the version that this was written for. */
export const leanSource = (source: string): string => {
	let lean = source
	for (const [from, to] of EXCHANGES) {
		if (!lean.includes(from)) throw new Error(`simple-peer's source has no line "${from}" any more`)
		lean = lean.replace(from, () => to)
	}
	if (/\brequire\(/.test(lean)) throw new Error('simple-peer requires more than it did')
	return lean
}

export const leanDependencies = (): Plugin => ({
	name: 'lean-dependencies',
	enforce: 'pre',
	config: () => ({
		resolve: {
			alias: [
				{ find: /^simple-peer\/simplepeer\.min\.js$/, replacement: SIMPLE_PEER_SOURCE },
				{ find: /^lib0\/logging$/, replacement: pathOf('../src/lib/lean/lib0-logging.ts') },
			],
		},
		optimizeDeps: { exclude: ['simple-peer', 'simple-peer/simplepeer.min.js'] },
	}),
	transform: {
		filter: { id: /[\\/]simple-peer[\\/]index\.js$/ },
		handler: (source) => ({ code: leanSource(source), map: null }),
	},
})
