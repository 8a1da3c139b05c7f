/**
 * The files of a drop, with their handles where the browser has such. Not fetched late: after the event a drop is empty.
 */
import type { FileHandle, PickedFile } from '#lib/core/own-files.ts'

type DropItem = DataTransferItem & { readonly getAsFileSystemHandle?: () => Promise<object | null> }

const isFileHandle = (handle: object | null): handle is FileHandle =>
	handle !== null && 'kind' in handle && handle.kind === 'file'

/** To be called within the drop's event; folders are left out. */
export const filesOfDrop = (transfer: DataTransfer): Promise<readonly PickedFile[]> =>
	Promise.all(
		// All are asked for at once: after the event the drop is empty.
		[...transfer.items].flatMap((item: DropItem) => {
			const file = item.kind === 'file' ? item.getAsFile() : null
			if (file === null) return []
			const handle = item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null) // without one it is picked again another time
			return [handle.then((found): PickedFile => (isFileHandle(found) ? { file, handle: found } : { file }))]
		}),
	)
