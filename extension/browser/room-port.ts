/**
 * The popup's way to the room: the tab it is over, the script in its page, and the port to the room's document.
 */
import { browser } from 'wxt/browser'
import { POPUP_PORT, popupView, type FromPopup, type PopupView } from '../src/wire/popup-messages.ts'
import { createLine, type Line } from '../src/wire/port.ts'
import { settings } from './settings.ts'

export interface RoomPort {
	send(message: FromPopup): void
	/** Puts the page's script into the tab. False where the browser does not allow it. */
	putScriptIn(tab: number): Promise<boolean>
	/** Another address in the tab, at a person's click. */
	goTo(tab: number, url: string): Promise<void>
	close(): void
}

export const readKeptServer = async (): Promise<string> => (await settings().read()).server
export const keepServer = (server: string): Promise<void> => settings().set({ server })

/**
 * The tab under the popup, or the one that `?tab=` names where the popup is a page of its own (phones, tests); null
 * where it shows no page that a room could play.
 */
export const currentTab = async (): Promise<{ readonly id: number; readonly url: string } | null> => {
	const named = Number(new URLSearchParams(location.search).get('tab') ?? NaN)
	const tab = Number.isInteger(named)
		? await browser.tabs.get(named)
		: (await browser.tabs.query({ active: true, currentWindow: true }))[0]
	// Its address is told by activeTab, for this click; pages of the browser itself have none that we may read.
	const { id, url } = tab ?? {}
	return id !== undefined && url !== undefined && /^https?:/.test(url) ? { id, url } : null
}

const WAKE_TRIES = 20
const WAKE_EVERY_MS = 100

/** The room's document is up when it answers; `onView` with each view. Null where it never does. */
export const openRoomPort = async (
	onView: (view: PopupView) => void,
	onGone: () => void,
): Promise<RoomPort | null> => {
	// In Firefox the background page is the room's, and this call starts it.
	const isUp = await browser.runtime.sendMessage({ type: 'wake' }).catch(() => false)
	if (isUp !== true) return null
	for (let tries = 0; tries < WAKE_TRIES; tries++) {
		const line = await connect(onView)
		if (line !== null) {
			line.onClose(onGone)
			return {
				send: (message) => void line.send(message),
				putScriptIn: async (tab) => {
					try {
						await browser.scripting.executeScript({ target: { tabId: tab }, files: ['/page.js'] })
						return true
					} catch (error) {
						console.warn(error) // the browser's own words; the person reads ours
						return false
					}
				},
				goTo: async (tab, url) => void (await browser.tabs.update(tab, { url })),
				close: line.close,
			}
		}
		await new Promise((resolve) => setTimeout(resolve, WAKE_EVERY_MS))
	}
	return null
}

/** A document that is still loading hears nothing: then the port closes, or no view comes. */
const connect = (onView: (view: PopupView) => void): Promise<Line<PopupView, FromPopup> | null> =>
	new Promise((resolve) => {
		const line = createLine<PopupView, FromPopup>(browser.runtime.connect({ name: POPUP_PORT }), popupView)
		let isSettled = false
		const settle = (made: Line<PopupView, FromPopup> | null) => {
			if (isSettled) return
			isSettled = true
			clearTimeout(timer)
			resolve(made)
		}
		const timer = setTimeout(() => {
			settle(null)
			line.close()
		}, 1_000)
		line.onClose(() => settle(null))
		line.on((view) => {
			settle(line)
			onView(view)
		})
	})
