/** What somebody sets for their own device, within a room. */
import { subject } from './subject.ts'

const english = {
	title: 'Your settings',
	elsewhere: 'Name and picture, account and devices:',
	toAccount: 'Your account and this device',
	newTab: ' (opens in a new tab)',
}
export type OwnSettingsWords = typeof english
export const ownSettingsWords = subject('own-settings', english)
