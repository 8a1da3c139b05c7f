/**
 * Two dependencies for the browser without what nobody there needs: simple-peer, whose bundled file carries Node's
 * streams, as its own source with its `require` lines exchanged for small modules of ours, and without its media;
 * and Yjs without text, XML and the styled console of lib0 (docs/decisions/0005). Node and the tests keep both as they
 * come.
 */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { firstScreens, onlyStyles } from './first-screens.ts'

export const SIMPLE_PEER_SOURCE = createRequire(import.meta.url).resolve('simple-peer/index.js')

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url)).replaceAll('\\', '/')
const SHIMS = pathOf('../src/lib/transport/simple-peer-shims/')

/** Line for line, so that the source map of the file still holds. */
const EXCHANGES: readonly (readonly [from: string, to: string])[] = [
	[`const debug = require('debug')('simple-peer')`, ''],
	[
		`const getBrowserRTC = require('get-browser-rtc')`,
		`import { getBrowserRTC } from ${JSON.stringify(`${SHIMS}browser-rtc.ts`)}`,
	],
	[`const randombytes = require('randombytes')`, ''],
	[
		`const stream = require('readable-stream')`,
		`import * as stream from ${JSON.stringify(`${SHIMS}duplex.ts`)}`,
	],
	[`const queueMicrotask = require('queue-microtask')`, ''],
	[`const errCode = require('err-code')`, ''],
	[`const { Buffer } = require('buffer')`, ''],
	[`module.exports = Peer`, 'export default Peer'],
]

