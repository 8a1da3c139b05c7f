import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SubtitleFile } from '#lib/core/state.ts'
import type { SubtitleId } from '#lib/core/units.ts'
import type { RoomScreenProps } from '../../props.ts'
import { createFakeRoom } from '../../testing.ts'
import { choices } from './choices.svelte.ts'
import MorePanel from './MorePanel.svelte'
import SubtitlesPanel from './SubtitlesPanel.svelte'
import WatchLayer from './WatchLayer.svelte'

const nameOf = () => ({ name: 'Bo', seat: 1, isMe: false })

/** A film with a file of subtitles, ten seconds into it. */
const roomWith = (more: Partial<RoomScreenProps> = {}, playing: object = {}) => {
	const fake = createFakeRoom(
		'film',
		{},
		{
			readSubtitles: async () => ({
				type: 'read',
				cues: [
					{ startS: 9, endS: 11, text: 'Hello\n<img src=x onerror=alert(1)>' },
					{ startS: 20, endS: 21, text: 'later' },
				],
			}),
		},
	)
	const item = fake.props.state.queue.current!.id
	const file = {
		...{ id: 'f' as SubtitleId, item, name: 'a.srt', language: 'en', by: 'bo', isWhole: true },
	} as unknown as SubtitleFile
	const props: RoomScreenProps = {
		...fake.props,
		state: { ...fake.props.state, subtitles: [file] },
		player: { ...fake.props.player, state: 'paused', isPlaying: false, positionS: 10, ...playing },
		...more,
	}
	return { props, item, asked: fake.asked }
}
const settle = async () => {
	for (let i = 0; i < 4; i++) await tick()
}
const trigger = () => {
	const button = document.createElement('button')
	document.body.append(button)
	return button
}

beforeEach(() => {
	choices.sleep = { type: 'off' }
	choices.added = null
	choices.setAmbient(false)
	choices.setSize(1)
	choices.shift('f' as SubtitleId, null)
	if (choices.memory.isOff) choices.pick('none' as never, { id: 'none' as SubtitleId, language: null })
})
afterEach(() => {
	cleanup()
	vi.useRealTimers()
	document.body.replaceChildren()
})

describe('subtitles on the stage', () => {
	it('[WT1] stand there at their second, later or earlier as the person has it, and not where they are off', async () => {
		const { props } = roomWith()
		render(WatchLayer, { room: props, fallAsleep: () => undefined })
		await vi.waitFor(() => expect(screen.getByTestId('cues').textContent).toContain('Hello'))
		const file = 'f' as SubtitleId
		for (let i = 0; i < 101; i++) choices.shift(file, -1)
		await settle()
		expect(screen.getByTestId('cues').textContent).toContain('later')
		choices.shift(file, null)
		choices.turnOff()
		await settle()
		expect(screen.queryByTestId('cues')).toBeNull()
	})
	it('[WT4] are text and nothing else, each line in its own direction', async () => {
		const { props } = roomWith()
		const { container } = render(WatchLayer, { room: props, fallAsleep: () => undefined })
		await vi.waitFor(() => expect(container.querySelectorAll('span')).toHaveLength(2))
		expect(container.querySelector('img')).toBeNull()
		expect(container.textContent).toContain('<img src=x onerror=alert(1)>')
		expect([...container.querySelectorAll('span')].map((span) => span.dir)).toEqual(['auto', 'auto'])
		expect(screen.getByTestId('cues').lang).toBe('en')
	})
})

describe('the panel of subtitles', () => {
	it('[WT1] turns them off, shifts and sizes them for this person, and remembers', async () => {
		const { props } = roomWith()
		render(SubtitlesPanel, { room: props, nameOf, trigger: trigger(), onclose: () => undefined })
		await fireEvent.click(screen.getByRole('button', { name: '0.1 s later' }))
		expect(screen.getByText('+0.1 s')).toBeTruthy()
		await fireEvent.change(screen.getByRole('combobox', { name: 'Size' }), { target: { value: 'Large' } })
		const kept = () => JSON.parse(localStorage.getItem('matinee.watching') ?? '{}') as object
		expect(kept()).toMatchObject({ isOff: false, size: 2, offsets: [['f', 1]] })
		const shown = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Shown to you' })
		expect([...shown.options].map(({ text }) => text)).toEqual(['Off', 'a.srt (English), from Bo'])
		await fireEvent.change(shown, { target: { value: 'Off' } })
		expect(kept()).toMatchObject({ isOff: true })
	})
	it('[WT3] reads the file just added once more as the person says', async () => {
		const { props, item, asked } = roomWith()
		choices.added = {
			...{
				file: new File(['x'], 'a.srt'),
				item,
				encoding: 'windows-1252',
				message: 'Added.',
				isProblem: false,
			},
		}
		render(SubtitlesPanel, { room: props, nameOf, trigger: trigger(), onclose: () => undefined })
		await fireEvent.change(screen.getByRole('combobox', { name: /Letters look wrong/ }), {
			target: { value: 'windows-1251' },
		})
		expect(asked).toContainEqual(['shareSubtitles', 'a.srt', 'windows-1251'])
	})
	it('[WT2] says why none can be added, or taken back', async () => {
		const { props } = roomWith({ canDo: () => 'Only operators can add to the queue in this room.' })
		render(SubtitlesPanel, { room: props, nameOf, trigger: trigger(), onclose: () => undefined })
		const add = screen.getByRole('button', { name: 'Add a file' })
		expect([add.getAttribute('aria-disabled'), add.title]).toEqual([
			'true',
			'Only operators can add to the queue in this room.',
		])
		expect(screen.queryByRole('button', { name: 'Remove these for everybody' })).toBeNull()
	})
})

