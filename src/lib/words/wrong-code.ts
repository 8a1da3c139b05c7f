/** A code that is not whole, or that nobody knows. */
import { subject } from './subject.ts'

const english = {
	notWhole: 'The code is not whole',
	notWholeAbout: 'A room’s code has 20 letters and digits. A part of the link may have been lost on the way.',
	unknown: 'No room has this code',
	unknownAbout: 'Neither the server nor this device knows it. O and 0, I and 1 count as the same.',
	startOwn: 'Start a room of your own',
}
export type WrongCodeWords = typeof english
export const wrongCodeWords = subject('wrong-code', english)
