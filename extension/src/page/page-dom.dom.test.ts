import { beforeEach, describe, expect, it } from 'vitest'
import { findRoots, seeVideo, videosIn } from './find-videos.ts'
import { attributeOf, closestTo, isHiddenPage, parentOf, shadowOf, titleOf } from './page-dom.ts'
import { isSiteAd } from './site-ads.ts'

beforeEach(() => {
	document.head.innerHTML = '<title>The film</title>'
	document.body.innerHTML = ''
})

describe('a page that names its fields like what is asked of it', () => {
	it('[XT62] is read by the browser’s own functions', () => {
		document.body.innerHTML = `<form id="around" class="html5-video-player ad-showing">
			<input name="matches"><input name="parentElement"><input name="getRootNode"><input name="id">
			<input name="getAttribute"><input name="shadowRoot"><input name="querySelectorAll"><input name="className">
			<video></video></form>`
		const form = document.querySelector('form')
		const video = document.querySelector('video')
		if (form === null || video === null) throw new Error('no form')
		// As browsers do, and this document does not: a form's fields hide what every element has.
		for (const input of form.querySelectorAll('input'))
			Object.defineProperty(form, input.name, { value: input })
		expect(typeof form.matches).not.toBe('function')
		expect(attributeOf(form, 'id')).toBe('around')
		expect(parentOf(form)).toBe(document.body)
		expect(shadowOf(form)).toBeNull()
		expect(closestTo(video, '#around')).toBe(form)
		expect(isSiteAd(video)).toBe(true)
		expect(seeVideo(video).isAside).toBe(false)
		expect(videosIn(findRoots(document))).toEqual([video])
	})
	it('[XT62] so is the document itself', () => {
		document.body.innerHTML =
			'<form name="title"></form><img name="querySelectorAll"><form name="visibilityState"></form><video></video>'
		expect(titleOf(document)).toBe('The film')
		expect(isHiddenPage(document)).toBe(false)
		expect(videosIn(findRoots(document))).toHaveLength(1)
	})
})
