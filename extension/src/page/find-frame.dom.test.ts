import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findFrame } from './find-frame.ts'

beforeEach(() => {
	vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
		return new DOMRect(0, 0, Number(this.getAttribute('width')), Number(this.getAttribute('height')))
	})
})
afterEach(() => {
	vi.restoreAllMocks()
	document.body.innerHTML = ''
})
const find = (html: string) => {
	document.body.innerHTML = html
	return findFrame(document)
}

describe('a frame that holds the video', () => {
	it('[XT61] is told with its host and with the address that a tab of its own would have', () => {
		expect(
			find('<iframe src="https://player.example/v/1?x=2" width="854" height="480" allowfullscreen></iframe>'),
		).toEqual({ host: 'player.example', url: 'https://player.example/v/1?x=2' })
		expect(
			find(
				'<iframe src="http://127.0.0.1:8080/v" width="854" height="480" allow="autoplay; fullscreen"></iframe>',
			),
		).toEqual({ host: '127.0.0.1:8080', url: 'http://127.0.0.1:8080/v' })
	})
	it('[XT61] is the largest that is shaped like a picture and asks for the full screen', () => {
		const frames = [
			'<iframe src="https://comments.example/" width="854" height="300"></iframe>',
			'<iframe src="https://banner.example/" width="970" height="90" allowfullscreen></iframe>',
			'<iframe src="https://small.example/" width="200" height="112" allowfullscreen></iframe>',
			'<iframe src="https://tall.example/" width="300" height="600" allowfullscreen></iframe>',
			'<div class="ad-slot"><iframe src="https://ads.example/" width="970" height="546" allowfullscreen></iframe></div>',
		]
		for (const frame of frames) expect(find(frame)).toBeNull()
		const film = '<iframe src="https://film.example/" width="640" height="360" allowfullscreen></iframe>'
		const trailer =
			'<iframe src="https://trailer.example/" width="400" height="225" allowfullscreen></iframe>'
		expect(find(frames.join('') + trailer + film)?.host).toBe('film.example')
	})
	it('[XT61] without an address on the web it cannot be opened in a tab', () => {
		for (const src of ['javascript:0', 'data:text/html,x', 'blob:https://a.example/1'])
			expect(find(`<iframe src="${src}" width="640" height="360" allowfullscreen></iframe>`)).toEqual({
				host: '',
				url: null,
			})
		expect(find('<p>No frames</p>')).toBeNull()
	})
})
