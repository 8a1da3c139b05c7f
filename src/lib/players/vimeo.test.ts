import { describe, expect, it } from 'vitest'
import { vimeoAddress, vimeoFailure } from './vimeo.ts'

describe('Vimeo', () => {
	it('[PL38] the address carries the hash of an unlisted video, asks for no tracking, and for rates', () => {
		const url = new URL(vimeoAddress({ kind: 'vimeo', id: '76979871', hash: '8272103f6e', startS: 30 }))
		expect(url.origin + url.pathname).toBe('https://player.vimeo.com/video/76979871')
		expect(Object.fromEntries(url.searchParams)).toEqual({
			h: '8272103f6e',
			dnt: '1',
			speed: '1',
			autopause: '0',
			playsinline: '1',
		})
		expect(vimeoAddress({ kind: 'vimeo', id: '76979871' })).not.toContain('h=')
	})
	it.each([
		['PrivacyError', 'play', 'The video is private', { type: 'private' }],
		['PrivacyError', 'ready', 'cannot be played here', { type: 'embedding-off' }],
		['PrivacyError', 'getVideoUrl', 'private', null],
		['PasswordError', 'play', '', { type: 'private' }],
		['RangeError', 'setCurrentTime', 'out of range', null],
		['NotAllowedError', 'play', '', null],
		['Error', 'ready', '', { type: 'unknown', detail: 'Error' }],
		['Error', undefined, 'a tracker could not be reached', null],
	])('[PL38] %s of %s (%s) is %j', (name, method, message, failure) => {
		expect(vimeoFailure(name, method, message)).toEqual(failure)
	})
})
