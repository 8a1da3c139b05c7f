/**
 * Joins the router to the browser's events. Called while the background starts: later the browser would not wake it.
 */
import { browser } from 'wxt/browser'
import { createRouter, type Router, type RouterDeps } from '../src/router.ts'

const KEPT_TAB = 'tab'

export const listen = ({ raiseRoom, tellRoom }: Pick<RouterDeps, 'raiseRoom' | 'tellRoom'>): Router => {
	const router = createRouter({
		ownId: browser.runtime.id,
		raiseRoom,
		tellRoom,
		keepTab: (tab) => browser.storage.session.set({ [KEPT_TAB]: tab }),
		keptTab: async () => {
			const kept = (await browser.storage.session.get(KEPT_TAB))[KEPT_TAB]
			return typeof kept === 'number' ? kept : null
		},
		putScriptIn: async (tab) => {
			await browser.scripting.executeScript({ target: { tabId: tab }, files: ['/page.js'] })
		},
	})
	browser.runtime.onMessage.addListener((raw: unknown, sender, respond: (answer: unknown) => void) => {
		const answer = router.heard(raw, sender.id)
		if (answer === undefined) return false
		void answer.then(respond, (error: unknown) => {
			console.error(error)
			respond(false)
		})
		return true
	})
	browser.tabs.onUpdated.addListener((tab, { status }) => {
		if (status === 'complete') void router.tabLoaded(tab)
	})
	browser.tabs.onRemoved.addListener((tab) => void router.tabClosed(tab))
	return router
}
