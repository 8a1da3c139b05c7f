/**
 * The extension as it is built, once for all workers of a run: the first one builds, the others wait for it. `npm test`
 * has built it before.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureExtension, EXTENSION_BUILDS } from '../../../scripts/support/extension.mjs'
import { ROOT } from '../../support/source-files.ts'

const LOCK = join(ROOT, 'test-results', 'extension-lock')
const OWNER = join(LOCK, 'pid')
const LOOK_EVERY_MS = 200

const take = (): boolean => {
	try {
		mkdirSync(LOCK)
		writeFileSync(OWNER, String(process.pid))
		return true
	} catch {
		return false // another worker has it
	}
}
/** Its owner ended without giving it back. */
const isLeft = (): boolean => {
	try {
		process.kill(Number(readFileSync(OWNER, 'utf8')), 0)
		return false
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ESRCH'
	}
}

/** The folder that the browser loads. */
export const builtExtension = async (browser: keyof typeof EXTENSION_BUILDS): Promise<string> => {
	mkdirSync(join(LOCK, '..'), { recursive: true })
	while (!take()) {
		if (isLeft()) rmSync(LOCK, { recursive: true, force: true })
		else await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
	}
	try {
		await ensureExtension()
	} finally {
		rmSync(LOCK, { recursive: true, force: true })
	}
	return EXTENSION_BUILDS[browser]
}
