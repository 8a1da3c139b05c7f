/**
 * Lets a browser find the imitations at the real sites' own addresses, so that a room and the web app know the film by
 * them. Nothing of it leaves the machine: what is not imitated at those hosts is refused.
 */
import type { BrowserContext } from '@playwright/test'
import type { Sites } from './start-sites.ts'

export const answerAs = async (context: BrowserContext, sites: Sites): Promise<void> => {
	await context.route(/^https:\/\/www\.(?:youtube|bilibili)\.com\//, async (route) => {
		const url = sites.behind(route.request().url())
		if (url === null) return route.abort()
		await route.fulfill({ response: await route.fetch({ url }) })
	})
}
