/** PeerTube runs on anybody's host: told by the shape of its paths (`/w/…`, `/videos/watch/…`, `/videos/embed/…`). */
import { found, pageOf, segments, startIn, type Source } from './source.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** A UUID in base 58. */
const SHORT = /^[1-9A-HJ-NP-Za-km-z]{20,22}$/

const isId = (text: string | undefined): text is string =>
	text !== undefined && (UUID.test(text) || SHORT.test(text))

export const peertube: Source = {
	site: 'PeerTube',
	kinds: ['peertube'],
	parse(url) {
		// A comment is opened by `/w/id;threadId=…`.
		const [first, second, third, fourth] = segments(url).map((part) => part.split(';')[0])
		const isOld = first === 'videos' && (second === 'watch' || second === 'embed')
		const list =
			first === 'w' && second === 'p'
				? third
				: isOld && third === 'playlist'
					? fourth
					: first === 'video-playlists' && second === 'embed'
						? third
						: undefined
		if (isId(list)) return pageOf(`a playlist on ${url.hostname}`)
		const id = first === 'w' ? second : isOld ? third : undefined
		if (!isId(id)) return null
		const media = { kind: 'peertube', origin: url.origin, id, ...startIn(url, 'start') } as const
		return found(media, `A video on ${url.hostname}`)
	},
}
