/**
 * A Chromium with the player page open and the fake sites behind it, for tests of adapters.
 */
import type { Browser, Page } from 'playwright-core'
import type { MediaRef } from '#lib/core/media.ts'
import type { ContractReport } from '#lib/players/contract.ts'
import { launch } from '../browsers.ts'
import type { FakeSite } from './fake-site.ts'
import { PLAYER_PAGE, playerPage } from './player-page.ts'
import { startUpstreams, type Upstreams } from './server.ts'

export interface PlayerLab {
	readonly upstreams: Upstreams
	readonly browser: Browser
	/** A new page (and context) with `window.lab` ready. */
	newPage(): Promise<Page>
	close(): Promise<void>
}

export interface LabOptions {
	/** Leaves the browser's own rule for starting with sound in force. */
	readonly isAutoplayGuarded?: boolean
	/**
	 * Frames share their page's process. Playwright ends the run ("Assertion error" in frameAttached) when a frame goes
	 * between a blank page of ours and another site's within a moment, in and out of a process of its own.
	 */
	readonly isOneProcess?: boolean
}

export const startLab = async (sites: readonly FakeSite[], options: LabOptions = {}): Promise<PlayerLab> => {
	const upstreams = await startUpstreams([playerPage(), ...sites])
	const guarded = options.isAutoplayGuarded ? ['--autoplay-policy=document-user-activation-required'] : []
	const joined = options.isOneProcess ? ['--disable-site-isolation-trials'] : []
	const browser = await launch('chromium', { args: [...upstreams.chromiumArgs, ...guarded, ...joined] })
	return {
		upstreams,
		browser,
		async newPage() {
			const context = await browser.newContext({
				ignoreHTTPSErrors: true,
				viewport: { width: 960, height: 540 },
			})
			const page = await context.newPage()
			// Modules run before the load event. Nothing is evaluated here: that would count as a person's touch.
			await page.goto(PLAYER_PAGE, { waitUntil: 'load' })
			return page
		},
		async close() {
			await browser.close()
			await upstreams.close()
		},
	}
}

/** Runs an expression as no person's touch, which `page.evaluate` would be for the browser. */
export const evaluateUntouched = async (page: Page, expression: string): Promise<unknown> => {
	const session = await page.context().newCDPSession(page)
	const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
		expression,
		awaitPromise: true,
		returnByValue: true,
		userGesture: false,
	})
	if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
	return result.value
}

/** The contract over whatever plays `media`, in a page of its own. */
export const contractOver = async (
	lab: PlayerLab,
	media: MediaRef,
	toleranceS: number,
): Promise<ContractReport> => {
	const page = await lab.newPage()
	try {
		return await page.evaluate(([ref, tolerance]) => window.lab.contract(ref, tolerance), [
			media,
			toleranceS,
		] as const)
	} finally {
		await page.context().close()
	}
}
