/**
 * In the room: the films that it was started with, put into its queue, with the subtitles that came along. Fetched
 * only where there are such.
 */
import type { LocalFiles } from '#lib/core/own-files.ts'
import { firstFilesWords } from '#lib/words/first-files.ts'
import { formatList } from '#lib/words/number-words.ts'
import type { TakenFiles } from './hand-over.ts'

export interface FirstFilesDeps {
	readonly files: Pick<LocalFiles, 'offerFile'>
	readonly shareSubtitles: (
		file: File,
		options: { readonly encoding: null },
	) => Promise<{ readonly type: string; readonly message?: string | null }>
	readonly tell: (text: string) => void
	readonly tellProblem: (text: string) => void
}

/** Never rejects: what does not arrive is told. */
export const offerFirstFiles = async (
	taken: Exclude<TakenFiles, { type: 'none' }>,
	{ files, shareSubtitles, tell, tellProblem }: FirstFilesDeps,
): Promise<void> => {
	const words = firstFilesWords()
	if (taken.type === 'lost') return tellProblem(words.lost(formatList(taken.names), taken.names.length))
	for (const { file, handle } of taken.films) {
		const outcome = await files.offerFile(file, handle === undefined ? {} : { handle })
		if (outcome.type === 'not-added') tellProblem(outcome.message)
		else if (outcome.type !== 'added') tellProblem(words.notOffered(file.name))
	}
	for (const { file } of taken.subtitles) {
		const outcome = await shareSubtitles(file, { encoding: null })
		if (typeof outcome.message !== 'string') continue
		if (outcome.type === 'refused') tellProblem(outcome.message)
		else tell(outcome.message)
	}
}
