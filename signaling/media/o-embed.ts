/**
 * oEmbed (oembed.com), as far as titles go.
 */
import { described, FAILED, refused, thumbnailOf, type SiteAnswer, type ThumbnailHosts } from './facts.ts'
import { numberAt, textAt } from './read-json.ts'
import type { JsonAnswer } from './upstreams.ts'
import type { VideoRefusal } from '#lib/protocol/media.ts'

export const answerOfOEmbed = (
	answer: JsonAnswer,
	hosts: ThumbnailHosts,
	/** What the site means by a status. */
	refusals: Readonly<Record<number, VideoRefusal>>,
): SiteAnswer => {
	if (answer.type === 'failed') return FAILED
	const { status, value } = answer
	const refusal = refusals[status]
	if (refusal !== undefined) return refused(refusal)
	if (status !== 200 || textAt(value, 'title') === null) return FAILED
	return described({
		title: textAt(value, 'title'),
		author: textAt(value, 'author_name'),
		durationS: numberAt(value, 'duration'),
		thumbnailUrl: thumbnailOf(textAt(value, 'thumbnail_url'), hosts),
	})
}
