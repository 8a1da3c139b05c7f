import { describe, expect, it } from 'vitest'
import { chooseVideo, type VideoFacts } from './choose-video.ts'

const FILM: VideoFacts = {
	width: 1280,
	height: 720,
	isPlaying: true,
	isMuted: false,
	doesLoop: false,
	durationMs: 5_400_000,
	hasSource: true,
	isAside: false,
}
const SMALL = { ...FILM, width: 320, height: 180 }

describe('the video that people came for', () => {
	it('[XT5] is the largest that plays', () => {
		expect(chooseVideo([SMALL, FILM], null)).toBe(1)
		expect(chooseVideo([{ ...FILM, isPlaying: false }, SMALL], null)).toBe(1)
		expect(
			chooseVideo(
				[
					{ ...SMALL, isPlaying: false },
					{ ...FILM, isPlaying: false },
				],
				null,
			),
		).toBe(1)
	})
	it('[XT5] is no preview, no advertisement, no decoration, and nothing without a source', () => {
		const others: VideoFacts[] = [
			{ ...FILM, width: 160, height: 90 },
			{ ...FILM, isAside: true },
			{ ...FILM, doesLoop: true, isMuted: true, durationMs: 8_000 },
			{ ...FILM, hasSource: false },
		]
		for (const other of others) expect(chooseVideo([other], null)).toBeNull()
		expect(chooseVideo([...others, { ...SMALL, isPlaying: false }], null)).toBe(others.length)
	})
	it('[XT6] stays the one that was chosen when the room stands still and another one plays', () => {
		const still = { ...FILM, isPlaying: false }
		expect(chooseVideo([still, SMALL], 0)).toBe(0)
		expect(chooseVideo([still, { ...FILM, width: 1300 }], 0)).toBe(0)
	})
	it('[XT6] is another one once that is clearly larger and plays, or the chosen one is gone', () => {
		expect(chooseVideo([{ ...SMALL, isPlaying: false }, FILM], 0)).toBe(1)
		expect(chooseVideo([{ ...FILM, hasSource: false }, SMALL], 0)).toBe(1)
		expect(chooseVideo([SMALL], null)).toBe(0)
	})
	it('[XT5] is none on a page without any', () => {
		expect(chooseVideo([], null)).toBeNull()
	})
})
