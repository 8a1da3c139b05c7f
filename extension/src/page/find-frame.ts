/**
 * The frame that seems to hold a page's video, where the page has none of its own: nobody but its own site can look in.
 */
import { allIn, attributeOf } from './page-dom.ts'
import { isNamedAside } from './find-videos.ts'

export interface VideoFrame {
	readonly host: string
	/** Where it can be opened in a tab of its own; null where it has no address on the web. */
	readonly url: string | null
}

/** Smaller ones, and those of another shape, are advertisements and boxes for comments. */
const LEAST_WIDTH = 300
const LEAST_HEIGHT = 168
const FLATTEST = 2.6
const STEEPEST = 1.2
const URL_MAX_CHARS = 2_000
const HOST_MAX_CHARS = 260

/** Players ask for the full screen, or for what goes with films. */
const doesAskForFilms = (frame: Element): boolean =>
	frame.hasAttribute('allowfullscreen') ||
	/\b(?:fullscreen|autoplay|encrypted-media|picture-in-picture)\b/.test(attributeOf(frame, 'allow'))

const addressOf = (frame: HTMLIFrameElement): URL | null => {
	const src = attributeOf(frame, 'src')
	return URL.canParse(src, frame.baseURI) ? new URL(src, frame.baseURI) : null
}

export const findFrame = (document: Document): VideoFrame | null => {
	let best: { readonly area: number; readonly url: URL } | null = null
	for (const frame of allIn<HTMLIFrameElement>(document, 'iframe')) {
		const { width, height } = frame.getBoundingClientRect()
		const isShaped = width <= height * FLATTEST && width >= height * STEEPEST
		if (width < LEAST_WIDTH || height < LEAST_HEIGHT || !isShaped) continue
		if (!doesAskForFilms(frame) || isNamedAside(frame)) continue
		const url = addressOf(frame)
		if (url !== null && (best === null || width * height > best.area)) best = { area: width * height, url }
	}
	if (best === null) return null
	const { url } = best
	const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
	return {
		host: isWeb ? url.host.slice(0, HOST_MAX_CHARS) : '',
		url: isWeb && url.href.length <= URL_MAX_CHARS ? url.href : null,
	}
}
