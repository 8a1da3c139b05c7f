import { describe, expect, it, vi } from 'vitest'
import type { MediaRef } from '#lib/core/media.ts'
import type { QueueItem } from '#lib/core/state.ts'
import { createNextItem, PRELOAD_BEFORE_S, type FilmMoment } from './next-item.ts'
import { firstAddressIn } from './preload-next.ts'

const item = (id: string) =>
	({ id, media: { kind: 'file', url: `https://films.example/${id}.mp4` } }) as unknown as QueueItem
const [one, two, three] = [item('one'), item('two'), item('three')]
const moment = (more: Partial<FilmMoment> = {}): FilmMoment => ({
	current: one,
	following: two,
	isPlaying: true,
	positionS: 90,
	durationS: 100,
	rate: 1,
	...more,
})
const arrange = () => {
	const fetched: string[] = []
	const dropped: string[] = []
	const next = createNextItem({
		preload: (media: MediaRef) => {
			const url = 'url' in media ? media.url : ''
			fetched.push(url)
			return Promise.resolve(() => void dropped.push(url))
		},
	})
	return { next, fetched, dropped }
}

describe('the next item', () => {
	it('[QV13] is fetched once, shortly before the end of what plays, by the time that is left at its speed', () => {
		const { next, fetched } = arrange()
		next.look(moment({ positionS: 10 }))
		next.look(moment({ isPlaying: false }))
		next.look(moment({ durationS: null }))
		expect(fetched).toEqual([])
		next.look(moment({ positionS: 100 - 2 * PRELOAD_BEFORE_S + 1, rate: 2 }))
		next.look(moment())
		expect(fetched).toEqual(['https://films.example/two.mp4'])
	})
	it('[QV13] is let go once it has played for a while, or is not next any more', async () => {
		const { next, fetched, dropped } = arrange()
		next.look(moment())
		await Promise.resolve()
		await Promise.resolve()
		next.look(moment({ current: two, following: three, positionS: 1 }))
		expect(dropped).toEqual([])
		next.look(moment({ current: two, following: three, positionS: PRELOAD_BEFORE_S + 1 }))
		expect(dropped).toEqual(['https://films.example/two.mp4'])
		next.look(moment({ current: two, following: three }))
		await Promise.resolve()
		await Promise.resolve()
		next.look(moment({ current: two, following: one }))
		await Promise.resolve()
		expect(fetched).toHaveLength(3)
		next.dispose()
		await Promise.resolve()
		await Promise.resolve()
		expect(dropped).toHaveLength(3)
	})
	it('[QV13] nothing is fetched where nothing comes, or the same again', () => {
		const { next, fetched } = arrange()
		next.look(moment({ following: null }))
		next.look(moment({ following: one }))
		expect(fetched).toEqual([])
	})
	it('[QV13] what cannot be fetched ahead is left to the player, and not tried in a row', async () => {
		const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
		const preload = vi.fn(() => Promise.reject(new Error('offline')))
		const next = createNextItem({ preload })
		next.look(moment())
		await Promise.resolve()
		await Promise.resolve()
		next.look(moment())
		expect(preload).toHaveBeenCalledTimes(1)
		expect(warn).toHaveBeenCalled()
		warn.mockRestore()
	})
	it('[QV13] of a stream the first address in its list is followed', () => {
		const base = 'https://films.example/a/list.m3u8'
		expect(firstAddressIn('#EXTM3U\n#EXTINF:4,\n../b/0.ts\n1.ts', base)).toBe('https://films.example/b/0.ts')
		expect(firstAddressIn('<html>', base)).toBeNull()
		expect(firstAddressIn('#EXTM3U\n#EXT-X-ENDLIST', base)).toBeNull()
	})
})
