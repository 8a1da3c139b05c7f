/** Whether others learn one's address. */
import { subject } from './subject.ts'

const english = {
	label: 'Hide my address',
	about: 'Others see only the server’s address. It may be slower.',
}
export type HideAddressWords = typeof english
export const hideAddressWords = subject('hide-address', english)
