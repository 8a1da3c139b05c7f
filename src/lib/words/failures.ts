/** Why a film does not play: in place of the picture, and in short beside its name. */
import { subject } from './subject.ts'

const WOULD_DO = 'MP4 with H.264 and WebM play nearly everywhere.'
const inBrackets = (detail: string): string => (detail === '' ? '' : ` (${detail})`)

const english = {
	siteTrouble: {
		title: 'The site has trouble',
		detail: (host: string, status: number) =>
			`${host} answers with an error of its own (${String(status)}). It may work again later.`,
	},
	notFound: {
		title: 'There is no video at this address',
		/** `status` of HTTP; null where there is none. */
		detail: (host: string, status: number | null) =>
			`${host} says that nothing is there${status === null ? '' : ` (${String(status)})`}. The link may be mistyped, or the file was taken away.`,
	},
	unreachable: {
		title: 'The video cannot be reached',
		detail: (host: string) =>
			`No answer from ${host}. Check that the address is right and that you are online.`,
	},
	cors: {
		title: 'The video cannot be opened from here',
		detail: (host: string) =>
			`${host} answers, but does not let other sites read it, so the reason stays hidden: the file may be gone, closed to others, or of an unknown kind.`,
	},
	notMedia: {
		title: 'That address is no video',
		/** `what`: one of the three below. */
		detail: (host: string, what: string) =>
			`${host} sends ${what}, not a film or sound. Use the address of the file itself.`,
		page: 'a web page',
		somethingElse: 'something else',
		contentType: (type: string) => `“${type}”`,
	},
	codec: {
		title: 'This browser cannot play this kind of video',
		detail: (why: string) =>
			`The file is there, but your browser does not know its format${inBrackets(why)}. ${WOULD_DO}`,
	},
	embeddingOff: {
		title: 'This video plays only on its own site',
		detail:
			'Its owner does not allow it to be shown on other pages, or its site asks for your age there first.',
	},
	removed: { title: 'This video is gone', detail: 'It was deleted or made private by its owner.' },
	insecure: {
		title: 'This address is not secure',
		detail:
			'It is plain http, which a page served over https may not load. An address that begins with https would work.',
	},
	private: {
		title: 'This video is private',
		detail: 'Only people whom its owner lets in can watch it.',
	},
	notOpen: {
		title: 'This video is not open to everyone',
		detail: (host: string, status: number) =>
			`${host} refuses to hand it out (${String(status)}). It may need a login, or the link may have run out.`,
	},
	region: {
		title: 'This video is not shown in your country',
		detail: 'Its owner allows it in some countries only. The others may be able to watch it.',
	},
	age: {
		title: 'This video asks for your age',
		detail:
			'Its site shows it only to people who are signed in there and old enough, and only on its own page.',
	},
	liveEnded: { title: 'This stream has ended', detail: 'Nothing is sent here any more.' },
	liveNotBegun: { title: 'This stream has not begun', detail: 'Its site announces it for later.' },
	empty: {
		title: 'There is nothing in this file',
		detail: 'It has no length, no picture and no sound. The upload may have been broken off.',
	},
	brokenOff: {
		title: 'This file breaks off in the middle',
		detail: (at: string) =>
			`It promises more than there is: nothing can be shown after ${at}. The upload may not have been complete.`,
	},
	noBeginning: {
		title: 'This video does not begin',
		detail: (host: string) =>
			`${host} keeps sending, but after a minute no film has come of it. The connection may be too slow, or it is no film.`,
	},
	bigPlaylist: {
		title: 'That is no playlist',
		detail: (host: string) =>
			`${host} sends more than any playlist holds. If it is a film, use the address of the file itself.`,
	},
	bigParts: {
		title: 'The parts of this video are too big',
		detail: (host: string) =>
			`${host} sends a single part of more than 128 MB, which would fill the memory of this device.`,
	},
	noOutput: {
		title: 'This device has nothing to play sound with',
		detail: 'Your browser finds no loudspeakers or headphones. Connect some, and load this page again.',
	},
	redirects: {
		title: 'This address leads nowhere',
		detail: (host: string) =>
			`${host} sends on to another address, and from there nothing comes. The link may be going in circles.`,
	},
	noAnswer: {
		title: (site: string) => `${site}’s player does not answer`,
		detail: (site: string) =>
			`It did not come, or it says nothing. ${site} may be away, or blocked where you are.`,
	},
	nonsense: {
		title: (site: string) => `${site}’s player says what makes no sense`,
		detail: (site: string, said: string) => `It answered: ${said}. ${site} may have changed its player.`,
	},
	pageRefused: { title: (site: string) => `${site} does not play on this page` },
	fileGone: {
		title: 'The file can be read no more',
		detail: 'It was moved, renamed or changed, or its disk was taken out. Pick it again.',
	},
	unknown: {
		title: 'The video does not play',
		detail: (said: string) => `The player says: ${said}`,
	},

	// Of a file from the own disk.
	fileCodec: {
		title: 'This browser cannot play your file',
		detail: (name: string, why: string) =>
			`It does not know the format of “${name}”${inBrackets(why)}. ${WOULD_DO}`,
	},
	fileEmpty: {
		title: 'There is no film in your file',
		detail: (name: string) =>
			`“${name}” has no picture and no sound that begins. The download may not be complete.`,
	},
	fileBrokenOff: {
		title: 'Your file breaks off in the middle',
		detail: (name: string, at: string) =>
			`Nothing of “${name}” can be shown after ${at}. The download may not be complete.`,
	},
}
export type FailuresWords = typeof english
export const failuresWords = subject('failures', english)
