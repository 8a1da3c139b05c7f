/**
 * Files dragged over the page: whether there are any, and what is dropped. Every drop of files is taken, wherever it
 * falls: else the browser would leave the room for the file.
 */
import type { PickedFile } from '#lib/core/own-files.ts'
import { filesOfDrop } from './files-of-drop.ts'

export interface FileDrop {
	/** Files are held over the page now. */
	readonly isOver: boolean
	/** For the window. */
	readonly ondragstart: () => void
	readonly ondragend: () => void
	readonly ondragenter: (event: DragEvent) => void
	readonly ondragover: (event: DragEvent) => void
	readonly ondragleave: (event: DragEvent) => void
	readonly ondrop: (event: DragEvent) => void
}

export interface FileDropDeps {
	/** Files are held over the page for the first time, or again. */
	readonly onover: () => void
	/** `files` is empty where only folders were dropped. */
	readonly onfiles: (files: readonly PickedFile[]) => void
}

export const createFileDrop = ({ onover, onfiles }: FileDropDeps): FileDrop => {
	let isOver = $state(false)
	/** A picture of this page being dragged looks like a file, and is none that anybody means. */
	let isOwn = false
	const holdsFiles = (event: DragEvent): event is DragEvent & { readonly dataTransfer: DataTransfer } =>
		!isOwn && event.dataTransfer?.types.includes('Files') === true

	return {
		get isOver() {
			return isOver
		},
		ondragstart: () => (isOwn = true),
		ondragend: () => (isOwn = false),
		ondragenter: (event) => {
			if (!holdsFiles(event) || isOver) return
			isOver = true
			onover()
		},
		ondragover: (event) => {
			if (!holdsFiles(event)) return
			event.preventDefault()
			event.dataTransfer.dropEffect = 'copy'
		},
		ondragleave: (event) => {
			// Out of the window: from element to element there is a next one.
			if (event.relatedTarget === null) isOver = false
		},
		ondrop: (event) => {
			isOver = false
			if (!holdsFiles(event)) return
			event.preventDefault()
			void filesOfDrop(event.dataTransfer).then(onfiles)
		},
	}
}
