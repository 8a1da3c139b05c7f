/** The extension's panel on a page: the bar, what opens from it, and what stands between the film and this page. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	name: 'The room on this page',
	/* The bar */
	move: 'Move the panel',
	moveAbout: 'Drag it, or use the arrow keys',
	play: 'Play for everyone',
	pause: 'Pause for everyone',
	people: (count: string, number: number) =>
		plural(number, { one: 'You are the only one here', other: `${count} people here` }),
	chat: 'Chat',
	chatNew: (count: string) => `Chat, ${count} new`,
	openAll: 'Chat, queue and people',
	toBar: 'Back to the bar',
	hide: 'Hide the panel',
	show: 'Show the room',
	showNew: (count: string) => `Show the room, ${count} new messages`,
	more: 'More',
	copyLink: 'Copy the room’s link',
	leave: 'Leave the room',
	older: 'Show older messages',
	/* This page and the room */
	playThis: 'Play this for everyone',
	addThis: 'Add this page to the queue',
	added: 'This page is in the queue',
	nothingOn: 'Nothing is on in the room.',
	otherPage: (title: string) => `The room watches “${title}”, which is not on this page.`,
	otherPageUnnamed: 'What the room watches is not on this page.',
	goThere: (host: string) => `Open it on ${host}`,
	noVideo: 'There is no video on this page yet. Start it here, or load the page again.',
	isProtected: 'This site protects its video, so it may not be possible to keep it in step.',
	inFrame: (host: string) => `The video on this page comes from ${host}, where the room cannot reach it.`,
	openFrame: (host: string) => `Open it on ${host}`,
	refusesPlay: 'The site’s player does not start when it is told to. Start it there yourself.',
	refusesSeek: 'The site’s player does not go where the room is. Everything else works.',
	siteAd: 'The site shows an ad. You catch up with the others after it.',
	blocked: 'The browser waits for a click before it plays.',
	startHere: 'Start it here',
	dismiss: 'Close this note',
	copied: 'Link copied',
	notCopied: 'The browser did not let the link be copied. The popup shows it.',
	/* The room itself */
	opening: 'Opening the room',
	broken: 'The extension was updated or has stopped. Load the page again to see the room here.',
	/* Over the full screen */
	write: 'Write a message',
}
export type ExtensionPanelWords = typeof english
export const extensionPanelWords = subject('extension-panel', english)
