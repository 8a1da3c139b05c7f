/** Whether this device opens the app with no network, and what keeps it from that. */
import { subject } from './subject.ts'

const english = {
	looking: 'Looking at what is kept on this device.',
	ready: 'Ready offline',
	readyAbout:
		'Rooms you have been in open with no network. What you write and queue meanwhile goes out later.',
	notReady: 'Not ready offline',
	why: {
		unsupported:
			'This browser keeps no pages here; private windows often do not. Online all works as before.',
		refused:
			'The browser refuses to keep pages of this address. Either storage is switched off for it, or it does not trust its certificate. Online all works as before.',
		full: 'There is no storage left for it on this device. Free some, or forget rooms that you no longer need. Online all works as before.',
		'not-fetched':
			'Not all of it could be fetched yet. It is tried again whenever you come here. Online all works as before.',
	},
}
export type OfflineReadyWords = typeof english
export const offlineReadyWords = subject('offline-ready', english)
