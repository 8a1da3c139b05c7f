/**
 * A file's name as others may see it: in one line, without what hides or turns text, and not too long.
 */
import { cleanTitle, FILE_NAME_MAX_CHARS, shorten } from '#lib/core/text.ts'
import { filesWords } from '#lib/words/files.ts'

const ENDING_MAX_CHARS = 12

/** Never empty. A long name keeps its ending. */
export const fileName = (raw: string): string => {
	const name = cleanTitle(raw)
	if (name === '') return filesWords().nameless
	if (name.length <= FILE_NAME_MAX_CHARS) return name
	const ending = /\.[A-Za-z0-9]{1,11}$/.exec(name)?.[0] ?? ''
	return `${shorten(name.slice(0, -ending.length || undefined), FILE_NAME_MAX_CHARS - ENDING_MAX_CHARS)}${ending}`
}
