/**
 * The frame of the panel on somebody else's page. Nothing is drawn, and no port opened, before the page's script has
 * handed over a one-time word; nothing is shown before the room has taken it.
 */
import { mount } from 'svelte'
import { browser } from 'wxt/browser'
import '../../../src/app.css'
import './panel.css'
import { followLook } from '../../browser/look.ts'
import { whenGreeted } from '../../src/panel/greeting.ts'
import { createPanelFrame } from '../../src/panel/panel-frame.svelte.ts'
import Panel from '../../src/panel/Panel.svelte'
import { createPlaces, type KeptPlace } from '../../src/panel/places.ts'
import { createRemoteRoom } from '../../src/panel/remote-room.ts'
import { PANEL_PORT } from '../../src/wire/panel-messages.ts'

const copy = async (text: string): Promise<boolean> => {
	try {
		await navigator.clipboard.writeText(text)
		return true
	} catch {
		return false // the page or the browser does not let it: said by whoever asked
	}
}

whenGreeted(window, ({ word, site }, port) => {
	const frame = createPanelFrame(port)
	const places = createPlaces(browser.storage.local as never)
	const open = async (): Promise<void> => {
		const [kept] = await Promise.all([places.read(site), followLook()])
		const target = document.getElementById('app')
		if (target === null) return
		const line = createRemoteRoom({
			port: browser.runtime.connect({ name: PANEL_PORT }),
			word,
			local: () => performance.timeOrigin + performance.now(),
			copy,
			share: 'share' in navigator ? (data) => navigator.share(data) : null,
		})
		const keep = (next: KeptPlace): void => {
			places.keep(site, next).catch((error: unknown) => console.warn(error))
		}
		mount(Panel, { target, props: { line, frame, kept, keep } })
	}
	open().catch((error: unknown) => console.error(error))
})
