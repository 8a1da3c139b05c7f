/** Titles where nobody has told one: what stands in for them, alone and within sentences. */
import { subject } from './subject.ts'

const english = {
	/** As the object of a sentence. */
	withoutWithin: 'a video without a title',
	/** As its first words. */
	without: 'A video without a title',
	/** `standIn`: as the link's site had it written, in English, with its "A". */
	standIn: (standIn: string) => standIn,
	standInWithin: (standIn: string) => `a${standIn.slice(1)}`,
}
export type TitlesWords = typeof english
export const titlesWords = subject('titles', english)
