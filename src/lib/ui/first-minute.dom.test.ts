import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onLanguage, trackLanguage, useLanguage } from '#lib/words/language.ts'
import { kindOfDrag, pickFiles, textIn } from './carried.ts'
import HomeScreen from './HomeScreen.svelte'
import KeptRooms from './KeptRooms.svelte'
import * as choice from './language-choice.ts'
import * as made from './made-up.ts'
import type { HomeScreenProps } from './props.ts'

beforeEach(() => {
	localStorage.clear()
	// As the layout does.
	trackLanguage(createSubscriber(onLanguage))
})
afterEach(async () => {
	cleanup()
	vi.restoreAllMocks()
	trackLanguage(() => undefined)
	await useLanguage('en')
})

const LINK = 'https://films.example/a.mp4'
const film = new File(['x'], 'film.webm', { type: 'video/webm' })

const open = (more: Partial<HomeScreenProps> = {}) => {
	const asked: unknown[][] = []
	const done =
		(name: string) =>
		async (...values: unknown[]) => {
			asked.push([name, ...values])
			return { type: 'done' } as const
		}
	render(HomeScreen, {
		props: {
			rooms: made.rooms,
			start: done('start'),
			startSample: done('startSample'),
			startFiles: done('startFiles'),
			join: done('join'),
			forget: () => Promise.resolve(),
			account: { type: 'guest' },
			...more,
		},
	})
	return asked
}
const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Video link' })
/** What browsers put into a paste or a drop. */
const carrying = (
	data: Record<string, string>,
	files: readonly File[] = [],
	types = files.length > 0 ? ['Files'] : Object.keys(data),
) => ({
	types,
	files,
	items: files.map((file) => ({ kind: 'file', getAsFile: () => file, webkitGetAsEntry: () => null })),
	getData: (type: string) => data[type] ?? '',
	dropEffect: 'none',
})
const paste = (target: Element, data: ReturnType<typeof carrying>) =>
	fireEvent.paste(target, { clipboardData: data })
const drop = async (target: Element, data: ReturnType<typeof carrying>) => {
	await fireEvent.dragOver(target, { dataTransfer: data })
	await fireEvent.drop(target, { dataTransfer: data })
	await new Promise((resolve) => setTimeout(resolve))
	await tick()
}
const heading = () => screen.getByRole('heading', { level: 1 })

describe('paste and drop', () => {
	it('[FM2] a link pasted anywhere stands in the field, which has the focus', async () => {
		const asked = open()
		await paste(document.body, carrying({ 'text/plain': ` ${LINK}\n` }))
		await tick()
		expect(field().value).toBe(LINK)
		expect(document.activeElement).toBe(field())
		expect(asked).toEqual([])
	})
	it('[FM2] what is pasted into another field stays there', async () => {
		open()
		await paste(screen.getByRole('textbox', { name: 'Room code' }), carrying({ 'text/plain': LINK }))
		await tick()
		expect(field().value).toBe('')
	})
	it('[FM2] several lines in the field itself stand apart by spaces', async () => {
		open()
		await paste(field(), carrying({ 'text/plain': `${LINK}\r\nhttps://films.example/b.mp4` }))
		await tick()
		expect(field().value).toBe(`${LINK} https://films.example/b.mp4`)
	})
	it('[FM2] a link that is dropped stands in the field', async () => {
		open()
		await drop(heading(), carrying({ 'text/uri-list': `# a remark\r\n${LINK}\r\n`, 'text/plain': 'A film' }))
		expect(field().value).toBe(LINK)
		expect(document.activeElement).toBe(field())
	})
	it('[FM3] a file dropped, pasted or chosen starts a room, with the options as they stand', async () => {
		for (const how of ['drop', 'paste', 'choose'] as const) {
			const calls = open()
			await fireEvent.click(screen.getByRole('button', { name: 'Options' }))
			await fireEvent.input(screen.getByRole('textbox', { name: 'Room title' }), {
				target: { value: 'Sunday' },
			})
			if (how === 'drop') await drop(heading(), carrying({}, [film]))
			else if (how === 'paste') await paste(document.body, carrying({}, [film]))
			else await fireEvent.change(screen.getByLabelText(/^Film, list/), { target: { files: [film] } })
			await tick()
			expect(calls, how).toEqual([['startFiles', [{ file: film }], { title: 'Sunday', password: '' }]])
			expect(screen.getByText('Looking at “film.webm”'), how).toBeTruthy()
			cleanup()
		}
	})
	it('[FM3] while something is dragged over the page it says what dropping will do', async () => {
		open()
		await fireEvent.dragOver(heading(), { dataTransfer: carrying({}, [film]) })
		expect(screen.getByText('Drop it to start a room')).toBeTruthy()
		await fireEvent.dragLeave(document.body, { relatedTarget: null })
		expect(screen.queryByText('Drop it to start a room')).toBeNull()
		await fireEvent.dragOver(heading(), { dataTransfer: carrying({ 'text/plain': LINK }) })
		expect(screen.getByText('Drop the link to take it')).toBeTruthy()
	})
	it('[FM5] what is no film is refused at the field, and what stood in it stays', async () => {
		open({
			startFiles: async () => ({ type: 'refused', field: 'link', message: '“cat.png” is a picture.' }),
		})
		await fireEvent.input(field(), { target: { value: LINK } })
		await drop(heading(), carrying({}, [new File(['x'], 'cat.png')]))
		expect(screen.getByRole('alert').textContent).toContain('“cat.png” is a picture.')
		expect(field().value).toBe(LINK)
		expect(field().getAttribute('aria-describedby')).toBe('link-error')
		expect(screen.queryByText(/Looking at/)).toBeNull()
	})
	it('[FM2] under an open question nothing is taken', async () => {
		open()
		await fireEvent.click(screen.getByRole('button', { name: 'Options for Sunday matinee' }))
		await fireEvent.click(await screen.findByRole('menuitem', { name: 'Forget' }, { timeout: 10_000 }))
		await screen.findByRole('dialog', { name: 'Forget Sunday matinee?' })
		await paste(document.body, carrying({ 'text/plain': LINK }))
		expect(field().value).toBe('')
	})
	it('[FM2] files, links and text are told apart by the kinds that a drag shows', () => {
		expect(kindOfDrag({ types: ['Files'] })).toBe('files')
		// A picture of a page comes as a file and as its address.
		expect(kindOfDrag({ types: ['text/uri-list', 'text/html', 'Files'] })).toBe('text')
		expect(kindOfDrag({ types: ['text/plain'] })).toBe('text')
		expect(kindOfDrag({ types: ['application/x-tab'] })).toBeNull()
		expect(kindOfDrag(null)).toBeNull()
		expect(textIn(null)).toBe('')
	})
	it('[FM3] the browser’s own dialog gives handles; closed it gives nothing, and where there is none an input does', async () => {
		const handle = { name: 'film.webm', getFile: async () => film }
		const windowWith = (showOpenFilePicker: unknown) => ({ showOpenFilePicker }) as unknown as Window
		expect(await pickFiles(windowWith(async () => [handle]))).toEqual([{ file: film, handle }])
		const closed = async () => Promise.reject(new DOMException('closed', 'AbortError'))
		expect(await pickFiles(windowWith(closed))).toEqual([])
		const forbidden = async () => Promise.reject(new DOMException('no', 'SecurityError'))
		expect(await pickFiles(windowWith(forbidden))).toBeNull()
		expect(await pickFiles(windowWith(undefined))).toBeNull()
	})
})

