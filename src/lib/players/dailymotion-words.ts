/**
 * The messages of Dailymotion's frame: JSON text, or the text of a query. Its older player sent `time`, `duration`…
 * with each event; the states of its newer one are named `videoTime`, `adIsPlaying`…: both are understood.
 */
import { playerNotesWords } from '#lib/words/player-notes.ts'
import { own, ownText, POSITION_MAX_S, readMessage, type EmbedObject } from './embed-values.ts'
import type { PlayerFailure } from './player.ts'

const TEXT_MAX_CHARS = 20_000
const KEYS_MAX = 60

/** An event with its name, or undefined. */
export const readDailymotion = (data: unknown): EmbedObject | undefined => {
	const isQuery = typeof data === 'string' && !data.startsWith('{') && data.length <= TEXT_MAX_CHARS
	const message = isQuery
		? (Object.fromEntries([...new URLSearchParams(data)].slice(0, KEYS_MAX)) as EmbedObject)
		: readMessage(data)
	return ownText(message, 'event') === undefined ? undefined : message
}

/** Of the first key that has one: numbers come as numbers or as text. */
export const numberOf = (
	message: EmbedObject,
	keys: readonly string[],
	most = POSITION_MAX_S,
): number | undefined => {
	for (const key of keys) {
		const value = own(message, key)
		const number = typeof value === 'string' && value !== '' ? Number(value) : value
		if (typeof number === 'number' && number >= 0 && number <= most) return number
	}
	return undefined
}

export const booleanOf = (message: EmbedObject, keys: readonly string[]): boolean | undefined => {
	for (const key of keys) {
		const value = own(message, key)
		if (typeof value === 'boolean') return value
		if (value === 'true' || value === '1') return true
		if (value === 'false' || value === '0') return false
	}
	return undefined
}

/** DM007 is the one code that its own interface documents; the others are told by their words. */
export const failureOf = (message: EmbedObject): PlayerFailure => {
	const code = ownText(message, 'code') ?? ''
	const text = [ownText(message, 'title'), ownText(message, 'message')].filter(Boolean).join(': ')
	const said = `${code} ${text}`
	if (code === 'DM007' || /geo|country|region|territor/i.test(said)) return { type: 'region' }
	if (/private|password/i.test(said)) return { type: 'private' }
	if (/explicit|age|mature/i.test(said)) return { type: 'age' }
	if (/not available on this (?:web)?site|only be watched on|embed/i.test(said))
		return { type: 'embedding-off' }
	if (/deleted|removed|not found|does(?: not|n't) exist|no longer/i.test(said)) return { type: 'removed' }
	if (/live.*(?:not|yet)|not.*started/i.test(said)) return { type: 'live-not-begun' }
	return { type: 'unknown', detail: text === '' ? playerNotesWords().errorCode(code) : text }
}
