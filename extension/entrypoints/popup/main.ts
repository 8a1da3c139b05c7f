import { mount } from 'svelte'
import { browser } from 'wxt/browser'
import '#lib/ui/tokens.css'
import { currentTab, keepServer, openRoomPort, readKeptServer } from '../../browser/room-port.ts'
import { followLook } from '../../browser/look.ts'
import { createPopup } from '../../src/popup/popup.svelte.ts'
import PopupScreen from '../../src/popup/PopupScreen.svelte'
import './popup.css'

const popup = createPopup({
	openPort: openRoomPort,
	tab: currentTab,
	keptServer: readKeptServer,
	keepServer,
	copy: (text) => navigator.clipboard.writeText(text),
	isAllowed: (pattern) => browser.permissions.contains({ origins: [pattern] }),
	allow: (pattern) => browser.permissions.request({ origins: [pattern] }),
	openSettings: () => void browser.runtime.openOptionsPage(),
	openPage: (url) => void browser.tabs.create({ url }),
})
// Whatever the look: the popup is there.
followLook()
	.catch((error: unknown) => console.warn(error))
	.finally(() => {
		const target = document.getElementById('app')
		if (target !== null) mount(PopupScreen, { target, props: { popup } })
		void popup.begin()
	})
