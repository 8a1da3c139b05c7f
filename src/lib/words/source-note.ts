/** What a site's player cannot do here, and how to put right by hand what it cannot tell. */
import { subject } from './subject.ts'

const english = {
	about: 'About this player',
	closeNote: 'Close the note',
	offBy: 'I am off by',
	behindBy: 'I am behind by',
	oneAhead: '1 s ahead',
	halfAhead: 'Half a second ahead',
	halfBehind: 'Half a second behind',
	oneBehind: '1 s behind',
	minusOne: '−1 s',
	minusHalf: '−½ s',
	plusHalf: '+½ s',
	plusOne: '+1 s',
}
export type SourceNoteWords = typeof english
export const sourceNoteWords = subject('source-note', english)
