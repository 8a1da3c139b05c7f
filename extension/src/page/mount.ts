/**
 * The panel on the page: one element of ours with a closed shadow root, in the top layer, so that it lies above the
 * site's full screen without being moved there; in it the frame of the panel, and over a full screen the frame of the
 * chat, which takes no click. The room's words and what is typed stay in those frames.
 */
import type { Millis } from '#lib/core/units.ts'
import { createFrame, type Frame } from './mount-frame.ts'
import { createGrip } from './mount-grip.ts'
import {
	fromFrame,
	nothing,
	type FromFrame,
	type Hello,
	type Looks,
	type Place,
	type Screen,
	type ToFrame,
} from './mount-messages.ts'
import { FIRST_PLACE, FULL_PLACE, placeOf, spotOf, type Spot } from './mount-place.ts'
import { FRAME, HOST, OVERLAY, wear } from './mount-style.ts'

export interface MountDeps {
	readonly window: Window & typeof globalThis
	/** The page of the panel, and that of the chat over a full screen. */
	readonly panelUrl: string
	readonly overlayUrl: string
	/** The extension's. */
	readonly origin: string
	readonly local: () => Millis
	readonly setTimer: (fn: () => void, ms: Millis) => () => void
	/** A one-time word of the room's for this page; null where it gives none. */
	readonly askWord: () => Promise<string | null>
	/** The page has taken it away too often. Nothing of ours is left. */
	readonly onLost: () => void
}

export interface Mount {
	/** Idempotent; nothing of ours is left on the page. */
	dispose(): void
}

/** So often is it put back within a minute. */
const PUT_BACK_MAX = 5
const PUT_BACK_WITHIN_MS: Millis = 60_000
/** In full screen it goes so long after the pointer came to rest. */
const REST_MS: Millis = 3_000
const OVERLAY_SIZE = { width: 600, height: 320 }
/** Above the panel's own place there. */
const OVERLAY_FOOT = 152

