/**
 * Vimeo by oEmbed, which needs no key: 403 where the owner allows no embedding at all or not here, 404 where there is
 * no such video or it is private.
 */
import { answerOfOEmbed } from '../o-embed.ts'
import type { Describe } from './site.ts'

export const describeVimeo: Describe<'vimeo'> = async ({ id, hash }, upstreams) => {
	const page = `https://vimeo.com/${id}${hash === undefined ? '' : `/${hash}`}`
	const url = `https://vimeo.com/api/oembed.json?url=${encodeURIComponent(page)}`
	return answerOfOEmbed(await upstreams.json(url), ['vimeocdn.com'], {
		401: 'private',
		403: 'embedding-off',
		404: 'gone',
	})
}
