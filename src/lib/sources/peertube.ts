/** PeerTube runs on anybody's host: told by the shape of its paths (`/w/…`, `/videos/watch/…`, `/videos/embed/…`). */
import { found, segments, startAt, type Source } from './source.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** A UUID in base 58. */
const SHORT = /^[1-9A-HJ-NP-Za-km-z]{20,22}$/

export const peertube: Source = {
	site: 'PeerTube',
	parse(url) {
		const [first, second, third] = segments(url)
		const isOld = first === 'videos' && (second === 'watch' || second === 'embed')
		const id = first === 'w' ? second : isOld ? third : undefined
		if (id === undefined || !(UUID.test(id) || SHORT.test(id))) return null
		const time = startAt(url.searchParams.get('start'))
		return found({ kind: 'peertube', origin: url.origin, id, ...time }, `A video on ${url.hostname}`)
	},
}
