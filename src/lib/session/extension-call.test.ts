import { describe, expect, it } from 'vitest'
import {
	APP_EVENT,
	appNote,
	EXTENSION_EVENT,
	EXTENSION_PROTOCOL,
	readNote,
	WATCH_EVENT,
	watchNote,
	type ExtensionNote,
} from '#lib/protocol/extension-note.ts'
import { callExtension } from './extension-call.ts'

const CODE = 'K7QX-3M9R-T2VH-8WPC-5NDA'
const NIGHT_BUS = {
	media: { kind: 'page', url: 'https://films.example/watch/night-bus' },
	title: 'Night Bus',
} as const

/** A page on which an extension may be; `note` null: there is none. */
const onPage = (note: Partial<ExtensionNote> | string | null, protocol = EXTENSION_PROTOCOL) => {
	const page = new EventTarget()
	const asked: unknown[] = []
	const wishes: unknown[] = []
	let changes = 0
	const answer = (said: Partial<ExtensionNote> | string): void => {
		const detail = typeof said === 'string' ? said : JSON.stringify({ version: '0.1.0', ...said })
		page.dispatchEvent(new CustomEvent(EXTENSION_EVENT, { detail }))
	}
	page.addEventListener(APP_EVENT, (event) => {
		asked.push(readNote(appNote, (event as CustomEvent).detail))
		if (note !== null) answer(note)
	})
	page.addEventListener(WATCH_EVENT, (event) => {
		wishes.push(readNote(watchNote, (event as CustomEvent).detail))
	})
	const call = callExtension({ page, code: CODE, protocol, onChange: () => changes++ })
	return { call, asked, wishes, answer, changes: () => changes }
}

describe('the extension on the page of a room', () => {
	it('[XT50] is asked once, and without an answer there is none and nothing is asked of it', () => {
		const { call, asked, wishes, changes } = onPage(null)
		expect(asked).toEqual([{ protocol: EXTENSION_PROTOCOL }])
		expect(call.view()).toBeNull()
		expect(call.watch(NIGHT_BUS)).toBe(false)
		expect([wishes, changes()]).toEqual([[], 0])
	})
	it('[XT50] that has answered is asked for the page of what is on, in this room', () => {
		const { call, wishes, changes } = onPage({ protocol: EXTENSION_PROTOCOL })
		expect(call.view()).toEqual({ isOld: false })
		expect(changes()).toBe(1)
		expect(call.watch(NIGHT_BUS)).toBe(true)
		const talk = { media: { kind: 'youtube', id: 'dQw4w9WgXcQ' }, title: 'talk '.repeat(200) } as const
		expect(call.watch(talk)).toBe(true)
		expect(wishes).toEqual([
			{ code: CODE, url: NIGHT_BUS.media.url, title: 'Night Bus' },
			{ code: CODE, url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ', title: talk.title.slice(0, 500) },
		])
	})
	it('[XT50] of a file on people’s own disks there is no page to go to', () => {
		const { call, wishes } = onPage({ protocol: EXTENSION_PROTOCOL })
		const media = { kind: 'local-file', size: 5, hash: 'x', name: 'film.mkv' } as const
		expect(call.watch({ media, title: 'Film' })).toBe(false)
		expect(wishes).toEqual([])
	})
	it('[XT50] may come after the question, and a later one may be newer', () => {
		const { call, answer, changes } = onPage(null)
		answer({ protocol: EXTENSION_PROTOCOL })
		answer({ protocol: EXTENSION_PROTOCOL + 5 })
		expect(call.view()).toEqual({ isOld: false })
		expect(changes()).toBe(1)
		call.close()
		answer({ protocol: EXTENSION_PROTOCOL - 1 })
		expect(changes()).toBe(1)
	})
	it.each(['', '{}', '{"version":"0.1.0"}', '{"version":"<b>","protocol":9}'])(
		'[XT45] what answers %j is none',
		(said) => {
			expect(onPage(said).call.view()).toBeNull()
		},
	)
	it('[XT51] that is older than what rooms hold today is told of, and asked for nothing', () => {
		const { call, wishes, answer } = onPage({ protocol: 2 }, 3)
		expect(call.view()).toEqual({ isOld: true })
		expect(call.watch(NIGHT_BUS)).toBe(false)
		expect(wishes).toEqual([])
		// Updated while the page is open.
		answer({ protocol: 3 })
		expect(call.view()).toEqual({ isOld: false })
		expect(call.watch(NIGHT_BUS)).toBe(true)
	})
})
