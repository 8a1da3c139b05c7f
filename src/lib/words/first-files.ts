/** Starting a room with files, and what became of them on the way there. `names`: a list of them. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	nothingDropped: 'What was dropped is neither a file nor a link. Drop a film, or paste a link.',
	subtitlesAlone: 'Those are subtitles, and they need a film. Choose or drop both together.',
	noLinks: (name: string) => `“${name}” holds no link that plays. A list has one link on each line.`,
	signInFirst: 'This server takes no guests. Sign in first, and choose the file again.',
	doorFirst: 'This server wants its door password first. Give it under Sign in, and choose the file again.',
	/** In the room. */
	lost: (names: string, count: number) =>
		`The page was loaded anew on the way, and ${names} did not come along. Choose ${plural(count, { one: 'it', other: 'them' })} again here`,
	notOffered: (name: string) => `“${name}” could not be put into the queue. Choose it again here`,
	leftOut: (names: string) => `Left out, for it is no film: ${names}`,
	linesLeftOut: (count: number) =>
		plural(count, {
			one: '1 line of the list was left out: it is no video',
			other: `${String(count)} lines of the list were left out: they are no videos`,
		}),
}
export type FirstFilesWords = typeof english
export const firstFilesWords = subject('first-files', english)
