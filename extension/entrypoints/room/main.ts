/**
 * The document in which the room lives: Chrome's offscreen document, Firefox's background page.
 */
import { browser } from 'wxt/browser'
import { languageFor, useLanguage } from '#lib/words/language.ts'
import { listen } from '../../browser/listen.ts'
import { createRoomHost } from '../../src/room/room-host.ts'
import { PAGE_PORT } from '../../src/wire/page-messages.ts'
import { fromPopup, POPUP_PORT, type FromPopup, type PopupView } from '../../src/wire/popup-messages.ts'
import { createLine, isOwnPage, type Line } from '../../src/wire/port.ts'
import { fromRouter, type FromRouter, type ToRouter } from '../../src/wire/router-messages.ts'

const ownId = browser.runtime.id
// WXT types it by files that it writes; this is the folder of them all.
const ownUrl = (browser.runtime as unknown as { getURL(path: string): string }).getURL('')
const popups = new Set<Line<FromPopup, PopupView>>()

/** This document is as hidden as the page that the film plays on: nobody looks at itself. */
let isHidden = false
Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') })
Object.defineProperty(document, 'hidden', { get: () => isHidden })

let tellRouter: (message: ToRouter) => void = (message) => {
	// The background may be asleep: the message wakes it.
	browser.runtime.sendMessage(message).catch((error: unknown) => console.warn(error))
}

const host = createRoomHost({
	ownId,
	ownOrigin: new URL(ownUrl).origin === 'null' ? ownUrl.replace(/\/$/, '') : new URL(ownUrl).origin,
	document,
	setTimer: (fn, ms) => {
		const id = setTimeout(fn, ms)
		return () => clearTimeout(id)
	},
	onView: (view) => {
		for (const popup of popups) popup.send(view)
	},
	onTab: (tab) => tellRouter({ type: 'plays-in', tab }),
	onHidden: (next) => {
		if (next === isHidden) return
		isHidden = next
		document.dispatchEvent(new Event('visibilitychange'))
	},
})

browser.runtime.onConnect.addListener((port) => {
	if (port.name === PAGE_PORT) return host.takePage(port)
	if (port.name !== POPUP_PORT || !isOwnPage(port, ownId, ownUrl)) return port.disconnect()
	const line = createLine<FromPopup, PopupView>(port, fromPopup)
	popups.add(line)
	line.onClose(() => popups.delete(line))
	line.on((message) => void host.ask(message))
	line.send(host.view())
})

const fromBackground = (message: FromRouter): void => host.tabClosed(message.tab)
if (import.meta.env.FIREFOX) {
	const router = listen({ raiseRoom: () => Promise.resolve(), tellRoom: fromBackground })
	// It is this very document, and no message comes back to whoever sent it.
	tellRouter = (message) => void router.heard(message, ownId)
} else
	browser.runtime.onMessage.addListener((raw: unknown, sender) => {
		const message = sender.id === ownId ? fromRouter.parse(raw) : undefined
		if (message !== undefined) fromBackground(message)
		return undefined
	})

// The words stay English where the others cannot be had.
useLanguage(languageFor(navigator.languages)).catch((error: unknown) => console.warn(error))
