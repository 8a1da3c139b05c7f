/**
 * What is asked of the queue as a whole: many items at once, one once more, all of it as a file. Fetched with the
 * first of them.
 */
import type { PlaybackVector } from '#lib/core/playback.ts'
import { ADD_MAX_ITEMS } from '#lib/core/plan-add.ts'
import { exportQueue } from '#lib/core/queue-file.ts'
import type { NewItem, Room } from '#lib/core/room.ts'
import type { ItemId, Millis } from '#lib/core/units.ts'
import type { AddManyResult, ListReading } from '#lib/core/view.ts'
import { linksWords } from '#lib/words/links.ts'
import type { CommandResult } from './people-commands.ts'
import { createLineResolver, readList } from './read-list.ts'
import { fileNameOf, saveFile } from './save-file.ts'
import type { Titles } from './titles.ts'
import { wordsFor } from './why-not.ts'

export interface QueueCommandsDeps {
	readonly room: Pick<Room, 'queue' | 'state'>
	readonly titles: Pick<Titles, 'help' | 'note'>
	readonly pageUrl: URL
	/** Other sites' pages count as something to watch, as things are now. */
	readonly takesPages?: () => boolean
	readonly roomNow: () => Millis
	readonly startAtMs: () => Millis
	/** Whether what was on when it was asked for is over: then what is added plays. */
	readonly hasRunOut: (before: PlaybackVector) => boolean
	readonly save?: (name: string, text: string) => void
}

export const createQueueCommands = (deps: QueueCommandsDeps) => {
	const { room, save = saveFile } = deps
	const resolve = createLineResolver(deps.pageUrl, deps.titles.help)

	const playIfNothingIsOn = async (item: ItemId, before: PlaybackVector) => {
		if (deps.hasRunOut(before)) await room.queue.playNow(item, deps.startAtMs())
	}

	return {
		readList: (text: string): Promise<ListReading> =>
			readList(text, { pageUrl: deps.pageUrl, takesPages: deps.takesPages?.() === true, resolve }),

		addMany: async (
			items: readonly NewItem[],
			where: 'end' | 'next',
			before: PlaybackVector,
		): Promise<AddManyResult> => {
			const wanted = items.slice(0, ADD_MAX_ITEMS)
			const outcome = await room.queue.addMany(wanted, where)
			const message = await wordsFor(outcome)
			if (message !== null || outcome.type !== 'done')
				return { type: 'refused', message: message ?? linksWords().notAdded }
			const added = outcome.items ?? (outcome.item === undefined ? [] : [outcome.item])
			const [first] = added
			if (first !== undefined) await playIfNothingIsOn(first, before)
			for (const [at, id] of added.entries()) {
				const item = wanted[at]
				if (item !== undefined) deps.titles.note(id, item)
			}
			return { type: 'added', count: added.length, left: items.length - added.length }
		},

		addAgain: async (id: ItemId, before: PlaybackVector): Promise<CommandResult> => {
			const outcome = await room.queue.addAgain(id, 'end')
			const message = await wordsFor(outcome)
			if (message !== null) return { type: 'refused', message }
			if (outcome.type === 'done' && outcome.item !== undefined) await playIfNothingIsOn(outcome.item, before)
			return { type: 'done' }
		},

		saveQueue: (): Promise<CommandResult> => {
			const { title, queue } = room.state()
			save(fileNameOf(title, deps.roomNow(), 'queue'), exportQueue(title, queue))
			return Promise.resolve({ type: 'done' })
		},
	}
}
