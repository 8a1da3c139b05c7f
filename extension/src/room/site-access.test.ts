import { beforeEach, expect, it } from 'vitest'
import type { KnownPage } from './pages.ts'
import { createSiteAccess, type SiteAccess } from './site-access.ts'

let tab: number | null
let page: KnownPage | null
let notes: (string | null)[]
let closed: number
let access: SiteAccess
const at = (url: string): KnownPage =>
	({
		tab: 7,
		is: { url },
		line: {
			close: () => {
				closed += 1
				page = null
				access.review()
			},
		},
	}) as unknown as KnownPage
beforeEach(() => {
	tab = 7
	page = null
	notes = []
	closed = 0
	access = createSiteAccess({ tab: () => tab, page: () => page, say: (note) => void notes.push(note) })
})

it('[XT37] a tab that the extension is not let into needs a click, until its page comes or the room goes elsewhere', () => {
	access.shutOut(8)
	expect(access.isShutOut()).toBe(false)
	access.shutOut(7)
	expect(access.isShutOut()).toBe(true)
	page = at('https://video.example/')
	access.review()
	expect(access.isShutOut()).toBe(false)
	page = null
	expect(access.isShutOut()).toBe(false)
	access.shutOut(7)
	tab = 9
	access.review()
	tab = 7
	expect(access.isShutOut()).toBe(false)
})
it('[XT38] a permission taken back lets go of the page that it was for, and says so', () => {
	page = at('https://video.example/v/1')
	access.taken(['https://other.example/*'])
	expect([closed, notes]).toEqual([0, []])
	access.taken(['https://video.example/*'])
	expect(closed).toBe(1)
	expect(notes).toHaveLength(1)
	expect(notes[0]).toContain('video.example')
	expect(access.isShutOut()).toBe(true)
	page = at('https://video.example/v/1')
	access.review()
	access.review()
	expect(notes.slice(1)).toEqual([null])
})
