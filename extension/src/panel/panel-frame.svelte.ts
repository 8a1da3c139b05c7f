/**
 * The panel's end of the channel to the page's script that holds its frame: what the window is like, where the frame
 * lies, and how large it wants to be.
 */
import {
	FIRST_SCREEN,
	toFrame,
	type FromFrame,
	type Looks,
	type Place,
	type Screen,
	type ToFrame,
} from '../page/mount-messages.ts'
import { createMountPort } from '../page/mount-port.ts'

export interface PanelFrame {
	/** New when it changes; reactive. */
	readonly screen: Screen
	/** To the frame of the chat over a full screen, while there is one; reactive. */
	readonly overlay: MessagePort | null
	/** Where the person has put it; null until they have. Reactive. */
	readonly moved: Place | null
	look(looks: Omit<Looks, 'type'>): void
	put(place: Place): void
	shift(dx: number, dy: number): void
	goAway(): void
}

export const createPanelFrame = (port: MessagePort): PanelFrame => {
	let screen = $state.raw<Screen>(FIRST_SCREEN)
	let overlay = $state.raw<MessagePort | null>(null)
	let moved = $state.raw<Place | null>(null)
	let told = ''
	const endOverlay = (): void => {
		overlay?.close()
		overlay = null
	}
	const line = createMountPort<ToFrame, FromFrame>(port, toFrame, (message, ports) => {
		switch (message.type) {
			case 'screen':
				screen = message
				if (!message.isFull) endOverlay()
				return
			case 'moved':
				moved = message.place
				return
			case 'overlay':
				endOverlay()
				overlay = ports[0] ?? null
		}
	})
	return {
		get screen() {
			return screen
		},
		get overlay() {
			return overlay
		},
		get moved() {
			return moved
		},
		look: (looks) => {
			const message = { type: 'looks', ...looks } as const
			const text = JSON.stringify(message)
			if (text === told) return
			told = text
			line.send(message)
		},
		put: (place) => line.send({ type: 'put', place }),
		shift: (dx, dy) => line.send({ type: 'shift', dx, dy }),
		goAway: () => line.send({ type: 'away' }),
	}
}
