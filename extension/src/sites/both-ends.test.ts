import { describe, expect, it } from 'vitest'
import { callExtension } from '#lib/session/extension-call.ts'
import { createAppPage } from './app-page.ts'

const CODE = 'K7QX-3M9R-T2VH-8WPC-5NDA'
const NIGHT_BUS = {
	media: { kind: 'page', url: 'https://films.example/watch/5' },
	title: 'Night Bus',
} as const

/** The web app and the extension's script on one page; whichever comes first. */
const meet = async (first: 'app' | 'extension') => {
	const page = new EventTarget()
	const told: unknown[] = []
	const begin = () =>
		createAppPage({
			document: page,
			version: '0.1.0',
			isActive: () => true,
			tell: (message) => {
				told.push(message)
				return Promise.resolve(true)
			},
		})
	const call = () => callExtension({ page, code: CODE, onChange: () => undefined })
	let app: ReturnType<typeof call>
	if (first === 'app') {
		app = call()
		begin()
	} else {
		begin()
		await Promise.resolve()
		app = call()
	}
	await new Promise((resolve) => setImmediate(resolve))
	return { app, told }
}

describe('the web app and the extension on one page', () => {
	it.each(['app', 'extension'] as const)(
		'[XT50] find each other, the %s first, and hand on a click',
		async (first) => {
			const { app, told } = await meet(first)
			expect(app.view()).toEqual({ isOld: false })
			expect(app.watch(NIGHT_BUS)).toBe(true)
			const note = { code: CODE, url: NIGHT_BUS.media.url, title: 'Night Bus' }
			expect(told).toEqual([{ type: 'app-page' }, { type: 'watch-on-site', note }])
		},
	)
})
