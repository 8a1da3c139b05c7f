/** What is wrong with a name or a picture that somebody gave themselves. */
import { subject } from './subject.ts'

const english = {
	noName: (most: number) => `A name has letters that can be seen, and at most ${String(most)} of them.`,
	serverAway: 'The server keeps this name, and is away. Try again in a minute.',
	noPicture: 'This browser cannot read that file as a picture. PNG, JPEG and WebP work.',
}
export type OwnNameWords = typeof english
export const ownNameWords = subject('own-name', english)
