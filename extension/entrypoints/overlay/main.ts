/**
 * The frame of the chat over a full screen: it draws what the panel's frame sends it over a port that the page's script
 * joined the two by, and has no way to the room.
 */
import { mount } from 'svelte'
import '../../../src/app.css'
import './overlay.css'
import Overlay from '../../src/panel/Overlay.svelte'
import { whenJoined } from '../../src/panel/greeting.ts'

whenJoined(window, (port) => {
	const target = document.getElementById('app')
	if (target !== null) mount(Overlay, { target, props: { port } })
})
