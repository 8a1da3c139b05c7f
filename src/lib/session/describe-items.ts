/**
 * Titles, lengths and stills for what this device has added, once each. A server that is away is asked again later; a
 * room that keeps its links to itself is never asked for.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { Room } from '#lib/core/room.ts'
import { isStandIn, titleAtStart } from '#lib/core/title-words.ts'
import type { ItemId, Millis } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { MediaDescription, VideoRefusal } from '#lib/protocol/media.ts'
import { linksWords, type LinksWords } from '#lib/words/links.ts'
import { isSpeechless, type MediaHelp } from './media-help.ts'

/** After a failure; then it is left as it is. */
export const RETRY_AFTER_MS: readonly Millis[] = [15_000, 60_000, 5 * 60_000, 15 * 60_000, 30 * 60_000]

/** Of a long list that was added; the others wait their turn. */
const AT_ONCE = 2

export interface DescriberDeps {
	readonly room: {
		readonly queue: Pick<Room['queue'], 'describe'>
		state(): Pick<ReturnType<Room['state']>, 'queue'>
	}
	readonly help: Pick<MediaHelp, 'describe'>
	readonly mayAsk: () => boolean
	readonly timers: Timers
	/** The site says that it will not play here. */
	readonly onRefused: (message: string) => void
}

const WHY = {
	gone: 'gone',
	private: 'private',
	'embedding-off': 'embeddingOff',
	'age-restricted': 'ageRestricted',
	'not-available': 'notAvailable',
} as const satisfies Record<VideoRefusal, keyof LinksWords>

export const refusalWords = (title: string, refusal: VideoRefusal): string => {
	const words = linksWords()
	const why = words[WHY[refusal]]
	return isStandIn(title)
		? words.refusedByStandIn(titleAtStart(title), why)
		: words.refusedByTitle(title, why)
}

export const createDescriber = (deps: DescriberDeps) => {
	const { room, help, timers } = deps
	const waiting = new Map<ItemId, () => void>()
	let isClosed = false
	let asking = 0
	const line: (() => void)[] = []
	const inTurn = async <T>(ask: () => Promise<T>): Promise<T> => {
		if (asking >= AT_ONCE) await new Promise<void>((resolve) => line.push(resolve))
		asking++
		try {
			return await ask()
		} finally {
			asking--
			line.shift()?.()
		}
	}

	const itemOf = (id: ItemId) => {
		const { current, next, earlier } = room.state().queue
		return [current, ...next, ...earlier].find((item) => item?.id === id) ?? null
	}

	const take = async (id: ItemId, answer: Extract<MediaDescription, { type: 'described' }>) => {
		const { title, durationS, thumbnailUrl, refusal } = answer
		if (title !== null || durationS !== null || thumbnailUrl !== null)
			await room.queue.describe(id, {
				...(title === null ? {} : { title }),
				...(durationS === null ? {} : { durationS }),
				...(thumbnailUrl === null ? {} : { thumbnailUrl }),
			})
		if (refusal !== null) deps.onRefused(refusalWords(title ?? itemOf(id)?.title ?? '', refusal))
	}

	const attempt = async (id: ItemId, media: MediaRef, tries: number): Promise<void> => {
		waiting.delete(id)
		if (isClosed || !deps.mayAsk() || itemOf(id) === null) return
		const answer = await inTurn(async () => (isClosed || itemOf(id) === null ? null : help.describe(media)))
		if (isClosed || itemOf(id) === null) return
		if (answer?.type === 'described') return take(id, answer)
		const delayMs = RETRY_AFTER_MS[tries]
		if (delayMs === undefined) return
		const run = () => void attempt(id, media, tries + 1)
		waiting.set(id, timers.after(Math.max(delayMs, answer?.retryAfterMs ?? 0), run))
	}

	return {
		/** `id` has just been added here. */
		note: (id: ItemId, media: MediaRef): Promise<void> =>
			isSpeechless(media) ? Promise.resolve() : attempt(id, media, 0),
		close: () => {
			isClosed = true
			for (const cancel of waiting.values()) cancel()
			waiting.clear()
		},
	}
}
