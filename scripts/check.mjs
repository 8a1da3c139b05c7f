/**
 * `npm run check`: format, lint, types, layers and unit tests, in this order; stops at the first that fails.
 */
import { ensureInstalled, run } from './support/install.mjs'

try {
	await ensureInstalled()
	await run('prettier', ['--check', '--log-level', 'warn', '.'])
	await run('eslint', ['.'])
	await run('npm', ['run', '--silent', 'types'])
	await run('vitest', ['run'])
} catch (error) {
	console.error(error instanceof Error ? error.message : error)
	process.exit(1)
}
