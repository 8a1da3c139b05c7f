/**
 * A stand for tests of embedded players, in jsdom and on virtual time: what the adapter posts is kept, and what the
 * site would say is said in its name.
 */
import type { EmbedDeps } from './embed-frame.ts'
import type { Player, PlayerEvent } from './player.ts'
import { createVirtualTime, type VirtualTime } from './virtual-time.ts'

export interface FrameStand {
	readonly stage: HTMLElement
	readonly time: VirtualTime
	readonly deps: EmbedDeps
	/** What was posted to the frame, in order. */
	readonly posted: unknown[]
	/** Where the frame was sent last. */
	address(): string
	/** Everything the player told. */
	readonly events: PlayerEvent[]
	/** Begins to keep what `player` posts and tells. */
	watch(player: Player): Player
	/** As the frame's own window, from `origin`. */
	say(data: unknown, origin: string): void
	loaded(): void
	hide(isHidden: boolean): void
	states(): string[]
	intents(): string[]
}

export const createFrameStand = (pageOrigin = 'https://matinee.test'): FrameStand => {
	const time = createVirtualTime()
	const stage = document.createElement('div')
	document.body.replaceChildren(stage)
	Object.defineProperty(document, 'hidden', { configurable: true, value: false })
	const posted: unknown[] = []
	let sentTo: string | null = null
	const inside = {
		postMessage: (message: unknown) => posted.push(message),
		location: { replace: (src: string) => (sentTo = src) },
	}
	const events: PlayerEvent[] = []
	const frame = (): HTMLIFrameElement => {
		const found = stage.querySelector('iframe')
		if (!found) throw new Error('no frame on the stage')
		return found
	}
	return {
		stage,
		time,
		deps: {
			local: time.now,
			wall: time.now,
			setTimer: (fn, ms) => time.after(ms, fn),
			pageOrigin,
			language: 'en',
		},
		posted,
		address: () => sentTo ?? frame().src,
		events,
		watch(player) {
			Object.defineProperty(frame(), 'contentWindow', { value: inside })
			player.on((event) => events.push(event))
			return player
		},
		say(data, origin) {
			window.dispatchEvent(new MessageEvent('message', { data, origin, source: inside as unknown as Window }))
		},
		loaded: () => frame().dispatchEvent(new Event('load')),
		hide(isHidden) {
			Object.defineProperty(document, 'hidden', { configurable: true, value: isHidden })
			document.dispatchEvent(new Event('visibilitychange'))
		},
		states: () => events.flatMap((event) => (event.type === 'state' ? [event.state.type] : [])),
		intents: () =>
			events.flatMap((event) =>
				event.type === 'user-intent' ? [`${event.intent} ${event.positionS.toFixed(1)}`] : [],
			),
	}
}
