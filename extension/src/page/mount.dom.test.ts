import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FromPage, ToPage } from '../wire/page-messages.ts'
import type { Line } from '../wire/port.ts'
import { createMountLine } from './mount-line.ts'
import type { FromFrame, ToFrame } from './mount-messages.ts'

const ORIGIN = 'chrome-extension://abcdefgh'
const PANEL_URL = `${ORIGIN}/panel.html`
const OVERLAY_URL = `${ORIGIN}/overlay.html`

interface Posted {
	readonly message: unknown
	readonly origin: string
	readonly ports: readonly MessagePort[]
}

let root: ShadowRoot
let full: Element | null
const attach = Element.prototype.attachShadow
const prototype = HTMLElement.prototype as unknown as Record<string, unknown>
const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

/** The room's end of the page's port. */
const makeLine = () => {
	const listeners = new Set<(message: ToPage) => void>()
	const closers: (() => void)[] = []
	const sent: FromPage[] = []
	let word: string | null = 'w'.repeat(22)
	const tell = (message: ToPage) => {
		for (const fn of [...listeners]) fn(message)
	}
	const line: Line<ToPage, FromPage> = {
		send: (message) => {
			sent.push(message)
			if (message.type === 'panel-word') tell({ type: 'panel-word', word })
			return true
		},
		on: (fn) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		onClose: (fn) => closers.push(fn),
		isOpen: () => true,
		refused: () => 0,
		close: () => {
			for (const fn of closers) fn()
		},
	}
	return { line, sent, tell, setWord: (next: string | null) => (word = next) }
}

const open = () => {
	const room = makeLine()
	createMountLine({
		line: room.line,
		window,
		panelUrl: PANEL_URL,
		overlayUrl: OVERLAY_URL,
		origin: ORIGIN,
		local: () => 1_000,
		setTimer: (fn, ms) => {
			const id = setTimeout(fn, ms)
			return () => clearTimeout(id)
		},
	})
	room.tell({ type: 'panel', isOn: true })
	return room
}
const host = () => root.host as HTMLElement
const frame = (url = PANEL_URL) =>
	[...root.querySelectorAll('iframe')].find((one) => one.src === url) as HTMLIFrameElement
/** Its page has loaded; what is posted to it is caught. */
const load = async (element = frame()): Promise<Posted[]> => {
	const posted: Posted[] = []
	Object.defineProperty(element, 'contentWindow', {
		configurable: true,
		value: {
			postMessage: (data: string, origin: string, ports: MessagePort[]) =>
				posted.push({ message: JSON.parse(data), origin, ports }),
		},
	})
	element.dispatchEvent(new Event('load'))
	await settle()
	return posted
}
const greeted = async () => {
	const [hello] = await load()
	const port = hello?.ports[0]
	if (port === undefined) throw new Error('no port came')
	const heard: ToFrame[] = []
	port.onmessage = ({ data }) => heard.push(JSON.parse(data as string) as ToFrame)
	await settle()
	const say = async (message: FromFrame | string) => {
		port.postMessage(typeof message === 'string' ? message : JSON.stringify(message))
		await settle()
	}
	return { hello, heard, say }
}
const LOOKS: FromFrame = {
	type: 'looks',
	width: 300,
	height: 44,
	grip: { x: 0, y: 0, width: 28, height: 44 },
	title: 'Drag it',
	isBusy: false,
}
const spot = () => [frame().style.left, frame().style.top]

beforeEach(() => {
	full = null
	Element.prototype.attachShadow = function (init) {
		const made = attach.call(this, { ...init, mode: 'open' })
		expect(init.mode).toBe('closed')
		root = made
		return made
	}
	prototype['showPopover'] = vi.fn()
	prototype['hidePopover'] = vi.fn()
	Object.defineProperty(document, 'fullscreenElement', { configurable: true, get: () => full })
})
afterEach(() => {
	vi.restoreAllMocks()
	Element.prototype.attachShadow = attach
	delete prototype['showPopover']
	delete prototype['hidePopover']
})

