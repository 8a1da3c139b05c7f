/** Dailymotion: video and embed addresses of all its players, and dai.ly short links. */
import { found, isUnder, pageOf, segments, startIn, type Source } from './source.ts'

const ID = /^[a-z0-9]{5,12}$/i

const idOf = (url: URL): string | undefined => {
	const parts = segments(url)
	const raw =
		url.hostname === 'dai.ly'
			? parts[0]
			: (url.searchParams.get('video') ??
				parts[parts.indexOf('video') + 1 || parts.length] ??
				// The addresses of its first player: /hub/x9q_Channel#video=x8abcde
				new URLSearchParams(url.hash.slice(1)).get('video') ??
				undefined)
	// Old addresses end in a title: x8abcd_the-title.
	const id = raw?.split('_')[0]
	return id !== undefined && ID.test(id) ? id : undefined
}

export const dailymotion: Source = {
	site: 'Dailymotion',
	kinds: ['dailymotion'],
	parse(url) {
		if (!isUnder(url, 'dailymotion.com', 'dai.ly')) return null
		const id = idOf(url)
		if (id !== undefined)
			return found(
				{ kind: 'dailymotion', id, ...startIn(url, 'start', 'startTime', 't') },
				'A Dailymotion video',
			)
		const isList = segments(url).includes('playlist') || url.searchParams.has('playlist')
		return pageOf(isList ? 'a Dailymotion playlist' : 'a page on Dailymotion, not one of its videos')
	},
}
