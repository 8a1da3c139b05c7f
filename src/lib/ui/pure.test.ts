import { describe, expect, it } from 'vitest'
import type { ActivityEntry, ChatMessage } from '#lib/core/state.ts'
import { formatCode, formatCodeInput } from './code-format.ts'
import { driftGrade, fanOut, meterPlace } from './drift.ts'
import { wishOf, type KeyPlace } from './keys.ts'
import { messageParts } from './message-parts.ts'
import { gapAt, isSamePlace } from './room/reorder.ts'
import { connectionText } from './room/connection-text.ts'
import { clockText, dayText, driftText, lengthText, listText, spokenTime } from './time-text.ts'
import { timeline } from './timeline.ts'

describe('room codes while typed', () => {
	it.each([
		['k7qx3m9r', 'K7QX-3M9R'],
		['K7QX-3M9R-T2VH-8WPC-5NDA', 'K7QX-3M9R-T2VH-8WPC-5NDA'],
		['oO iI lL', '0011-11'],
		['https://host.example/r#k7qx-3m9r-t2vh-8wpc-5nda', 'K7QX-3M9R-T2VH-8WPC-5NDA'],
		['k7qx 3m9r–t2vh', 'K7QX-3M9R-T2VH'],
		['', ''],
	])('[UX5] %s reads %s', (typed, shown) => {
		expect(formatCode(typed)).toBe(shown)
	})
	it('[UX5] keeps the caret behind the character that was typed', () => {
		expect(formatCodeInput('k7qx3', 5)).toEqual({ text: 'K7QX-3', caret: 6 })
		expect(formatCodeInput('K7AQX-3', 3)).toEqual({ text: 'K7AQ-X3', caret: 3 })
		expect(formatCodeInput('K7QX', 4)).toEqual({ text: 'K7QX', caret: 4 })
	})
	it('[UX5] cuts nothing and refuses nothing: judging is for whoever joins', () => {
		expect(formatCode('K7QX-3M9R-T2VH-8WPC-5NDA-U!')).toBe('K7QX-3M9R-T2VH-8WPC-5NDA-U!')
	})
})

describe('drift', () => {
	it('[UX24] is graded by a quarter second and a second, on either side', () => {
		expect([0, 0.24, -0.24].map(driftGrade)).toEqual(['ok', 'ok', 'ok'])
		expect([0.25, -0.99].map(driftGrade)).toEqual(['warn', 'warn'])
		expect([1, -1.8].map(driftGrade)).toEqual(['bad', 'bad'])
	})
	it('[UX24] stands on the meter by a square root, within its ends', () => {
		expect(meterPlace(0)).toBe(0.5)
		expect(meterPlace(2)).toBe(1)
		expect(meterPlace(-5)).toBe(0)
		expect(meterPlace(0.02)).toBeCloseTo(0.55)
	})
	it('[UX24] fans out seats that would hide each other', () => {
		expect(fanOut([0.5, 0.9, 0.52, 0.51, 0.1])).toEqual([0, 0, 1, 2, 0])
	})
	it('[UX24] is written with its sign and two decimals', () => {
		expect([-0.04, 0.31, 0, -0.001].map(driftText)).toEqual(['−0.04 s', '+0.31 s', '0.00 s', '0.00 s'])
	})
})

describe('keys', () => {
	const wish = (key: string, place: KeyPlace = 'page', more = {}) =>
		wishOf({ key, ctrlKey: false, metaKey: false, altKey: false, isRepeat: false, ...more }, place)
	it('[UX7] one key, one wish', () => {
		expect([' ', 'k', 'K', 'j', 'l', 'm', 'f', 't', 'c', 'n', ']', '?'].map((key) => wish(key))).toEqual([
			'toggle-play',
			'toggle-play',
			'toggle-play',
			'back-10',
			'forward-10',
			'toggle-mute',
			'full-screen',
			'theater',
			'chat',
			'next',
			'panel',
			'help',
		])
		expect(wish('x')).toBeNull()
		expect(wish('constructor')).toBeNull()
	})
	it('[UX7] nothing while typing or with a modifier', () => {
		expect(wish('k', 'typing')).toBeNull()
		expect(wish('k', 'page', { ctrlKey: true })).toBeNull()
		expect(wish('ArrowUp', 'page', { altKey: true })).toBeNull()
	})
	it('[UX7] buttons, sliders and lists keep their own keys', () => {
		expect(wish(' ', 'button')).toBeNull()
		expect(wish('k', 'button')).toBe('toggle-play')
		expect(wish('ArrowLeft', 'slider')).toBeNull()
		expect(wish('ArrowLeft', 'list')).toBeNull()
		expect(wish('ArrowLeft', 'page')).toBe('back-5')
	})
	it('[UX7] a held key repeats jumps, not toggles', () => {
		expect(wish('l', 'page', { isRepeat: true })).toBe('forward-10')
		expect(wish('k', 'page', { isRepeat: true })).toBeNull()
	})
})

