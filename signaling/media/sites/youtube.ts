/**
 * YouTube by oEmbed, which needs no key: 401 where its owner allows no embedding, 403 where it is private, 404 and
 * 400 where there is no such video. Durations, lists and the search take a key (`youtube-data.ts`).
 */
import { answerOfOEmbed } from '../o-embed.ts'
import type { Describe } from './site.ts'

export const YOUTUBE_STILLS = ['ytimg.com']

export const describeYoutube: Describe<'youtube'> = async ({ id }, upstreams) => {
	const page = encodeURIComponent(`https://www.youtube.com/watch?v=${id}`)
	const answer = await upstreams.json(`https://www.youtube.com/oembed?format=json&url=${page}`)
	return answerOfOEmbed(answer, YOUTUBE_STILLS, {
		400: 'gone',
		401: 'embedding-off',
		403: 'private',
		404: 'gone',
	})
}
