/**
 * An embedded player in an iframe and the words exchanged with it: only what comes from that frame's own window and
 * from its own origin is heard, and what is said goes to that origin alone. No script of another site ever runs on
 * our page.
 */
export interface EmbedDeps {
	/** performance.timeOrigin + performance.now(). */
	readonly local: () => number
	/** Date.now(): some embeds stamp their reports with it. */
	readonly wall: () => number
	readonly setTimer: (fn: () => void, ms: number) => () => void
	/** Where our own page is served, `https://host[:port]`: embeds ask for it. */
	readonly pageOrigin: string
	/** "en", "zh-CN": for embeds that take a language. */
	readonly language: string
}

export interface EmbedOptions {
	readonly src: string
	/** Read out by screen readers: "YouTube player". */
	readonly title: string
	/** Permissions policy of the frame. */
	readonly allow?: string
	/** Where its messages come from, when not from the origin of `src`. */
	readonly origin?: string
	/** For hosts that nobody vouches for: what the frame may do, as in the attribute. */
	readonly sandbox?: string
}

export interface EmbedFrame {
	readonly element: HTMLIFrameElement
	/** Objects are sent as they are; embeds that want JSON text get text. Before the frame has loaded nothing is lost: the browser drops it, so ask again. */
	post(message: unknown): void
	/** `data` is whatever the frame sent: untrusted. `atLocalMs`: on arrival. */
	onMessage(fn: (data: unknown, atLocalMs: number) => void): () => void
	onLoad(fn: () => void): () => void
	/** Another address in the same frame; its origin may not change. */
	navigate(src: string): void
	/** Idempotent. */
	dispose(): void
}

const ALLOW = 'autoplay; encrypted-media; fullscreen; picture-in-picture'

/** Puts the frame into the stage. */
export const createEmbedFrame = (stage: HTMLElement, options: EmbedOptions, deps: EmbedDeps): EmbedFrame => {
	const document = stage.ownerDocument
	const window = document.defaultView
	const origin = options.origin ?? new URL(options.src).origin
	const element = document.createElement('iframe')
	element.dataset['testid'] = 'player'
	element.title = options.title
	element.allow = options.allow ?? ALLOW
	element.allowFullscreen = true
	// Some embeds refuse to play for pages that do not say who they are; the origin is enough for them.
	element.referrerPolicy = 'strict-origin-when-cross-origin'
	if (options.sandbox !== undefined) element.setAttribute('sandbox', options.sandbox)
	element.src = options.src
	const listeners = new Set<(data: unknown, atLocalMs: number) => void>()
	const onMessage = (event: MessageEvent<unknown>): void => {
		if (event.source !== element.contentWindow || event.origin !== origin) return
		const atLocalMs = deps.local()
		for (const fn of [...listeners]) fn(event.data, atLocalMs)
	}
	window?.addEventListener('message', onMessage)
	stage.append(element)
	return {
		element,
		post: (message) => element.contentWindow?.postMessage(message, origin),
		onMessage(fn) {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		onLoad(fn) {
			element.addEventListener('load', fn)
			return () => element.removeEventListener('load', fn)
		},
		navigate(src) {
			// Not by `src`: each load would be a step in the history of our own page, and Back would walk through them.
			element.contentWindow?.location.replace(src)
		},
		dispose() {
			window?.removeEventListener('message', onMessage)
			listeners.clear()
			element.remove()
		},
	}
}
