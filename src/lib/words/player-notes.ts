/** What players of other sites say of themselves when they do not play; beside the code of those players. */
import { subject } from './subject.ts'

const english = {
	/** The name of a site's frame. */
	playerOf: (site: string) => `${site} player`,
	twitchNeedsHttps: 'Its player runs only on pages served over https, and this one is not.',
	twitchNeedsPort: (port: string) =>
		`Its player runs only on pages at the default port, and this one is at port ${port}.`,
	youtubeNeedsPage:
		'It wants to know which page it plays on, and that was kept from it: by this site’s server, by the browser, or by an add-on (153).',
	youtubeNoForm: 'it has no form of this video that this browser can play (5)',
	errorCode: (code: string) => `error ${code}`,
	encrypted: 'it is encrypted',
	noMediaSource: 'no Media Source Extensions',
	hlsDidNotLoad: (why: string) => `hls.js did not load (${why})`,
	neverReady: 'it speaks, and never gets ready',
	trackBrokeOff: 'the track broke off',
	tooMany: 'hundreds of messages in a second',
}
export type PlayerNotesWords = typeof english
export const playerNotesWords = subject('player-notes', english)
