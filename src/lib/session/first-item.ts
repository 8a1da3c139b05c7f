/**
 * Hands the video that a room was started with from the front page to the room, across the change of page.
 */
import { parseMediaRef } from '#lib/core/media.ts'
import type { NewItem } from '#lib/core/room.ts'

const keyOf = (code: string): string => `matinee-first-item-${code}`

export const leaveFirstItem = (storage: Storage, code: string, item: NewItem): void => {
	try {
		storage.setItem(keyOf(code), JSON.stringify(item))
	} catch (error) {
		// A browser without session storage: the room opens empty, and the person pastes the link there.
		console.warn('The first video could not be handed over to the room.', error)
	}
}

/** The item, once. */
export const takeFirstItem = (storage: Storage, code: string): NewItem | null => {
	const text = storage.getItem(keyOf(code))
	if (text === null) return null
	storage.removeItem(keyOf(code))
	try {
		const value = JSON.parse(text) as { media?: unknown; title?: unknown }
		const media = parseMediaRef(value.media)
		return media === null || typeof value.title !== 'string' ? null : { media, title: value.title }
	} catch {
		return null // somebody else's text under our key
	}
}
