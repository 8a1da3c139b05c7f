/**
 * Each refusal in words for people: what it is, and what would work instead.
 */
import type { MediaKind } from '#lib/core/media.ts'
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
}
/** The sites that play, by name, in a fixed order. */
const sites = (playable: readonly MediaKind[]): readonly string[] => [
	...new Set(
		(Object.keys(SITE_OF) as MediaKind[])
			.filter((kind) => playable.includes(kind))
			.flatMap((kind) => SITE_OF[kind] ?? []),
	),
]
const A_FILE = 'a video file, for example one that ends in .mp4, .webm or .m3u8'
const example = (playable: readonly MediaKind[]): string => {
	const names = sites(playable)
	return names.length === 0
		? `Paste the address of ${A_FILE}.`
		: `Paste the address of a video on ${names.slice(0, -1).join(', ')}${names.length > 1 ? ' or ' : ''}${names.at(-1) ?? ''}, or of ${A_FILE}.`
}

const unsafe = (scheme: string, instead: string): string => {
	switch (scheme) {
		case 'http':
			return 'That address is plain http, and a page served over https cannot load it. Paste an address that begins with https.'
		case 'file':
			return 'That is a file on your own computer, which the others cannot reach. Paste an address on the web.'
		case 'credentials':
			return 'That address has a name or password in it, and everyone in the room would see them. Paste one without.'
		case 'magnet':
			return `That is a torrent, which Matinee does not play. ${instead}`
		case 'blob':
		case 'data':
			return `That address works only in the tab it came from. ${instead}`
		case 'rtsp':
		case 'rtmp':
		case 'mms':
		case 'udp':
			return `Browsers do not play ${scheme} streams. ${instead}`
		default:
			return `Addresses that begin with ${scheme}: cannot be played. ${instead}`
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
	switch (parsed.type) {
		case 'media':
			return ''
		case 'not-a-link':
			return `That is not a link. ${instead}`
		case 'not-media':
			return `That is ${parsed.what}. ${parsed.instead ?? instead}`
		case 'unsafe':
			return unsafe(parsed.scheme, instead)
		case 'unsupported-site':
			return `Matinee does not play ${parsed.site}. ${instead}`
		case 'short':
			return `That is a short link, and only ${parsed.site} knows what it stands for. Open it and paste the address of the page it leads to.`
		case 'playlist':
			return `That is a ${parsed.site} playlist, not one video of it. Open a video of it and paste that address.`
		case 'too-long':
			return `That address is longer than ${parsed.limit} characters, more than the queue can hold. A shorter link to the same file would do.`
	}
}
