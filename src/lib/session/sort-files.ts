/**
 * What somebody wants to start a room with, by what the files are and not by their names: films, lists of links,
 * subtitles. Fetched with the first of them.
 */
import type { FileProblem, PickedFile } from '#lib/core/own-files.ts'
import type { NewItem } from '#lib/core/room.ts'
import { firstFilesWords } from '#lib/words/first-files.ts'
import { formatList } from '#lib/words/number-words.ts'
import { fileName } from './local-file/file-name.ts'
import { sniff } from './local-file/sniff.ts'
import type { ListReading } from '#lib/core/view.ts'
import type { FirstFiles } from './hand-over.ts'

export interface SortDeps {
	/** Whether this browser plays it; null where it does. */
	readonly check: (file: File) => Promise<FileProblem | null>
	readonly readList: (text: string) => Promise<ListReading>
}

export type SortedFiles =
	| {
			readonly type: 'files'
			readonly files: FirstFiles
			readonly items: readonly NewItem[]
			/** What was left out, in words; null where all of it is there. */
			readonly note: string | null
	  }
	| { readonly type: 'refused'; readonly message: string }
	/** A file that is no film: why, and its name. */
	| { readonly type: 'problem'; readonly problem: FileProblem; readonly name: string }

const HEAD_BYTES = 64 * 1024
/** As much of a list is read; what is behind would be no list any more. */
const LIST_MAX_BYTES = 2 * 1024 * 1024
const MANY_FILES = 100

type Kind = 'film' | 'list' | 'subtitles'

const kindOf = async (file: File): Promise<Kind> => {
	let head: Uint8Array
	try {
		head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
	} catch {
		return 'film' // what cannot be read is said by whoever checks it
	}
	const found = sniff(head)
	if (found.type === 'not-media') {
		if (found.what === 'subtitles') return 'subtitles'
		if (found.what === 'playlist') return 'list'
		if (found.what === 'text') return /\.(?:srt|vtt)$/i.test(file.name) ? 'subtitles' : 'list'
	}
	// In an old encoding they are no text that anybody could tell by its bytes.
	return found.type === 'unknown' && /\.(?:srt|vtt)$/i.test(file.name) ? 'subtitles' : 'film'
}

/** Never rejects. `picked` in their order; of more than a hundred files the first. */
export const sortFiles = async (picked: readonly PickedFile[], deps: SortDeps): Promise<SortedFiles> => {
	const words = firstFilesWords()
	const films: PickedFile[] = []
	const subtitles: PickedFile[] = []
	const items: NewItem[] = []
	const leftOut: string[] = []
	let broken = 0
	let first: Exclude<SortedFiles, { type: 'files' }> | null = null
	for (const one of picked.slice(0, MANY_FILES)) {
		const name = fileName(one.file.name)
		const kind = await kindOf(one.file)
		if (kind === 'subtitles') subtitles.push(one)
		else if (kind === 'list') {
			const text = await one.file.slice(0, LIST_MAX_BYTES).text()
			const list = await deps.readList(text)
			items.push(...list.items)
			if (list.items.length > 0) broken += list.broken.length + list.leftOut
			else {
				leftOut.push(name)
				first ??= { type: 'refused', message: list.problem ?? words.noLinks(name) }
			}
		} else {
			const problem = await deps.check(one.file)
			if (problem === null) films.push(one)
			else {
				leftOut.push(name)
				first ??= { type: 'problem', problem, name }
			}
		}
	}
	if (films.length + items.length === 0)
		return (
			first ?? {
				type: 'refused',
				message: subtitles.length > 0 ? words.subtitlesAlone : words.nothingDropped,
			}
		)
	const note =
		leftOut.length > 0 ? words.leftOut(formatList(leftOut)) : broken > 0 ? words.linesLeftOut(broken) : null
	return { type: 'files', files: { films, subtitles }, items, note }
}
