/**
 * Each refusal in words for people: what it is, and what would work instead.
 */
import type { MediaKind } from '#lib/core/media.ts'
import { linkProblemsWords } from '#lib/words/link-problems.ts'
import { formatList } from '#lib/words/number-words.ts'
import { PLAYABLE_KINDS, type ParsedLink } from './source.ts'

const SITE_OF: Readonly<Record<MediaKind, string | null>> = {
	youtube: 'YouTube',
	vimeo: 'Vimeo',
	twitch: 'Twitch',
	'twitch-live': 'Twitch',
	bilibili: 'Bilibili',
	dailymotion: 'Dailymotion',
	peertube: 'PeerTube',
	soundcloud: 'SoundCloud',
	file: null,
	hls: null,
	'local-file': null,
	page: null,
}
/** The sites that play, by name, in a fixed order. */
const sites = (playable: readonly MediaKind[]): readonly string[] => [
	...new Set(
		(Object.keys(SITE_OF) as MediaKind[])
			.filter((kind) => playable.includes(kind))
			.flatMap((kind) => SITE_OF[kind] ?? []),
	),
]
const example = (playable: readonly MediaKind[]): string => {
	const names = sites(playable)
	const words = linkProblemsWords()
	return names.length === 0 ? words.pasteFile : words.pasteVideo(formatList(names, 'disjunction'))
}

const unsafe = (scheme: string, instead: string): string => {
	const words = linkProblemsWords()
	switch (scheme) {
		case 'http':
			return words.plainHttp
		case 'file':
			return words.ownDisk
		case 'credentials':
			return words.credentials
		case 'magnet':
			return words.torrent(instead)
		case 'blob':
		case 'data':
			return words.oneTab(instead)
		case 'rtsp':
		case 'rtmp':
		case 'mms':
		case 'udp':
			return words.stream(scheme, instead)
		default:
			return words.otherScheme(scheme, instead)
	}
}

/**
 * A sentence or two for beside the field; '' for something that is no problem. `playable`: the kinds that play here,
 * so that nobody is told to paste what would be refused too.
 */
export const describeProblem = (
	parsed: ParsedLink,
	playable: readonly MediaKind[] = PLAYABLE_KINDS,
): string => {
	const instead = example(playable)
	const words = linkProblemsWords()
	switch (parsed.type) {
		case 'media':
			return ''
		case 'not-a-link':
			return words.notALink(instead)
		case 'not-media': {
			const what = words.thing(parsed.what)
			return words.notMedia(what, parsed.instead === undefined ? instead : words.insteadOf(parsed.instead))
		}
		case 'unsafe':
			return unsafe(parsed.scheme, instead)
		case 'unsupported-site':
			return words.unsupportedSite(parsed.site, instead)
		case 'short':
			return words.short(parsed.site)
		case 'playlist':
			return words.playlist(parsed.site)
		case 'too-long':
			return words.tooLong(parsed.limit)
	}
}
