import { describe, expect, it, vi } from 'vitest'
import type { QueueItem } from '#lib/core/state.ts'
import type { DeviceId } from '#lib/core/units.ts'
import type { PanelPage } from '../wire/panel-messages.ts'
import { whenGreeted, whenJoined, type GreetedWindow } from './greeting.ts'
import { noticeOf, type NoticeInput } from './notices.ts'
import { overlayLines, toOverlay } from './overlay-messages.ts'
import { createPlaces } from './places.ts'

type Heard = Parameters<Parameters<GreetedWindow['addEventListener']>[1]>[0]

const makeWindow = (isFramed = true) => {
	const listeners = new Set<(event: Heard) => void>()
	const parent = {}
	const window: { parent: unknown } & GreetedWindow = {
		parent,
		addEventListener: (_, fn) => void listeners.add(fn),
		removeEventListener: (_, fn) => void listeners.delete(fn),
	}
	if (!isFramed) window.parent = window
	const post = (data: unknown, ports: MessagePort[] = [], source: unknown = window.parent) => {
		for (const fn of [...listeners]) fn({ data, ports, source } as Heard)
	}
	return { window, post, listeners }
}
const HELLO = JSON.stringify({ type: 'matinee-panel', word: 'w'.repeat(22), site: 'site.example' })
const aPort = () => ({}) as MessagePort

describe('the first message to a frame of ours', () => {
	it('[XT29] the panel takes a word and a port from the page that holds it, once, and from nobody else', () => {
		const { window, post, listeners } = makeWindow()
		const fn = vi.fn()
		whenGreeted(window, fn)
		post(HELLO, [aPort()], {})
		post(HELLO, [])
		post({ type: 'matinee-panel', word: 'w', site: 's' }, [aPort()])
		post('{"type":"matinee-panel"}', [aPort()])
		post('{"type":"matinee-overlay"}', [aPort(), aPort()])
		expect(fn).not.toHaveBeenCalled()
		const port = aPort()
		post(HELLO, [port])
		expect(fn).toHaveBeenCalledExactlyOnceWith(JSON.parse(HELLO), port)
		post(HELLO, [aPort()])
		expect(fn).toHaveBeenCalledOnce()
		expect(listeners.size).toBe(0)
	})

	it('[XT29] opened as a page of its own the panel listens to nobody', () => {
		const { window, post } = makeWindow(false)
		const fn = vi.fn()
		whenGreeted(window, fn)
		post(HELLO, [aPort()])
		expect(fn).not.toHaveBeenCalled()
	})

	it('[XT33] the chat over a full screen takes the port to the panel’s frame, and no word', () => {
		const { window, post } = makeWindow()
		const fn = vi.fn()
		whenJoined(window, fn)
		post(HELLO, [aPort(), aPort()])
		post('{"type":"matinee-overlay"}', [aPort()])
		expect(fn).not.toHaveBeenCalled()
		const port = aPort()
		post('{"type":"matinee-overlay"}', [aPort(), port])
		expect(fn).toHaveBeenCalledExactlyOnceWith(port)
	})
})

