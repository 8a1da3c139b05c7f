/**
 * Emoji by their names: for the picker, for `:names:` while they are typed, and for those that are sent.
 */
import { language } from '#lib/words/language.ts'
import { EMOJI_GROUPS, EMOJI_LINES, type EmojiGroup } from './emoji-data.ts'

export interface NamedEmoji {
	readonly emoji: string
	readonly group: EmojiGroup
	/** English, words apart by `_`; the first is the one between colons. */
	readonly names: readonly string[]
	readonly chinese: readonly string[]
}

const read = (): readonly NamedEmoji[] =>
	EMOJI_GROUPS.flatMap((group) =>
		EMOJI_LINES[group].split('\n').map((line) => {
			const [emoji = '', rest = ''] = line.split(' ', 2)
			const [names = '', chinese = ''] = rest.split('|', 2)
			return { emoji, group, names: names.split(','), chinese: chinese.split(',') }
		}),
	)

let all: readonly NamedEmoji[] | null = null
export const allEmoji = (): readonly NamedEmoji[] => (all ??= read())

const withoutLook = (emoji: string): string => emoji.replaceAll('\ufe0f', '')

/** As it is read out, in the language in force; null for one that is not listed. */
export const emojiName = (emoji: string): string | null => {
	const found = allEmoji().find((one) => withoutLook(one.emoji) === withoutLook(emoji))
	if (found === undefined) return null
	return (language() === 'zh' ? found.chinese[0] : found.names[0]?.replaceAll('_', ' ')) ?? null
}

/** Of `:typed:`, null where there is none of that name. */
export const emojiNamed = (typed: string): string | null => {
	const name = typed.toLowerCase().replaceAll('-', '_')
	// +1 and -1 are names themselves.
	const wanted = /^[+-]1$/.test(typed) ? typed : name
	return (
		allEmoji().find(({ names, chinese }) => names.includes(wanted) || chinese.includes(wanted))?.emoji ?? null
	)
}

/** Those with a name that begins so come first, then those with a word in it; both languages count. */
export const searchEmoji = (typed: string, most = Infinity): readonly NamedEmoji[] => {
	const wanted = typed
		.trim()
		.toLowerCase()
		.replace(/[\s-]+/g, '_')
	if (wanted === '') return []
	const rank = ({ names, chinese }: NamedEmoji): number => {
		if (names[0]?.startsWith(wanted) || chinese[0]?.startsWith(wanted)) return 0
		if ([...names, ...chinese].some((name) => name.startsWith(wanted))) return 1
		if (names.some((name) => name.includes(`_${wanted}`))) return 2
		return chinese.some((name) => name.includes(wanted)) ? 2 : 3
	}
	return allEmoji()
		.map((one) => ({ one, rank: rank(one) }))
		.filter((found) => found.rank < 3)
		.sort((a, b) => a.rank - b.rank)
		.slice(0, most)
		.map(({ one }) => one)
}

/** `:names:` in a text that is about to be sent become emoji; what is no name, and what stands in an address, stays. */
export const withEmoji = (text: string): string =>
	text.replace(
		/(?<![\p{Script=Latin}\p{N}/]):(?<name>[\p{L}\p{N}_+-]{1,24}):(?![\p{Script=Latin}\p{N}])/gu,
		(whole: string, name: string) => emojiNamed(name) ?? whole,
	)
