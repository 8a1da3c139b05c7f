/**
 * Joins the router to the browser's events. Called while the background starts: later the browser would not wake it.
 */
import { browser } from 'wxt/browser'
import { createRouter, type Router, type RouterDeps } from '../src/router.ts'
import { APP_SCRIPT, type AppScript } from '../src/sites/sites.ts'
import { keepRequest, type NewerRequest } from '../src/sites/watch-requests.ts'
import { ownUrl } from './own-url.ts'
import { settings } from './settings.ts'
import { watchStore } from './watch-store.ts'

const KEPT_TAB = 'tab'
const ASKING_PAGE = 'open.html'

/** One at a time: two that register the same script at once are an error. */
let registering: Promise<unknown> = Promise.resolve()
const registerNow = async (script: AppScript | null): Promise<void> => {
	const ids = [APP_SCRIPT]
	const [before] = await browser.scripting.getRegisteredContentScripts({ ids })
	if (before !== undefined && before.matches?.join() === script?.matches.join()) return
	if (before !== undefined) await browser.scripting.unregisterContentScripts({ ids })
	if (script !== null) await browser.scripting.registerContentScripts([{ ...script }])
}
const registerAppScript = (script: AppScript | null): Promise<void> => {
	const done = registering.then(() => registerNow(script))
	registering = done.catch(() => undefined) // whoever asked hears of it
	return done
}
const putAppScriptIn = async ({ matches, js }: AppScript): Promise<void> => {
	for (const { id } of await browser.tabs.query({ url: matches })) {
		if (id === undefined) continue
		await browser.scripting
			.executeScript({ target: { tabId: id }, files: js as never })
			.catch((error: unknown) => console.warn(error)) // a tab that is going: its next page gets it
	}
}

/** The page that asks the person: where it stands open it shows what is asked now. */
const showAskingPage = async (id: string): Promise<void> => {
	const newer: NewerRequest = { type: 'newer-request', id }
	// Nobody is there to answer where no such page is open.
	const answer: unknown = await browser.runtime.sendMessage(newer).catch(() => null)
	if (answer !== true) await browser.tabs.create({ url: `${ownUrl()}${ASKING_PAGE}#${id}` })
}

export const listen = ({ raiseRoom, tellRoom }: Pick<RouterDeps, 'raiseRoom' | 'tellRoom'>): Router => {
	const keeper = settings()
	const router = createRouter({
		ownId: browser.runtime.id,
		ownUrl: ownUrl(),
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
		settings: keeper.read,
		showToolbar: async (text, title) => {
			await Promise.all([browser.action.setBadgeText({ text }), browser.action.setTitle({ title })])
			await browser.action.setBadgeBackgroundColor({ color: '#f2c35e' })
		},
		allowedOrigins: async () => (await browser.permissions.getAll()).origins ?? [],
		registerAppScript,
		putAppScriptIn,
		nowMs: () => performance.now(),
		askToWatch: (note) => keepRequest(note, watchStore, () => crypto.randomUUID(), showAskingPage),
	})
	/** What fails here has nobody to be told: it stands in the console. */
	const run = (work: Promise<void>): void => void work.catch((error: unknown) => console.error(error))

	browser.runtime.onMessage.addListener((raw: unknown, sender, respond: (answer: unknown) => void) => {
		const answer = router.heard(raw, sender)
		if (answer === undefined) return false
		void answer.then(respond, (error: unknown) => {
			console.error(error)
			respond(false)
		})
		return true
	})
	browser.tabs.onUpdated.addListener((tab, { status }) => {
		if (status === 'complete') run(router.tabLoaded(tab))
	})
	browser.tabs.onRemoved.addListener((tab) => run(router.tabClosed(tab)))
	browser.permissions.onAdded.addListener(({ origins = [] }) => {
		if (origins.length > 0) run(router.sitesAllowed(origins))
	})
	browser.permissions.onRemoved.addListener(({ origins = [] }) => {
		if (origins.length > 0) run(router.sitesTaken(origins))
	})
	browser.runtime.onInstalled.addListener(() => run(router.started()))
	browser.runtime.onStartup.addListener(() => run(router.started()))
	keeper.onChange((now) => run(router.settingsChanged(now)))
	return router
}
