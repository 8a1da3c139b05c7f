/**
 * A file of subtitles that was chosen or dropped: given to all, shown to whoever gave it, and kept at hand so that it
 * can be read in another encoding.
 */
import type { ItemId } from '#lib/core/units.ts'
import type { SubtitlesAdded } from '#lib/core/view.ts'
import { subtitlesWords } from '#lib/words/subtitles.ts'
import type { RoomCommands } from '../../props.ts'
import { choices } from './choices.svelte.ts'

export const addSubtitles = async (
	commands: Pick<RoomCommands, 'shareSubtitles'>,
	item: ItemId,
	file: File,
	encoding: string | null = null,
): Promise<SubtitlesAdded> => {
	const result = await commands.shareSubtitles(file, { encoding })
	const isAdded = result.type === 'added'
	choices.added = {
		file,
		item,
		encoding: isAdded ? result.encoding : encoding,
		message: result.message,
		isProblem: !isAdded,
	}
	if (isAdded) choices.pick(item, { id: result.subtitles, language: null })
	return result
}

export const nothingOn = (): string => subtitlesWords().nothingOn
