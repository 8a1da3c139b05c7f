/**
 * The client that browser stories get: the built one, with a sample film of the same length, sound and name whose
 * picture is small and slow, as drawing it takes a third of a core for each page that plays. Where the film itself
 * matters, a story starts its server with `MATINEE_CLIENT: BUILT`. The film was made of the sample film by
 *
 *     ffmpeg -i saltmarsh.webm -vf scale=320:180,fps=5 -c:v libvpx-vp9 -deadline good -cpu-used 4 -g 5 -crf 58 -b:v 0 \
 *         -c:a libopus -b:a 12k -ac 1 light-film.webm
 */
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './source-files.ts'

export const BUILT = join(ROOT, 'build')

const LIGHT_FILM = join(ROOT, 'tests/support/light-film.webm')
const FILM = 'film/saltmarsh.webm'

/** Playwright's global set-up: every server that is started from then on gives out this client. Returns its undoing. */
const prepare = (): (() => void) => {
	const results = join(ROOT, 'test-results')
	mkdirSync(results, { recursive: true })
	const client = mkdtempSync(join(results, 'client-'))
	for (const entry of readdirSync(BUILT, { recursive: true, withFileTypes: true })) {
		const from = join(entry.parentPath, entry.name)
		const to = join(client, from.slice(BUILT.length))
		if (entry.isDirectory()) mkdirSync(to, { recursive: true })
		else {
			mkdirSync(join(to, '..'), { recursive: true })
			linkSync(from, to)
		}
	}
	rmSync(join(client, FILM))
	copyFileSync(LIGHT_FILM, join(client, FILM))
	process.env['MATINEE_CLIENT'] = client
	return () => {
		rmSync(client, { recursive: true, force: true })
	}
}
export default prepare
