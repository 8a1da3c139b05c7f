/**
 * Where the one request to watch on a site is kept: in memory, for the extension's own pages alone.
 */
import { browser } from 'wxt/browser'
import type { WatchStore } from '../src/sites/watch-requests.ts'

const KEY = 'watch'

export const watchStore: WatchStore = {
	get: async () => (await browser.storage.session.get(KEY))[KEY],
	set: (value) => browser.storage.session.set({ [KEY]: value }),
}
