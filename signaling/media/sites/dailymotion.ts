/**
 * Dailymotion by its public data API.
 */
import { described, FAILED, refused, thumbnailOf } from '../facts.ts'
import { at, numberAt, textAt } from '../read-json.ts'
import type { Describe } from './site.ts'

const FIELDS = [
	'title',
	'duration',
	'thumbnail_480_url',
	'owner.screenname',
	'allow_embed',
	'private',
	'mode',
	'onair',
].join(',')

export const describeDailymotion: Describe<'dailymotion'> = async ({ id }, upstreams) => {
	const answer = await upstreams.json(`https://api.dailymotion.com/video/${id}?fields=${FIELDS}`)
	if (answer.type === 'failed') return FAILED
	const { status, value } = answer
	if (status === 404 || status === 410) return refused('gone')
	if (status === 401 || status === 403) return refused('private')
	const title = textAt(value, 'title')
	if (status !== 200 || title === null) return FAILED
	const isLive = textAt(value, 'mode') === 'live'
	const refusal = at(value, 'private') === true ? 'private' : null
	const embedding = at(value, 'allow_embed') === false ? 'embedding-off' : null
	const offAir = isLive && at(value, 'onair') === false ? 'not-available' : null
	return described(
		{
			title,
			author: textAt(value, 'owner.screenname'),
			durationS: numberAt(value, 'duration'),
			thumbnailUrl: thumbnailOf(textAt(value, 'thumbnail_480_url'), ['dmcdn.net', 'dailymotion.com']),
			isLive,
		},
		refusal ?? embedding ?? offAir,
	)
}
