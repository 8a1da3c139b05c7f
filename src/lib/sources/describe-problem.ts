/**
 * Each refusal in words for people: what it is, and what would work instead.
 */
import type { ParsedLink } from './source.ts'

const EXAMPLE = 'Paste the address of a video file, for example one that ends in .mp4, .webm or .m3u8.'

const unsafe = (scheme: string): string => {
	switch (scheme) {
		case 'http':
			return 'That address is plain http, and a page served over https cannot load it. Paste an address that begins with https.'
		case 'file':
			return 'That is a file on your own computer, which the others cannot reach. Paste an address on the web.'
		case 'credentials':
			return 'That address has a name or password in it, and everyone in the room would see them. Paste one without.'
		case 'magnet':
			return `That is a torrent, which Matinee does not play. ${EXAMPLE}`
		case 'blob':
		case 'data':
			return `That address works only in the tab it came from. ${EXAMPLE}`
		case 'rtsp':
		case 'rtmp':
		case 'mms':
		case 'udp':
			return `Browsers do not play ${scheme} streams. ${EXAMPLE}`
		default:
			return `Addresses that begin with ${scheme}: cannot be played. ${EXAMPLE}`
	}
}

/** A sentence or two for beside the field; '' for something that is no problem. */
export const describeProblem = (parsed: ParsedLink): string => {
	switch (parsed.type) {
		case 'media':
			return ''
		case 'not-a-link':
			return `That is not a link. ${EXAMPLE}`
		case 'not-media':
			return `That is ${parsed.what}. ${EXAMPLE}`
		case 'unsafe':
			return unsafe(parsed.scheme)
		case 'unsupported-site':
			return `Matinee cannot play ${parsed.site} yet. ${EXAMPLE}`
		case 'short':
			return `${parsed.site} alone knows what that short link stands for. Open it and paste the address of the video itself.`
		case 'playlist':
			return `That is a ${parsed.site} playlist, not one video of it. Paste the address of a video.`
		case 'too-long':
			return `That address is longer than ${parsed.limit} characters, more than the queue can hold. A shorter link to the same file would do.`
	}
}
