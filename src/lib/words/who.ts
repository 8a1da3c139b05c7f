/** People where their names are not known, and the reader. */
import { subject } from './subject.ts'

const english = {
	/** Begins a sentence. */
	you: 'You',
	/** Within a sentence. */
	youWithin: 'you',
	someone: 'Someone',
	someoneWithin: 'someone',
	somebody: 'Somebody',
}
export type WhoWords = typeof english
export const whoWords = subject('who', english)
