/**
 * What only the background can do: bring up the room's document, put the page's script in again after a reload, and
 * notice a closed tab. It holds nothing that it could not lose: the browser ends it after 30 s of quiet.
 */
import { toRouter, type FromRouter } from './wire/router-messages.ts'

export interface RouterDeps {
	readonly ownId: string
	/** Brings up the room's document where there is none; may be called at any time. */
	readonly raiseRoom: () => Promise<void>
	readonly keepTab: (tab: number | null) => Promise<void>
	readonly keptTab: () => Promise<number | null>
	/** Rejects where the browser does not allow it (any more). */
	readonly putScriptIn: (tab: number) => Promise<void>
	readonly tellRoom: (message: FromRouter) => void
}

export interface Router {
	/** A message of one of the extension's own parts; undefined for what is none or asks for no answer. */
	heard(raw: unknown, senderId: string | undefined): Promise<boolean> | undefined
	tabLoaded(tab: number): Promise<void>
	tabClosed(tab: number): Promise<void>
}

export const createRouter = (deps: RouterDeps): Router => ({
	heard(raw, senderId) {
		const message = senderId === deps.ownId ? toRouter.parse(raw) : undefined
		if (message === undefined) return undefined
		if (message.type === 'wake') return deps.raiseRoom().then(() => true)
		return deps.keepTab(message.tab).then(() => true)
	},
	async tabLoaded(tab) {
		if ((await deps.keptTab()) !== tab) return
		try {
			await deps.putScriptIn(tab)
		} catch {
			// It went to a site that the person has not let the extension into: the popup says how to go on.
		}
	},
	async tabClosed(tab) {
		if ((await deps.keptTab()) !== tab) return
		await deps.keepTab(null)
		deps.tellRoom({ type: 'tab-closed', tab })
	},
})
