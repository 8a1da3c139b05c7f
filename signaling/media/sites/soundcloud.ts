/**
 * SoundCloud by oEmbed. It tells no duration, and puts the artist behind the title.
 */
import { answerOfOEmbed } from '../o-embed.ts'
import type { Describe } from './site.ts'

export const describeSoundcloud: Describe<'soundcloud'> = async ({ url: track }, upstreams) => {
	const url = `https://soundcloud.com/oembed?format=json&url=${encodeURIComponent(track)}`
	const answer = answerOfOEmbed(await upstreams.json(url), ['sndcdn.com'], {
		401: 'private',
		403: 'embedding-off',
		404: 'gone',
	})
	if (answer.type === 'failed' || answer.title === null || answer.author === null) return answer
	const behind = ` by ${answer.author}`
	const { title } = answer
	return title.endsWith(behind) && title.length > behind.length
		? { ...answer, title: title.slice(0, -behind.length) }
		: answer
}
