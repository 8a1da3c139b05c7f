/** Subtitles: the panel, and what is wrong with a file. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	title: 'Subtitles',
	/** The choice among those that there are. */
	show: 'Shown to you',
	off: 'Off',
	none: 'Nobody has added subtitles for this video.',
	nothingOn: 'Subtitles belong to a video: put one on first.',
	/** One of the choices. */
	from: (name: string, language: string | null, by: string) =>
		language === null ? `${name}, from ${by}` : `${name} (${language}), from ${by}`,
	/** The film's own. */
	fromFilm: (name: string) => `${name}, from the film`,
	track: (number: number) => `Track ${String(number)}`,
	coming: (name: string) => `${name} is still coming`,
	add: 'Add a file',
	addHint: 'A .srt or .vtt file, for everybody in the room. You can also drop it on the picture.',
	reading: 'Reading the file…',
	remove: 'Remove these for everybody',
	offset: 'Timing',
	earlier: '0.1 s earlier',
	later: '0.1 s later',
	/** `seconds` signed, with one decimal. */
	offsetIs: (seconds: string) => `${seconds} s`,
	reset: 'Reset',
	size: 'Size',
	sizes: ['Small', 'Normal', 'Large', 'Very large'] as readonly string[],
	onlyYou: 'What is shown, its timing and its size are yours alone.',
	encoding: 'Letters look wrong? Read the file as',
	detected: (name: string) => `Detected: ${name}`,
	added: (name: string) => `${name} was added for everybody.`,
	addedWithout: (name: string, broken: number) =>
		`${name} was added for everybody, without ${plural(broken, { one: '1 place', other: `${String(broken)} places` })} that could not be read.`,
	empty: (name: string) => `There is nothing in ${name}.`,
	tooLong: (name: string) => `${name} is too long: a file may have 1 million characters.`,
	otherFormat: (name: string) => `${name} holds no subtitles that can be read: .srt and .vtt files can.`,
	tooMuchPacked: (name: string) => `${name} is too large to be given to everybody.`,
	unreadable: (name: string) => `${name} could not be read from the disk. Choose it again.`,
	wrongEncoding: (name: string, encoding: string) => `${name} cannot be read as ${encoding}.`,
	damaged: 'These subtitles are damaged and cannot be shown.',
	notHere: 'These subtitles have not come here whole yet.',
	noPacker: 'This browser cannot pack or unpack subtitles: it lacks CompressionStream.',
	otherFile: (name: string) => `${name} is no file of subtitles: .srt and .vtt are.`,
}
export type SubtitlesWords = typeof english
export const subtitlesWords = subject('subtitles', english)
