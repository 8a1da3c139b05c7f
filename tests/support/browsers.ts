/**
 * The two browsers that people have here, as Debian ships them, driven by Playwright.
 */
import { existsSync } from 'node:fs'
import { chromium, firefox, type Browser } from 'playwright-core'

export type BrowserKind = 'chromium' | 'firefox'

const pathOf = (envName: string, candidates: readonly string[]): string => {
	const path = [process.env[envName], ...candidates].find(
		(candidate) => candidate !== undefined && existsSync(candidate),
	)
	if (path === undefined) throw new Error(`no browser found; say where it is with ${envName}`)
	return path
}

const CHROMIUM_ARGS = [
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

export const launch = (kind: BrowserKind, options: LaunchOptions = {}): Promise<Browser> => {
	if (kind === 'chromium') {
		return chromium.launch({
			executablePath: pathOf('CHROMIUM_PATH', [
				'/usr/bin/chromium',
				'/usr/bin/chromium-browser',
				'/usr/bin/google-chrome',
			]),
			args: [...CHROMIUM_ARGS, '--autoplay-policy=no-user-gesture-required', ...(options.args ?? [])],
		})
	}
	return firefox.launch({
		channel: 'moz-firefox',
		executablePath: pathOf('FIREFOX_PATH', ['/usr/bin/firefox-esr', '/usr/bin/firefox']),
		firefoxUserPrefs: {
			'media.autoplay.default': 0,
			'media.autoplay.blocking_policy': 0,
			'media.navigator.streams.fake': true,
			'media.navigator.permission.disabled': true,
		},
	})
}
