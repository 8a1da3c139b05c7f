import { describe, expect, it } from 'vitest'
import { doesShow, mediaOfPage } from './page-media.ts'

describe('what a page is to a room', () => {
	it('[XT11] is the site’s video where the app knows the address', () => {
		const page = { url: 'https://www.youtube.com/watch?v=aqz-KE-bpKQ&t=30', fileUrl: null }
		expect(mediaOfPage(page)).toMatchObject({ kind: 'youtube', id: 'aqz-KE-bpKQ' })
		expect(mediaOfPage({ url: 'https://www.bilibili.com/video/BV1xx411c7mD', fileUrl: null })).toMatchObject({
			kind: 'bilibili',
		})
		expect(doesShow(page, { kind: 'youtube', id: 'aqz-KE-bpKQ' })).toBe(true)
		expect(doesShow(page, { kind: 'youtube', id: 'bqz-KE-bpKQ' })).toBe(false)
	})
	it('[XT11] is the plain file that another page plays, never the page itself', () => {
		const page = { url: 'https://films.example/watch?v=1', fileUrl: 'https://cdn.example/night-bus.mp4' }
		expect(mediaOfPage(page)).toEqual({ kind: 'file', url: 'https://cdn.example/night-bus.mp4' })
		expect(mediaOfPage({ ...page, fileUrl: null })).toBeNull()
	})
})
