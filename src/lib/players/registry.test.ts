import { describe, expect, it } from 'vitest'
import type { MediaRef } from '#lib/core/media.ts'
import { describeFailure } from './describe-failure.ts'
import { createFakePlayer } from './fake.ts'
import { failureOf } from './hls.ts'
import type { PlayerFailure } from './player.ts'
import { createRegistry, type LazyLoader } from './registry.ts'

const FILM: MediaRef = { kind: 'file', url: 'https://films.example/night-bus.mp4' }
const STAGE = {} as HTMLElement

const lazy = (kind: string, plays: LazyLoader['plays'], asked: string[]): LazyLoader => ({
	kind,
	plays,
	import: async () => {
		asked.push(kind)
		return {
			kind,
			canPlay: (media) => plays.includes(media.kind),
			load: async () => createFakePlayer({ local: () => 0, after: () => () => undefined, random: () => 0.5 }),
		}
	},
})

describe('the registry', () => {
	it('[PL18] takes the first that can, and fetches no other and none twice', async () => {
		const asked: string[] = []
		const registry = createRegistry([
			lazy('a', ['hls'], asked),
			lazy('b', ['file'], asked),
			lazy('c', ['file'], asked),
		])
		expect((await registry.load(STAGE, FILM)).type).toBe('loaded')
		expect((await registry.load(STAGE, FILM)).type).toBe('loaded')
		expect(asked).toEqual(['b'])
	})
	it('[PL18] without a player, or without its code, says so', async () => {
		expect(await createRegistry([]).load(STAGE, FILM)).toEqual({ type: 'no-player', kind: 'file' })
		const broken: LazyLoader = {
			kind: 'a',
			plays: ['file'],
			import: () => Promise.reject(new Error('offline')),
		}
		expect(await createRegistry([broken]).load(STAGE, FILM)).toEqual({ type: 'not-fetched', why: 'offline' })
		expect(createRegistry([broken]).canPlay({ kind: 'youtube', id: 'x' })).toBe(false)
	})
})

describe('what hls.js says', () => {
	it.each([
		[
			{ type: 'networkError', details: 'manifestLoadError', response: { code: 404 } },
			{ type: 'not-found', status: 404 },
		],
		[{ type: 'networkError', details: 'manifestParsingError' }, { type: 'not-media' }],
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

describe('words for failures', () => {
	const all: PlayerFailure[] = [
		{ type: 'not-found' },
		{ type: 'not-found', status: 404 },
		{ type: 'not-found', status: 403 },
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
		{ type: 'unknown', detail: 'x' },
	]
	it.each(all)('[PL20] %j has a title and a detail in plain words, and the address to open', (failure) => {
		const { title, detail, openUrl } = describeFailure(failure, FILM)
		expect(title).toMatch(/^[A-Z].{10,60}[^.!]$/)
		expect(detail.length).toBeGreaterThan(10)
		expect(`${title} ${detail}`).not.toMatch(
			/undefined|null|invalid|oops|something went wrong|PipelineStatus|!/i,
		)
		expect(openUrl).toBe(FILM.kind === 'file' ? FILM.url : null)
	})
	it('[PL20] names the host, and the status where there is one', () => {
		expect(describeFailure({ type: 'not-found', status: 404 }, FILM).detail).toContain(
			'films.example says that nothing is there (404)',
		)
		expect(describeFailure({ type: 'removed' }, { kind: 'youtube', id: 'x' }).openUrl).toBeNull()
	})
})
