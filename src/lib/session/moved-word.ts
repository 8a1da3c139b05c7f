/**
 * What the page of the new room says of how it came there: left by the page of the old one, in this tab's storage.
 */
import { movingWords } from '#lib/words/moving.ts'

const KEY = 'matinee.moved'

/** `by`: who changed the lock; null: this person. */
export const leaveMovedWord = (storage: Storage, code: string, by: string | null): void => {
	storage.setItem(KEY, JSON.stringify([code, by]))
}

/** The sentence, once, if this tab has just moved to the room of `code`. */
export const takeMovedWord = (storage: Storage, code: string): string | null => {
	const kept = storage.getItem(KEY)
	if (kept === null) return null
	storage.removeItem(KEY)
	const [movedTo, by] = JSON.parse(kept) as [string, string | null]
	if (movedTo !== code) return null
	const words = movingWords()
	return by === null ? words.byYou : words.by(by)
}
