/**
 * A readable title from an address, for want of a better one: the file's name, decoded and tidied.
 */
import { segments } from './source.ts'

const TITLE_MAX_CHARS = 120
/** Names that say nothing: then the folder, or the host, says more. */
const NOTHING_NAMES =
	/^(?:index|master|main|playlist|manifest|chunklist.*|prog[_-]?index|stream|video|audio|media|output|file|download|watch|play|default|hls|live|\d{1,4}p?)$/i
// Control characters and those that turn the direction of text: a title stands among other people's words.
// eslint-disable-next-line no-control-regex
const UNSHOWN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

const decode = (text: string): string => {
	try {
		return decodeURIComponent(text)
	} catch {
		return text // a lone percent sign: the raw name is still readable
	}
}

/** "the-four-ten_to-saltmarsh.mp4" → "the four ten to saltmarsh". Dashes and dots between digits stay. */
export const tidyName = (raw: string): string => {
	let name = decode(raw)
		.replace(/\.[a-z0-9]{1,5}$/i, '')
		.replace(UNSHOWN, '')
		.replace(/_+/g, ' ')
	if (!/\s\S+\s/.test(name.replace(/_/g, ' ')) || !name.includes(' - ')) {
		// No spaces of its own: dots, pluses and dashes stand for them.
		name = name.replace(/\+/g, ' ').replace(/(?<!\d)[.-]+|[.-]+(?!\d)/g, ' ')
	}
	return name.replace(/\s+/g, ' ').trim().slice(0, TITLE_MAX_CHARS).trim()
}

/** Never empty: at worst the host. */
export const titleFrom = (url: URL): string => {
	for (const part of [...segments(url)].reverse().slice(0, 3)) {
		const name = tidyName(part)
		if (name !== '' && !NOTHING_NAMES.test(name.replace(/ /g, '_'))) return name
	}
	return url.hostname.replace(/^www\.(?=.)/, '')
}
