import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FileFacts, LocalFiles, LocalFileState, OfferOptions, PickedFile } from '#lib/core/own-files.ts'
import type { ItemId } from '#lib/core/units.ts'
import { useLanguage } from '#lib/words/language.ts'
import { playerOf, stateOf } from '../../made-up.ts'
import RoomScreen from '../../RoomScreen.svelte'
import { createFakeRoom } from '../../testing.ts'
import { createFileDrop } from './file-drop.svelte.ts'
import NeedsFile from './NeedsFile.svelte'
import { noFiles } from './no-files.ts'
import OwnFileLine from './OwnFileLine.svelte'
import { sortFiles } from './sort-files.ts'

beforeEach(() => {
	localStorage.clear()
})
afterEach(async () => {
	cleanup()
	await useLanguage('en')
})

const FETCH = { timeout: 10_000 }
const facts: FileFacts = {
	name: 'saltmarsh.mkv',
	size: 4_700_000_000,
	hash: 'h'.repeat(43),
	durationS: 6_490,
}
const media = {
	kind: 'local-file',
	name: facts.name,
	size: facts.size,
	hash: facts.hash,
	durationS: 6_490,
} as const
const film = (name = 'saltmarsh.mkv'): PickedFile => ({ file: new File(['abc'], name) })
const dragEvent = (type: string, files: readonly File[]): DragEvent => {
	const event = new Event(type, { bubbles: true, cancelable: true })
	const items = files.map((file) => ({ kind: 'file', getAsFile: () => file }))
	return Object.assign(event, {
		dataTransfer: { types: ['Files'], items, dropEffect: 'none' },
		relatedTarget: null,
	}) as unknown as DragEvent
}
/** A session that checks until it is told what came of it. */
const createFakeFiles = (more: Partial<LocalFiles> = {}) => {
	const asked: unknown[][] = []
	let offer: OfferOptions | null = null
	const files: LocalFiles = {
		...noFiles,
		offering: () => ({ name: 'saltmarsh.mkv', progress: 0.4 }),
		offerFile: async (file, options = {}) => {
			asked.push(['offerFile', file.name])
			offer = options
			const choice = await options.confirm?.(facts, 'saltmarsh')
			asked.push(['chosen', choice])
			return { type: 'cancelled' }
		},
		useFile: async (item, file) => {
			asked.push(['useFile', item, file.name])
			return { type: 'nothing' }
		},
		useAnyway: async (item) => {
			asked.push(['useAnyway', item])
			return { type: 'nothing' }
		},
		reopen: async (item) => {
			asked.push(['reopen', item])
			return { type: 'nothing' }
		},
		forget: async (item) => void asked.push(['forget', item]),
		cancel: (item) => void asked.push(['cancel', item]),
		pick: async () => film('picked.webm'),
		...more,
	}
	return { files, asked, options: () => offer }
}

