/**
 * A room of nobody but extensions.
 */
import { expect, test } from '@playwright/test'
import { expectNear, expectPlaying, isPaused, joinFrom, leaveFrom, startFrom } from './support/site-page.ts'
import { expectGood, useStage } from './support/stage.ts'
import { launchWithExtension } from './support/with-extension.ts'

const stage = useStage()

test('[XT71] two browsers with the extension are in step, and each one’s clicks on its own page are the room’s', async () => {
	const { ext, app, film } = stage
	const other = await launchWithExtension()
	const first = await ext.open(film.watch())
	const firstPopup = await ext.popup(first)
	const link = await startFrom(firstPopup, app.url)
	const second = await other.open(film.watch())
	const secondPopup = await other.popup(second)
	await joinFrom(secondPopup, app.url, link)
	await expectPlaying(first)
	await expectPlaying(second)
	await expectNear(first, second, 40)
	await second.getByRole('button', { name: 'Play or pause' }).click()
	await expect.poll(() => isPaused(first)).toBe(true)
	await expectNear(first, second, 60)
	await first.getByRole('button', { name: 'Play or pause' }).click()
	await expectPlaying(second)
	await expectNear(first, second)
	expectGood(stage)
	expect(other.errors).toEqual([])
	await leaveFrom(secondPopup)
	await leaveFrom(firstPopup)
	await other.close()
	await first.close()
})
