import { beforeEach, expect, it } from 'vitest'
import { createRouter, type Router, type Sender } from './router.ts'
import type { Settings } from './settings.ts'

const OWN_URL = 'chrome-extension://me/'
const OWN: Sender = { id: 'me', url: `${OWN_URL}popup.html` }
const SERVER = 'https://matinee.example/watch'
const ROOM_PAGE: Sender = { id: 'me', url: `${SERVER}/r#AAAA`, frameId: 0, tab: { id: 3 } }
const NOTE = { code: 'AAAA-BBBB-CCCC-DDDD-EEEE', url: 'https://video.example/v/1', title: 'Saltmarsh' }

let kept: number | null
let raised: number
let put: number[]
let told: unknown[]
let isAllowed: boolean
let settings: Settings
let origins: string[]
let registered: unknown
let putAppScript: number
let asked: unknown[]
let bars: unknown[]
let nowMs: number
let router: Router
/** All that it knows stands in the browser's storage: another one is as the same after a sleep. */
const start = () =>
	createRouter({
		ownId: 'me',
		ownUrl: OWN_URL,
		raiseRoom: async () => void (raised += 1),
		keepTab: async (tab) => void (kept = tab),
		keptTab: async () => kept,
		putScriptIn: async (tab) => {
			if (!isAllowed) throw new Error('Cannot access contents of the page')
			put.push(tab)
		},
		tellRoom: (message) => void told.push(message),
		settings: async () => settings,
		showToolbar: async (badge, title) => void bars.push([badge, title]),
		allowedOrigins: async () => origins,
		registerAppScript: async (script) => void (registered = script),
		putAppScriptIn: async () => void (putAppScript += 1),
		nowMs: () => nowMs,
		askToWatch: async (note) => void asked.push(note),
	})
beforeEach(() => {
	kept = null
	raised = 0
	put = []
	told = []
	isAllowed = true
	settings = { server: SERVER, theme: 'system', language: 'system' }
	origins = []
	registered = undefined
	putAppScript = 0
	asked = []
	bars = []
	nowMs = 1_000_000
	router = start()
})

it('[XT14] the room’s document is raised before the popup speaks to it', async () => {
	expect(await router.heard({ type: 'wake' }, OWN)).toBe(true)
	expect(raised).toBe(1)
})
it('[XT13] nobody but the extension’s own parts is heard, and of them only what fits', () => {
	expect(router.heard({ type: 'wake' }, { ...OWN, id: 'other' })).toBeUndefined()
	expect(router.heard({ type: 'wake' }, {})).toBeUndefined()
	expect(router.heard({ type: 'plays-in', tab: 'all' }, OWN)).toBeUndefined()
	expect([raised, kept]).toEqual([0, null])
})
it.each(['wake', 'settings', 'toolbar', 'plays-in'])(
	'[XT13] a script in a page, be it the extension’s own, does not get to say %s',
	(type) => {
		const message = { type, tab: 7, badge: '', title: '' }
		for (const url of ['https://video.example/', `https://video.example/${OWN_URL}`, undefined])
			expect(router.heard(message, { ...ROOM_PAGE, url })).toBeUndefined()
		expect([raised, kept]).toEqual([0, null])
	},
)
it('[XT14] after a reload the script is put in again, in the room’s tab alone', async () => {
	await router.heard({ type: 'plays-in', tab: 7 }, OWN)
	await router.tabLoaded(8)
	await router.tabLoaded(7)
	expect(put).toEqual([7])
	expect(told).toEqual([])
})
it('[XT14] a closed tab is told to the room once, another one is not', async () => {
	await router.heard({ type: 'plays-in', tab: 7 }, OWN)
	await router.tabClosed(8)
	await router.tabClosed(7)
	await router.tabClosed(7)
	expect(told).toEqual([{ type: 'tab-closed', tab: 7 }])
})
it('[XT37] where the browser does not let it in, the room is told that a click is needed', async () => {
	await router.heard({ type: 'plays-in', tab: 7 }, OWN)
	isAllowed = false
	await router.tabLoaded(7)
	expect(put).toEqual([])
	expect(told).toEqual([{ type: 'shut-out', tab: 7 }])
})
it('[XT37] a permission that is given lets the room play at once, without another click', async () => {
	await router.sitesAllowed(['https://video.example/*'])
	expect(put).toEqual([])
	await router.heard({ type: 'plays-in', tab: 7 }, OWN)
	await router.sitesAllowed(['https://video.example/*'])
	expect(put).toEqual([7])
})
it('[XT38] permissions that are taken back are told to the room', async () => {
	await router.sitesTaken(['https://video.example/*'])
	expect(told).toEqual([{ type: 'sites-off', patterns: ['https://video.example/*'] }])
})
it('[XT39] a background that was ended and started anew has lost nothing', async () => {
	await router.heard({ type: 'plays-in', tab: 7 }, OWN)
	router = start()
	await router.tabLoaded(7)
	expect(put).toEqual([7])
	await start().tabClosed(7)
	expect(told).toEqual([{ type: 'tab-closed', tab: 7 }])
	expect(kept).toBeNull()
})
it('[XT35] the room’s document asks for the settings, and hears of each change', async () => {
	expect(await router.heard({ type: 'settings' }, OWN)).toEqual(settings)
	await router.settingsChanged({ ...settings, language: 'zh' })
	expect(told).toEqual([{ type: 'settings-are', settings: { ...settings, language: 'zh' } }])
})
it('[XT43] what the room shows in the toolbar is shown', async () => {
	expect(await router.heard({ type: 'toolbar', badge: '•', title: 'Matinee' }, OWN)).toBe(true)
	expect(router.heard({ type: 'toolbar', badge: 'a long text', title: '' }, OWN)).toBeUndefined()
	expect(bars).toEqual([['•', 'Matinee']])
})

