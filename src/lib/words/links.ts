/** What is said of a link while it becomes something in the queue. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const videos = (count: number): string => plural(count, { one: '1 video', other: `${String(count)} videos` })

const english = {
	notAdded: 'It was not added.',
	videos,
	restNotAdded: (why: string) => `The rest of the playlist was not added. ${why}`,
	emptyPlaylist: 'There is nothing in that playlist.',
	missingOfPlaylist: (count: number) =>
		plural(count, {
			one: `${videos(count)} of the playlist is not in the queue: private, or beyond the first 50.`,
			other: `${videos(count)} of the playlist are not in the queue: private, or beyond the first 50.`,
		}),
	looksLikePage: (title: string) =>
		`“${title}” looks like a web page. If it does not play, paste the address of the video itself.`,
	deadShortLink: (site: string) => `That short link leads nowhere any more, says ${site}.`,
	hiddenPlaylist: (site: string) => `${site} shows nothing of that playlist: it is empty, private or gone.`,
	searchTooLong: (limit: number) => `A search has at most ${String(limit)} characters.`,
	searchAway: 'The search does not answer just now. A link can be added all the same.',
	/** What a site says of a video that was just added. */
	refusedByTitle: (title: string, why: string) => `“${title}” may not play here. ${why}`,
	/** The title is only a stand-in for one. */
	refusedByStandIn: (title: string, why: string) => `${title} may not play here. ${why}`,
	gone: 'Its site does not have it any more.',
	private: 'It is private.',
	embeddingOff: 'Its owner lets it be watched on its own site only.',
	ageRestricted: 'It is for signed-in adults, on its own site only.',
	notAvailable: 'It cannot be watched yet, or not everywhere.',
}
export type LinksWords = typeof english
export const linksWords = subject('links', english)
