/** The one line on the stage about the room: its server, its links, its storage. */
import { subject } from './subject.ts'

const english = {
	reconnecting: 'Reconnecting. You can go on watching',
	serverAwayTogether: 'The server is away. You go on together; nobody new can come in meanwhile',
	serverAwayAlone: 'The server is away. The room works here and is merged when it is back',
	notKept: (why: string) => `Nothing is kept on this device: ${why}. The room works until this tab is closed`,
	alone: 'Nobody else is here yet',
	invite: 'Invite',
	storageFull: 'The storage of this device is full. The room goes on, but new things are not kept here',
	storageRefused: 'This browser refuses to keep the room. It works until this tab is closed',
	storageDamaged: (lost: number) =>
		`Part of what was kept here was damaged (${String(lost)}). The rest is good; what is missing comes from the others`,
}
export type StatusWords = typeof english
export const statusWords = subject('status', english)
