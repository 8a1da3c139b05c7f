/**
 * Our own sample film, served beside the app, so that a room can be tried with no other site at all.
 */
import type { NewItem } from '#lib/core/room.ts'
import { appUrlOf } from './app-path.ts'

export const SAMPLE_TITLE = 'The Four-Ten to Saltmarsh'
export const SAMPLE_PATH = 'film/saltmarsh.mp4'
const SAMPLE_POSTER_PATH = 'film/saltmarsh.jpg'

export const sampleItem = (pageUrl: URL): NewItem => {
	const appUrl = appUrlOf(pageUrl)
	return {
		media: { kind: 'file', url: new URL(SAMPLE_PATH, appUrl).href },
		title: SAMPLE_TITLE,
		thumbnailUrl: new URL(SAMPLE_POSTER_PATH, appUrl).href,
	}
}
