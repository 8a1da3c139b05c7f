/** What is said once the room's link was to be copied. */
import { subject } from './subject.ts'

const english = {
	/** At the start of a room. */
	copied: 'Link copied. Whoever opens it is in',
	/** Where the browser refuses it: the link itself, to be copied by a press. */
	notCopied: (link: string) => `Send ${link} to whoever should watch`,
	copy: 'Copy',
	copiedAtLast: 'Link copied',
	refused: 'This browser does not let a page copy. The link stands in Invite, to be selected',
	/** Asked for by who is alone. */
	copiedToSend: 'Link copied. Send it to whoever should watch with you',
	inInvite: 'The link of this room is in Invite',
}
export type LinkToastsWords = typeof english
export const linkToastsWords = subject('link-toasts', english)
