import { describe, expect, it } from 'vitest'
import type { MediaRef } from '#lib/core/media.ts'
import { createFakePlayer } from './fake.ts'
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
