/** A room's code: the field for it, what is wrong with it, what came of joining by it. */
import { subject } from './subject.ts'

const english = {
	roomCode: 'Room code',
	join: 'Join',
	empty: 'Type the code of the room, 20 letters and digits.',
	tooShort: (count: number, whole: number) =>
		`${String(count)} of ${String(whole)} characters. The rest of the code is missing.`,
	tooLong: (count: number, whole: number) => `${String(count)} characters, but a code has ${String(whole)}.`,
	wrongCharacter: (character: string) =>
		`“${character}” is in no room code. Codes have digits and the letters A to Z without I, L, O and U.`,
	unknown: 'No room has this code. Check it letter by letter with whoever gave it to you.',
	newer: 'This room uses a newer Matinee. Reload this page to get it.',
	badRoot: 'The server has a room here that this code does not open.',
	serverAway: 'The server is away, and this device has not been in that room before. Try again in a minute.',
	busy: (seconds: number) => `Too many tries. Again in ${String(seconds)} s.`,
}
export type CodeWords = typeof english
export const codeWords = subject('code', english)
