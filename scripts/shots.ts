/**
 * Takes pictures of the playground (or of any address) for looking at: `node scripts/shots.ts [base] [out] [filter]`.
 * The server must run; the pictures go to a folder of their own, one file a scene, size and theme.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [base = 'http://127.0.0.1:5199', out = 'test-results/shots', filter = ''] = process.argv.slice(2)

const SIZES = {
	desktop: { width: 1440, height: 900 },
	phone: { width: 390, height: 844 },
	landscape: { width: 844, height: 390 },
	tablet: { width: 820, height: 1180 },
} as const

type Size = keyof typeof SIZES

/** Name, address, sizes. */
const SCENES: readonly (readonly [name: string, address: string, sizes: readonly Size[]])[] = [
	['home', 'screen=home', ['desktop', 'phone', 'tablet']],
	['home-first', 'screen=home&rooms=none', ['desktop']],
	['room', 'status=waiting&toast=removed', ['desktop', 'phone', 'landscape', 'tablet']],
	['room-queue', 'tab=queue', ['desktop', 'phone']],
	['room-people', 'tab=people', ['desktop', 'phone']],
	['room-activity', 'tab=activity', ['desktop', 'phone']],
	['room-invite', 'press=Invite', ['desktop', 'phone']],
	['room-join', 'status=join&scene=blocked', ['desktop', 'phone', 'landscape']],
	['room-empty', 'scene=empty&status=alone&links=alone', ['desktop', 'phone', 'tablet']],
	['room-end', 'scene=end', ['desktop', 'phone']],
	['room-failed', 'scene=failed', ['desktop', 'phone']],
	['room-loading', 'scene=loading&links=connecting', ['desktop']],
	['room-operators', 'scene=operators&links=away&status=away', ['desktop', 'phone']],
	['room-theater', 'press=Theater', ['desktop']],
	['room-speed', 'press=Playback speed', ['desktop']],
	['room-sheet', 'press=Show the side panel', ['landscape']],
	['door', 'screen=door&door=bad-code', ['desktop', 'phone']],
	['door-away', 'screen=door&door=server-away', ['desktop']],
	['needs', 'screen=needs', ['desktop', 'phone']],
]

const browser = await chromium.launch({
	executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
	args: [
		'--no-sandbox',
		'--disable-gpu',
		'--disable-quic',
		'--no-first-run',
		'--disable-background-networking',
	],
})
await mkdir(out, { recursive: true })
try {
	for (const theme of ['dark', 'light'] as const)
		for (const size of Object.keys(SIZES) as Size[]) {
			const context = await browser.newContext({
				viewport: SIZES[size],
				colorScheme: theme,
				hasTouch: size === 'phone' || size === 'landscape',
				reducedMotion: 'reduce',
			})
			const page = await context.newPage()
			page.on('pageerror', (error) => {
				console.error(`page error: ${error.message}`)
			})
			for (const [name, address, sizes] of SCENES) {
				const file = `${name}-${size}-${theme}.png`
				if (!sizes.includes(size) || !file.includes(filter)) continue
				await page.goto(`${base}/dev?bare&theme=${theme}&${address}`)
				await page.locator('#stage, main').first().waitFor()
				await page.waitForTimeout(400)
				await page.screenshot({ path: join(out, file) })
				console.log(file)
			}
			await context.close()
		}
} finally {
	await browser.close()
}
