/**
 * What links are called until their site tells a title, and how sentences name them.
 */
import { describe, expect, it } from 'vitest'
import { isStandIn, titleAtStart, titleWithin } from '#lib/core/title-words.ts'
import { parseLink } from './parse-link.ts'

const titleOf = (text: string): string => {
	const parsed = parseLink(text, { pageIsSecure: true })
	if (parsed.type !== 'media') throw new Error(`${text} is ${parsed.type}`)
	return parsed.title
}

describe('a title within a sentence', () => {
	it.each([
		['https://www.youtube.com/watch?v=jNQXAC9IVRw', 'a YouTube video'],
		['https://vimeo.com/76979871', 'a Vimeo video'],
		['https://www.bilibili.com/video/BV1xx411c7mD', 'a Bilibili video'],
		['https://www.twitch.tv/videos/123456789', 'a Twitch recording'],
		['https://www.dailymotion.com/video/x8abcde', 'a Dailymotion video'],
		['https://api.soundcloud.com/tracks/123456', 'a SoundCloud track'],
		['https://tube.example/w/9c9de5e8-0a1e-484a-b099-e80766180a6d', 'a video on tube.example'],
	])('[AC10] %s stands as “%s” until there is a title', (link, words) => {
		const title = titleOf(link)
		expect(isStandIn(title)).toBe(true)
		expect(titleWithin(title)).toBe(words)
		expect(titleAtStart(title)).toBe(`A${words.slice(1)}`)
	})

	it.each([
		['https://www.twitch.tv/somebody', 'somebody on Twitch'],
		['https://media.example/A%20video%20of%20the%20sea.mp4', 'A video of the sea'],
		['https://soundcloud.com/some-artist/a-track', 'a track, some artist'],
	])('[AC10] %s has one that stays as it is', (link, title) => {
		expect(titleOf(link)).toBe(title)
		expect([titleWithin(title), titleAtStart(title), isStandIn(title)]).toEqual([title, title, false])
	})

	it('[AC10] a title that merely begins like one stays as it is', () => {
		for (const title of ['A YouTube video about whales', 'A Man Escaped', 'A video', 'a Vimeo video'])
			expect(titleWithin(title)).toBe(title)
	})

	it('[AC10] a video without any is called so', () => {
		for (const title of ['', 'Untitled']) {
			expect(titleWithin(title)).toBe('a video without a title')
			expect(titleAtStart(title)).toBe('A video without a title')
		}
	})
})
