/**
 * The script that is put into a page at a person's word: the page's player for the room, and nothing else.
 */
import { browser } from 'wxt/browser'
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { createDomPage } from '../src/page/dom-page.ts'
import { createPlayerHost } from '../src/page/player-host.ts'
import { PAGE_PORT, toPage, type FromPage, type ToPage } from '../src/wire/page-messages.ts'
import { createLine } from '../src/wire/port.ts'

/** In the extension's own world of the page: the page's scripts do not see it. */
const world = globalThis as { matineeIsHere?: boolean }

export default defineUnlistedScript(() => {
	if (world.matineeIsHere === true) return
	world.matineeIsHere = true
	const local = () => performance.timeOrigin + performance.now()
	createPlayerHost({
		line: createLine<ToPage, FromPage>(browser.runtime.connect({ name: PAGE_PORT }), toPage),
		page: createDomPage(window, local),
		local,
		onEnd: () => {
			world.matineeIsHere = false
		},
	})
})
