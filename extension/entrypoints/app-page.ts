/**
 * The script on the server's own pages, where the person has let the extension into them: the web app hears of it that
 * a film can be watched on its site.
 */
import { browser } from 'wxt/browser'
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { createAppPage } from '../src/sites/app-page.ts'

/** In the extension's own world of the page. */
const world = globalThis as { matineeEndApp?: () => void }

export default defineUnlistedScript(() => {
	// It may be put into a page that is open already; what an older version left there is of no use any more.
	world.matineeEndApp?.()
	world.matineeEndApp = createAppPage({
		document,
		version: browser.runtime.getManifest().version,
		isActive: () => navigator.userActivation.isActive,
		tell: (message) => browser.runtime.sendMessage(message),
	})
})
