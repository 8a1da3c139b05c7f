/**
 * What the extension has left on a page: listeners as the browser itself lists them, in the extension's world and in
 * the page's, and elements.
 */
import type { Page } from '@playwright/test'

export interface Traces {
	/** `window click`, sorted; the extension's own. */
	readonly listeners: readonly string[]
	/** Of the page's scripts: nothing of theirs is to change. */
	readonly pageListeners: readonly string[]
	/** The page's own markup and what stands beside it. */
	readonly elements: readonly string[]
}

interface ContextMade {
	readonly context: {
		readonly id: number
		readonly origin: string
		readonly auxData?: { readonly isDefault?: boolean }
	}
}

const WHERE = {
	window: 'window',
	document: 'document',
	root: 'document.documentElement',
	video: 'document.querySelector("video")',
}

/** `origin`: the extension's. */
export const readTraces = async (page: Page, origin: string): Promise<Traces> => {
	const cdp = await page.context().newCDPSession(page)
	const own: number[] = []
	let main: number | null = null
	cdp.on('Runtime.executionContextCreated', (event: ContextMade) => {
		if (event.context.origin === origin) own.push(event.context.id)
		else if (event.context.auxData?.isDefault === true) main ??= event.context.id
	})
	await cdp.send('Runtime.enable')
	const listenersIn = async (contextId: number): Promise<string[]> => {
		const found: string[] = []
		for (const [where, expression] of Object.entries(WHERE)) {
			const { result } = await cdp.send('Runtime.evaluate', { expression, contextId })
			if (result.objectId === undefined) continue
			const { listeners } = await cdp.send('DOMDebugger.getEventListeners', { objectId: result.objectId })
			found.push(...listeners.map(({ type }) => `${where} ${type}`))
		}
		return found.sort()
	}
	const elements = await page.evaluate(() =>
		[...document.documentElement.children, ...document.body.children].map(({ tagName }) => tagName),
	)
	const listeners = (await Promise.all(own.map(listenersIn))).flat().sort()
	const pageListeners = main === null ? [] : await listenersIn(main)
	await cdp.detach()
	return { listeners, pageListeners, elements }
}