describe('offering a file', () => {
	const open = async (more: Partial<LocalFiles> = {}, room: Parameters<typeof createFakeRoom>[1] = {}) => {
		const fake = createFakeFiles(more)
		render(RoomScreen, { props: createFakeRoom('film', { files: fake.files, ...room }).props })
		window.dispatchEvent(dragEvent('drop', [film().file]))
		const dialog = await screen.findByRole('dialog', { name: 'Watch a file together' }, FETCH)
		return { ...fake, dialog: within(dialog) }
	}

	it('[LF19] what is dropped is checked at once, its title edited, and added where one likes', async () => {
		const { asked, dialog } = await open()
		expect(asked).toEqual([['offerFile', 'saltmarsh.mkv']])
		expect(await dialog.findByText('Checked: this browser plays it.')).toBeTruthy()
		const title = dialog.getByRole<HTMLInputElement>('textbox', { name: 'Title' })
		expect(title.value).toBe('saltmarsh')
		await fireEvent.input(title, { target: { value: 'The Four-Ten' } })
		await fireEvent.click(dialog.getByRole('button', { name: 'Play next' }))
		await tick()
		expect(asked.at(-1)).toEqual(['chosen', { title: 'The Four-Ten', where: 'next' }])
	})

	it('[LF19] the button may be pressed before the file is read to its end; cancelled, nothing is added', async () => {
		let finish = (): void => undefined
		const choices: unknown[] = []
		const { asked, dialog } = await open({
			offerFile: async (_file, options) => {
				await new Promise<void>((resolve) => (finish = resolve))
				choices.push(await options?.confirm?.(facts, 'saltmarsh'))
				return { type: 'cancelled' }
			},
		})
		expect(dialog.getByRole('progressbar', { name: 'Checking “saltmarsh.mkv”' }).ariaValueNow).toBe('40')
		await fireEvent.click(dialog.getByRole('button', { name: 'Add to queue' }))
		finish()
		await vi.waitFor(() => expect(choices).toEqual([{ title: 'saltmarsh', where: 'end' }]))
		await fireEvent.click(dialog.getByRole('button', { name: 'Cancel' }))
		expect(asked.at(-1)).toEqual(['cancel', undefined])
		expect(screen.queryByRole('dialog')).toBeNull()
	})

	it('[LF19] what is no film is told for what it is, with another to choose', async () => {
		const { dialog } = await open({
			offerFile: async () => ({
				type: 'refused',
				problem: { type: 'not-media', what: 'picture', format: 'JPEG' },
			}),
		})
		expect(await dialog.findByText('This is no film')).toBeTruthy()
		expect(dialog.getByText(/“saltmarsh\.mkv” is a picture \(JPEG\), whatever its name says/)).toBeTruthy()
		expect(dialog.getByRole('button', { name: 'Choose another file' })).toBeTruthy()
		expect(dialog.queryByRole('button', { name: 'Add to queue' })).toBeNull()
	})

	it('[LF19] without the right to add, the reason stands there', async () => {
		const reason = 'Only operators can add videos in this room.'
		const { dialog } = await open({}, { canDo: (action) => (action === 'add' ? reason : null) })
		const add = dialog.getByRole('button', { name: 'Add to queue' })
		expect(add.ariaDisabled ?? add.getAttribute('aria-disabled')).toBe('true')
		expect(dialog.getByText(reason)).toBeTruthy()
	})

	it('[LF20] beside a link it may be played for this person alone', async () => {
		const { asked, dialog } = await open()
		const current = stateOf('film').queue.current?.id
		await fireEvent.click(dialog.getByRole('button', { name: /^Play it for me instead of/ }))
		expect(asked).toContainEqual(['cancel', undefined])
		expect(asked).toContainEqual(['useFile', current, 'saltmarsh.mkv'])
		expect(screen.queryByRole('dialog')).toBeNull()
	})

	it('[LF20] while a file is asked for, what is dropped is the own copy', async () => {
		const { files, asked } = createFakeFiles()
		const { current } = stateOf('film').queue
		const player = { ...playerOf('film'), state: 'needs-file' as const }
		render(RoomScreen, { props: createFakeRoom('film', { files, player }).props })
		window.dispatchEvent(dragEvent('drop', [film().file]))
		await vi.waitFor(() => expect(asked).toEqual([['useFile', current?.id, 'saltmarsh.mkv']]))
		expect(screen.queryByRole('dialog')).toBeNull()
	})
})

describe('in place of the picture', () => {
	const { current } = stateOf('film').queue
	const item = { ...current!, media, id: 'device.7' as ItemId }
	const show = (state: LocalFileState, isMe = false) => {
		const fake = createFakeFiles({ stateOf: () => state })
		const skip = vi.fn<() => void>()
		render(NeedsFile, {
			props: {
				files: fake.files,
				item,
				nameOf: () => ({ name: 'Ana', seat: 1, isMe }),
				skipReason: null,
				skip,
			},
		})
		return { ...fake, skip }
	}
	const asked = { name: media.name, size: media.size, durationS: 6_490 }
	const click = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

	it('[LF21] who plays what, and the button for the own copy', async () => {
		const fake = show({ type: 'needs-file', asked, reopen: null })
		expect(screen.getByRole('heading').textContent).toBe('Ana plays this from disk: choose your copy')
		expect(screen.getByText('saltmarsh.mkv, 4.7 GB, 1:48:10')).toBeTruthy()
		await click('Choose your copy')
		await tick()
		expect(fake.asked).toEqual([['useFile', 'device.7', 'picked.webm']])
		await click('Skip')
		expect(fake.skip).toHaveBeenCalledOnce()
	})

	it('[LF21] the file from before is opened with one click', async () => {
		const fake = show({ type: 'needs-file', asked, reopen: 'old.mkv' }, true)
		expect(screen.getByRole('heading').textContent).toBe('You added this from a disk: choose it again')
		await click('Open “old.mkv” again')
		expect(fake.asked).toEqual([['reopen', 'device.7']])
	})

	it('[LF21] one that differs is explained, and used anyway where the lengths agree', async () => {
		const difference = { sizeBytes: 12_000, durationS: 0 }
		const fake = show({ type: 'differs', name: 'mine.mkv', difference, mayUseAnyway: true, copy: null })
		expect(screen.getByText('Your file is 12 KB larger. It is equally long.')).toBeTruthy()
		expect(screen.getByText('The room watches saltmarsh.mkv, 4.7 GB, 1:48:10.')).toBeTruthy()
		await click('Use it anyway')
		expect(fake.asked).toEqual([['useAnyway', 'device.7']])
	})

	it('[LF21] one of another length cannot be used, and what does not do at all is told, in Chinese too', async () => {
		const difference = { sizeBytes: -1, durationS: -94 }
		show({ type: 'differs', name: 'mine.mkv', difference, mayUseAnyway: false, copy: null })
		expect(screen.queryByRole('button', { name: 'Use it anyway' })).toBeNull()
		expect(screen.getByText(/another length/)).toBeTruthy()
		cleanup()
		await useLanguage('zh')
		show({
			type: 'refused',
			name: 'mine.zip',
			problem: { type: 'not-media', what: 'zip', format: null },
			copy: null,
		})
		expect(screen.getByRole('heading').textContent).toBe('这不是影片')
	})
})

