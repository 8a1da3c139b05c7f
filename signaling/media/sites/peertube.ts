/**
 * PeerTube by the REST API of the instance, which may be anybody's host: what it says is asked for by the strict way,
 * and its stills count only from that host.
 */
import { described, FAILED, refused, thumbnailOf } from '../facts.ts'
import { at, listAt, numberAt, textAt } from '../read-json.ts'
import type { Describe } from './site.ts'

export const describePeertube: Describe<'peertube'> = async ({ origin, id }, upstreams) => {
	const answer = await upstreams.jsonOfAny(`${origin}/api/v1/videos/${id}`)
	if (answer.type === 'failed') return FAILED
	const { status, value } = answer
	if (status === 404 || status === 410) return refused('gone')
	if (status === 401 || status === 403) return refused('private')
	const title = textAt(value, 'name')
	if (status !== 200 || title === null) return FAILED
	const still =
		textAt(value, 'previewPath') ??
		textAt(value, 'thumbnailPath') ??
		textAt(listAt(value, 'thumbnails')[0], 'fileUrl')
	const isLive = at(value, 'isLive') === true
	return described({
		title,
		author: textAt(value, 'channel', 'displayName') ?? textAt(value, 'account', 'displayName'),
		durationS: numberAt(value, 'duration'),
		thumbnailUrl: thumbnailOf(still, [new URL(origin).hostname], origin),
		isLive,
	})
}
