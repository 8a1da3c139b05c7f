/** The extension's popup: a room beside the page in the tab. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	/* No room yet */
	start: 'Start a room with this page',
	startAbout: 'Everybody with the link watches this page’s video in step with you.',
	noPage: 'There is no page here that a room could play. Open one with a video.',
	join: 'Join a room',
	codeOrLink: 'Room code or link',
	joinButton: 'Join',
	server: 'Server',
	serverAbout: 'The address of the Matinee that you and your friends use.',
	badServer: 'That is no address of a server. It begins with https://',
	otherServer: (host: string) =>
		`That link leads to ${host}, and this extension uses another server. Change it below.`,
	/* On the way */
	opening: 'Opening the room',
	notReached: 'The extension’s own room page does not answer. Close this and open it again.',
	notAllowed: 'The browser lets no extension work on this page.',
	serverAway: 'The server does not answer',
	serverAwayAbout: (host: string) => `Nothing came from ${host}. Is the address right, and are you online?`,
	refusesExtension: (origin: string) =>
		`It may not allow this extension: whoever runs it adds ${origin} to ALLOWED_ORIGINS.`,
	unknownRoom: 'There is no room by this code',
	unknownRoomAbout: 'Check the code, or ask for the link again.',
	noAccounts: 'No accounts here',
	noAccountsAbout: 'This server has none: a name is enough.',
	password: 'Room password',
	enter: 'Enter',
	back: 'Back',
	browserLacks: (what: string) => `This browser lacks what a room needs: ${what}.`,
	/* In the room */
	untitled: 'Room',
	copyLink: 'Copy the room’s link',
	copied: 'Link copied',
	notCopied: 'The browser did not let the link be copied. It stands here to be selected.',
	leave: 'Leave the room',
	here: (count: number) =>
		plural(count, { one: 'You are the only one here', other: `${String(count)} people here` }),
	you: 'you',
	away: 'away',
	inStep: 'in step',
	behind: (seconds: string) => `${seconds} s behind`,
	ahead: (seconds: string) => `${seconds} s ahead`,
	connecting: 'Connecting',
	offline: 'No connection',
	playsHere: 'Plays on the page in this window’s tab',
	playsElsewhere: 'Plays in another tab',
	playHere: 'Play it in this tab',
	noVideo: 'There is no video on the page. Start it there, or reload the page.',
	otherPage: 'The room watches something else',
	goThere: (host: string) => `Open it on ${host}`,
	playThis: 'Play this page for everyone',
	addThis: 'Add this page to the queue',
	nothingOn: 'Nothing is on',
	onlyHere: 'The address of this page is too long for a room.',
	play: 'Play for everyone',
	pause: 'Pause for everyone',
	tapToStart: 'The browser waits for a click on the page before it plays.',
	siteAd: 'The site shows an ad; the film goes on after it.',
	removed: 'You were removed from this room',
	moved: 'The lock of this room was changed, and no new code came for you',
	tabClosed: 'The tab was closed, so you left the room',
	panelLost:
		'The page keeps removing the room’s panel, so it is gone there. Everything else works from here.',
}
export type ExtensionWords = typeof english
export const extensionWords = subject('extension', english)
