/**
 * What dropped or chosen files are meant as, by their names: subtitles and saved queues are told apart from films. What
 * a file really is its bytes tell, later and by whoever takes it.
 */
import type { PickedFile } from '#lib/core/own-files.ts'

export interface SortedFiles {
	readonly subtitles: readonly PickedFile[]
	/** Lists of links: exported queues, playlists, texts. */
	readonly queues: readonly PickedFile[]
	readonly films: readonly PickedFile[]
}

const SUBTITLES = /\.(?:srt|vtt|ass|ssa|sub|sbv)$/i
const QUEUES = /\.(?:m3u8?|json|txt|csv|xspf|pls)$/i

export const sortFiles = (files: readonly PickedFile[]): SortedFiles => {
	const subtitles: PickedFile[] = []
	const queues: PickedFile[] = []
	const films: PickedFile[] = []
	for (const picked of files) {
		const { name } = picked.file
		if (SUBTITLES.test(name)) subtitles.push(picked)
		else if (QUEUES.test(name)) queues.push(picked)
		else films.push(picked)
	}
	return { subtitles, queues, films }
}
