/**
 * The extension's unit tests alone. The project's own run has them too.
 */
import { defineConfig } from 'vitest/config'

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'extension',
					include: ['src/**/*.test.ts'],
					exclude: ['**/*.dom.test.ts'],
				},
			},
			{ test: { name: 'extension-dom', environment: 'jsdom', include: ['src/**/*.dom.test.ts'] } },
		],
	},
})
