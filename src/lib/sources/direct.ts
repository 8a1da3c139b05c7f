/**
 * Addresses of the media themselves: files the browser plays, HLS playlists, and anything that may be either
 * because its name says nothing against it.
 */
import { found, page, pageThatPlays, segments, type ParsedLink, type Source } from './source.ts'
import { titleFrom } from './title.ts'

export const FILE_EXTENSIONS: ReadonlySet<string> = new Set(
	'mp4 m4v webm ogv ogg mov mkv avi mpg mpeg ts mp3 m4a m4b aac wav flac opus oga weba'.split(' '),
)
const HLS_EXTENSIONS: ReadonlySet<string> = new Set(['m3u8', 'm3u'])

/** Endings that are surely no film, in words. */
const OTHER: readonly (readonly [what: string, endings: string])[] = [
	['a web page', 'html htm xhtml shtml php asp aspx jsp'],
	['a picture', 'jpg jpeg png gif webp avif svg bmp ico heic tif tiff'],
	['a document', 'pdf doc docx odt ppt pptx xls xlsx txt md rtf epub csv'],
	['an archive', 'zip rar 7z tar gz tgz xz bz2 iso dmg exe msi apk'],
	['a torrent', 'torrent'],
	['a file of subtitles', 'srt vtt ass ssa sub'],
	['a DASH stream, which Matinee does not play', 'mpd'],
	['a piece of a page', 'js mjs css json xml rss atom woff woff2'],
]
const WHAT = new Map(
	OTHER.flatMap(([what, endings]) => endings.split(' ').map((ending) => [ending, what] as const)),
)

/** The ending of the last piece of the path, in lower case; '' without one. */
export const extensionOf = (url: URL): string =>
	/\.([a-z0-9]{1,8})$/i.exec(segments(url).at(-1) ?? '')?.[1]?.toLowerCase() ?? ''

/** True for what surely is a file or a playlist by its name. */
export const isMediaFile = (url: URL): boolean =>
	FILE_EXTENSIONS.has(extensionOf(url)) || HLS_EXTENSIONS.has(extensionOf(url))

/** Some hosts keep the name in the query: `?file=film.mp4`, `?response-content-disposition=…film.mp4`. */
const nameInQuery = (url: URL): string | null => {
	for (const value of url.searchParams.values()) {
		const ending = /\.([a-z0-9]{2,5})"?$/i.exec(value)?.[1]?.toLowerCase()
		if (ending && (FILE_EXTENSIONS.has(ending) || HLS_EXTENSIONS.has(ending))) return ending
	}
	return null
}

export const direct: Source = {
	site: 'file',
	parse(url): ParsedLink {
		const byPath = extensionOf(url)
		// A page's ending with a film in its query (`get.php?file=film.mp4`) hands out the film.
		const ending = isMediaFile(url) ? byPath : (nameInQuery(url) ?? byPath)
		if (HLS_EXTENSIONS.has(ending)) return found({ kind: 'hls', url: url.href }, titleFrom(url))
		if (FILE_EXTENSIONS.has(ending)) return found({ kind: 'file', url: url.href }, titleFrom(url))
		const what = WHAT.get(ending)
		if (what === 'a web page')
			return pageThatPlays(`a web page on ${url.hostname}, a site Matinee does not know`)
		if (what) return page(what)
		if (segments(url).length === 0 && url.search === '') return page('the front page of a site')
		// The name says nothing: the player will find out.
		return found({ kind: 'file', url: url.href }, titleFrom(url))
	},
}
