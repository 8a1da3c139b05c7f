/**
 * Hands what a room was started with from the front page to the room, across the change of page: a video, or the
 * videos of a list.
 */
import { parseMediaRef } from '#lib/core/media.ts'
import type { NewItem } from '#lib/core/room.ts'

const keyOf = (code: string): string => `matinee-first-item-${code}`

export const leaveFirstItems = (storage: Storage, code: string, items: readonly NewItem[]): void => {
	try {
		storage.setItem(keyOf(code), JSON.stringify(items))
	} catch (error) {
		// A browser without session storage: the room opens empty, and the person pastes the link there.
		console.warn('The first video could not be handed over to the room.', error)
	}
}

/** The items, once. */
export const takeFirstItems = (storage: Storage, code: string): readonly NewItem[] => {
	const text = storage.getItem(keyOf(code))
	if (text === null) return []
	storage.removeItem(keyOf(code))
	try {
		return (JSON.parse(text) as NewItem[]).filter(
			({ media, title }) => parseMediaRef(media) !== null && typeof title === 'string',
		)
	} catch {
		return [] // somebody else's text under our key
	}
}

const wordKeyOf = (code: string): string => `matinee-first-word-${code}`

/** Something that the room is to say of what it was started with. */
export const leaveFirstWord = (storage: Storage, code: string, word: string): void => {
	try {
		storage.setItem(wordKeyOf(code), word)
	} catch (error) {
		console.warn(word, error)
	}
}

/** Once; null where there is none. */
export const takeFirstWord = (storage: Storage, code: string): string | null => {
	const word = storage.getItem(wordKeyOf(code))
	storage.removeItem(wordKeyOf(code))
	return word
}
