/** What a browser lacks for a room, where the room was to be started. */
import { subject } from './subject.ts'

const english = {
	roomNeeds: (name: string) => `A room needs ${name}`,
	/** `since`: where it is to be had. */
	missing: (name: string, since: string) => `A room needs ${name}. ${since}`,
	parts: {
		'secure-context': {
			name: 'a secure connection',
			since:
				'Open this page over https, or on the computer it runs on as http://localhost. Whoever runs it can start it with npm start -- --lan, which serves https to everybody on the same network.',
		},
		ed25519: {
			name: 'Ed25519 signatures, which prove who did what',
			since: 'Chrome and Edge have them since 137, Firefox since 129, Safari since 17.',
		},
		indexeddb: {
			name: 'IndexedDB, which keeps your key and your rooms',
			since: 'Every current browser has it; some switch it off in private windows.',
		},
	},
}
export type BrowserLacksWords = typeof english
export const browserLacksWords = subject('browser-lacks', english)
