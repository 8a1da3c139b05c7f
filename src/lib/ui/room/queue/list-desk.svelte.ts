/**
 * The list of links that is being looked through, wherever it was pasted, opened or dropped, and the lines of the last
 * one that were not added. Held by the room's screen: the field that it was pasted into may go while it is added.
 */
import { roomWords } from '#lib/words/room.ts'
import { createLazy } from '../../lazy.svelte.ts'
import { readListFile } from './given-list.ts'

export type ListDesk = ReturnType<typeof createListDesk>

/** `refuse`: one line where something did not work. */
export const createListDesk = (refuse: (reason: string) => void) => {
	const sheet = createLazy(() => import('./ListSheet.svelte'))
	let given = $state.raw<{ readonly text: string; readonly file: string | null } | null>(null)
	let kept = $state('')
	let said = $state('')

	const open = async (text: string, file: string | null = null): Promise<void> => {
		await sheet.load()
		if (sheet.hasFailed) refuse(roomWords().partNotFetched)
		else given = { text, file }
	}
	return {
		open,
		openFile: async (file: File): Promise<void> => {
			const text = await readListFile(file)
			if (text !== null) await open(text, file.name)
			else {
				// Its words come with the sheet that it would have opened.
				const words = await import('#lib/words/queue-list.ts').catch(() => null)
				refuse(words === null ? roomWords().partNotFetched : words.queueListWords().notRead)
			}
		},
		/** Opens what was left of the last list. */
		reopen: (): Promise<void> => open(kept),
		close: (left: string, done: string): void => {
			given = null
			kept = left.trim()
			said = done
		},
		get given() {
			return given
		},
		get sheet() {
			return sheet.component
		},
		/** Lines that were not added; '' for none. */
		get kept() {
			return kept
		},
		/** For those who cannot see it. */
		get said() {
			return said
		},
	}
}
