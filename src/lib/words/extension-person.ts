/** The extension's popup: who one is at the server, its door, and what the page in the tab has for a room. */
import { subject } from './subject.ts'

const english = {
	/* Who one is */
	guestHere: 'a guest, on this device',
	accountOn: (host: string) => `your account on ${host}`,
	name: 'Your name',
	changeName: 'Change name',
	saveName: 'Save',
	cancel: 'Cancel',
	signIn: 'Sign in',
	signOut: 'Sign out',
	signInTo: (host: string) => `Sign in to ${host}`,
	signInAbout: 'In rooms you are then the same person as in the web app.',
	signInNeeded: (host: string) =>
		`${host} takes no guests. The room opens once you are signed in to your account there.`,
	/** `names`: "Google or Acme". */
	providersToo: (names: string) => `Accounts of ${names} work in the web app only. Here it takes a password.`,
	providersOnly: (names: string) =>
		`Accounts here are signed in by ${names}, and that works in the web app only.`,
	accountsElsewhere: 'Accounts are made in the web app.',
	openWebApp: 'Open the web app',
	/* The server */
	doorAbout: (host: string) =>
		`${host} asks everybody for it, once on each device. Whoever sent you the link, or runs the server, knows it.`,
	/* The room's document */
	lost: 'The extension was started anew, and with that you left the room.',
	goBack: 'Go back into the room',
	again: 'Try again',
	/* The page in the tab */
	place: (at: number, of: number) => `${String(at)} of ${String(of)} in the queue`,
	inFrame: (host: string) =>
		`The page’s video is in a frame of ${host}, which the extension cannot steer from here.`,
	openAlone: (host: string) => `Open it alone on ${host}`,
	isProtected: 'This video is copy-protected. The room can still play, pause and seek it.',
	isProtectedRefuses: 'This video is copy-protected, and its player does not do what the room asks.',
	refusesPlay: 'The site’s player does not start at the room’s word. Start it on the page.',
	refusesSeek: 'The site’s player does not go where the room is. Move it there on the page.',
	/* Versions */
	newerRoom: 'This room uses a newer Matinee',
	newerServer: (host: string) => `${host} uses a newer Matinee`,
	updateExtension: 'Update the extension.',
	olderServer: (host: string) => `${host} uses an older Matinee`,
	olderServerAbout: 'Whoever runs it can bring it up to date; until then this extension cannot use it.',
}
export type ExtensionPersonWords = typeof english
export const extensionPersonWords = subject('extension-person', english)
