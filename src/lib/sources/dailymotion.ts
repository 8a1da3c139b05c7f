/** Dailymotion: video and embed addresses, and dai.ly short links. */
import { found, isUnder, page, segments, startAt, type Source } from './source.ts'

export const dailymotion: Source = {
	site: 'Dailymotion',
	parse(url) {
		if (!isUnder(url, 'dailymotion.com', 'dai.ly')) return null
		const parts = segments(url)
		const raw =
			url.hostname === 'dai.ly'
				? parts[0]
				: (url.searchParams.get('video') ?? parts[parts.indexOf('video') + 1 || parts.length])
		// Old addresses end in a title: x8abcd_the-title.
		const id = raw?.split('_')[0]
		if (id === undefined || !/^[a-z0-9]{5,12}$/i.test(id))
			return page('a page on Dailymotion, not one of its videos')
		return found(
			{ kind: 'dailymotion', id, ...startAt(url.searchParams.get('start')) },
			'A Dailymotion video',
		)
	},
}
