/**
 * The document in which the room lives: Chrome's offscreen document, Firefox's background page.
 */
import { browser } from 'wxt/browser'
import { listen } from '../../browser/listen.ts'
import { ownOrigin, ownUrl as findOwnUrl } from '../../browser/own-url.ts'
import { speak } from '../../browser/look.ts'
import { createRoomHost } from '../../src/room/room-host.ts'
import { createStayAwake } from '../../src/room/stay-awake.ts'
import { settingsSchema } from '../../src/settings.ts'
import { toolbarOf } from '../../src/toolbar.ts'
import { PAGE_PORT } from '../../src/wire/page-messages.ts'
import { PANEL_PORT } from '../../src/wire/panel-messages.ts'
import { fromPopup, POPUP_PORT, type FromPopup, type PopupView } from '../../src/wire/popup-messages.ts'
import { createLine, isOwnPage, type Line } from '../../src/wire/port.ts'
// An offscreen document cannot ask for the manifest.
import { version } from '../../package.json'
import { fromRouter, type FromRouter, type ToRouter } from '../../src/wire/router-messages.ts'

const ownId = browser.runtime.id
const ownUrl = findOwnUrl()
const popups = new Set<Line<FromPopup, PopupView>>()

/** The background may be asleep: the message wakes it. */
let askRouter = (message: ToRouter): Promise<unknown> => browser.runtime.sendMessage(message)
const tellRouter = (message: ToRouter): void =>
	void askRouter(message).catch((error: unknown) => console.warn(error))

const stayAwake = import.meta.env.FIREFOX
	? createStayAwake({
			touch: () => browser.runtime.getPlatformInfo(),
			every: (ms, fn) => {
				const id = setInterval(fn, ms)
				return () => clearInterval(id)
			},
		})
	: () => undefined

let shownToolbar = ''
const showToolbar = (): void => {
	const next = toolbarOf(host.view())
	const text = JSON.stringify(next)
	if (text === shownToolbar) return
	shownToolbar = text
	tellRouter({ type: 'toolbar', ...next })
}

const host = createRoomHost({
	ownId,
	version,
	ownOrigin: ownOrigin(),
	ownUrl,
	document,
	setTimer: (fn, ms) => {
		const id = setTimeout(fn, ms)
		return () => clearTimeout(id)
	},
	onView: (view) => {
		for (const popup of popups) popup.send(view)
		showToolbar()
		stayAwake(view)
	},
	onTab: (tab) => tellRouter({ type: 'plays-in', tab }),
})

browser.runtime.onConnect.addListener((port) => {
	if (port.name === PAGE_PORT) return host.takePage(port)
	if (port.name === PANEL_PORT) return host.takePanel(port)
	if (port.name !== POPUP_PORT || !isOwnPage(port, ownId, ownUrl)) return port.disconnect()
	const line = createLine<FromPopup, PopupView>(port, fromPopup)
	popups.add(line)
	line.onClose(() => popups.delete(line))
	line.on((message) => void host.ask(message))
	line.send(host.view())
})

const fromBackground = (message: FromRouter): void => {
	if (message.type === 'settings-are') void speak(message.settings).then(showToolbar)
	host.notice(message)
}
if (import.meta.env.FIREFOX) {
	const router = listen({ raiseRoom: () => Promise.resolve(), tellRoom: fromBackground })
	// It is this very document, and no message comes back to whoever sent it.
	askRouter = async (message) => router.heard(message, { id: ownId, url: ownUrl })
} else
	browser.runtime.onMessage.addListener((raw: unknown, sender) => {
		// The background, and no script in a page.
		const isOwn = sender.id === ownId && sender.url?.startsWith(ownUrl) === true
		const message = isOwn ? fromRouter.parse(raw) : undefined
		if (message !== undefined) fromBackground(message)
		return undefined
	})

const language = async (): Promise<void> => {
	const set = settingsSchema.parse(await askRouter({ type: 'settings' }))
	await speak(set ?? { language: 'system' })
}
// The words stay English where the others cannot be had.
language().catch((error: unknown) => console.warn(error))
