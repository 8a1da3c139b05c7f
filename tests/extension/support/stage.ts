/**
 * What a file of stories plays on: Chromium with the extension, another without it, a server that allows the
 * extension, and the sites. Begun before the first story, ended after the last.
 */
import { expect, test, type Page } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../../support/app.ts'
import { launch } from '../../support/browsers.ts'
import {
	arrive,
	expectNoErrors,
	joinRoom,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../../support/person.ts'
import { startSites, type Sites } from '../sites/start-sites.ts'
import { startFilmSite, type FilmSite } from './film-site.ts'
import { expectPlaying, leaveFrom, startFrom } from './site-page.ts'
import { launchWithExtension, type ExtensionOptions, type WithExtension } from './with-extension.ts'

export interface Stage {
	readonly ext: WithExtension
	readonly app: AppServer
	readonly browser: Browser
	readonly film: FilmSite
	readonly sites: Sites
}

/** The site's page with its popup, in a room that was started from there, and somebody at the web app in it. */
export interface Together {
	readonly page: Page
	readonly popup: Page
	readonly link: string
	readonly bob: Person
}

/** Its parts are there from the first story on. */
export const useStage = (options: ExtensionOptions = {}): Stage => {
	const stage: Partial<{ -readonly [Name in keyof Stage]: Stage[Name] }> = {}
	test.beforeAll(async () => {
		const [ext, browser, film, sites] = await Promise.all([
			launchWithExtension(options),
			launch('chromium'),
			startFilmSite(),
			startSites(),
		])
		Object.assign(stage, { ext, browser, film, sites })
		stage.app = await startApp({ ALLOWED_ORIGINS: ext.origin })
	})
	test.afterAll(async () => {
		await Promise.all([stage.ext?.close(), stage.browser?.close(), stage.film?.close(), stage.sites?.close()])
		await stage.app?.close()
	})
	return stage as Stage
}

/** Both play when this is done. */
export const meetFromPage = async (
	{ ext, app, browser, film }: Stage,
	url = film.watch(),
): Promise<Together> => {
	const page = await ext.open(url)
	const popup = await ext.popup(page)
	const link = await startFrom(popup, app.url)
	const bob = await arrive(browser)
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await waitForPlaying(bob)
	await expectPlaying(page)
	return { page, popup, link, bob }
}

export const expectGood = ({ ext }: Stage, ...people: readonly Person[]): void => {
	expectNoErrors(...people)
	expect(ext.errors).toEqual([])
}

/** Everybody goes; nothing has gone wrong. */
export const part = async (
	stage: Stage,
	{ page, popup, bob }: Pick<Together, 'page' | 'popup' | 'bob'>,
): Promise<void> => {
	expectGood(stage, bob)
	await leaveFrom(popup)
	await bob.close()
	await page.close()
}

/** A control of the web app. */
export const press = ({ page }: Person, name: 'Play' | 'Pause'): Promise<void> =>
	page.getByRole('button', { name, exact: true }).first().click()
