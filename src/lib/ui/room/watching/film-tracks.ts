/**
 * Subtitles that the film itself brings: tracks of the browser's own list, from the file or from an HLS playlist
 * (hls.js fills them when one is shown). The browser draws them, in its own picture-in-picture window too.
 */
export interface FilmTrack {
	/** Its place in the element's list, for as long as the film is on. */
	readonly index: number
	/** As the film names it; empty where it does not. */
	readonly label: string
	/** A language tag; null where the film does not say. */
	readonly language: string | null
	readonly isShown: boolean
}

/** Tracks that we wrote ourselves are no choice of the film's. */
const OURS = 'matinee'
const LABEL_MAX_CHARS = 80

const isSubtitles = ({ kind, id, label }: TextTrack): boolean =>
	(kind === 'subtitles' || kind === 'captions') && id !== OURS && label !== OURS

export const filmOnStage = (root: ParentNode = document): HTMLVideoElement | null =>
	root.querySelector('.stage video')

export const filmTracks = (film: HTMLVideoElement | null): readonly FilmTrack[] =>
	[...(film?.textTracks ?? [])].flatMap((track, index) =>
		isSubtitles(track)
			? [
					{
						index,
						label: track.label.trim().slice(0, LABEL_MAX_CHARS),
						language: track.language === '' ? null : track.language,
						isShown: track.mode === 'showing',
					},
				]
			: [],
	)

/** One of them, or none (null). What is not shown is not loaded. */
export const showFilmTrack = (film: HTMLVideoElement | null, index: number | null): void => {
	;[...(film?.textTracks ?? [])].forEach((track, at) => {
		if (!isSubtitles(track)) return
		const mode = at === index ? 'showing' : 'disabled'
		if (track.mode !== mode) track.mode = mode
	})
}

/** Calls `fn` now and at each change of what there is and what is shown. Returns the function that ends it. */
export const watchFilmTracks = (
	film: HTMLVideoElement | null,
	fn: (tracks: readonly FilmTrack[]) => void,
): (() => void) => {
	const look = (): void => {
		fn(filmTracks(film))
	}
	look()
	const list = film?.textTracks
	if (list === undefined) return () => undefined
	const names = ['addtrack', 'removetrack', 'change'] as const
	for (const name of names) list.addEventListener(name, look)
	return () => {
		for (const name of names) list.removeEventListener(name, look)
	}
}

export interface WindowCue {
	readonly startS: number
	readonly endS: number
	readonly text: string
}

/**
 * Subtitles of the room as a track of the film, for windows that the page cannot draw into. One track an element, for
 * browsers let go of none; it is filled anew each time. Returns the function that takes them away again.
 */
export const showInWindow = (
	film: HTMLVideoElement,
	cues: readonly WindowCue[],
	offsetS: number,
): (() => void) => {
	const track =
		[...film.textTracks].find(({ label }) => label === OURS) ?? film.addTextTrack('subtitles', OURS)
	const clear = (): void => {
		// Cues of a track that is off cannot be read.
		track.mode = 'hidden'
		for (const cue of [...(track.cues ?? [])]) track.removeCue(cue)
		track.mode = 'disabled'
	}
	clear()
	track.mode = 'hidden'
	for (const { startS, endS, text } of cues) {
		if (endS + offsetS <= 0) continue
		const cue = new VTTCue(Math.max(0, startS + offsetS), endS + offsetS, '')
		// As text, whatever looks like a mark in it.
		cue.text = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
		track.addCue(cue)
	}
	track.mode = 'showing'
	return clear
}
