/**
 * Each failure in words: a title, and a sentence or two on what it means and what can be done.
 */
import { canonicalUrl } from '#lib/core/media-address.ts'
import type { LocalFileRef, MediaRef } from '#lib/core/media.ts'
import type { PlayerFailure } from './player.ts'

export interface FailureWords {
	readonly title: string
	readonly detail: string
	/** Where to look at it instead: the file, or its page on its own site. */
	readonly openUrl: string | null
}

const notFound = (status: number | undefined, host: string): { title: string; detail: string } => {
	if (status !== undefined && (status >= 500 || status === 408 || status === 429))
		return {
			title: 'The site has trouble',
			detail: `${host} answers with an error of its own (${status}). It may work again later.`,
		}
	return {
		title: 'There is no video at this address',
		detail: `${host} says that nothing is there${status === undefined ? '' : ` (${status})`}. The link may be mistyped, or the file was taken away.`,
	}
}

const clock = (seconds: number): string => {
	const whole = Math.max(0, Math.floor(seconds))
	const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
	return `${h > 0 ? `${h}:${String(m).padStart(2, '0')}` : m}:${String(s).padStart(2, '0')}`
}

const DETAIL_MAX_CHARS = 80
/** The part of a player's message that means something: browsers put the name of their own code before it. */
const brief = (detail: string): string => {
	const said =
		detail.replace(/^(?:PipelineStatus::|MEDIA_ELEMENT_ERROR: )/, '').split(/: | \(0x| - /)[0] ?? detail
	return said.length > DETAIL_MAX_CHARS ? `${said.slice(0, DETAIL_MAX_CHARS)}…` : said
}

const words = (failure: PlayerFailure, host: string): { title: string; detail: string } => {
	switch (failure.type) {
		case 'not-found':
			return notFound(failure.status, host)
		case 'unreachable':
			return {
				title: 'The video cannot be reached',
				detail: `No answer from ${host}. Check that the address is right and that you are online.`,
			}
		case 'cors':
			return {
				title: 'The video cannot be opened from here',
				detail: `${host} answers, but does not let other sites read it, so the reason stays hidden: the file may be gone, closed to others, or of an unknown kind.`,
			}
		case 'not-media':
			return {
				title: 'That address is no video',
				detail: `${host} sends ${failure.contentType === 'text/html' ? 'a web page' : failure.contentType === undefined ? 'something else' : `“${failure.contentType}”`}, not a film or sound. Use the address of the file itself.`,
			}
		case 'codec':
			return {
				title: 'This browser cannot play this kind of video',
				detail: `The file is there, but your browser does not know its format${failure.detail ? ` (${brief(failure.detail)})` : ''}. MP4 with H.264 and WebM play nearly everywhere.`,
			}
		case 'embedding-off':
			return {
				title: 'This video plays only on its own site',
				detail:
					'Its owner does not allow it to be shown on other pages, or its site asks for your age there first.',
			}
		case 'removed':
			return { title: 'This video is gone', detail: 'It was deleted or made private by its owner.' }
		case 'insecure':
			return {
				title: 'This address is not secure',
				detail:
					'It is plain http, which a page served over https may not load. An address that begins with https would work.',
			}
		case 'private':
			return failure.status === undefined
				? { title: 'This video is private', detail: 'Only people whom its owner lets in can watch it.' }
				: {
						title: 'This video is not open to everyone',
						detail: `${host} refuses to hand it out (${failure.status}). It may need a login, or the link may have run out.`,
					}
		case 'region':
			return {
				title: 'This video is not shown in your country',
				detail: 'Its owner allows it in some countries only. The others may be able to watch it.',
			}
		case 'age':
			return {
				title: 'This video asks for your age',
				detail:
					'Its site shows it only to people who are signed in there and old enough, and only on its own page.',
			}
		case 'live-ended':
			return { title: 'This stream has ended', detail: 'Nothing is sent here any more.' }
		case 'live-not-begun':
			return { title: 'This stream has not begun', detail: 'Its site announces it for later.' }
		case 'empty':
			return {
				title: 'There is nothing in this file',
				detail: 'It has no length, no picture and no sound. The upload may have been broken off.',
			}
		case 'broken-off':
			return {
				title: 'This file breaks off in the middle',
				detail: `It promises more than there is: nothing can be shown after ${clock(failure.atS)}. The upload may not have been complete.`,
			}
		case 'no-beginning':
			return {
				title: 'This video does not begin',
				detail: `${host} keeps sending, but after a minute no film has come of it. The connection may be too slow, or it is no film.`,
			}
		case 'too-big':
			return failure.what === 'playlist'
				? {
						title: 'That is no playlist',
						detail: `${host} sends more than any playlist holds. If it is a film, use the address of the file itself.`,
					}
				: {
						title: 'The parts of this video are too big',
						detail: `${host} sends a single part of more than 128 MB, which would fill the memory of this device.`,
					}
		case 'no-output':
			return {
				title: 'This device has nothing to play sound with',
				detail: 'Your browser finds no loudspeakers or headphones. Connect some, and load this page again.',
			}
		case 'redirects':
			return {
				title: 'This address leads nowhere',
				detail: `${host} sends on to another address, and from there nothing comes. The link may be going in circles.`,
			}
		case 'no-answer':
			return {
				title: `${failure.site}’s player does not answer`,
				detail: `It did not come, or it says nothing. ${failure.site} may be away, or blocked where you are.`,
			}
		case 'nonsense':
			return {
				title: `${failure.site}’s player says what makes no sense`,
				detail: `It answered: ${brief(failure.detail)}. ${failure.site} may have changed its player.`,
			}
		case 'page-refused':
			return { title: `${failure.site} does not play on this page`, detail: failure.detail }
		case 'file-gone':
			return {
				title: 'The file can be read no more',
				detail: 'It was moved, renamed or changed, or its disk was taken out. Pick it again.',
			}
		case 'unknown':
			return { title: 'The video does not play', detail: `The player says: ${brief(failure.detail)}` }
	}
}

/** What is on is a file from this person's own disk: no site has a part in it. */
const fileWords = (failure: PlayerFailure, { name }: LocalFileRef): { title: string; detail: string } => {
	switch (failure.type) {
		case 'codec':
			return {
				title: 'This browser cannot play your file',
				detail: `It does not know the format of “${name}”${failure.detail ? ` (${brief(failure.detail)})` : ''}. MP4 with H.264 and WebM play nearly everywhere.`,
			}
		case 'empty':
		case 'no-beginning':
			return {
				title: 'There is no film in your file',
				detail: `“${name}” has no picture and no sound that begins. The download may not be complete.`,
			}
		case 'broken-off':
			return {
				title: 'Your file breaks off in the middle',
				detail: `Nothing of “${name}” can be shown after ${clock(failure.atS)}. The download may not be complete.`,
			}
		case 'no-output':
		case 'unknown':
			return words(failure, '')
		default:
			// Whatever a network would have been blamed for.
			return words({ type: 'file-gone' }, '')
	}
}

/** `media`: what the player was given; a person's own copy where it stands in for a link. */
export const describeFailure = (failure: PlayerFailure, media: MediaRef): FailureWords => {
	if (media.kind === 'local-file') return { ...fileWords(failure, media), openUrl: null }
	const openUrl = canonicalUrl(media)
	return { ...words(failure, new URL(openUrl).hostname), openUrl }
}
