/**
 * What the extension sees: nothing before the person's press, one tab's site after it, a site that was allowed for good.
 */
import { expect, test, type Page } from '@playwright/test'
import { expectPlaying, leaveFrom, startFrom } from './support/site-page.ts'
import { useStage } from './support/stage.ts'

const stage = useStage()

/** What the extension's own worker gets of the tab in front: its address, and whether a script may be put in. */
const seenOf = async (page: Page): Promise<{ url: string | null; isIn: boolean }> => {
	await page.bringToFront()
	const worker = await stage.ext.worker()
	return worker.evaluate(async () => {
		interface Api {
			tabs: { query(wanted: { active: boolean }): Promise<{ id?: number; url?: string; windowId: number }[]> }
			scripting: { executeScript(put: { target: { tabId: number }; func: () => void }): Promise<unknown> }
		}
		const { tabs, scripting } = (globalThis as unknown as { chrome: Api }).chrome
		const [first] = (await tabs.query({ active: true })).sort((a, b) => a.windowId - b.windowId)
		const isIn = await scripting
			.executeScript({ target: { tabId: first?.id ?? -1 }, func: () => undefined })
			.then(
				() => true,
				() => false, // the browser refuses
			)
		return { url: first?.url ?? null, isIn }
	})
}

test('[XT76] no page is seen before the button is pressed over it, and no other site after that', async () => {
	const page = await stage.ext.open(stage.film.watch())
	expect(await seenOf(page)).toEqual({ url: null, isIn: false })
	const popup = await stage.ext.popup(page)
	expect(await seenOf(page)).toEqual({ url: stage.film.watch(), isIn: true })
	await startFrom(popup, stage.app.url)
	await expectPlaying(page)
	// Another site in the same tab is none of the extension's business; the room waits for a click.
	await page.goto(stage.sites.url('film'))
	expect(await seenOf(page)).toEqual({ url: null, isIn: false })
	await expect(popup.getByText('that the extension is not let into')).toBeVisible()
	await leaveFrom(popup)
	await page.close()
})