describe('for one person alone', () => {
	it('[WT11] the film stops when the timer has run, and not when it was turned off', async () => {
		vi.useFakeTimers()
		const fallAsleep = vi.fn()
		const { props } = roomWith()
		render(WatchLayer, { room: props, fallAsleep })
		choices.sleep = { type: 'at', minutes: 15, atMs: performance.now() + 15 * 60_000 }
		await settle()
		vi.advanceTimersByTime(10 * 60_000)
		choices.sleep = { type: 'off' }
		await settle()
		vi.advanceTimersByTime(10 * 60_000)
		expect(fallAsleep).not.toHaveBeenCalled()
		choices.sleep = { type: 'at', minutes: 15, atMs: performance.now() + 15 * 60_000 }
		await settle()
		vi.advanceTimersByTime(15 * 60_000 + 1)
		expect(fallAsleep).toHaveBeenCalledOnce()
		expect(choices.sleep.type).toBe('off')
	})
	it('[WT11] or with the film that was on', async () => {
		const fallAsleep = vi.fn()
		const { props, item } = roomWith()
		const { rerender } = render(WatchLayer, { room: props, fallAsleep })
		choices.sleep = { type: 'film-end', item }
		await settle()
		expect(fallAsleep).not.toHaveBeenCalled()
		const next = props.state.queue.next[0]!
		const state = { ...props.state, queue: { ...props.state.queue, current: next } }
		await rerender({ room: { ...props, state }, fallAsleep })
		expect(fallAsleep).toHaveBeenCalledOnce()
	})
	it('[WT12] the quality is chosen among those there are', async () => {
		const all = [
			{ id: 1, height: 720, bitsPerS: 2e6 },
			{ id: 3, height: null, bitsPerS: 64_000 },
		]
		const { props, asked } = roomWith({}, { quality: { all, chosen: null, shown: 1 } })
		render(MorePanel, {
			...{
				room: props,
				nameOf,
				isNarrow: false,
				isRemote: false,
				trigger: trigger(),
				onclose: () => undefined,
			},
		})
		const select = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Quality' })
		expect([...select.options].map(({ text }) => text)).toEqual(['Automatic (720p)', '720p', '64 kbit/s'])
		await fireEvent.change(select, { target: { value: '64 kbit/s' } })
		expect(asked).toContainEqual(['setQuality', 3])
	})
	it('[WT13] a glow is there when it was turned on, and not where less motion is wanted', async () => {
		const { props } = roomWith()
		const { container, unmount } = render(WatchLayer, { room: props, fallAsleep: () => undefined })
		expect(container.querySelector('canvas')).toBeNull()
		choices.setAmbient(true)
		await settle()
		expect(container.querySelector('canvas')).not.toBeNull()
		unmount()
		vi.stubGlobal('matchMedia', () => Object.assign(new EventTarget(), { matches: true }))
		const still = render(WatchLayer, { room: props, fallAsleep: () => undefined })
		expect(still.container.querySelector('canvas')).toBeNull()
		vi.unstubAllGlobals()
	})
	it('[WT5] what keeps the picture from a window of its own is said', () => {
		const { props } = roomWith()
		render(MorePanel, {
			...{
				room: props,
				nameOf,
				isNarrow: true,
				isRemote: false,
				trigger: trigger(),
				onclose: () => undefined,
			},
		})
		const pip = screen.getByRole('button', { name: 'Picture in picture' })
		expect([pip.getAttribute('aria-disabled'), pip.title]).toEqual([
			'true',
			'This browser gives pages no picture in picture. Firefox has its own button on the picture.',
		])
		// Where the bar has no place for it, subtitles stand here.
		expect(screen.getByRole('combobox', { name: 'Shown to you' })).toBeTruthy()
	})
})
