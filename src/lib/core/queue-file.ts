/**
 * A queue as a file: what is in it and in which order, without who added it. The file comes from a stranger.
 */
import { parseMediaRef } from './media.ts'
import type { NewItem } from './room.ts'
import { isPlainObject } from './schema.ts'
import type { QueueState } from './state.ts'
import { cleanTitle, ITEM_TITLE_MAX_CHARS, shorten } from './text.ts'

export const QUEUE_FORMAT = 'matinee-queue-1'
export const QUEUE_FILE_MAX_CHARS = 1_000_000
export const QUEUE_FILE_MAX_ITEMS = 500
const DURATION_MAX_S = 1e7

/** All of it: what was played, what plays, what comes. The same text for the same queue. */
export const exportQueue = (title: string, { earlier, current, next }: QueueState): string => {
	const items = [...earlier, ...(current === null ? [] : [current]), ...next]
	const file = {
		format: QUEUE_FORMAT,
		title,
		items: items.map(({ title: name, media, durationS }) => ({
			title: name,
			media,
			...(durationS !== null && { dur: durationS }),
		})),
	}
	return `${JSON.stringify(file, null, '\t')}\n`
}

export type QueueFile =
	| {
			readonly type: 'queue'
			readonly title: string
			readonly items: readonly NewItem[]
			/** Items that are none, by their place in the list, from 1. */
			readonly broken: readonly number[]
			/** Beyond the limit of 500. */
			readonly leftOut: number
	  }
	| { readonly type: 'no-queue'; readonly why: 'too-long' | 'not-json' | 'other-format' | 'other-version' }

const itemIn = (input: unknown): NewItem | null => {
	if (!isPlainObject(input)) return null
	const get = (key: string): unknown => (Object.hasOwn(input, key) ? input[key] : undefined)
	const media = parseMediaRef(get('media'))
	if (media === null) return null
	const [title, dur] = [get('title'), get('dur')]
	const isLength = typeof dur === 'number' && dur >= 0 && dur <= DURATION_MAX_S
	return {
		media,
		title: typeof title === 'string' ? shorten(cleanTitle(title), ITEM_TITLE_MAX_CHARS) : '',
		...(isLength && { durationS: dur }),
	}
}

/** Never throws. What is broken is left out and named; the rest can be added. */
export const parseQueueFile = (text: string): QueueFile => {
	if (text.length > QUEUE_FILE_MAX_CHARS) return { type: 'no-queue', why: 'too-long' }
	let input: unknown
	try {
		input = JSON.parse(text.replace(/^\ufeff/, ''))
	} catch {
		return { type: 'no-queue', why: 'not-json' }
	}
	const format: unknown = isPlainObject(input) && Object.hasOwn(input, 'format') ? input['format'] : undefined
	if (!isPlainObject(input) || typeof format !== 'string' || !format.startsWith('matinee-queue-'))
		return { type: 'no-queue', why: 'other-format' }
	if (format !== QUEUE_FORMAT) return { type: 'no-queue', why: 'other-version' }
	const list: unknown = Object.hasOwn(input, 'items') ? input['items'] : undefined
	if (!Array.isArray(list)) return { type: 'no-queue', why: 'other-format' }
	const read = list.slice(0, QUEUE_FILE_MAX_ITEMS).map(itemIn)
	const title: unknown = Object.hasOwn(input, 'title') ? input['title'] : undefined
	return {
		type: 'queue',
		title: typeof title === 'string' ? shorten(cleanTitle(title), ITEM_TITLE_MAX_CHARS) : '',
		items: read.filter((item) => item !== null),
		broken: read.flatMap((item, at) => (item === null ? [at + 1] : [])),
		leftOut: Math.max(0, list.length - QUEUE_FILE_MAX_ITEMS),
	}
}
