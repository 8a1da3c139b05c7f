/**
 * Bilibili by the interface its own pages use. It answers 200 to everything; `code` says what happened.
 */
import type { VideoRefusal } from '#lib/protocol/media.ts'
import { described, FAILED, refused, thumbnailOf } from '../facts.ts'
import { at, listAt, numberAt, textAt } from '../read-json.ts'
import type { Describe } from './site.ts'

const CODES: Readonly<Record<number, VideoRefusal>> = {
	[-404]: 'gone',
	[-403]: 'private',
	[-400]: 'gone', // an id that cannot be
	62002: 'gone', // taken out of sight
	62003: 'not-available', // waits for its hour
	62004: 'not-available', // under review
	62012: 'private', // for its author only
}

export const describeBilibili: Describe<'bilibili'> = async ({ id, page }, upstreams) => {
	const query = id.startsWith('av') ? `aid=${id.slice(2)}` : `bvid=${id}`
	const answer = await upstreams.json(`https://api.bilibili.com/x/web-interface/view?${query}`, {
		referer: 'https://www.bilibili.com/',
	})
	if (answer.type === 'failed') return FAILED
	const code = numberAt(answer.value, 'code')
	if (answer.status !== 200 || code === null) return FAILED
	if (code !== 0) {
		const refusal = CODES[code]
		return refusal === undefined ? FAILED : refused(refusal)
	}
	const data = at(answer.value, 'data')
	const title = textAt(data, 'title')
	if (title === null) return FAILED
	const pages = listAt(data, 'pages')
	// A page beyond the last one is one that was taken away.
	const part = pages.length === 0 ? data : pages.find((one) => numberAt(one, 'page') === page)
	if (part === undefined) return refused('gone')
	const name = textAt(part, 'part')
	const isOneOfMany = pages.length > 1 && name !== null && name.trim() !== ''
	return described({
		title: isOneOfMany ? `${title} · ${name}` : title,
		author: textAt(data, 'owner', 'name'),
		durationS: numberAt(part, 'duration'),
		thumbnailUrl: thumbnailOf(textAt(data, 'pic'), ['hdslb.com']),
	})
}