describe('under the stage', () => {
	const { current } = stateOf('film').queue
	const show = (state: LocalFileState, isLink = true) => {
		const fake = createFakeFiles({ stateOf: () => state })
		const item = isLink ? current! : { ...current!, media }
		render(OwnFileLine, { props: { files: fake.files, item } })
		return { ...fake, id: item.id }
	}
	const copy = { facts, url: 'blob:x', media, isSame: false, difference: null }

	it('[LF22] an own file instead of the link, and the way back', async () => {
		const { asked, id } = show({ type: 'in-use', copy })
		expect(screen.getByText('You play “saltmarsh.mkv” from your disk instead of the link.')).toBeTruthy()
		await fireEvent.click(screen.getByRole('button', { name: 'Back to the link' }))
		expect(asked).toEqual([['forget', id]])
		await fireEvent.click(screen.getByRole('button', { name: 'Close the note' }))
		expect(screen.queryByRole('complementary')).toBeNull()
	})

	it('[LF22] a warning where it differs; a file from before; one that does not do', async () => {
		show({ type: 'in-use', copy: { ...copy, difference: { sizeBytes: 3_000, durationS: 0.4 } } }, false)
		expect(screen.getByText(/differs\. Your file is 3 KB larger\. It is 0\.4 s longer\./)).toBeTruthy()
		expect(screen.queryByRole('button', { name: 'Close the note' })).toBeNull()
		cleanup()
		const before = show({ type: 'could-reopen', reopen: 'old.mkv' })
		await fireEvent.click(screen.getByRole('button', { name: 'Open “old.mkv” again' }))
		expect(before.asked).toEqual([['reopen', before.id]])
		cleanup()
		const refused = show({ type: 'refused', name: 'a.mkv', problem: { type: 'zeros' }, copy: null })
		expect(screen.getByRole('alert').textContent).toContain('This file is not complete.')
		await fireEvent.click(screen.getByRole('button', { name: 'Back to the link' }))
		expect(refused.asked).toEqual([['cancel', refused.id]])
	})
})

describe('drops', () => {
	it('[LF23] subtitles and lists are told apart from films by their names', () => {
		const names = (files: readonly PickedFile[]) => files.map(({ file }) => file.name)
		const sorted = sortFiles(
			['a.mkv', 'a.SRT', 'queue.json', 'b.vtt', 'list.m3u', 'noname'].map((name) => film(name)),
		)
		expect(names(sorted.films)).toEqual(['a.mkv', 'noname'])
		expect(names(sorted.subtitles)).toEqual(['a.SRT', 'b.vtt'])
		expect(names(sorted.queues)).toEqual(['queue.json', 'list.m3u'])
	})

	it('[LF23] each drop of files is taken from the browser; a picture of the page itself is none', async () => {
		const taken: (readonly PickedFile[])[] = []
		const onover = vi.fn<() => void>()
		const drop = createFileDrop({ onover, onfiles: (files) => taken.push(files) })
		drop.ondragenter(dragEvent('dragenter', []))
		expect([drop.isOver, onover.mock.calls.length]).toEqual([true, 1])
		const over = dragEvent('dragover', [])
		drop.ondragover(over)
		expect(over.defaultPrevented).toBe(true)
		drop.ondragleave(dragEvent('dragleave', []))
		expect(drop.isOver).toBe(false)
		const dropped = dragEvent('drop', [film().file])
		drop.ondrop(dropped)
		expect(dropped.defaultPrevented).toBe(true)
		await vi.waitFor(() => expect(taken[0]?.length).toBe(1))
		drop.ondragstart()
		drop.ondragenter(dragEvent('dragenter', []))
		expect(drop.isOver).toBe(false)
		drop.ondragend()
	})

	it('[LF23] where only folders fall, that is said', async () => {
		const { files } = createFakeFiles()
		render(RoomScreen, { props: createFakeRoom('film', { files }).props })
		window.dispatchEvent(dragEvent('drop', []))
		expect(await screen.findByText('Only folders were dropped. Drop the film itself.')).toBeTruthy()
	})
})