/** Everything about cameras and microphones: from its first comment to the method that stands behind it. */
const MEDIA_METHODS =
	/ {2}\/\*\*\n {3}\* Add a Transceiver to the connection\.[\s\S]*?(?=\n {2}_needsNegotiation \(\) \{)/
/** Statistics until both addresses are known: for its `connect`, which comes too late for us and nobody hears. */
const LOOK_FOR_ADDRESSES =
	/ {2}getStats \(cb\) \{[\s\S]*?\n {2}_maybeReady \(\) \{[\s\S]*?(?=\n {2}_onInterval \(\) \{)/
/**
 * What writes into the stream or reads from it, and says who is at its other end: bytes go by the data channels
 * themselves. What negotiates a second time: a link has its two channels from the first. What waits for all candidates:
 * ours trickle.
 */
const IDLE_METHODS = [
	'get bufferSize ()',
	'get connected ()',
	'address ()',
	'send (chunk)',
	'_needsNegotiation ()',
	'negotiate ()',
	'_write (chunk, encoding, cb)',
	'_onFinish ()',
	'_startIceCompleteTimeout ()',
	'_requestMissingTransceivers ()',
	'_onInterval ()',
	'_onSignalingStateChange ()',
	'_onChannelMessage (event)',
	'_onChannelBufferedAmountLow ()',
	'_onTrack (event)',
	'_debug ()',
] as const
/** From these words to those, which stay, and what stands there instead: options that nobody gives, and their use. */
const STRETCHES: readonly (readonly [from: string, until: string, instead: string])[] = [
	['const MAX_BUFFERED_AMOUNT', 'const CHANNEL_CLOSING_TIMEOUT', ''],
	['// HACK: Filter trickle lines', 'function warn (', ''],
	['    opts = Object.assign({\n      allowHalfOpen', '    this._id =', '    super()'],
	['    this._id =', '    this.initiator =', ''],
	['    this.channelConfig =', '    this.destroyed = false', ''],
	['    this.remoteAddress = undefined', '    this._wrtc =', ''],
	['    this._iceComplete = false', '    this._channel = null', ''],
	['    this._isNegotiating = false', '    this._closingInterval = null', ''],
	['    this._remoteTracks = []', '    try {\n      this._pc =', ''],
	['    // We prefer feature detection', '    this._pc.oniceconnectionstatechange =', ''],
	['    this._pc.onsignalingstatechange = () =>', '    this._pc.onicecandidate =', ''],
	[
		'    if (this.initiator || this.channelNegotiated) {',
		'    if (this.streams) {',
		'    this._setupData({ channel: this._pc.createDataChannel(opts.channelName, opts.channelConfig) })',
	],
	[
		'    if (this.streams) {',
		'  }\n\n  get bufferSize',
		'    if (this.initiator) setTimeout(() => this._createOffer(), 0)',
	],
	["    if (typeof data === 'string') {", '    if (data.candidate) {', ''],
	['    if (!data.sdp && !data.candidate', '  }\n\n  _addIceCandidate', ''],
	['      this.readable = this.writable = false', '      clearInterval(this._closingInterval)', ''],
	['      clearInterval(this._interval)', '      if (this._channel) {', ''],
	[
		"    if (typeof this._channel.bufferedAmountLowThreshold === 'number') {",
		'    this._channel.onopen =',
		'',
	],
	['    this._debug(\n', "    this.emit('iceStateChange'", ''],
	['    } else if (!event.candidate && !this._iceComplete) {', '  }\n\n  _onChannelMessage', '    }'],
	['Peer.WEBRTC_SUPPORT =', 'export default Peer', ''],
]
/** The same, a line each. */
const LINES: readonly (readonly [from: string, to: string])[] = [
	['RTCPeerConnection)(this.config)', 'RTCPeerConnection)(opts.config)'],
	['offer.sdp = filterTrickle(offer.sdp)', ''],
	['answer.sdp = filterTrickle(answer.sdp)', ''],
	['if (!this.trickle && !this.allowHalfTrickle) ', ''],
	['if (!this.trickle && !this.allowHalfTrickle) ', ''],
	['offer.sdp = this.sdpTransform(offer.sdp)', ''],
	['answer.sdp = this.sdpTransform(answer.sdp)', ''],
	['createOffer(this.offerOptions)', 'createOffer()'],
	['createAnswer(this.answerOptions)', 'createAnswer()'],
	['if (this.trickle || this._iceComplete) sendOffer()', 'sendOffer()'],
	["else this.once('_iceComplete', sendOffer)", ''],
	['if (this.trickle || this._iceComplete) sendAnswer()', 'sendAnswer()'],
	["else this.once('_iceComplete', sendAnswer)", ''],
	['if (!this.initiator) this._requestMissingTransceivers()', ''],
	['if (event.candidate && this.trickle) {', 'if (event.candidate) {'],
]
const DEBUG_LINES = /^ *this\._debug\([^\n]*\)$/gm
/** Codes that nobody reads: the messages say it all. */
const ERROR_CODES = /errCode\((.*), 'ERR_[A-Z_]+'\)/g

/** As many lines as before. */
const blank = (text: string): string => text.replaceAll(/[^\n]/g, '')

/** Every edit must find its place: a version that was not read here stops the build. */
const edit = (name: string, source: string, from: string | RegExp, to: (found: string) => string): string => {
	const edited = source.replace(from, to)
	if (edited === source) throw new Error(`${name} has no ${String(from)} any more`)
	return edited
}

const editStretch = (name: string, source: string, from: string, until: string, instead: string): string => {
	const begin = source.indexOf(from)
	const end = source.indexOf(until, begin)
	if (begin < 0 || end < 0) throw new Error(`${name} has no ${begin < 0 ? from : until} any more`)
	return source.slice(0, begin) + instead + blank(source.slice(begin, end)) + source.slice(end)
}

/** The source of simple-peer as a module. @throws if it is not the version that this was written for. */
export const leanSource = (source: string): string => {
	let lean = source
	const change = (from: string | RegExp, to: (found: string) => string) =>
		(lean = edit('simple-peer', lean, from, to))
	for (const [from, to] of EXCHANGES) change(from, () => to)
	change(MEDIA_METHODS, blank)
	change(
		LOOK_FOR_ADDRESSES,
		(found) => `  _maybeReady () { this._connected = this._pcReady && this._channelReady }${blank(found)}`,
	)
	for (const [from, until, instead] of STRETCHES)
		lean = editStretch('simple-peer', lean, from, until, instead)
	for (const [from, to] of LINES) change(from, () => to)
	for (const method of IDLE_METHODS) {
		const name = method.replaceAll(/[()]/g, '\\$&')
		change(new RegExp(`(?<=\\n) {2}${name} \\{[\\s\\S]*?\\n {2}\\}(?=\\n)`), blank)
	}
	change(DEBUG_LINES, () => '')
	lean = lean.replaceAll(ERROR_CODES, '$1')
	if (/\brequire\(/.test(lean)) throw new Error('simple-peer requires more than it did')
	return lean
}

/** What a document hands out beside maps. */
const OTHER_ROOTS = ['getArray', 'getText', 'getXmlElement', 'getXmlFragment'] as const
/** What an update may hold beside bytes and deletions; by its place in the table of readers. */
const OTHER_CONTENTS = [
	'readContentJSON, // 2',
	'readContentString, // 4',
	'readContentEmbed, // 5',
	'readContentFormat, // 6',
	'readContentType, // 7',
	'readContentAny, // 8',
	'readContentDoc, // 9',
] as const
/** How it reads and writes them. */
const OTHER_METHODS = [
	'readAny \\(\\)',
	'readJSON \\(\\)',
	'writeAny \\(any\\)',
	'writeJSON \\(embed\\)',
] as const
/** Of an event, what nobody asks for. */
const EVENT_GETTERS = ['keys', 'delta', 'changes'] as const
/** Its second format, in which it keeps for itself what cannot be applied yet: the first does as well. */
const SECOND_FORMAT = ['DSDecoder', 'UpdateDecoder', 'DSEncoder', 'UpdateEncoder'] as const
const CONTENT_OF_VALUE = / {2}let content;\n {2}if \(value == null\) \{[\s\S]*?\n {2}\}(?=\n {2}new Item\()/
const BYTES_OF_VALUE =
	`  if (value?.constructor !== Uint8Array) throw new Error('Unexpected content type');` +
	` const content = new ContentBinary(value);`
const CLEAN_UP_TEXT =
	/ {8}fs\.push\(\(\) => \{\n {10}if \(transaction\._needFormattingCleanup\) \{[\s\S]*?\n {8}\}\);(?=\n)/

/**
 * Yjs without arrays, text and XML, which fall away once nothing names them. Rooms are one map of bytes, and updates
 * with anything else in them are turned away before Yjs sees them (SY7). @throws as `leanSource` does
 */
export const leanYjs = (source: string): string => {
	let lean = source
	const cut = (from: RegExp) => (lean = edit('Yjs', lean, from, blank))
	for (const name of OTHER_ROOTS)
		cut(new RegExp(` {2}${name} \\(name = ''\\) \\{[\\s\\S]*?\\n {2}\\}(?=\\n)`))
	for (const reader of OTHER_CONTENTS)
		lean = edit('Yjs', lean, `\n  ${reader}\n`, () => `\n  () => { error.unexpectedCase(); },\n`)
	for (const name of SECOND_FORMAT)
		lean = edit(
			'Yjs',
			lean,
			new RegExp(`(?<=\\n)class ${name}V2 [\\s\\S]*?\\n\\}(?=\\n)`),
			(found) => `const ${name}V2 = ${name}V1;${blank(found)}`,
		)
	for (const method of OTHER_METHODS) cut(new RegExp(` {2}${method} \\{[\\s\\S]*?\\n {2}\\}(?=\\n)`))
	for (const name of EVENT_GETTERS) cut(new RegExp(` {2}get ${name} \\(\\) \\{[\\s\\S]*?\\n {2}\\}(?=\\n)`))
	cut(CLEAN_UP_TEXT)
	lean = edit('Yjs', lean, CONTENT_OF_VALUE, (found) => BYTES_OF_VALUE + blank(found))
	return edit('Yjs', lean, `env.getVariable('node_env') === 'development'`, () => 'false')
}

/**
 * lib0 without what looks for colours of a terminal, flags of a command line and settings in the page's storage: nobody
 * asks. Whoever does stops the build, for the names are gone. @throws as `leanSource` does
 */
export const leanEnvironment = (source: string): string =>
	edit('lib0', source, /let params\n[\s\S]*$/, blank).replace(/^import [^\n]*$/gm, '')

/** Of Kit's page, what none of ours asks for. From these words to those, which stay, and what stands there instead. */
const KIT_STRETCHES: readonly (readonly [from: string, until: string, instead: string])[] = [
	// Links are not fetched before they are pressed (app.html says so).
	["\t// @ts-expect-error this isn't supported everywhere yet\n", '\t/** @param {MouseEvent} event */\n', ''],
	// A `load` that looks at nothing it is given, and is run once: neither is watched what it looks at.
	['\t\t/** @param {string[]} deps */\n', '\t\tif (DEV) {\n\t\t\ttry {', '\t\tconst load_input = {};'],
	[
		'import { dev_fetch, initial_fetch',
		"import { parse, parse_server_route } from './parse.js'",
		'const lock_fetch = () => {}; const unlock_fetch = () => {};',
	],
	[
		'\tif (!uses) return false;',
		"}\n\n/**\n * @param {import('types').ServerDataNode |",
		'\treturn false;\n',
	],
	['\tif (!old_url) return new Set(', "}\n\n/**\n * @param {Omit<import('./types.js')", '\treturn null;\n'],
	// Forms are not sent by the browser.
	["\tcontainer.addEventListener('submit'", "\taddEventListener('popstate'", ''],
]

/**
 * Svelte whole is what Kit's page asks for, by name of the module, so nothing of it could fall away: it takes four
 * functions of it. What it does for pages of other kinds falls away too. @throws as `leanSource` does
 */
export const leanKitClient = (source: string): string => {
	const taken = ['onMount', 'tick', 'untrack', 'settled']
	const used = [...source.matchAll(/\bsvelte\.(\w+)(?!\w*['.-])/g)].map(([, name]) => name ?? '')
	const known = new Set([...taken, 'fork', 'js', 'dev'])
	const strange = used.find((name) => !known.has(name))
	if (strange !== undefined) throw new Error(`Kit uses Svelte's ${strange}`)
	let lean = source
	for (const [from, until, instead] of KIT_STRETCHES) lean = editStretch('Kit', lean, from, until, instead)
	return edit(
		'Kit',
		lean,
		"import * as svelte from 'svelte';",
		() =>
			`import { ${taken.map((name) => `${name} as _${name}`).join(', ')} } from 'svelte'; ` +
			`const svelte = { ${taken.map((name) => `${name}: _${name}`).join(', ')} };`,
	)
}

/** Vite's helper for imports, which also preloads scripts, for ours that does not. @throws as `leanSource` does */
export const leanPreload = (source: string): string => {
	edit('Vite', source, 'return new URL(dep, importerUrl).href', () => '')
	edit('Vite', source, 'export const __vitePreload =', () => '')
	return `export { preload as __vitePreload } from ${JSON.stringify(pathOf('../src/lib/lean/preload.ts'))}`
}

const LEAN: readonly (readonly [where: RegExp, make: (source: string) => string])[] = [
	[/[\\/]simple-peer[\\/]index\.js(?:\?|$)/, leanSource],
	[/[\\/]yjs[\\/]dist[\\/]yjs\.mjs(?:\?|$)/, leanYjs],
	[/[\\/]lib0[\\/]environment\.js(?:\?|$)/, leanEnvironment],
	[/[\\/]kit[\\/]src[\\/]runtime[\\/]client[\\/]client\.js(?:\?|$)/, leanKitClient],
	[/vite[\\/]preload-helper\.js$/, leanPreload],
]

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
	configEnvironment: (name) =>
		name === 'client'
			? {
					build: {
						rolldownOptions: { output: { codeSplitting: firstScreens() } },
						modulePreload: { resolveDependencies: onlyStyles },
					},
				}
			: undefined,
	transform: {
		// The development server names versions behind a question mark.
		filter: { id: LEAN.map(([where]) => where) },
		handler: (source, id) => {
			const lean = LEAN.find(([where]) => where.test(id))?.[1]
			return lean === undefined ? null : { code: lean(source), map: null }
		},
	},
})