it('[XT40] the script for the server’s pages is there while they are allowed, and for these pages alone', async () => {
	await router.started()
	expect(registered).toBeNull()
	origins = ['https://matinee.example/*', 'https://video.example/*']
	await router.sitesAllowed(['https://matinee.example/*'])
	expect(registered).toMatchObject({ matches: ['https://matinee.example/*'] })
	expect(putAppScript).toBe(1)
	await router.sitesAllowed(['https://video.example/*'])
	expect(putAppScript).toBe(1)
	await router.settingsChanged({ ...settings, server: 'https://other.example' })
	expect(registered).toBeNull()
	origins = []
	await router.sitesTaken(['https://matinee.example/*'])
	expect(registered).toBeNull()
})
it('[XT40] the server’s own pages are answered, and in their main frame alone', async () => {
	expect(await router.heard({ type: 'app-page' }, ROOM_PAGE)).toBe(true)
	expect(router.heard({ type: 'app-page' }, { ...ROOM_PAGE, frameId: 4 })).toBeUndefined()
	expect(router.heard({ type: 'app-page' }, { id: 'me', url: ROOM_PAGE.url, frameId: 0 })).toBeUndefined()
	expect(router.heard({ type: 'app-page' }, { ...ROOM_PAGE, id: 'other' })).toBeUndefined()
})
it.each([
	'https://matinee.example/',
	'https://matinee.example/watching',
	'https://matinee.example:8443/watch/r',
	'https://matinee.example.evil.example/watch/r',
	'http://matinee.example/watch/r',
	'https://evil.example/?https://matinee.example/watch/',
])('[XT40] a page at %s is not the server’s', async (url) => {
	const sender = { ...ROOM_PAGE, url }
	expect(await router.heard({ type: 'app-page' }, sender)).toBe(false)
	expect(await router.heard({ type: 'watch-on-site', note: NOTE }, sender)).toBe(false)
	expect(asked).toEqual([])
})
it('[XT41] a wish to watch on a site opens the extension’s own page, and does nothing else', async () => {
	expect(await router.heard({ type: 'watch-on-site', note: NOTE }, ROOM_PAGE)).toBe(true)
	expect(asked).toEqual([NOTE])
	expect([raised, kept, told, put]).toEqual([0, null, [], []])
})
it('[XT41] many wishes of one click are one', async () => {
	for (let i = 0; i < 100; i++) {
		nowMs += 10
		await router.heard({ type: 'watch-on-site', note: NOTE }, ROOM_PAGE)
	}
	expect(asked).toHaveLength(1)
	nowMs += 1_500
	await router.heard({ type: 'watch-on-site', note: NOTE }, ROOM_PAGE)
	expect(asked).toHaveLength(2)
})
it.each([
	{ ...NOTE, url: 'javascript:alert(1)' },
	{ ...NOTE, url: 'file:///etc/passwd' },
	{ ...NOTE, url: 'chrome-extension://me/options.html' },
	{ ...NOTE, code: 'AAAA' },
	{ ...NOTE, title: 7 },
])('[XT41] a wish that does not parse is nobody’s: %j', (note) => {
	expect(router.heard({ type: 'watch-on-site', note }, ROOM_PAGE)).toBeUndefined()
})
