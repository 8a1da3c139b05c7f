/** In place of the picture: a video that cannot be shown, or the end of the queue. */
import { subject } from './subject.ts'

const english = {
	skip: 'Skip',
	openAtSource: 'Open at the source',
	/** For screen readers, behind `openAtSource`. */
	at: (site: string | null) => ` (${site ?? 'the source'})`,
	wasLast: 'That was the last one',
	addOrReplay: 'Add another, or play something from earlier.',
	seeEarlier: 'See earlier',
}
export type StageNoteWords = typeof english
export const stageNoteWords = subject('stage-note', english)
