/**
 * Titles within sentences. Where a site has not told one, words stand in for it ("A Bilibili video"), which begin
 * small behind a verb; a title that somebody gave stays as it is.
 */
const STAND_IN =
	/^A (?:(?:YouTube|Vimeo|Bilibili|Twitch|Dailymotion|SoundCloud) (?:video|recording|track)|video on \S+)$/

/** Of items that came without a title, and of items that no record tells of any more. */
const NAMELESS = new Set(['', 'Untitled'])

export const isStandIn = (title: string): boolean => NAMELESS.has(title) || STAND_IN.test(title)

/** As the object of a sentence: "started *a Bilibili video*". */
export const titleWithin = (title: string): string => {
	if (NAMELESS.has(title)) return 'a video without a title'
	return STAND_IN.test(title) ? `a${title.slice(1)}` : title
}

/** As its first words: "*A Bilibili video* moved to 2 of 3". */
export const titleAtStart = (title: string): string =>
	NAMELESS.has(title) ? 'A video without a title' : title
