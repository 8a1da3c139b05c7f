/**
 * Matinee's own addresses: the sample film has a name, and a room's link is for people, not for the queue.
 */
import { found, page, type Source } from './source.ts'

export const SAMPLE_FILM = {
	path: '/film/saltmarsh.webm',
	/** For browsers without VP9 in WebM. */
	mp4Path: '/film/saltmarsh.mp4',
	posterPath: '/film/saltmarsh.jpg',
	title: 'The Four-Ten to Saltmarsh',
	durationS: 120,
} as const

/** A source for the site Matinee itself is served from. */
export const ownLinks = (base: URL): Source => ({
	site: 'Matinee',
	parse(url) {
		if (url.origin !== base.origin) return null
		if (url.pathname.endsWith(SAMPLE_FILM.path) || url.pathname.endsWith(SAMPLE_FILM.mp4Path))
			return found({ kind: 'file', url: url.href }, SAMPLE_FILM.title)
		return /\/r\/?$/.test(url.pathname)
			? page("a room's link: send it to people, or open it to join them")
			: null
	},
})
