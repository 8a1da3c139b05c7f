/**
 * Rooms on pages that imitate YouTube and Bilibili: each viewer's own ads, and films that change within the page.
 */
import { expect, test, type Page } from '@playwright/test'
import { expectNear, expectPlaying, joinFrom, leaveFrom, positionS, startFrom } from './support/site-page.ts'
import { expectGood, useStage } from './support/stage.ts'
import { launchWithExtension } from './support/with-extension.ts'

const stage = useStage()

const isInAd = (page: Page): Promise<boolean> =>
	page.evaluate(() => document.querySelector('#movie_player')?.classList.contains('ad-showing') === true)

test('[XT55] who is shown an ad on YouTube misses a piece, holds nobody up and seeks nobody back, and is in step after it', async () => {
	const { ext, app, sites } = stage
	const other = await launchWithExtension()
	// Ads are shown to one and not to another.
	await other.context.addInitScript(() => {
		if (location.pathname.startsWith('/tube/'))
			sessionStorage.setItem('switches', 'ad=mid&midS=14&adS=20&skipS=3')
	})
	const first = await ext.open(sites.url('tube'))
	const firstPopup = await ext.popup(first)
	const link = await startFrom(firstPopup, app.url)
	const second = await other.open(sites.url('tube'))
	const secondPopup = await other.popup(second)
	await joinFrom(secondPopup, app.url, link)
	await expectPlaying(first)
	await expectNear(first, second)
	await second.bringToFront()

	await expect.poll(() => isInAd(second)).toBe(true)
	const beforeS = await positionS(first)
	await expect(secondPopup.getByText(/\bad\b/i).first()).toBeVisible()
	const skip = second.getByRole('button', { name: 'Skip' })
	await expect(skip).toBeVisible()
	expect(await positionS(first)).toBeGreaterThan(beforeS + 1)
	await skip.click()
	await expectPlaying(second)
	await expectNear(first, second)
	// The film went on for the first, without being sought back to where the second had left it.
	expect(await positionS(first)).toBeGreaterThan(beforeS + 3)
	expect(await second.locator('video').evaluate((video) => (video as HTMLVideoElement).duration)).toBe(120)
	expectGood(stage)
	expect(other.errors).toEqual([])
	await leaveFrom(secondPopup)
	await leaveFrom(firstPopup)
	await other.close()
	await first.close()
})

test('[XT58] going to another film within the page leaves the room’s alone, and coming back is in step with it', async () => {
	const { ext, app, sites } = stage
	const other = await launchWithExtension()
	const first = await ext.open(sites.url('bili'))
	const firstPopup = await ext.popup(first)
	const link = await startFrom(firstPopup, app.url)
	const second = await other.open(sites.url('bili'))
	const secondPopup = await other.popup(second)
	await joinFrom(secondPopup, app.url, link)
	await expectPlaying(first)
	await expectNear(first, second)
	await second.bringToFront()
	await second.getByRole('link', { name: /^P2/ }).click()
	await expect(secondPopup.getByText('The room watches something else')).toBeVisible()
	await expectPlaying(first)
	await second.goBack()
	await expectPlaying(second)
	await expectNear(first, second)
	await expectPlaying(first)
	expectGood(stage)
	expect(other.errors).toEqual([])
	await leaveFrom(secondPopup)
	await leaveFrom(firstPopup)
	await other.close()
	await first.close()
})
