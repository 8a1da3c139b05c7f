import { sveltekit } from '@sveltejs/kit/vite'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'
import { leanDependencies } from './scripts/lean-dependencies.ts'
import { LongestFirst } from './scripts/support/longest-first.ts'

const SERVER = process.env['MATINEE_DEV_SERVER'] ?? 'http://127.0.0.1:8787'

// In tests y-webrtc and our data channels must share one copy of simple-peer; the app's is made lean by the plugin.
const alias = [{ find: /^simple-peer$/, replacement: 'simple-peer/simplepeer.min.js' }]

/** No test is about these: they only end what would never end, and a busy machine may take its time. */
const PATIENCE = { testTimeout: 90_000, hookTimeout: 90_000, expect: { poll: { timeout: 20_000 } } }

export default defineConfig({
	plugins: process.env['VITEST'] ? [] : [leanDependencies(), sveltekit()],
	build: { target: 'es2022' },
	worker: { format: 'es' },
	server: {
		proxy: {
			'/api': SERVER,
			'/config.json': SERVER,
			'/.well-known': SERVER,
			'/healthz': SERVER,
			'/ws': { target: SERVER.replace('http', 'ws'), ws: true },
			'/y-webrtc': { target: SERVER.replace('http', 'ws'), ws: true },
		},
	},
	test: {
		sequence: { sequencer: LongestFirst },
		projects: [
			{
				resolve: { alias },
				test: {
					name: 'unit',
					environment: 'node',
					include: ['{src,signaling,tests,scripts,extension/src}/**/*.test.ts'],
					exclude: ['**/*.dom.test.ts', 'tests/e2e/**'],
					...PATIENCE,
				},
			},
			{
				plugins: [svelte({ configFile: false }), svelteTesting()],
				resolve: { alias },
				test: {
					name: 'dom',
					environment: 'jsdom',
					include: ['{src,extension/src}/**/*.dom.test.ts'],
					...PATIENCE,
				},
			},
		],
	},
})
