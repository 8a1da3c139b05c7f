import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MediaRef } from '#lib/core/media.ts'
import type { ExtensionView, PlayerView } from '#lib/core/view.ts'
import { useLanguage } from '#lib/words/language.ts'
import { playerOf, stateOf } from '../../made-up.ts'
import RoomScreen from '../../RoomScreen.svelte'
import { createFakeRoom } from '../../testing.ts'
import { siteName } from '../site-name.ts'
import { ownPageOf } from './own-page.ts'
import SiteNote from './SiteNote.svelte'

beforeEach(() => {
	localStorage.clear()
})
afterEach(async () => {
	cleanup()
	await useLanguage('en')
})

const FETCH = { timeout: 10_000 }
const PAGE = { kind: 'page', url: 'https://www.films.example/watch/night-bus' } as const
const WATCH = 'Watch it on the site'
const HERE: ExtensionView = { isOld: false }
const OLD: ExtensionView = { isOld: true }
const UPDATE = 'The Matinee extension in this browser needs an update before it can watch with this room.'

const open = (media: MediaRef, extension: ExtensionView | null, state: PlayerView['state'] = 'playing') => {
	const made = stateOf('film')
	const current = { ...made.queue.current!, media }
	const watchOnSite = vi.fn<() => void>()
	const player = { ...playerOf('film'), state }
	const queue = { ...made.queue, current }
	const { props, asked } = createFakeRoom('film', {
		state: { ...made, queue },
		player,
		extension,
		watchOnSite,
	})
	render(RoomScreen, { props })
	return { watchOnSite, asked }
}
const heading = () => screen.queryByRole('heading', { name: /plays on/ })

describe('a page that its own site alone plays', () => {
	it('[XT48] the stage says where it plays and leads there, in a new tab and by nobody’s doing but a click', async () => {
		const opened = vi.spyOn(window, 'open').mockReturnValue(null)
		const { asked } = open(PAGE, null, 'on-site')
		await vi.waitFor(() => expect(heading()).not.toBeNull(), FETCH)
		expect(heading()?.textContent).toBe('This video plays on films.example only, with the Matinee extension.')
		const link = screen.getByRole('link', { name: 'Open films.example in a new tab' })
		expect(link.getAttribute('href')).toBe(PAGE.url)
		expect(link.getAttribute('target')).toBe('_blank')
		expect(link.getAttribute('rel')).toBe('noopener noreferrer')
		expect(opened).not.toHaveBeenCalled()
		expect(screen.queryByRole('button', { name: WATCH })).toBeNull()
		expect(document.querySelector('.stage video, .stage iframe')).toBeNull()
		// The room’s controls go on as ever.
		await fireEvent.click(screen.getByRole('button', { name: 'Pause' }))
		expect(asked).toContainEqual(['pause'])
		await fireEvent.click(screen.getByRole('button', { name: 'Skip' }))
		expect(asked).toContainEqual(['next'])
		opened.mockRestore()
	})
	it('[XT48] who may not skip hears why', () => {
		const skip = vi.fn<() => void>()
		const props = {
			media: PAGE,
			extension: null,
			watch: () => undefined,
			skipReason: 'Not for a viewer',
			skip,
		}
		render(SiteNote, { props })
		const button = screen.getByRole('button', { name: 'Skip' })
		expect([button.title, button.getAttribute('aria-disabled')]).toEqual(['Not for a viewer', 'true'])
		button.click()
		expect(skip).not.toHaveBeenCalled()
	})
	it('[XT48] it is said in Chinese too', async () => {
		await useLanguage('zh')
		const props = {
			media: PAGE,
			extension: HERE,
			watch: () => undefined,
			skipReason: null,
			skip: () => undefined,
		}
		render(SiteNote, { props })
		expect(screen.getByRole('heading').textContent).toBe(
			'这个视频只能在 films.example 上播放，需要 Matinee 扩展。',
		)
		expect(screen.getByRole('button', { name: '到网站上观看' })).toBeTruthy()
	})
	it('[XT48] in the queue it stands under its site’s name', () => {
		expect(siteName(PAGE)).toBe('films.example')
	})
	it('[XT50] with the extension there its button comes first, and the click is handed on at once', async () => {
		const { watchOnSite } = open(PAGE, HERE, 'on-site')
		const button = await vi.waitFor(() => screen.getByRole('button', { name: WATCH }), FETCH)
		button.click()
		// Not a moment later: the extension counts only what happens in the click.
		expect(watchOnSite).toHaveBeenCalledOnce()
		expect(screen.getAllByRole('button', { name: WATCH })).toHaveLength(1)
		expect(screen.getByRole('link', { name: /^Open films.example/ })).toBeTruthy()
	})
	it('[XT51] an old extension is named once, with what it needs, and offers nothing', async () => {
		open(PAGE, OLD, 'on-site')
		await vi.waitFor(() => expect(screen.getByText(UPDATE)).toBeTruthy(), FETCH)
		expect(screen.queryByRole('button', { name: WATCH })).toBeNull()
		expect(screen.getByRole('link', { name: /^Open films.example/ })).toBeTruthy()
	})
})

describe('what plays here, and on its own site too', () => {
	it.each<MediaRef>([
		{ kind: 'youtube', id: 'dQw4w9WgXcQ' },
		{ kind: 'bilibili', id: 'BV1xx411c7mD', page: 1 },
		PAGE,
	])('[XT50] of %j the extension offers the own page, beside what is on', async (media) => {
		const { watchOnSite } = open(media, HERE)
		const button = await vi.waitFor(() => screen.getByRole('button', { name: WATCH }), FETCH)
		button.click()
		expect(watchOnSite).toHaveBeenCalledOnce()
		expect(heading()).toBeNull()
	})
	it('[XT50] without the extension there is no word of it', async () => {
		open({ kind: 'youtube', id: 'dQw4w9WgXcQ' }, null)
		await tick()
		await import('./SiteLine.svelte')
		await tick()
		expect(screen.queryByText(WATCH)).toBeNull()
		expect(screen.queryByText(UPDATE)).toBeNull()
	})
	it('[XT50] a file, a track and a copy from the own disk have no page to watch them on', () => {
		const none: readonly MediaRef[] = [
			{ kind: 'file', url: 'https://films.example/a.mp4' },
			{ kind: 'hls', url: 'https://films.example/a.m3u8' },
			{ kind: 'soundcloud', url: 'https://soundcloud.com/a/b' },
			{ kind: 'local-file', size: 5, hash: 'h'.repeat(43), name: 'a.mkv' },
		]
		expect(none.map(ownPageOf)).toEqual([null, null, null, null])
		expect(ownPageOf({ kind: 'youtube', id: 'dQw4w9WgXcQ' })).toEqual({
			url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ',
			host: 'youtube.com',
		})
	})
	it('[XT51] an old extension is named beside what is on', async () => {
		open({ kind: 'youtube', id: 'dQw4w9WgXcQ' }, OLD)
		await vi.waitFor(() => expect(screen.getByText(UPDATE)).toBeTruthy(), FETCH)
		expect(screen.queryByRole('button', { name: WATCH })).toBeNull()
	})
})
