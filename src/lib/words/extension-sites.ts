/** The extension on sites: being let in, and going to one with a room. */
import { subject } from './subject.ts'

const english = {
	/* In the popup */
	stay: 'Stay in the room on this site',
	stayAbout: (host: string) => `The room plays on every page of ${host}, without a click on each.`,
	stays: (host: string) => `The room may play on every page of ${host}.`,
	notLetIn: (host: string) => `The extension was not let into ${host}. A click on its button still does.`,
	needsClick:
		'The room’s tab shows a page that the extension is not let into. Let the room play here once more.',
	taken: (host: string) => `You took back the permission for ${host}. The room goes on without the page.`,
	settings: 'Settings',
	/* In the toolbar */
	barOpen: (title: string) => `Matinee: in the room ${title}`,
	barOpenUntitled: 'Matinee: in a room',
	barClick: 'Matinee: click here, and the room plays on this page',
	bar: 'Matinee',
	/* The page that asks before a room goes to a site */
	openTitle: 'Watch on the site',
	untitled: 'this film',
	watchOn: (host: string) => `Watch on ${host}`,
	watchWith: (title: string, host: string) => `Watch ${title} on ${host} with your room?`,
	address: 'The page',
	watchAbout: (host: string) =>
		`This tab goes there, and the room plays on it. Your browser asks whether the extension may read ${host}: it needs that to play and pause the video there, and nothing else of the page leaves your browser but its address and title.`,
	watchAboutAllowed: 'This tab goes there, and the room plays on it.',
	leavesOther: (title: string) => `You are in the room ${title}; this leaves it.`,
	leavesOtherUntitled: 'You are in another room; this leaves it.',
	notNow: 'Not now',
	refused: (host: string) =>
		`Without the permission for ${host} the room cannot play there. It goes on in the tab that you came from.`,
	gone: 'This was answered already, or something newer is asked in another tab. Click again in the room.',
	notHere:
		'This page does not come over https, so the extension cannot be let into it from here. Open it and click on the extension’s button there.',
	joining: 'Opening the room',
	otherQuestion:
		'The room asks you something first: answer it in the extension’s button, then click here again.',
}
export type ExtensionSitesWords = typeof english
export const extensionSitesWords = subject('extension-sites', english)