export const createMount = (deps: MountDeps): Mount => {
	const { window, setTimer } = deps
	const { document } = window
	let isDisposed = false
	let looks: Looks | null = null
	let place: Place = FIRST_PLACE
	let fullPlace: Place = FULL_PLACE
	let spot: Spot = { left: 0, top: 0 }
	let isFull = false

	const host = document.createElement('div')
	const root = host.attachShadow({ mode: 'closed' })

	/* ── Where it lies ───────────────────────────────────────────────────────────────────────────────────── */

	const screen = (): Screen => ({
		type: 'screen',
		// Without a scroll bar; documents without a mode have no such width.
		width: Math.min(window.innerWidth, document.documentElement.clientWidth || window.innerWidth),
		height: window.innerHeight,
		isFull,
	})
	const lay = (at?: Spot): void => {
		if (looks === null) return
		spot = at ?? spotOf(isFull ? fullPlace : place, looks, screen())
		const { width, height, grip: part } = looks
		wear(panel.element, {
			left: `${String(spot.left)}px`,
			top: `${String(spot.top)}px`,
			width: `${String(width)}px`,
			height: `${String(height)}px`,
			visibility: 'visible',
		})
		wear(grip.element, {
			display: part === null ? 'none' : 'block',
			left: `${String(spot.left + (part?.x ?? 0))}px`,
			top: `${String(spot.top + (part?.y ?? 0))}px`,
			width: `${String(part?.width ?? 0)}px`,
			height: `${String(part?.height ?? 0)}px`,
		})
		grip.element.title = looks.title
	}
	const putAt = (to: Spot): void => {
		if (looks === null) return
		const next = placeOf(to, looks, screen())
		if (isFull) fullPlace = next
		else {
			place = next
			panel.send({ type: 'moved', place })
		}
		lay()
	}

	/* ── In full screen it goes while the pointer rests ──────────────────────────────────────────────────── */

	let isOver = false
	let cancelRest: () => void = () => undefined
	const rest = (): void => {
		cancelRest()
		const isWanted = !isFull || isOver || looks?.isBusy === true || document.activeElement === host
		wear(
			panel.element,
			isWanted ? { opacity: '1', 'pointer-events': 'auto' } : { opacity: '0', 'pointer-events': 'none' },
		)
		wear(grip.element, { 'pointer-events': isWanted ? 'auto' : 'none' })
	}
	const stir = (): void => {
		cancelRest()
		wear(panel.element, { opacity: '1', 'pointer-events': 'auto' })
		wear(grip.element, { 'pointer-events': 'auto' })
		if (isFull) cancelRest = setTimer(rest, REST_MS)
	}
	const watchPointer = (isOn: boolean): void => {
		for (const name of ['pointermove', 'pointerdown'])
			if (isOn) window.addEventListener(name, stir, { capture: true, passive: true })
			else window.removeEventListener(name, stir, { capture: true })
	}

	/* ── The frames ──────────────────────────────────────────────────────────────────────────────────────── */

	let before: HTMLElement | null = null
	const goAway = (): void => {
		panel.element.blur()
		window.focus()
		if (before?.isConnected === true) before.focus({ preventScroll: true })
		before = null
	}
	const heard = (message: FromFrame): void => {
		switch (message.type) {
			case 'looks':
				looks = message
				lay()
				return stir()
			case 'put':
				place = message.place
				return lay()
			case 'shift':
				return putAt({ left: spot.left + message.dx, top: spot.top + message.dy })
			case 'away':
				return goAway()
		}
	}
	const panel: Frame<ToFrame> = createFrame<FromFrame, ToFrame>({
		document,
		url: deps.panelUrl,
		origin: deps.origin,
		incoming: fromFrame,
		greet: async () => {
			const word = await deps.askWord()
			if (word === null) return null
			const message: Hello = { type: 'matinee-panel', word, site: window.location.host.slice(0, 300) }
			return { message, ports: [] }
		},
		onMessage: heard,
		onReady: () => {
			panel.send(screen())
			if (isFull) showOverlay()
		},
	})
	wear(panel.element, FRAME)
	panel.element.title = 'Matinee'
	// The room's link, at a press of the person's.
	panel.element.allow = 'clipboard-write'
	const grip = createGrip({
		document,
		spot: () => spot,
		onDrag: (to) => {
			if (looks !== null) lay(spotOf(placeOf(to, looks, screen()), looks, screen()))
		},
		onDrop: () => putAt(spot),
	})

	let overlay: Frame<never> | null = null
	const hideOverlay = (): void => {
		overlay?.dispose()
		overlay = null
	}
	const showOverlay = (): void => {
		hideOverlay()
		const { port1, port2 } = new MessageChannel()
		overlay = createFrame<never, never>({
			document,
			url: deps.overlayUrl,
			origin: deps.origin,
			incoming: nothing,
			greet: () => Promise.resolve({ message: { type: 'matinee-overlay' }, ports: [port2] }),
			onMessage: () => undefined,
			onReady: () => undefined,
		})
		wear(overlay.element, {
			...OVERLAY,
			left: '24px',
			bottom: `${String(OVERLAY_FOOT)}px`,
			width: `min(${String(OVERLAY_SIZE.width)}px, calc(100vw - 48px))`,
			height: `min(${String(OVERLAY_SIZE.height)}px, calc(100vh - ${String(OVERLAY_FOOT + 8)}px))`,
		})
		overlay.element.setAttribute('aria-hidden', 'true')
		overlay.element.tabIndex = -1
		root.append(overlay.element)
		panel.send({ type: 'overlay' }, [port1])
	}

	/* ── On the page ─────────────────────────────────────────────────────────────────────────────────────── */

	let putBackMs: Millis[] = []
	const dress = (): void => {
		for (const { name } of [...host.attributes]) host.removeAttribute(name)
		wear(host, HOST)
		host.popover = 'manual'
	}
	/** Above everything that is in the top layer now. */
	const raise = (): void => {
		if (!host.isConnected) return
		host.hidePopover()
		host.showPopover()
	}
	const show = (): void => {
		dress()
		if (host.parentNode !== document.documentElement) document.documentElement.append(host)
		raise()
		observer.takeRecords()
		observer.disconnect()
		observer.observe(document, { childList: true })
		observer.observe(document.documentElement, { childList: true })
		observer.observe(host, { attributes: true })
	}
	/** The page has taken it away, covered it with words of its own, or made it something else. */
	const putBack = (): void => {
		const now = deps.local()
		putBackMs = [...putBackMs.filter((at) => now - at < PUT_BACK_WITHIN_MS), now]
		if (putBackMs.length <= PUT_BACK_MAX) return show()
		dispose()
		deps.onLost()
	}
	const observer = new window.MutationObserver((records) => {
		const isChanged = records.some(({ target }) => target === host)
		if (isChanged || host.parentNode !== document.documentElement) putBack()
	})

	const onFull = (): void => {
		isFull = document.fullscreenElement !== null
		watchPointer(isFull)
		raise()
		panel.send(screen())
		if (isFull) showOverlay()
		else hideOverlay()
		lay()
		stir()
	}
	const onResize = (): void => {
		panel.send(screen())
		lay()
	}
	/** The page's element that had the focus before our frame took it. */
	const onFocusOut = (event: FocusEvent): void => {
		if (event.target instanceof window.HTMLElement && event.target !== host) before = event.target
	}
	const onFocusIn = (): void => stir()
	const onEnter = (): void => {
		isOver = true
		stir()
	}
	const onLeave = (): void => {
		isOver = false
		stir()
	}
	const listeners = [
		[document, 'fullscreenchange', onFull],
		[window, 'resize', onResize],
		[document, 'focusout', onFocusOut as EventListener],
		[host, 'focusin', onFocusIn],
		[panel.element, 'pointerenter', onEnter],
		[panel.element, 'pointerleave', onLeave],
	] as const satisfies readonly (readonly [EventTarget, string, EventListener])[]

	const dispose = (): void => {
		if (isDisposed) return
		isDisposed = true
		observer.disconnect()
		cancelRest()
		watchPointer(false)
		for (const [target, name, fn] of listeners) target.removeEventListener(name, fn)
		hideOverlay()
		grip.dispose()
		panel.dispose()
		host.remove()
	}

	root.append(panel.element, grip.element)
	for (const [target, name, fn] of listeners) target.addEventListener(name, fn)
	isFull = document.fullscreenElement !== null
	watchPointer(isFull)
	show()
	return { dispose }
}
