/** Twitch: recordings, live channels and the embed player. Clips have no embed that can be led. */
import { found, isUnder, page, segments, startAt, type Source } from './source.ts'

const PAGES = new Set(['directory', 'p', 'settings', 'search', 'downloads', 'jobs', 'turbo', 'store'])

export const twitch: Source = {
	site: 'Twitch',
	parse(url) {
		if (!isUnder(url, 'twitch.tv')) return null
		const [first, second, third] = segments(url)
		const time = startAt(url.searchParams.get('t') ?? url.searchParams.get('time'))
		const asked = url.searchParams.get('video')
		const video =
			asked?.replace(/^v/, '') ??
			(first === 'videos' ? second : second === 'v' || second === 'video' ? third : undefined)
		if (video !== undefined && /^\d{6,14}$/.test(video))
			return found({ kind: 'twitch', video, ...time }, 'A Twitch recording')
		if (url.hostname === 'clips.twitch.tv' || second === 'clip') return page('a Twitch clip')
		const channel =
			url.hostname === 'player.twitch.tv' ? (url.searchParams.get('channel') ?? undefined) : first
		if (
			channel !== undefined &&
			second === undefined &&
			/^[A-Za-z0-9_]{3,25}$/.test(channel) &&
			!PAGES.has(channel)
		)
			return found({ kind: 'twitch-live', channel: channel.toLowerCase() }, `${channel} on Twitch`)
		return page('a page on Twitch, not one of its streams')
	},
}
