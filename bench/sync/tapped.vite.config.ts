/**
 * The app's own build with one import exchanged: the follow loop comes through the rig's tap. Names are kept, so that
 * a profile can be read.
 */
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { defineConfig, mergeConfig } from 'vitest/config'
import app from '../../vite.config.ts'

const TAP = join(import.meta.dirname, '../page/tap.ts')
const FOLLOW = '#lib/follow/follow.ts'

const tap = (): Plugin => ({
	name: 'rig-tap',
	enforce: 'pre',
	resolveId(source, importer) {
		if (source === 'rig:follow') return this.resolve(FOLLOW, importer, { skipSelf: true })
		return source === FOLLOW && importer !== TAP ? TAP : null
	},
})

export default mergeConfig(app, defineConfig({ plugins: [tap()], build: { minify: false } }))
