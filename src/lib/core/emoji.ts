/**
 * One emoji, as a reaction holds it. What is one must not hang on the reader's browser, whose Unicode may be older
 * than the writer's: places are listed here, after Unicode TS 51, with room for those to come.
 */
import type { Schema } from './schema.ts'

/** In UTF-8: all but a few families and couples with a skin tone each. */
export const EMOJI_MAX_BYTES = 32

const BASE =
	'[\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u2194-\\u21aa\\u231a-\\u23ff\\u24c2\\u25aa-\\u25fe\\u2600-\\u27bf' +
	'\\u2934\\u2935\\u2b05-\\u2b55\\u3030\\u303d\\u3297\\u3299' +
	'\\u{1f000}-\\u{1f1e5}\\u{1f200}-\\u{1f3fa}\\u{1f400}-\\u{1faff}]'
const SKIN = '[\\u{1f3fb}-\\u{1f3ff}]'
/** Regions such as Scotland: letters that are not seen, and their end. */
const TAGS = '[\\u{e0020}-\\u{e007e}]{1,6}\\u{e007f}'
const KEYCAP = '[0-9#*]\\ufe0f?\\u20e3'
const FLAG = '[\\u{1f1e6}-\\u{1f1ff}]{2}'
const PART = `${BASE}(?:\\ufe0f|${SKIN})?(?:${TAGS})?`
const EMOJI = new RegExp(`^(?:${KEYCAP}|${FLAG}|${PART}(?:\\u200d${PART}){0,6})$`, 'u')

const isEmoji = (input: unknown): input is string =>
	typeof input === 'string' &&
	input.length <= EMOJI_MAX_BYTES &&
	EMOJI.test(input) &&
	new TextEncoder().encode(input).length <= EMOJI_MAX_BYTES

export const emojiText: Schema<string> = {
	parse: (input) => (isEmoji(input) ? input : undefined),
	describe: `emoji(${EMOJI_MAX_BYTES})`,
}

/** The same for what is the same emoji, however its look was asked for (U+FE0F). */
export const emojiKey = (emoji: string): string =>
	emoji.includes('\ufe0f') ? emoji.replaceAll('\ufe0f', '') : emoji
