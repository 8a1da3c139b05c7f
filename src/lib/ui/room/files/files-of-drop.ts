/**
 * The files of a drop, with their handles where the browser has such. Not fetched late: after the event a drop is empty.
 */
import type { FileHandle, PickedFile } from '#lib/core/own-files.ts'

type DropItem = DataTransferItem & { readonly getAsFileSystemHandle?: () => Promise<unknown> }

const isFileHandle = (handle: unknown): handle is FileHandle =>
	typeof handle === 'object' && handle !== null && 'kind' in handle && handle.kind === 'file'

/** To be called within the drop's event: all are asked for at once. Folders are left out. */
export const filesOfDrop = (transfer: DataTransfer): Promise<readonly PickedFile[]> =>
	Promise.all(
		[...transfer.items].flatMap((item: DropItem) => {
			const file = item.kind === 'file' ? item.getAsFile() : null
			if (file === null || item.webkitGetAsEntry?.()?.isDirectory === true) return []
			// Without a handle it is picked again another time.
			const handle = item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null)
			return [handle.then((found): PickedFile => (isFileHandle(found) ? { file, handle: found } : { file }))]
		}),
	)
