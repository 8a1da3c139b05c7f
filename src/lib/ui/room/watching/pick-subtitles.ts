/**
 * Which of the subtitles that there are for a film one person sees. Pure.
 */
import type { SubtitleFile } from '#lib/core/state.ts'
import type { ItemId, SubtitleId } from '#lib/core/units.ts'

export interface SubtitleChoice {
	readonly isOff: boolean
	/** Chosen by hand for this film. */
	readonly picked: SubtitleId | null
	readonly language: string | null
}

const primary = (tag: string | null): string | null => tag?.toLowerCase().split('-', 1)[0] ?? null

/** Those for `item`, the newest first. */
export const subtitlesFor = (files: readonly SubtitleFile[], item: ItemId | null): readonly SubtitleFile[] =>
	files.filter((file) => file.item === item)

/** `files`: those for the film, the newest first. */
export const pickSubtitles = (
	files: readonly SubtitleFile[],
	{ isOff, picked, language }: SubtitleChoice,
): SubtitleFile | null => {
	if (isOff) return null
	const byHand = files.find(({ id }) => id === picked)
	if (byHand) return byHand
	const spoken = files.find(
		(file) => file.isWhole && language !== null && primary(file.language) === primary(language),
	)
	return spoken ?? files.find(({ isWhole }) => isWhole) ?? files[0] ?? null
}
