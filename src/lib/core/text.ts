/**
 * Text from people: what may stand in a record, and how input is made fit. Names and titles sit inside sentences
 * and lists of others, so characters that turn or hide text around them are not let in.
 */
import { ROOM_TITLE_MAX_CHARS } from './root.ts'
import { text, type Schema } from './schema.ts'

export const NAME_MAX_CHARS = 32

export const ITEM_TITLE_MAX_CHARS = 120
export const CHAT_MAX_CHARS = 500
/** Of a file on disk: with the longest title beside it a queue record still has room for it. */
export const FILE_NAME_MAX_CHARS = 100

export const SUBTITLE_NAME_MAX_CHARS = 80

/** C0, DEL and C1 controls, line and paragraph separators. */
const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029'
/** Marks, embeddings, overrides and isolates that change the direction of what follows. */
const BIDI = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069'
/** Soft hyphen, joiners, word joiner and invisible operators, variation-free fillers, byte order mark. */
const INVISIBLE =
	'\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200d\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufeff\\uffa0'

// eslint-disable-next-line no-misleading-character-class -- single code units, listed one by one
const NAME_BARRED = new RegExp(`[${CONTROLS}${BIDI}${INVISIBLE}]`, 'g')
// Titles come from video sites and carry joined emoji: joiners are let through.
const TITLE_BARRED = new RegExp(
	`[${CONTROLS}${BIDI}\\u00ad\\u200b\\u2060-\\u2065\\u206a-\\u206f\\ufeff]`,
	'g',
)
// Chat is a block of its own: line ends and direction marks are the writer's; overrides and controls are not.
// eslint-disable-next-line no-control-regex -- controls are what it looks for
const CHAT_BARRED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/g

/** Composed last: taking a character out may bring a letter and its accent together. */
const clean = (input: string, barred: RegExp, instead: string): string =>
	input.toWellFormed().replace(barred, instead).trim().normalize('NFC')

const inOneLine = (input: string): string => input.replace(/\s+/g, ' ')

export const cleanName = (input: string): string => clean(inOneLine(input), NAME_BARRED, '')
export const cleanTitle = (input: string): string => clean(inOneLine(input), TITLE_BARRED, '')
/** Line ends stay. */
export const cleanChat = (input: string): string => clean(input.replace(/\r\n?/g, '\n'), CHAT_BARRED, ' ')

/** At most `max` UTF-16 units, ending in an ellipsis where cut, never inside a surrogate pair. */
export const shorten = (input: string, max: number): string =>
	input.length <= max ? input : `${input.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`

const fitting = (max: number, barred: RegExp, name: string): Schema<string> => {
	const inner = text(max)
	return {
		parse: (input) => {
			const value = inner.parse(input)
			if (value === undefined || value === '' || value.search(barred) >= 0) return undefined
			return value.normalize('NFC') === value ? value : undefined
		},
		describe: `${name}(${max})`,
	}
}

export const nameText = fitting(NAME_MAX_CHARS, NAME_BARRED, 'name')
export const roomTitleText = fitting(ROOM_TITLE_MAX_CHARS, TITLE_BARRED, 'title')
export const itemTitleText = fitting(ITEM_TITLE_MAX_CHARS, TITLE_BARRED, 'title')
export const fileNameText = fitting(FILE_NAME_MAX_CHARS, TITLE_BARRED, 'title')
export const subtitleNameText = fitting(SUBTITLE_NAME_MAX_CHARS, TITLE_BARRED, 'title')
export const chatText = fitting(CHAT_MAX_CHARS, CHAT_BARRED, 'chat')