describe('the panel on the page', () => {
	it('[XT25] the panel stands while the room says so, and nothing is left of it, not even a listener', async () => {
		const listeners = new Map<unknown, string>()
		for (const target of [window, document]) {
			vi.spyOn(target, 'addEventListener').mockImplementation((name, fn) => void listeners.set(fn, name))
			vi.spyOn(target, 'removeEventListener').mockImplementation((_, fn) => void listeners.delete(fn))
		}
		const before = document.documentElement.outerHTML
		const room = open()
		expect(host().parentNode).toBe(document.documentElement)
		expect([...listeners.values()].sort()).toEqual(['focusout', 'fullscreenchange', 'resize'])
		room.tell({ type: 'panel', isOn: true })
		expect(document.documentElement.querySelectorAll(':scope > div')).toHaveLength(1)
		room.tell({ type: 'panel', isOn: false })
		expect(document.documentElement.outerHTML).toBe(before)
		expect(listeners.size).toBe(0)
		room.tell({ type: 'panel', isOn: true })
		room.line.close()
		expect(document.documentElement.outerHTML).toBe(before)
		expect(listeners.size).toBe(0)
	})

	it('[XT25] the panel is raised above the site’s full screen without being moved in the document', async () => {
		const room = open()
		const shown = vi.mocked(host().showPopover)
		const times = shown.mock.calls.length
		const before = frame()
		full = document.body
		document.dispatchEvent(new Event('fullscreenchange'))
		expect(shown).toHaveBeenCalledTimes(times + 1)
		expect(frame()).toBe(before)
		room.line.close()
	})

	it('[XT28] the word goes with a port to the extension’s origin alone, a new one each time the frame has loaded', async () => {
		const room = open()
		const { hello } = await greeted()
		expect(hello).toMatchObject({
			origin: ORIGIN,
			message: { type: 'matinee-panel', word: 'w'.repeat(22), site: location.host },
		})
		room.setWord('x'.repeat(22))
		expect((await load())[0]?.message).toMatchObject({ word: 'x'.repeat(22) })
		room.setWord(null)
		expect(await load()).toEqual([])
		expect(room.sent.filter(({ type }) => type === 'panel-word')).toHaveLength(3)
		room.line.close()
	})

	it('[XT28] what the frame says and does not fit moves nothing, and after twenty such it is heard no more', async () => {
		const room = open()
		const { say } = await greeted()
		await say(LOOKS)
		const before = spot()
		await say('{')
		await say(JSON.stringify({ type: 'shift', dx: 1e9, dy: 0 }))
		await say(JSON.stringify({ type: 'looks', width: -5 }))
		expect(spot()).toEqual(before)
		for (let times = 0; times < 20; times++) await say('nonsense')
		await say({ type: 'shift', dx: -50, dy: 0 })
		expect(spot()).toEqual(before)
		room.line.close()
	})

	it('[XT26] the panel goes where it was put, step by step by keys, and says where it lies', async () => {
		const room = open()
		const { say, heard } = await greeted()
		await say(LOOKS)
		expect(frame().style.visibility).toBe('visible')
		await say({ type: 'put', place: { isAtEnd: false, x: 100, isAtFoot: false, y: 50 } })
		expect(spot()).toEqual(['100px', '50px'])
		await say({ type: 'shift', dx: 16, dy: -16 })
		expect(spot()).toEqual(['116px', '34px'])
		expect(heard.at(-1)).toEqual({ type: 'moved', place: { isAtEnd: false, x: 116, isAtFoot: false, y: 34 } })
		await say({ type: 'shift', dx: -500, dy: -500 })
		expect(spot()).toEqual(['8px', '8px'])
		room.line.close()
	})

	it('[XT27] a page that takes the panel away gets it back five times in a minute, and then it stays away', async () => {
		const room = open()
		for (let times = 0; times < 5; times++) {
			host().remove()
			await settle()
			expect(host().isConnected).toBe(true)
		}
		host().remove()
		await settle()
		expect(host().isConnected).toBe(false)
		expect(room.sent.at(-1)).toEqual({ type: 'panel-lost' })
		room.tell({ type: 'panel', isOn: true })
		expect(document.documentElement.querySelectorAll(':scope > div')).toHaveLength(0)
		room.tell({ type: 'panel', isOn: false })
		room.tell({ type: 'panel', isOn: true })
		expect(host().isConnected).toBe(true)
		room.line.close()
	})

	it('[XT27] what the page writes on our element is taken off again', async () => {
		const room = open()
		host().style.setProperty('opacity', '0', 'important')
		host().setAttribute('inert', '')
		await settle()
		expect(host().style.opacity).not.toBe('0')
		expect(host().hasAttribute('inert')).toBe(false)
		expect(host().style.getPropertyPriority('position')).toBe('important')
		room.line.close()
	})

	it('[XT33] over a full screen a frame that takes no click stands, joined to the panel’s, until the end of it', async () => {
		const room = open()
		const { say, heard } = await greeted()
		await say(LOOKS)
		full = document.body
		document.dispatchEvent(new Event('fullscreenchange'))
		const overlay = frame(OVERLAY_URL)
		expect(overlay.style.pointerEvents).toBe('none')
		expect(overlay.getAttribute('aria-hidden')).toBe('true')
		const [hello] = await load(overlay)
		expect(hello).toMatchObject({ origin: ORIGIN, message: { type: 'matinee-overlay' } })
		expect(hello?.ports).toHaveLength(2)
		expect(heard).toContainEqual({ type: 'overlay' })
		expect(heard.findLast(({ type }) => type === 'screen')).toMatchObject({ isFull: true })
		full = null
		document.dispatchEvent(new Event('fullscreenchange'))
		expect(frame(OVERLAY_URL)).toBeUndefined()
		room.line.close()
	})

	it('[XT34] Escape in the panel gives the focus back to where it was on the page', async () => {
		const field = document.createElement('input')
		document.body.append(field)
		const room = open()
		const { say } = await greeted()
		field.focus()
		field.blur()
		await say({ type: 'away' })
		expect(document.activeElement).toBe(field)
		field.remove()
		room.line.close()
	})
})
