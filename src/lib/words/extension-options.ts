/** The extension's page of settings. */
import { subject } from './subject.ts'

const english = {
	title: 'Settings of the extension',
	version: (version: string) => `Version ${version}`,
	you: 'You',
	name: 'Your name',
	nameAbout: 'Everybody in a room sees it. In an open room it changes at once.',
	nameAccount: 'The name of your account; it changes for all of your devices.',
	nameLater: 'Set the server first: names are kept for each.',
	nameSaved: 'Name saved',
	save: 'Save',
	server: 'Server',
	serverAddress: 'Address',
	serverAbout: 'The Matinee that you and your friends use. Rooms are found and entered over it.',
	serverSaved: 'Address saved',
	checking: (host: string) => `Asking ${host}`,
	answers: (version: string) => `The server answers. It is of version ${version}.`,
	refuses: (origin: string) =>
		`The server answers, but takes no rooms of this extension yet: whoever runs it adds ${origin} to ALLOWED_ORIGINS.`,
	stranger: (host: string) => `Something answers at ${host}, but it is not Matinee.`,
	silent: (host: string) => `Nothing came from ${host}. Is the address right, and are you online?`,
	again: 'Ask again',
	links: 'Offer the site in rooms',
	linksAbout: (host: string) =>
		`In rooms that you open on ${host}, ‘Watch it on the site’ brings the room to the film’s own page. The extension reads nothing else there.`,
	linksRefused: (host: string) => `The permission for ${host} was not given, so rooms there offer no sites.`,
	linksPlain: 'Only for servers that come over https.',
	look: 'Looks',
	lookAbout: 'For the popup, the panel on the page and this page.',
	languages: { system: 'Browser’s' },
	sites: 'Sites',
	sitesAbout:
		'On these the room plays without a click on each page. On any other site the extension sees a page only after your click on its button.',
	noSites: 'None yet. Open a site and choose ‘Stay in the room on this site’ in the extension’s popup.',
	everySite: 'Every site',
	remove: 'Take back',
	removeName: (site: string) => `Take back the permission for ${site}`,
	removed: (site: string) => `The permission for ${site} was taken back.`,
	keptByBrowser: (site: string) =>
		`Your browser keeps the permission for ${site}; it can be changed in its own settings.`,
	shortcut: 'Keyboard',
	shortcutAbout: (keys: string) => `${keys} opens the popup. Your browser’s page of extensions changes it.`,
	noShortcut: 'No keys open the popup yet. Your browser’s page of extensions sets some.',
}
export type ExtensionOptionsWords = typeof english
export const extensionOptionsWords = subject('extension-options', english)
