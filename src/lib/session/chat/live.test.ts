import { describe, expect, it } from 'vitest'
import type { DeviceId, PeerId } from '#lib/core/units.ts'
import { encodeRoomFrame } from '#lib/protocol/room-frames.ts'
import type { Timers } from '#lib/transport/timers.ts'
import type { LinkView, Transport, TransportEvent } from '#lib/transport/transport.ts'
import { createChatLive, TYPING_EVERY_MS, TYPING_LINKS_MAX, TYPING_TTL_MS, type Float } from './live.ts'

interface Page {
	readonly live: ReturnType<typeof createChatLive>
	readonly floats: Float[]
	readonly sent: () => number
	changes: number
}

/** Pages that are all linked with each other, by one clock. */
const createPages = (count: number, { mayChat = true, mayReact = true } = {}) => {
	let nowMs = 0
	const due: { atMs: number; fn: () => void; isOff: boolean }[] = []
	const timers: Timers = {
		nowMs: () => nowMs,
		setTimeout: (fn, delayMs) => {
			const timer = { atMs: nowMs + delayMs, fn, isOff: false }
			due.push(timer)
			return timer
		},
		clearTimeout: (timer) => {
			if (timer) (timer as { isOff: boolean }).isOff = true
		},
	}
	const listeners: ((event: TransportEvent) => void)[] = []
	const gone = new Set<number>()
	const pages = Array.from({ length: count }, (_none, self): Page => {
		let sent = 0
		const links = (): readonly LinkView[] =>
			Array.from({ length: count }, (_page, i) => i)
				.filter((i) => i !== self && !gone.has(i))
				.map((i) => ({
					peer: `p${i}` as PeerId,
					device: `d${i}` as DeviceId,
					path: 'direct' as const,
					rttMs: 1,
				}))
		const transport = {
			links,
			send: (frame: Uint8Array, to: PeerId) => {
				sent++
				listeners[Number(to.slice(1))]?.({
					type: 'frame',
					peer: `p${self}` as PeerId,
					lane: 'lossy',
					frame,
				})
				return 'sent' as const
			},
			on: (fn: (event: TransportEvent) => void) => {
				listeners[self] = fn
				return () => (listeners[self] = () => undefined)
			},
		} as unknown as Transport
		const page = { floats: [] as Float[], sent: () => sent, changes: 0 }
		const live = createChatLive({
			transport,
			timers,
			me: `d${self}` as DeviceId,
			mayChat: () => mayChat,
			mayReact: () => mayReact,
			onChange: () => (made.changes += 1),
		})
		live.onFloat((float) => page.floats.push(float))
		const made = Object.assign(page, { live })
		return made
	})
	return {
		pages,
		/** A frame from the second page to the first. */
		give: (payload: string | Uint8Array) =>
			listeners[0]?.({
				type: 'frame',
				peer: 'p1' as PeerId,
				lane: 'lossy',
				frame: encodeRoomFrame({
					type: 'app',
					payload: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload,
				}),
			}),
		leave: (i: number) => {
			gone.add(i)
			listeners[0]?.({ type: 'peer-down', peer: `p${i}` as PeerId, reason: 'left' })
		},
		pass: (ms: number) => {
			nowMs += ms
			for (const timer of due.filter(({ atMs, isOff }) => !isOff && atMs <= nowMs)) {
				timer.isOff = true
				timer.fn()
			}
		},
	}
}

describe('who is writing', () => {
	it('[CV8] is seen by the others, who are told again only after some seconds', () => {
		const { pages, pass } = createPages(3)
		const [ana, bo, cy] = pages as [Page, Page, Page]
		bo.live.setTyping(true)
		bo.live.setTyping(true)
		cy.live.setTyping(true)
		expect(ana.live.typing()).toEqual(['d1', 'd2'])
		expect(bo.live.typing()).toEqual(['d2'])
		expect([bo.sent(), ana.changes]).toEqual([2, 2])
		pass(TYPING_EVERY_MS)
		bo.live.setTyping(true)
		expect([bo.sent(), ana.changes]).toEqual([4, 2])
	})
	it('[CV8] is over at once when they stop, after a while when nothing more is heard, and when they go', () => {
		const { pages, pass, leave } = createPages(3)
		const [ana, bo, cy] = pages as [Page, Page, Page]
		bo.live.setTyping(true)
		bo.live.setTyping(false)
		expect(ana.live.typing()).toEqual([])
		expect(bo.sent()).toBe(4)
		bo.live.setTyping(false)
		expect(bo.sent()).toBe(4)
		bo.live.setTyping(true)
		pass(TYPING_TTL_MS)
		expect(ana.live.typing()).toEqual([])
		cy.live.setTyping(true)
		leave(2)
		expect(ana.live.typing()).toEqual([])
	})
	it('[CV8] is not said in a large room, nor shown of somebody who may not write', () => {
		const large = createPages(TYPING_LINKS_MAX + 2)
		large.pages[1]?.live.setTyping(true)
		expect(large.pages[1]?.sent()).toBe(0)
		const mute = createPages(2, { mayChat: false })
		mute.pages[1]?.live.setTyping(true)
		expect(mute.pages[0]?.live.typing()).toEqual([])
	})
})

describe('reactions over the picture', () => {
	it('[CV14] come to everybody, the sender too, and not from who may not react', () => {
		const { pages } = createPages(3)
		expect(pages[1]?.live.float('🔥')).toBe(true)
		for (const { floats } of pages) expect(floats).toEqual([{ emoji: '🔥', by: 'd1' }])
		const mute = createPages(2, { mayReact: false })
		mute.pages[1]?.live.float('🔥')
		expect(mute.pages[0]?.floats).toEqual([])
	})
	it('[CV14] are rationed where they are sent and where they come in', () => {
		const { pages, pass, give } = createPages(2)
		const [ana, bo] = pages as [Page, Page]
		const wanted = Array.from({ length: 50 }, () => bo.live.float('👏'))
		expect(wanted.filter(Boolean)).toHaveLength(8)
		pass(1_000)
		expect(bo.live.float('👏')).toBe(true)
		pass(60_000)
		const before = ana.floats.length
		for (let i = 0; i < 1_000; i++) give('{"t":"float","e":"👏"}')
		expect(ana.floats.length - before).toBe(16)
	})
	it('[CV14] what is no such message is nothing, and nothing comes after the end', () => {
		const { pages, pass, give } = createPages(2)
		const [ana, bo] = pages as [Page, Page]
		for (const bad of [
			'{',
			'{"t":"float","e":"ha"}',
			'{"t":"float"}',
			'{"t":"float","e":"👏","x":1}',
			'[]',
			'{"t":"typing","on":1}',
			`{"t":"float","e":"${'👏'.repeat(40)}"}`,
			new Uint8Array([255, 254]),
		]) {
			give(bad)
			pass(1_000)
		}
		expect([ana.floats, ana.live.typing()]).toEqual([[], []])
		expect(bo.live.float('<b>')).toBe(false)
		ana.live.stop()
		bo.live.float('👏')
		expect(ana.floats).toEqual([])
		expect(ana.live.float('👏')).toBe(false)
	})
})
