/** Why a room did not open, in the few cases that its door knows of itself. */
import { subject } from './subject.ts'

const english = {
	wrongPassword: 'That is not the password of this room.',
	badRoot: 'This code does not open the room',
	badRootAbout: 'What the server keeps for it was sealed with another code. Ask for the link again.',
	newer: 'This room uses a newer Matinee',
	newerAbout: 'Reload this page to get it.',
	tooManyTries: 'Too many tries',
	tooManyTriesAbout: (seconds: number) => `The server asks for a pause. Try again in ${String(seconds)} s.`,
	notOpened: 'The room could not be opened',
}
export type ShutRoomWords = typeof english
export const shutRoomWords = subject('shut-room', english)
