/**
 * The script that is put into a page at a person's word: the page's player for the room, and nothing else.
 */
import { browser } from 'wxt/browser'
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { createDomPage } from '../src/page/dom-page.ts'
import { createMountLine } from '../src/page/mount-line.ts'
import { createPlayerHost } from '../src/page/player-host.ts'
import { PAGE_PORT, toPage, type FromPage, type ToPage } from '../src/wire/page-messages.ts'
import { createLine } from '../src/wire/port.ts'

/** In the extension's own world of the page: the page's scripts do not see it. */
const world = globalThis as { matineeIsHere?: boolean }

// WXT types it by files that it writes.
const fileUrl = (path: string): string =>
	(browser.runtime as unknown as { getURL(path: string): string }).getURL(path)

export default defineUnlistedScript(() => {
	if (world.matineeIsHere === true) return
	world.matineeIsHere = true
	const local = () => performance.timeOrigin + performance.now()
	const line = createLine<ToPage, FromPage>(browser.runtime.connect({ name: PAGE_PORT }), toPage)
	const panelUrl = fileUrl('/panel.html')
	createMountLine({
		line,
		window,
		panelUrl,
		overlayUrl: fileUrl('/overlay.html'),
		// Chrome gives files that pages may load another address for each session; the page in it has the real one.
		origin: panelUrl.startsWith('chrome-')
			? `chrome-extension://${browser.runtime.id}`
			: new URL(panelUrl).origin,
		local,
		setTimer: (fn, ms) => {
			const id = setTimeout(fn, ms)
			return () => clearTimeout(id)
		},
	})
	createPlayerHost({
		line,
		page: createDomPage(window, local),
		local,
		onEnd: () => {
			world.matineeIsHere = false
		},
	})
})
