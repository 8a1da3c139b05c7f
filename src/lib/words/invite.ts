/** What Invite opens: link, code, QR code and share sheet. */
import { subject } from './subject.ts'

const english = {
	title: (room: string) => (room === '' ? 'Invite to this room' : `Invite to ${room}`),
	roomLink: 'Room link',
	linkCopied: 'Link copied',
	copyRefused: 'This browser lets no page copy. The link is selected: press Ctrl C or hold to copy.',
	qr: 'QR code of the room link',
	qrFailed: 'The QR code could not be drawn. The link and the code work all the same.',
	orCode: 'Or read out the code',
	share: 'Share…',
	linkIsKey: 'The link is the key. Whoever has it can enter and read until you change the lock.',
}
export type InviteWords = typeof english
export const inviteWords = subject('invite', english)
