/**
 * The two browsers that people have here, as Debian ships them, driven by Playwright.
 */
import { existsSync } from 'node:fs'
import { chromium, firefox, type Browser, type BrowserContext } from 'playwright-core'

export type BrowserKind = 'chromium' | 'firefox'

const pathOf = (envName: string, candidates: readonly string[]): string => {
	const path = [process.env[envName], ...candidates].find(
		(candidate) => candidate !== undefined && existsSync(candidate),
	)
	if (path === undefined) throw new Error(`no browser found; say where it is with ${envName}`)
	return path
}

/**
 * Chromium takes only the last such list, so this is Playwright's own (chromiumSwitches.ts), and what makes each new
 * window load two pages for its address bar, which nobody here types in: half of what opening a page costs.
 */
export const FEATURES_OFF: readonly string[] = [
	'AvoidUnnecessaryBeforeUnloadCheckSync',
	'DestroyProfileOnBrowserClose',
	'DialMediaRouteProvider',
	'GlobalMediaControls',
	'HttpsUpgrades',
	'LensOverlay',
	'MediaRouter',
	'PaintHolding',
	'ThirdPartyStoragePartitioning',
	'BlockOriginHeaderModificationOnRedirect',
	'AvoidCorsURLLoaderRestartOnRedirect',
	'Translate',
	'AutoDeElevate',
	'OptimizationHints',
	'NetworkTimeServiceQuerying',
	'AimEnabled',
	'WebUIOmniboxPopup',
	'WebUIOmniboxAimPopup',
	'WebUIOmniboxFullPopup',
]

export const chromiumPath = (): string =>
	pathOf('CHROMIUM_PATH', ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'])

export const firefoxPath = (): string => pathOf('FIREFOX_PATH', ['/usr/bin/firefox-esr', '/usr/bin/firefox'])

export const CHROMIUM_ARGS = [
	`--disable-features=${FEATURES_OFF.join(',')}`,
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
]

export interface LaunchOptions {
	readonly args?: readonly string[]
}

const chromiumOptions = (options: LaunchOptions) => ({
	executablePath: chromiumPath(),
	args: [...CHROMIUM_ARGS, '--autoplay-policy=no-user-gesture-required', ...(options.args ?? [])],
})
const firefoxOptions = () => ({
	channel: 'moz-firefox',
	executablePath: firefoxPath(),
	firefoxUserPrefs: {
		'media.autoplay.default': 0,
		'media.autoplay.blocking_policy': 0,
		'media.navigator.streams.fake': true,
		'media.navigator.permission.disabled': true,
	},
})

export const launch = (kind: BrowserKind, options: LaunchOptions = {}): Promise<Browser> =>
	kind === 'chromium' ? chromium.launch(chromiumOptions(options)) : firefox.launch(firefoxOptions())

/** A browser that keeps all in the folder `profile`, to be closed and started again as a new process. */
export const launchProfile = (kind: BrowserKind, profile: string): Promise<BrowserContext> =>
	kind === 'chromium'
		? chromium.launchPersistentContext(profile, chromiumOptions({}))
		: firefox.launchPersistentContext(profile, firefoxOptions())
