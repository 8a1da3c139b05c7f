/**
 * People's own files on the room's screen: what is dropped or chosen goes to whom it is meant for, and the parts that
 * show it are fetched when there is something to show.
 */
import type { LocalFiles, LocalFileState, PickedFile } from '#lib/core/own-files.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { PlayerView } from '#lib/core/view.ts'
import { fileButtonWords } from '#lib/words/file-button.ts'
import { createLazy } from '../../lazy.svelte.ts'
import { createFileDrop } from './file-drop.svelte.ts'
import { sortFiles } from './sort-files.ts'

export interface RoomFilesDeps {
	readonly files: () => LocalFiles
	readonly current: () => QueueItem | null
	readonly player: () => PlayerView
	/** One line where something did not work. */
	readonly refuse: (reason: string) => void
	readonly onsubtitles?: (files: readonly PickedFile[]) => void
	readonly onqueues?: (files: readonly PickedFile[]) => void
}

export const createRoomFiles = (deps: RoomFilesDeps) => {
	const target = createLazy(() => import('./DropTarget.svelte'))
	const dialog = createLazy(() => import('./FileDialog.svelte'))
	const onStage = createLazy(() => import('./NeedsFile.svelte'))
	const line = createLazy(() => import('./OwnFileLine.svelte'))
	/** What the dialog is about. */
	let picked = $state.raw<PickedFile | null>(null)

	const stateOf = (): LocalFileState => {
		const item = deps.current()
		return item === null ? { type: 'none' } : deps.files().stateOf(item.id)
	}
	const isAsked = (): boolean => deps.player().state === 'needs-file'

	const take = async (film: PickedFile): Promise<void> => {
		const item = deps.current()
		if (item !== null && isAsked()) {
			await deps.files().useFile(item.id, film.file, film.handle)
			return
		}
		await dialog.load()
		if (dialog.component === null) deps.refuse(fileButtonWords().notFetched)
		else picked = film
	}
	const onfiles = (files: readonly PickedFile[]): void => {
		if (files.length === 0) {
			deps.refuse(fileButtonWords().folder)
			return
		}
		const { subtitles, queues, films } = sortFiles(files)
		if (subtitles.length > 0 && deps.onsubtitles) deps.onsubtitles(subtitles)
		if (queues.length > 0 && deps.onqueues) deps.onqueues(queues)
		// What nobody else takes is looked at as a film, and told for what it is.
		const film =
			films[0] ?? (deps.onsubtitles ? undefined : subtitles[0]) ?? (deps.onqueues ? undefined : queues[0])
		if (film) void take(film)
	}
	const drop = createFileDrop({ onover: () => void target.load(), onfiles })

	return {
		drop,
		/** By the browser's own dialog, from a click. */
		choose: async (): Promise<void> => {
			void dialog.load()
			const film = await deps.files().pick()
			if (film !== null) onfiles([film])
		},
		get target() {
			return drop.isOver ? target.component : null
		},
		get picked() {
			return picked
		},
		set picked(next: PickedFile | null) {
			picked = next
		},
		get dialog() {
			return picked === null ? null : dialog.component
		},
		/** In place of the picture, while what is on asks for a file. */
		get onStage() {
			return isAsked() ? onStage.component : null
		},
		/** Under the stage: about the file that plays for this person. */
		get line() {
			return isAsked() ? null : line.component
		},
		/** To be called in an effect. */
		prepare: (): void => {
			if (isAsked()) void onStage.load()
			else if (!/^(?:none|needs-file|looking)$/.test(stateOf().type)) void line.load()
		},
	}
}
export type RoomFiles = ReturnType<typeof createRoomFiles>
