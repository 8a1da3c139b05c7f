/**
 * Marks on the seek bar: where in the film people said something, and its parts where somebody listed them. Pure.
 */
import type { ChatMessage } from '#lib/core/state.ts'
import type { ItemId, Seconds } from '#lib/core/units.ts'
import { chaptersIn, type Chapter } from './chapters.ts'

export interface SeekTick {
	/** 0 to 1 of the film. */
	readonly share: number
	/** Messages said thereabouts. */
	readonly count: number
}

/** As many marks as can be told apart on a narrow screen. */
const PLACES = 120

export const ticksOf = (
	chat: readonly ChatMessage[],
	item: ItemId | null,
	durationS: Seconds | null,
): readonly SeekTick[] => {
	if (item === null || durationS === null || !(durationS > 0) || durationS === Infinity) return []
	const counts = new Map<number, number>()
	for (const message of chat) {
		if (message.item !== item || message.positionS === null || message.positionS > durationS) continue
		const place = Math.min(PLACES - 1, Math.floor((message.positionS / durationS) * PLACES))
		counts.set(place, (counts.get(place) ?? 0) + 1)
	}
	return [...counts]
		.map(([place, count]) => ({ share: (place + 0.5) / PLACES, count }))
		.toSorted((a, b) => a.share - b.share)
}

/** The newest list of parts that somebody wrote in the chat while `item` was on. */
export const chaptersOf = (chat: readonly ChatMessage[], item: ItemId | null): readonly Chapter[] => {
	for (let at = chat.length - 1; item !== null && at >= 0; at--) {
		const message = chat[at]
		if (message?.item !== item || !message.text.includes('\n')) continue
		const chapters = chaptersIn(message.text)
		if (chapters.length > 0) return chapters
	}
	return []
}
