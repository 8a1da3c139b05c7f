import { describe, expect, it } from 'vitest'
import type { MediaRef } from '#lib/core/media.ts'
import { describeFailure } from './describe-failure.ts'
import type { PlayerFailure } from './player.ts'

const FILM: MediaRef = { kind: 'file', url: 'https://films.example/night-bus.mp4' }

describe('words for failures', () => {
	const all: PlayerFailure[] = [
		{ type: 'not-found' },
		{ type: 'not-found', status: 404 },
		{ type: 'not-found', status: 429 },
		{ type: 'not-found', status: 503 },
		{ type: 'unreachable' },
		{ type: 'cors' },
		{ type: 'not-media', contentType: 'text/html' },
		{ type: 'not-media' },
		{
			type: 'codec',
			detail: 'PipelineStatus::DEMUXER_ERROR_COULD_NOT_OPEN: FFmpegDemuxer: open context failed',
		},
		{ type: 'codec' },
		{ type: 'embedding-off' },
		{ type: 'removed' },
		{ type: 'insecure' },
		{ type: 'private' },
		{ type: 'private', status: 403 },
		{ type: 'region' },
		{ type: 'age' },
		{ type: 'live-ended' },
		{ type: 'live-not-begun' },
		{ type: 'empty' },
		{ type: 'broken-off', atS: 3_734.2 },
		{ type: 'no-beginning' },
		{ type: 'too-big', what: 'playlist' },
		{ type: 'too-big', what: 'part' },
		{ type: 'redirects' },
		{ type: 'no-output' },
		{ type: 'no-answer', site: 'Twitch' },
		{ type: 'nonsense', site: 'Twitch', detail: 'a position of -1' },
		{ type: 'page-refused', site: 'Twitch', detail: 'It wants a page with https.' },
		{ type: 'file-gone' },
		{ type: 'unknown', detail: 'x' },
	]
	it.each(all)('[PL20] %j has a title and a detail in plain words, and the address to open', (failure) => {
		const { title, detail, openUrl } = describeFailure(failure, FILM)
		expect(title).toMatch(/^[A-Z].{10,60}[^.!]$/)
		expect(detail.length).toBeGreaterThan(10)
		expect(`${title} ${detail}`).not.toMatch(
			/undefined|null|invalid|oops|something went wrong|PipelineStatus|!/i,
		)
		expect(openUrl).toBe('https://films.example/night-bus.mp4')
	})
	it('[PL20] no two failures are told in the same words', () => {
		const told = all.map((failure) => {
			const { title, detail } = describeFailure(failure, FILM)
			return `${title}: ${detail}`
		})
		expect(told.length).toBe(new Set(told).size)
	})
	it('[PL20] names the host, and the status where there is one', () => {
		expect(describeFailure({ type: 'not-found', status: 404 }, FILM).detail).toContain(
			'films.example says that nothing is there (404)',
		)
		expect(describeFailure({ type: 'private', status: 403 }, FILM).detail).toContain('(403)')
		expect(describeFailure({ type: 'broken-off', atS: 3_734.2 }, FILM).detail).toContain('after 1:02:14')
		expect(describeFailure({ type: 'broken-off', atS: 34 }, FILM).detail).toContain('after 0:34')
	})
	it.each(all)(
		'[PL121] %j of a file on the own disk blames no site, and cannot be opened elsewhere',
		(failure) => {
			const copy: MediaRef = {
				kind: 'local-file',
				size: 734_003_200,
				hash: 'dD-zrseH9Km1rfJA4ArKNs0EhVnSOvTRiKodseQZ7tk',
				name: 'night-bus.mkv',
			}
			const { title, detail, openUrl } = describeFailure(failure, copy)
			expect(title).toMatch(/^[A-Z].{10,60}[^.!]$/)
			expect(`${title} ${detail}`).not.toMatch(/undefined|null|site|host|answer|link|\bat $/i)
			expect(openUrl).toBeNull()
		},
	)
	it('[PL20] an embed can be opened on its own site', () => {
		const { openUrl } = describeFailure({ type: 'embedding-off' }, { kind: 'vimeo', id: '76979871' })
		expect(openUrl).toBe('https://vimeo.com/76979871')
	})
})
