/**
 * The extension's build, for Chrome and Firefox. It takes the app's code where it lies (`#lib/…` is `../src/lib/…`);
 * what that code depends on comes from the root's node_modules.
 */
import type {} from '@wxt-dev/module-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'wxt'

const LIB = fileURLToPath(new URL('../src/lib/', import.meta.url))
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** No code from elsewhere, no eval, no frames of others; links go anywhere a person's own server is. */
const POLICY =
	"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"worker-src 'self'; connect-src https: wss: http://localhost:* ws://localhost:* http://127.0.0.1:* ws://127.0.0.1:*; " +
	"font-src 'self'; base-uri 'none'; form-action 'none'; frame-src 'none'; object-src 'none'"

export default defineConfig({
	// Every name is imported where it is used. `false` would still put WXT's `storage` into files that have one of their own.
	imports: { autoImport: false, eslintrc: { enabled: false } } as never,
	modules: ['@wxt-dev/module-svelte'],
	svelte: {
		vite: {
			compilerOptions: {
				// By what is in a component, not by where it lies: whoever builds the sources elsewhere gets the same files.
				cssHash: ({ hash, css }) => `s-${hash(css)}`,
			},
		},
	},
	outDir: '.output',
	manifestVersion: 3,
	manifest: ({ browser }) => ({
		name: 'Matinee',
		short_name: 'Matinee',
		description: 'Watch together, apart: a room on the page you are on.',
		minimum_chrome_version: '137',
		permissions: ['activeTab', 'scripting', 'storage', ...(browser === 'firefox' ? [] : ['offscreen'])],
		// Asked for one by one, at the moment of use: a site to stay on, and the server's own pages for rooms to offer sites.
		optional_host_permissions: ['https://*/*', 'http://localhost/*', 'http://127.0.0.1/*'],
		// The frames of the panel on a page. Chrome gives them another address with each start of the browser, so that a
		// page cannot look whether they are there.
		web_accessible_resources: [
			{
				resources: ['panel.html', 'overlay.html'],
				matches: ['http://*/*', 'https://*/*'],
				...(browser === 'firefox' ? {} : { use_dynamic_url: true }),
			},
		],
		content_security_policy: { extension_pages: POLICY },
		commands: { _execute_action: { suggested_key: { default: 'Alt+Shift+M' } } },
		...(browser === 'firefox'
			? {
					browser_specific_settings: {
						gecko: {
							id: 'matinee@matinee.invalid',
							strict_min_version: '129.0',
							data_collection_permissions: { required: ['none'] },
						},
					},
				}
			: {}),
	}),
	hooks: {
		// Firefox has no offscreen documents; its background page has a DOM and RTCPeerConnection, so the room is there.
		'build:manifestGenerated': (wxt, manifest) => {
			if (wxt.config.browser !== 'firefox') return
			;(manifest as { background?: unknown }).background = { page: 'room.html' }
		},
	},
	zip: {
		name: 'matinee',
		// For whoever reviews the extension: all that it is built from, the app's code among it. The app's own tsconfig.json
		// asks for files that its build makes, and this build needs none of it.
		sourcesRoot: ROOT,
		includeSources: [
			'extension/**',
			'src/{lib/**,app.css,app.d.ts}',
			'{package,package-lock}.json',
			'docs/extension.md',
			'LICENSE',
		],
		excludeSources: ['extension/{.output,.wxt,node_modules}/**'],
	},
	vite: () => ({
		resolve: {
			alias: [{ find: /^#lib\//, replacement: LIB }],
			// One Svelte for our components and the app's.
			dedupe: ['svelte'],
		},
		server: { fs: { allow: [ROOT] } },
		worker: { format: 'es' as const },
		build: { target: 'es2022' },
	}),
})
