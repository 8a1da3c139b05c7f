/**
 * The service worker of Chrome's build. Firefox has the room's page for a background (wxt.config.ts).
 */
import { browser } from 'wxt/browser'
import { defineBackground } from 'wxt/utils/define-background'
import { listen } from '../browser/listen.ts'

const ROOM_PAGE = 'room.html'

export default defineBackground(() => {
	if (import.meta.env.FIREFOX) return
	/** Two that ask at once would make two, which is refused. */
	let raising: Promise<void> | null = null
	const raise = async () => {
		if (await browser.offscreen.hasDocument()) return
		await browser.offscreen.createDocument({
			url: ROOM_PAGE,
			reasons: ['WEB_RTC' as never],
			justification: 'The room’s links to the other members live here while it is open.',
		})
	}
	listen({
		raiseRoom: () =>
			(raising ??= raise().finally(() => {
				raising = null
			})),
		// Where the room's document is gone there is nobody to tell.
		tellRoom: (message) => void browser.runtime.sendMessage(message).catch(() => undefined),
	})
})
