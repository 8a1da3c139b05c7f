/**
 * What only the background can do: bring up the room's document, put the page's script in again where the person allows
 * it, notice a closed tab and a permission given or taken back, and open the page that asks before a room goes to a
 * site. It holds nothing that it could not lose: the browser ends it after 30 s of quiet.
 */
import type { Millis } from '#lib/core/units.ts'
import type { WatchNote } from '#lib/protocol/extension-note.ts'
import type { Settings } from './settings.ts'
import { appScriptFor, type AppScript } from './sites/sites.ts'
import { covers, isOfServer } from './sites/site-pattern.ts'
import { fromAppPage, toRouter, type FromRouter } from './wire/router-messages.ts'

/** What is used of `runtime.MessageSender`. */
export interface Sender {
	readonly id?: string | undefined
	readonly url?: string | undefined
	readonly frameId?: number | undefined
	readonly tab?: { readonly id?: number | undefined } | undefined
}

export interface RouterDeps {
	readonly ownId: string
	/** Of the extension's pages; ends in '/'. */
	readonly ownUrl: string
	/** Brings up the room's document where there is none; may be called at any time. */
	readonly raiseRoom: () => Promise<void>
	readonly keepTab: (tab: number | null) => Promise<void>
	readonly keptTab: () => Promise<number | null>
	/** Rejects where the browser does not allow it (any more). */
	readonly putScriptIn: (tab: number) => Promise<void>
	readonly tellRoom: (message: FromRouter) => void
	readonly settings: () => Promise<Settings>
	readonly showToolbar: (badge: string, title: string) => Promise<void>
	/** The sites that the person has let the extension into. */
	readonly allowedOrigins: () => Promise<readonly string[]>
	/** In place of the one before; null: none. */
	readonly registerAppScript: (script: AppScript | null) => Promise<void>
	/** Into the server's pages that are open already. */
	readonly putAppScriptIn: (script: AppScript) => Promise<void>
	readonly nowMs: () => Millis
	/** Opens the extension's page that asks the person. */
	readonly askToWatch: (note: WatchNote) => Promise<void>
}

export interface Router {
	/** A message of one of the extension's own parts; undefined for what is none or asks for no answer. */
	heard(raw: unknown, sender: Sender): Promise<unknown> | undefined
	tabLoaded(tab: number): Promise<void>
	tabClosed(tab: number): Promise<void>
	sitesAllowed(patterns: readonly string[]): Promise<void>
	sitesTaken(patterns: readonly string[]): Promise<void>
	settingsChanged(settings: Settings): Promise<void>
	/** The browser started, or the extension was installed or brought up to date. */
	started(): Promise<void>
}

/** A click lets a page's scripts say any number of words for a while: one of them is taken. */
const ASK_EVERY_MS: Millis = 1_500

export const createRouter = (deps: RouterDeps): Router => {
	let askedMs: Millis = -Infinity
	const reviewAppScript = async (settings: Settings): Promise<AppScript | null> => {
		const script = appScriptFor(settings.server, await deps.allowedOrigins())
		await deps.registerAppScript(script)
		return script
	}
	const putIn = async (tab: number): Promise<void> => {
		try {
			await deps.putScriptIn(tab)
		} catch {
			// It went to a site that the person has not let the extension into: the room says how to go on.
			deps.tellRoom({ type: 'shut-out', tab })
		}
	}
	/** A script in a page shares its process with the page: it may say its own two words and no other. */
	const heardFromPage = (raw: unknown, { url, frameId, tab }: Sender): Promise<unknown> | undefined => {
		const message = frameId === 0 && tab?.id !== undefined ? fromAppPage.parse(raw) : undefined
		if (message === undefined) return undefined
		return deps.settings().then(async ({ server }) => {
			if (!isOfServer(url, server)) return false
			if (message.type === 'app-page') return true
			if (deps.nowMs() - askedMs < ASK_EVERY_MS) return false
			askedMs = deps.nowMs()
			await deps.askToWatch(message.note)
			return true
		})
	}

	return {
		heard(raw, sender) {
			if (sender.id !== deps.ownId) return undefined
			if (sender.url?.startsWith(deps.ownUrl) !== true) return heardFromPage(raw, sender)
			const message = toRouter.parse(raw)
			switch (message?.type) {
				case undefined:
					return undefined
				case 'wake':
					return deps.raiseRoom().then(() => true)
				case 'plays-in':
					return deps.keepTab(message.tab).then(() => true)
				case 'settings':
					return deps.settings()
				case 'toolbar':
					return deps.showToolbar(message.badge, message.title).then(() => true)
			}
		},
		async tabLoaded(tab) {
			if ((await deps.keptTab()) === tab) await putIn(tab)
		},
		async tabClosed(tab) {
			if ((await deps.keptTab()) !== tab) return
			await deps.keepTab(null)
			deps.tellRoom({ type: 'tab-closed', tab })
		},
		async sitesAllowed(patterns) {
			const tab = await deps.keptTab()
			if (tab !== null) await putIn(tab)
			const settings = await deps.settings()
			const script = await reviewAppScript(settings)
			if (script !== null && patterns.some((pattern) => covers(pattern, settings.server)))
				await deps.putAppScriptIn(script)
		},
		async sitesTaken(patterns) {
			deps.tellRoom({ type: 'sites-off', patterns: [...patterns] })
			await reviewAppScript(await deps.settings())
		},
		async settingsChanged(settings) {
			deps.tellRoom({ type: 'settings-are', settings })
			await reviewAppScript(settings)
		},
		async started() {
			await reviewAppScript(await deps.settings())
		},
	}
}
