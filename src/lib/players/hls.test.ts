import { describe, expect, it } from 'vitest'
import { failureOf } from './hls.ts'

describe('what hls.js says', () => {
	it.each([
		[
			{ type: 'networkError', details: 'manifestLoadError', response: { code: 404 } },
			{ type: 'not-found', status: 404 },
		],
		[
			{ type: 'networkError', details: 'levelLoadError', response: { code: 403 } },
			{ type: 'private', status: 403 },
		],
		[{ type: 'networkError', details: 'manifestParsingError' }, { type: 'not-media' }],
		[
			{ type: 'networkError', details: 'manifestParsingError', response: { code: 200, data: '' } },
			{ type: 'empty' },
		],
		[{ type: 'networkError', details: 'levelEmptyError', response: { code: 200 } }, { type: 'empty' }],
		[{ type: 'mediaError', details: 'fragParsingError' }, { type: 'not-media' }],
		[{ type: 'networkError', details: 'fragLoadTimeOut' }, { type: 'unreachable' }],
		[
			{ type: 'keySystemError', details: 'keySystemNoKeys' },
			{ type: 'codec', detail: 'it is encrypted' },
		],
		[
			{ type: 'mediaError', details: 'bufferAddCodecError' },
			{ type: 'codec', detail: 'bufferAddCodecError' },
		],
		[{ type: 'networkError', details: 'manifestLoadError', response: { code: 0 } }, null],
		[
			{ type: 'otherError', details: 'internalException' },
			{ type: 'unknown', detail: 'internalException' },
		],
	])('[PL15] %j is %j', (data, expected) => {
		expect(failureOf(data)).toEqual(expected)
	})
})
