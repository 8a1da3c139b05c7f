/**
 * Titles within sentences. Where a site has not told one, words stand in for it ("A Bilibili video"): written in
 * English into the room, said in the language of the reader. A title that somebody gave stays as it is.
 */
import { titlesWords } from '#lib/words/titles.ts'

const STAND_IN =
	/^A (?:(?:YouTube|Vimeo|Bilibili|Twitch|Dailymotion|SoundCloud) (?:video|recording|track)|video on \S+)$/

/** Of items that came without a title, and of items that no record tells of any more. */
const NAMELESS = new Set(['', 'Untitled'])

export const isStandIn = (title: string): boolean => NAMELESS.has(title) || STAND_IN.test(title)

/** As the object of a sentence: "started *a Bilibili video*". */
export const titleWithin = (title: string): string => {
	if (NAMELESS.has(title)) return titlesWords().withoutWithin
	return STAND_IN.test(title) ? titlesWords().standInWithin(title) : title
}

/** As its first words, or alone: "*A Bilibili video* moved to 2 of 3". */
export const titleAtStart = (title: string): string => {
	if (NAMELESS.has(title)) return titlesWords().without
	return STAND_IN.test(title) ? titlesWords().standIn(title) : title
}