describe('languages', () => {
	it('[WD6] the front page is switched by a button with the language’s own name, and back', async () => {
		open()
		const group = () => screen.getByRole('group', { name: /^(Language|语言)$/ })
		const chinese = within(group()).getByRole('button', { name: '中文' })
		expect(chinese.lang).toBe('zh-CN')
		await fireEvent.click(chinese)
		expect(await screen.findByRole('button', { name: '开房间' }, { timeout: 20_000 })).toBeTruthy()
		expect(document.documentElement.lang).toBe('zh-CN')
		expect(screen.getByRole('textbox', { name: '视频链接' })).toBeTruthy()
		await fireEvent.click(within(group()).getByRole('button', { name: 'English' }))
		expect(await screen.findByRole('button', { name: 'Start a room' })).toBeTruthy()
	})
	it('[WD6] a language that could not be fetched is told at the switch, and nothing changes', async () => {
		vi.spyOn(choice, 'switchLanguage').mockRejectedValue(new TypeError('offline'))
		vi.spyOn(console, 'warn').mockImplementation(() => undefined)
		open()
		await fireEvent.click(screen.getByRole('button', { name: '中文' }))
		expect((await screen.findByRole('alert')).textContent).toBe(
			'The words for 中文 could not be fetched. Try again once you are online.',
		)
		expect(screen.getByRole('button', { name: 'Start a room' })).toBeTruthy()
	})
})

describe('the rooms kept on this device', () => {
	const open = (bytes: number | null, isForgotten = true) => {
		let asked = 0
		const view = render(KeptRooms, {
			props: {
				kept: { type: 'kept', count: 3, bytes },
				forgetAll: async () => {
					asked++
					return isForgotten
				},
			},
		})
		return { ...view, asked: () => asked }
	}
	it('[FM10] are counted, with what they take where the browser says; forgetting all asks first', async () => {
		const { asked, rerender } = open(12_000_000)
		expect(screen.getByRole('status').textContent).toMatch(/3 rooms are kept here.*12 MB/)
		await fireEvent.click(screen.getByRole('button', { name: 'Forget all rooms' }))
		await fireEvent.click(screen.getByRole('button', { name: 'Keep them' }))
		expect(asked()).toBe(0)
		await fireEvent.click(screen.getByRole('button', { name: 'Forget all rooms' }))
		await fireEvent.click(screen.getByRole('button', { name: 'Forget them' }))
		expect(asked()).toBe(1)
		await rerender({ kept: { type: 'kept', count: 0, bytes: null } })
		expect(screen.getByRole('status').textContent).toContain('No room is kept on this device any more.')
	})
	it('[FM10] that could not be forgotten are told, and so is a list that could not be read', async () => {
		const { rerender } = open(null, false)
		expect(screen.getByRole('status').textContent).not.toContain('MB')
		await fireEvent.click(screen.getByRole('button', { name: 'Forget all rooms' }))
		await fireEvent.click(screen.getByRole('button', { name: 'Forget them' }))
		expect((await screen.findByRole('alert')).textContent).toContain('Not all of them could be forgotten')
		await rerender({ kept: { type: 'unread' } })
		expect(screen.getAllByRole('alert')[0]?.textContent).toContain('could not be read')
	})
})
