/**
 * What is being written at the caret that can be completed: `@` and the beginning of a name, `:` and the beginning of
 * an emoji's name.
 */
export interface Wanted {
	readonly type: 'name' | 'emoji'
	/** Where the sign stands. */
	readonly start: number
	/** The caret. */
	readonly end: number
	readonly typed: string
}

const NAME_MAX = 32
const EMOJI_MIN = 2

/** Null where there is nothing to complete. */
export const wantedAt = (text: string, caret: number): Wanted | null => {
	const before = text.slice(0, caret)
	const emoji = /(?:^|[^\p{Script=Latin}\p{N}:/])(?<sign>:)(?<typed>[\p{L}\p{N}_+-]{1,24})$/u.exec(before)
	if (emoji?.groups?.['typed'] !== undefined) {
		const { typed } = emoji.groups
		// In scripts without letters that are typed one by one, a single one is a word.
		if (typed.length < EMOJI_MIN && !/\p{Script=Han}/u.test(typed)) return null
		return { type: 'emoji', start: caret - typed.length - 1, end: caret, typed }
	}
	const sign = Math.max(before.lastIndexOf('@'), before.lastIndexOf('\uff20'))
	if (sign < 0 || caret - sign - 1 > NAME_MAX || before.slice(sign).includes('\n')) return null
	if (sign > 0 && /[\p{Script=Latin}\p{N}_.]/u.test(before[sign - 1] ?? '')) return null
	return { type: 'name', start: sign, end: caret, typed: before.slice(sign + 1) }
}

/** The text with `chosen` in its place, and where the caret then stands: behind a space. */
export const complete = (
	text: string,
	{ start, end }: Pick<Wanted, 'start' | 'end'>,
	chosen: string,
): { text: string; caret: number } => {
	const rest = text.slice(end)
	const space = rest.startsWith(' ') ? '' : ' '
	return { text: text.slice(0, start) + chosen + space + rest, caret: start + chosen.length + 1 }
}

/** Names that begin so come first, then those with a word that does; in any case. */
export const namesFor = (typed: string, names: readonly string[], most: number): string[] => {
	const wanted = typed.toLowerCase()
	const begin = (name: string): boolean => name.toLowerCase().startsWith(wanted)
	const within = (name: string): boolean => !begin(name) && name.toLowerCase().includes(` ${wanted}`)
	return [...new Set([...names.filter(begin), ...names.filter(within)])].slice(0, most)
}
