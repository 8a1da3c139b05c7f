/** Twitch: recordings, live channels and the embed player. Clips have no player that can be led. */
import { found, isUnder, page, pageOf, segments, startIn, type Source } from './source.ts'

const VIDEO = /^v?(\d{6,14})$/
const CHANNEL = /^[A-Za-z0-9_]{3,25}$/
const PAGES = new Set(
	(
		'directory p settings search downloads jobs turbo store embed popout moderator u subs wallet drops inventory ' +
		'friends login signup subscriptions collections team event videos clip products prime bits annual-recap'
	).split(' '),
)
/** Pages of a channel on which nothing of it plays. */
const TABS: Readonly<Record<string, string>> = {
	schedule: 'the schedule of a Twitch channel',
	videos: 'the recordings of a Twitch channel',
	clips: 'the clips of a Twitch channel',
	about: 'what a Twitch channel says of itself',
	chat: 'the chat of a Twitch channel',
	collections: 'the collections of a Twitch channel',
}

const videoOf = (url: URL): string | undefined => {
	const [first, second, third] = segments(url)
	const text =
		url.searchParams.get('video') ??
		url.searchParams.get('vodID') ??
		(first === 'videos' || first === 'video'
			? second
			: second === 'v' || second === 'video' || second === 'videos'
				? third
				: undefined)
	return VIDEO.exec(text ?? '')?.[1]
}

export const twitch: Source = {
	site: 'Twitch',
	kinds: ['twitch', 'twitch-live'],
	parse(url) {
		if (!isUnder(url, 'twitch.tv')) return null
		const [first, second] = segments(url)
		if (url.hostname === 'clips.twitch.tv' || first === 'clip' || second === 'clip')
			return page(
				'a Twitch clip, which cannot be kept in step',
				'Open the recording it was cut from and paste that address.',
			)
		const video = videoOf(url)
		if (video !== undefined)
			return found({ kind: 'twitch', video, ...startIn(url, 't', 'time') }, 'A Twitch recording')
		const isPlayer = url.hostname === 'player.twitch.tv' || url.hostname === 'embed.twitch.tv'
		const channel = isPlayer ? (url.searchParams.get('channel') ?? undefined) : first
		const isTop = isPlayer || second === undefined || second === 'home'
		if (channel !== undefined && isTop && CHANNEL.test(channel) && !PAGES.has(channel.toLowerCase()))
			return found({ kind: 'twitch-live', channel: channel.toLowerCase() }, `${channel} on Twitch`)
		const tab = second !== undefined && Object.hasOwn(TABS, second) ? TABS[second] : undefined
		return pageOf(tab ?? 'a page on Twitch, not one of its streams', 'recordings or channels')
	},
}
