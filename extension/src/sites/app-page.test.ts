import {
	APP_EVENT,
	EXTENSION_EVENT,
	EXTENSION_PROTOCOL,
	extensionNote,
	readNote,
	WATCH_EVENT,
	writeNote,
} from '#lib/protocol/extension-note.ts'
import { beforeEach, expect, it } from 'vitest'
import { createAppPage } from './app-page.ts'

const NOTE = { code: 'AAAA-BBBB-CCCC-DDDD-EEEE', url: 'https://video.example/v/1', title: 'Saltmarsh' }

let page: EventTarget
let answer: unknown
let isGone: boolean
let isActive: boolean
let told: unknown[]
let heard: unknown[]
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
const start = async () => {
	const end = createAppPage({
		document: page,
		version: '0.1.0',
		isActive: () => isActive,
		tell: async (message) => {
			if (isGone) throw new Error('Extension context invalidated')
			told.push(message)
			return answer
		},
	})
	await settled()
	return end
}
const say = (name: string, detail: unknown) => page.dispatchEvent(new CustomEvent(name, { detail }))
beforeEach(() => {
	page = new EventTarget()
	answer = true
	isGone = false
	isActive = true
	told = []
	heard = []
	page.addEventListener(EXTENSION_EVENT, (event) =>
		heard.push(readNote(extensionNote, (event as CustomEvent<unknown>).detail)),
	)
})

it('[XT40] on the server’s pages it says that it is there, and answers whoever asks', async () => {
	await start()
	const here = { version: '0.1.0', protocol: EXTENSION_PROTOCOL }
	expect(heard).toEqual([here])
	say(APP_EVENT, writeNote({ protocol: EXTENSION_PROTOCOL }))
	expect(heard).toEqual([here, here])
	say(APP_EVENT, 'no JSON')
	say(APP_EVENT, { protocol: 1 })
	expect(heard).toHaveLength(2)
})
it.each([false, undefined])('[XT40] on any other page it is silent (%s)', async (said) => {
	answer = said
	await start()
	say(APP_EVENT, writeNote({ protocol: EXTENSION_PROTOCOL }))
	say(WATCH_EVENT, writeNote(NOTE))
	expect(heard).toEqual([])
	expect(told).toEqual([{ type: 'app-page' }])
})
it('[XT41] a click in the room is handed on; what a script sends without one is not', async () => {
	await start()
	isActive = false
	say(WATCH_EVENT, writeNote(NOTE))
	expect(told).toEqual([{ type: 'app-page' }])
	isActive = true
	say(WATCH_EVENT, writeNote({ ...NOTE, url: 'javascript:alert(1)' }))
	say(WATCH_EVENT, NOTE)
	expect(told).toHaveLength(1)
	say(WATCH_EVENT, writeNote(NOTE))
	expect(told[1]).toEqual({ type: 'watch-on-site', note: NOTE })
})
it('[XT41] what is left in a page of an extension that is gone listens no longer', async () => {
	await start()
	isGone = true
	say(WATCH_EVENT, writeNote(NOTE))
	await settled()
	isGone = false
	say(WATCH_EVENT, writeNote(NOTE))
	say(APP_EVENT, writeNote({ protocol: EXTENSION_PROTOCOL }))
	expect(told).toHaveLength(1)
	expect(heard).toHaveLength(1)
})
