/**
 * "Firefox on Linux": a User-Agent in words that somebody recognises as one of their devices. A guess, for reading.
 */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
	[/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
	[/\bOPR\/|\bOPiOS\//, 'Opera'],
	[/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\bVivaldi\//, 'Vivaldi'],
	[/\bFirefox\/|\bFxiOS\//, 'Firefox'],
	[/\bChrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
	[/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
	[/\biPhone\b/, 'iPhone'],
	[/\biPad\b/, 'iPad'],
	[/\bAndroid\b/, 'Android'],
	[/\bCrOS\b/, 'ChromeOS'],
	[/\bWindows\b/, 'Windows'],
	[/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
	[/\bLinux\b|\bX11\b/, 'Linux'],
]

const first = (table: typeof BROWSERS, text: string): string | null =>
	table.find(([pattern]) => pattern.test(text))?.[1] ?? null

/** At most 80 characters, only words of ours: nothing of the header itself is kept. */
export const agentWords = (userAgent: string | undefined): string => {
	const text = (userAgent ?? '').slice(0, 512)
	const browser = first(BROWSERS, text)
	const system = first(SYSTEMS, text)
	if (browser === null) return system === null ? 'Unknown device' : `A program on ${system}`
	return system === null ? browser : `${browser} on ${system}`
}