describe('what stands between the film and the page', () => {
	const current = { id: 'film', title: 'The Four-Ten to Saltmarsh' } as QueueItem
	const notice = (page: Partial<PanelPage>, more: Partial<NoticeInput> = {}) =>
		noticeOf({
			page: { obstacle: null, url: null, note: null, site: null, ...page },
			current,
			status: null,
			whyNotAdd: null,
			...more,
		})
	const acts = (page: Partial<PanelPage>, more?: Partial<NoticeInput>) =>
		notice(page, more)?.acts.map(({ act }) => act.type)

	it('[XT31] nothing is said where nothing is in the way', () => {
		expect(notice({})).toBeNull()
	})

	it('[XT31] a film on another page can be gone to by a link, and this page be added or played instead', () => {
		const page = { obstacle: 'other-page', url: 'https://www.tube.example/watch?v=1' } as const
		expect(acts(page)).toEqual(['go', 'play-this', 'add-this'])
		expect(notice(page)?.acts[0]?.label).toBe('Open it on tube.example')
		expect(notice(page)?.text).toContain('The Four-Ten to Saltmarsh')
		expect(notice(page, { whyNotAdd: 'Only operators add.' })?.acts.map(({ reason }) => reason)).toEqual([
			null,
			'Only operators add.',
			'Only operators add.',
		])
		expect(acts({ obstacle: 'other-page', url: 'javascript:alert(1)' })).toEqual(['play-this', 'add-this'])
		expect(acts({}, { current: null })).toEqual(['play-this', 'add-this'])
	})

	it('[XT31] a blocked start waits for a click here, which nobody can close away', () => {
		expect(acts({ obstacle: 'blocked' })).toEqual(['start-here'])
		expect(notice({ obstacle: 'blocked' })?.canClose).toBe(false)
	})

	it('[XT31] no video, a video in another site’s frame, an ad, protection and what a player refuses have a sentence each', () => {
		const site = { frame: null, isProtected: false, refuses: null }
		const frame = { host: 'films.example', url: 'https://films.example/embed/1' }
		const all = [
			notice({ obstacle: 'no-video' }),
			notice({ obstacle: 'no-video', site: { ...site, frame } }),
			notice({ obstacle: 'ad' }),
			notice({ site: { ...site, isProtected: true } }),
			notice({ site: { ...site, refuses: 'play' } }),
			notice({ site: { ...site, refuses: 'seek' } }),
			notice({ note: 'The address is too long.' }),
		]
		const texts = all.map((one) => one?.text)
		expect(texts).not.toContain(undefined)
		expect(new Set(texts).size).toBe(all.length)
		expect(all[1]?.acts[0]?.act).toEqual({ type: 'go', url: frame.url })
	})

	it('[XT31] what the room waits for is said with its button', () => {
		const status = { kind: 'waiting', text: 'Waiting for Bo', action: 'Go on', progress: 0.5 } as const
		expect(notice({}, { status })).toMatchObject({
			text: 'Waiting for Bo',
			progress: 0.5,
			canClose: false,
			acts: [{ label: 'Go on', act: { type: 'status', kind: 'waiting' } }],
		})
	})
})

describe('where the panel lay', () => {
	const place = (x: number) => ({ isAtEnd: true, x, isAtFoot: true, y: 16 })

	it('[XT32] the panel’s place is kept for each site, of the hundred that were used last', async () => {
		let kept: Record<string, unknown> = {}
		const places = createPlaces({
			get: async () => kept,
			set: async (items) => void (kept = { ...kept, ...items }),
		})
		expect(await places.read('site.example')).toBeNull()
		await places.keep('site.example', { place: place(20), isHidden: true })
		await places.keep('other.example', { place: place(30), isHidden: false })
		expect(await places.read('site.example')).toMatchObject({ place: place(20), isHidden: true })
		for (let n = 0; n < 100; n++)
			await places.keep(`site${String(n)}.example`, { place: place(n), isHidden: false })
		expect(await places.read('site.example')).toBeNull()
		expect(await places.read('site99.example')).toMatchObject({ place: place(99) })
	})

	it('[XT32] what else stands in the storage is a site where the panel never was', async () => {
		const places = createPlaces({
			get: async () => ({ panelPlaces: [{ site: 1 }] }),
			set: async () => undefined,
		})
		expect(await places.read('site.example')).toBeNull()
	})
})

describe('the chat over a full screen', () => {
	it('[XT33] the frame over a full screen is sent the last four messages, cut to what is drawn', () => {
		const said = Array.from({ length: 6 }, (_, n) => ({
			id: `m${String(n)}`,
			from: 'device-Ana' as DeviceId,
			text: n === 5 ? 'long '.repeat(500) : `message ${String(n)}`,
			reactions: [],
		}))
		const sent = toOverlay(said as never, () => ({ name: 'Ana', seat: 1, isMe: false }), 0.7)
		expect(sent.lines.map(({ id }) => id)).toEqual(['m2', 'm3', 'm4', 'm5'])
		expect(overlayLines.parse(JSON.parse(JSON.stringify(sent)))).toEqual(sent)
		expect(sent.lines[3]?.text.length).toBe(300)
	})
})
