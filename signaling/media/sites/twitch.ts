/**
 * Twitch gives no facts without an application's key; its pages tell in their head what they show.
 */
import { described, FAILED, refused, thumbnailOf, type SiteAnswer } from '../facts.ts'
import { readOpenGraph } from '../open-graph.ts'
import type { Upstreams } from '../upstreams.ts'
import type { Describe } from './site.ts'

const STILLS = ['jtvnw.net']
/** Its front page's, which it gives for whatever is not there. */
const NO_TITLE = /^twitch$/i

const describePage = async (path: string, upstreams: Upstreams, isLive: boolean): Promise<SiteAnswer> => {
	const answer = await upstreams.page(`https://www.twitch.tv/${path}`, 'twitch.tv')
	if (answer.type === 'failed') return FAILED
	if (answer.status === 404 || answer.status === 410) return refused('gone')
	const facts = readOpenGraph(answer.text)
	if (answer.status !== 200 || facts.title === null || NO_TITLE.test(facts.title)) return FAILED
	const [title = '', author] = splitTitle(facts.title)
	return described({
		title,
		author: author ?? null,
		durationS: facts.durationS,
		thumbnailUrl: thumbnailOf(facts.imageUrl, STILLS),
		isLive,
	})
}

/** "Chess night - alice on Twitch" and "alice - Twitch". */
const splitTitle = (title: string): readonly string[] => {
	const video = /^(.{1,200}) - ([A-Za-z0-9_]{1,40}) on Twitch$/u.exec(title)
	if (video) return [video[1] ?? '', video[2] ?? '']
	const channel = /^([^-]{1,60}) - Twitch$/u.exec(title)
	return channel ? [`${channel[1] ?? ''} on Twitch`, channel[1] ?? ''] : [title]
}

export const describeTwitch: Describe<'twitch'> = ({ video }, upstreams) =>
	describePage(`videos/${video}`, upstreams, false)
export const describeTwitchLive: Describe<'twitch-live'> = ({ channel }, upstreams) =>
	describePage(channel, upstreams, true)
