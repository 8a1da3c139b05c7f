/**
 * The app's own build with one import exchanged: the follow loop comes through the rig's tap. Names are kept, so that
 * a profile can be read.
 */
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { defineConfig, mergeConfig } from 'vitest/config'
import app from '../../vite.config.ts'

const TAP = join(import.meta.dirname, '../page/tap.ts')
const PLACE = /export \{ createFollower \} from '([^']+)'/

const tap = (): Plugin => {
	let follow = ''
	return {
		name: 'rig-tap',
		enforce: 'pre',
		transform(code, id) {
			if (!id.endsWith('/session/film-parts.ts')) return null
			const found = PLACE.exec(code)
			if (found?.[1] === undefined) throw new Error('film-parts.ts does not hand on createFollower any more')
			follow = found[1]
			return code.replace(PLACE, `export { createFollower } from ${JSON.stringify(TAP)}`)
		},
		resolveId(source, importer) {
			return source === 'rig:follow' ? this.resolve(follow, importer) : null
		},
	}
}

export default mergeConfig(app, defineConfig({ plugins: [tap()], build: { minify: false } }))
