/**
 * The built pages on nginx below /watch/, as deploy/static.nginx.conf has it, with a config.json of the test's own.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './app.ts'
import { startNginx } from './nginx.ts'
import { ROOT } from './source-files.ts'

export interface StaticHost {
	readonly origin: string
	/** The front page. */
	readonly url: string
	/** What lies at config.json from now on; null for nothing. */
	setConfig(text: string | null): Promise<void>
	close(): Promise<void>
}

export const startStaticHost = async (): Promise<StaticHost> => {
	const port = await freePort()
	const dir = await mkdtemp(join(tmpdir(), 'matinee-pages-'))
	const site = join(dir, 'watch')
	await mkdir(site)
	for (const name of await readdir(join(ROOT, 'build')))
		await symlink(join(ROOT, 'build', name), join(site, name))
	const example = await readFile(join(ROOT, 'deploy/static.nginx.conf'), 'utf8')
	const nginx = await startNginx(
		example
			.replace('listen 80;', `listen 127.0.0.1:${String(port)};`)
			.replace('root /srv/pages;', `root ${dir};`),
		port,
	)
	const config = join(site, 'config.json')
	const origin = `http://localhost:${String(port)}`
	return {
		origin,
		url: `${origin}/watch/`,
		setConfig: (text) => (text === null ? rm(config, { force: true }) : writeFile(config, text)),
		close: async () => {
			await nginx.close()
			await rm(dir, { recursive: true, force: true })
		},
	}
}
