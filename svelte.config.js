import adapter from '@sveltejs/adapter-static'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'

/**
 * Only for `200.html` and `404.html`, which a host sends for addresses of any depth; the pages themselves find out
 * where they are. docs/deploy.md says who needs it.
 */
const base = (process.env['BASE_PATH'] ?? '').replace(/\/+$/, '')
if (!/^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/.test(base))
	throw new Error(`BASE_PATH is ${JSON.stringify(base)}, but must be a path like /watch.`)

/** The page's own inline script (what to say when nothing else loads), which the policy has to know. */
const watcher = /<script>([^]*?)<\/script>/.exec(readFileSync('src/app.html', 'utf8'))?.[1] ?? ''
const watcherHash = `sha256-${createHash('sha256').update(watcher).digest('base64')}`

const pages = adapter({ pages: 'build', fallback: '200.html', precompress: true })

/** What hosts like GitHub Pages send for an address that they do not know. */
const copyFallback = () => {
	for (const ending of ['', '.gz', '.br'])
		if (existsSync(`build/200.html${ending}`))
			copyFileSync(`build/200.html${ending}`, `build/404.html${ending}`)
}

/**
 * Asked for while the scripts of a room are still on their way, instead of after them: the server's configuration and
 * the page for errors, without which nothing starts, and the picture of the door.
 */
const preloadForRooms = () => {
	const { file } = JSON.parse(readFileSync('.svelte-kit/output/client/.vite/manifest.json', 'utf8'))[
		'.svelte-kit/generated/client-optimized/nodes/1.js'
	]
	const links = [
		`<link href="./${file}" rel="modulepreload">`,
		'<link href="./config.json" rel="preload" as="fetch" crossorigin>',
		// A window as low as that has no place for it (Gate.svelte).
		'<link href="./art/still.svg" rel="preload" as="image" media="(min-height: 501px)">',
	]
	rewritePage('r', (page) => page.replace('</head>', `\t${links.join('\n\t\t')}\n\t</head>`))
}

/**
 * @param {string} name
 * @param {(page: string) => string} change
 */
const rewritePage = (name, change) => {
	const page = change(readFileSync(`build/${name}.html`, 'utf8'))
	writeFileSync(`build/${name}.html`, page)
	writeFileSync(`build/${name}.html.gz`, gzipSync(page, { level: 9 }))
	writeFileSync(`build/${name}.html.br`, brotliCompressSync(page))
}

/** Search engines get the front page; of a room, a sign-in or somebody's settings there is nothing to find. */
const tellSearchEngines = () => {
	for (const name of ['r', 'login', 'settings', '200'])
		rewritePage(name, (page) =>
			page.replace('</head>', '\t<meta name="robots" content="noindex" />\n\t</head>'),
		)
}

/** As in `https://watch.example`: links that messengers and search engines take from a page have to be whole. */
const origin = (process.env['PUBLIC_ORIGIN'] ?? '').replace(/\/+$/, '')
const addWholeLinks = () => {
	if (!/^https?:\/\/[^/"<>\s]+$/.test(origin)) return
	const root = `${origin}${base}`
	const image = `<meta property="og:image" content="${root}/icons/512.png" />`
	for (const name of ['index', 'r', '200'])
		rewritePage(name, (page) => page.replace('</head>', `\t${image}\n\t</head>`))
	rewritePage('index', (page) =>
		page.replace(
			'</head>',
			`\t<link rel="canonical" href="${root}/" />\n\t\t<meta property="og:url" content="${root}/" />\n\t</head>`,
		),
	)
}

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: {
		runes: ({ filename }) => (/[/\\]node_modules[/\\]/.test(filename) ? undefined : true),
	},
	kit: {
		// Every page is prerendered, the room's too: its code stands in the fragment. Their paths are relative.
		adapter: {
			...pages,
			adapt: async (builder) => {
				await pages.adapt(builder)
				preloadForRooms()
				tellSearchEngines()
				addWholeLinks()
				copyFallback()
			},
		},
		// Two dozen small files of styles would stand in a queue before the first script runs.
		inlineStyleThreshold: 32_000,
		paths: { base: /** @type {'' | `/${string}`} */ (base), relative: true },
		csp: {
			mode: 'hash',
			directives: {
				'script-src': ['self', /** @type {`sha256-${string}`} */ (watcherHash)],
				'object-src': ['none'],
				'base-uri': ['self'],
				'form-action': ['self'],
				'worker-src': ['self'],
				'manifest-src': ['self'],
			},
		},
		serviceWorker: {
			// The layout does it, after the first picture.
			register: false,
			// What is kept on a device for opening offline: no film, no picture of one.
			files: (file) => !/^(film|art)\/|^robots\.txt$/.test(file),
		},
	},
}
