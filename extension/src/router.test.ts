import { beforeEach, expect, it } from 'vitest'
import { createRouter, type Router } from './router.ts'

let kept: number | null
let raised: number
let put: number[]
let told: unknown[]
let isAllowed: boolean
let router: Router
beforeEach(() => {
	kept = null
	raised = 0
	put = []
	told = []
	isAllowed = true
	router = createRouter({
		ownId: 'me',
		raiseRoom: async () => void (raised += 1),
		keepTab: async (tab) => void (kept = tab),
		keptTab: async () => kept,
		putScriptIn: async (tab) => {
			if (!isAllowed) throw new Error('Cannot access contents of the page')
			put.push(tab)
		},
		tellRoom: (message) => void told.push(message),
	})
})

it('[XT14] the room’s document is raised before the popup speaks to it', async () => {
	expect(await router.heard({ type: 'wake' }, 'me')).toBe(true)
	expect(raised).toBe(1)
})
it('[XT13] nobody but the extension’s own parts is heard, and of them only what fits', () => {
	expect(router.heard({ type: 'wake' }, 'other')).toBeUndefined()
	expect(router.heard({ type: 'wake' }, undefined)).toBeUndefined()
	expect(router.heard({ type: 'plays-in', tab: 'all' }, 'me')).toBeUndefined()
	expect([raised, kept]).toEqual([0, null])
})
it('[XT14] after a reload the script is put in again, in the room’s tab alone', async () => {
	await router.heard({ type: 'plays-in', tab: 7 }, 'me')
	await router.tabLoaded(8)
	await router.tabLoaded(7)
	expect(put).toEqual([7])
	isAllowed = false
	await router.tabLoaded(7)
	expect(put).toEqual([7])
})
it('[XT14] a closed tab is told to the room once, another one is not', async () => {
	await router.heard({ type: 'plays-in', tab: 7 }, 'me')
	await router.tabClosed(8)
	await router.tabClosed(7)
	await router.tabClosed(7)
	expect(told).toEqual([{ type: 'tab-closed', tab: 7 }])
})