describe('messages', () => {
	it('[UX11] a time is found, in minutes or hours', () => {
		expect(messageParts('see 12:04, then 1:02:03')).toEqual([
			{ type: 'text', text: 'see ' },
			{ type: 'time', text: '12:04', positionS: 724 },
			{ type: 'text', text: ', then ' },
			{ type: 'time', text: '1:02:03', positionS: 3723 },
		])
	})
	it('[UX11] what only looks like a time stays text', () => {
		for (const text of ['12:64', '1:2', '1:99:00', '10.12:30', '1:2:3:04'])
			expect(messageParts(text), text).toEqual([{ type: 'text', text }])
	})
	it('[UX11] links open, without the full stop behind them, and only http', () => {
		expect(messageParts('(https://a.example/x?y=1). ok')).toEqual([
			{ type: 'text', text: '(' },
			{ type: 'link', text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
			{ type: 'text', text: '). ok' },
		])
		expect(messageParts('javascript:alert(1)')).toEqual([{ type: 'text', text: 'javascript:alert(1)' }])
	})
})

describe('the chat with what people did', () => {
	const message = (id: string, atMs: number) => ({ id, atMs }) as ChatMessage
	const entry = (id: string, atMs: number, type: string, undoneBy: string | null = null) =>
		({ id, atMs, deed: { type }, undoneBy }) as ActivityEntry
	it('[UX12] folds a flood of presses between two messages into one quiet line', () => {
		const rows = timeline(
			[message('m1', 10), message('m2', 50)] as never,
			// Newest first, as the room gives them.
			[
				entry('a4', 60, 'paused'),
				entry('a3', 40, 'sought'),
				entry('a2', 30, 'paused'),
				entry('a1', 20, 'played'),
			],
			null,
		)
		expect(
			rows.map((row) => (row.type === 'message' ? row.message.id : [row.key.slice(2), row.count])),
		).toEqual(['m1', ['a3', 3], 'm2', ['a4', 1]])
	})
	it('[UX12] leaves out what was undone and what is not about playing', () => {
		const rows = timeline([], [entry('a2', 2, 'paused', 'bo'), entry('a1', 1, 'added')], null)
		expect(rows).toEqual([])
	})
	it('[UX13] marks the first new message', () => {
		const rows = timeline([message('m1', 1), message('m2', 2)] as never, [], 1)
		expect(rows.map((row) => row.type === 'message' && row.isNew)).toEqual([false, true])
	})
})

describe('words and numbers', () => {
	it('[UX25] times are read as clocks and said in words', () => {
		expect([0, 724, 3725, null].map(clockText)).toEqual(['0:00', '12:04', '1:02:05', '–:––'])
		expect([0, 61, 3600].map(spokenTime)).toEqual(['0 seconds', '1 minute 1 second', '1 hour'])
		expect([40, 240, 3743].map(lengthText)).toEqual(['40 s', '4 min', '1 h 2 min'])
	})
	it('[UX28] days are named from where the reader stands', () => {
		const now = new Date(2026, 10, 21, 20, 0).getTime()
		const at = (month: number, day: number, year = 2026) =>
			dayText(new Date(year, month, day, 9).getTime(), now)
		expect([at(10, 21), at(10, 20), at(10, 15), at(10, 2), at(10, 2, 2025)]).toEqual([
			'Today',
			'Yesterday',
			'Last Sunday',
			'2 November',
			'2 November 2025',
		])
	})
	it('[UX22] lists are joined as people write them', () => {
		expect([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(listText)).toEqual(['', 'A', 'A and B', 'A, B and C'])
	})
})

describe('dragging', () => {
	const boxes = [0, 1, 2].map((row) => ({ top: row * 10, bottom: row * 10 + 10 }))
	it('[UX9] a row lands in the gap nearest to the pointer', () => {
		expect([-5, 4, 6, 16, 40].map((y) => gapAt(boxes, y))).toEqual([0, 0, 1, 2, 3])
	})
	it('[UX9] the gaps beside a row are its own place', () => {
		expect([0, 1, 2, 3].map((gap) => isSamePlace(1, gap))).toEqual([false, true, true, false])
	})
})

describe('the connection chip', () => {
	const view = {
		state: 'ready',
		direct: 0,
		relayed: 0,
		rttMs: null,
		server: 'up',
		isFollower: false,
	} as const
	const words = (more: Partial<Parameters<typeof connectionText>[0]>) =>
		connectionText({ ...view, ...more }).parts.map(({ text }) => text)
	it('[UX30] counts direct and relayed links and says the round trip', () => {
		expect(words({ direct: 3, relayed: 1, rttMs: 24.4 })).toEqual(['Direct 3', 'Relayed 1', '24 ms'])
	})
	it('[UX30] names what is missing', () => {
		expect(words({ state: 'offline', server: 'away' })).toEqual(['Offline'])
		expect(words({ server: 'away' })).toEqual(['Reconnecting…'])
		expect(words({ direct: 2, server: 'away' })).toEqual(['Direct 2', 'Server away'])
		expect(words({ state: 'connecting', server: 'connecting' })).toEqual(['Connecting…'])
	})
	it('[UX30] says why nobody is reached where that is known', () => {
		const spoken = (whyNone: 'no-relay' | 'hidden') =>
			connectionText({ ...view, state: 'connecting', whyNone }).spoken
		expect(words({ state: 'connecting', whyNone: 'no-relay' })).toEqual(['Not reached'])
		expect(spoken('no-relay')).toContain('this server does not pass anything on')
		expect(spoken('hidden')).toContain('Your address is hidden')
		expect(words({ direct: 1, whyNone: 'no-relay' })).toEqual(['Direct 1'])
	})
})
