/** What a browser lacks: the page about it, and the sentences for elsewhere. */
import { subject } from './subject.ts'

const english = {
	title: 'This browser can’t open the room',
	lacks: (parts: string) => `It lacks ${parts}.`,
	parts: {
		ed25519: {
			name: 'Ed25519 signatures',
			use: 'The key that signs what you do.',
			who: 'It is in Chrome or Edge 137, Firefox 129, Safari 17, or newer, on a page with https.',
		},
		indexeddb: {
			name: 'IndexedDB',
			use: 'The place where your key and the room are kept. Some private windows refuse it.',
			who: 'It is in every current Chrome, Edge, Firefox and Safari, outside a private window.',
		},
	},
	noWeakerMode: 'There is no weaker mode: without it the room would not be safe, or not be there.',
	copyLink: 'Copy the link for another browser',
	roomLink: 'Room link',
}
export type NeedsWords = typeof english
export const needsWords = subject('needs', english)
