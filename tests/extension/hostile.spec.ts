/**
 * What a page has of a room that plays on it: nothing to read, nothing to say, and afterwards nothing left.
 */
import { expect, test, type Page } from '@playwright/test'
import { expectToRead, openTab, say, waitForPlaying, type Person } from '../support/person.ts'
import { expectNear, expectPlaying, isPaused, leaveFrom, lookAt } from './support/site-page.ts'
import { expectGood, meetFromPage, part, press, useStage } from './support/stage.ts'
import { readTraces } from './support/traces.ts'

const stage = useStage()

const arm = async (page: Page, how: '1' | 'loop'): Promise<void> => {
	await lookAt(page, `document.documentElement.dataset.armed = '${how}'`)
}
/** What the page's script has got hold of. */
const caught = async (page: Page): Promise<string[]> => {
	const text = (await lookAt(page, 'document.documentElement.dataset.caught')) as string | undefined
	return JSON.parse(text ?? '[]') as string[]
}
const deeds = async (person: Person): Promise<string[]> => {
	await openTab(person, 'Activity')
	const rows = person.page.getByRole('log', { name: 'Activity' }).locator('.what')
	await expect(rows.first()).toBeVisible()
	return rows.allInnerTexts()
}
const panelOf = (page: Page) =>
	page.frames().find((frame) => frame.url().startsWith(`${stage.ext.origin}/panel.html`))

test('[XT72] a hostile page cannot act in the room: neither by events and messages that it makes nor by its own film', async () => {
	const room = await meetFromPage(stage, stage.sites.url('hostile'))
	const { page, bob } = room
	await expectNear(page, bob)
	const before = await deeds(bob)
	await arm(page, '1')
	await page.waitForTimeout(2_000)
	await expectPlaying(page)
	await waitForPlaying(bob)
	await expectNear(page, bob)
	// It starts and stops its film many times a second: that is no act of anybody's.
	await arm(page, 'loop')
	await page.waitForTimeout(2_000)
	await waitForPlaying(bob)
	expect(await deeds(bob)).toEqual(before)
	await arm(page, '1')
	await press(bob, 'Pause')
	await expect.poll(() => isPaused(page)).toBe(true)
	// It sees that something stands there, and nothing in it.
	expect(await caught(page)).toEqual(['found div'])
	await part(stage, room)
})

test('[XT72] a hostile page cannot read the room: no word, no key, no frame of the extension’s', async () => {
	const room = await meetFromPage(stage, `${stage.sites.url('hostile')}?extension=${stage.ext.origin}`)
	const { page, bob } = room
	await arm(page, '1')
	await expect.poll(() => panelOf(page)?.url() ?? null).not.toBeNull()
	await say(bob, 'The tide is out')
	await page.waitForTimeout(1_500)
	// Nothing of the room is in what the page can reach.
	const reach = String(await lookAt(page, 'document.documentElement.outerHTML'))
	expect(reach).not.toContain('The tide is out')
	expect(reach).not.toContain(new URL(room.link).hash.slice(1))
	// The frames that it made of the extension's pages show nothing, whichever were let in.
	const panels = page.frames().filter((frame) => frame.url() === `${stage.ext.origin}/panel.html#word`)
	for (const frame of panels) expect((await frame.locator('body').innerText()).trim()).toBe('')
	expect(page.frames().filter((frame) => /(?:popup|options|room|open)\.html/.test(frame.url()))).toEqual([])
	const got = await caught(page)
	expect(got).toContain('found div')
	expect(got.filter((what) => /^(?:called|heard|message|found a shadow)/.test(what))).toEqual([])
	await part(stage, room)
})

test('[XT75] after leaving no listener and no element of the extension’s is on the page, and the video is as it was', async () => {
	const page = await stage.ext.open(stage.film.watch())
	const clean = await readTraces(page, stage.ext.origin)
	expect(clean.listeners).toEqual([])
	await page.close()
	const room = await meetFromPage(stage)
	await expect
		.poll(async () => (await readTraces(room.page, stage.ext.origin)).listeners.length)
		.toBeGreaterThan(5)
	await say(room.bob, 'Until tomorrow')
	await expectToRead(room.bob, 'Until tomorrow')
	expectGood(stage, room.bob)
	await leaveFrom(room.popup)
	await expect.poll(() => readTraces(room.page, stage.ext.origin)).toEqual(clean)
	const video = await room.page.evaluate(() => {
		const film = document.querySelector('video')
		return film === null
			? null
			: [film.playbackRate, film.preservesPitch, film.muted, film.getAttributeNames()]
	})
	expect(video).toEqual([1, true, false, ['src', 'width', 'height', 'aria-label']])
	await room.bob.close()
	await room.page.close()
})
