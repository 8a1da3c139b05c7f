/** What somebody did to the film, as whole sentences. `who` and `title` stand where the language wants them. */
import { subject } from './subject.ts'

const english = {
	/** A title that somebody gave, within a sentence. */
	titled: (title: string): string => title,
	played: (who: string, at: string): string => `${who} pressed play at ${at}`,
	paused: (who: string, at: string): string => `${who} paused at ${at}`,
	sought: (who: string, at: string): string => `${who} went to ${at}`,
	setSpeed: (who: string, rate: string): string => `${who} set the speed to ${rate}×`,
	started: (who: string, title: string): string => `${who} started ${title}`,
}
export type FilmDeedWords = typeof english
export const filmDeedWords = subject('film-deeds', english)
