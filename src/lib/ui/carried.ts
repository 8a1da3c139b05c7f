/**
 * What a paste or a drop carries: links, as text, or files. Browsers say it in several ways.
 */

/** A drag shows what kinds it holds long before it lets anybody read them. */
export const kindOfDrag = (transfer: Pick<DataTransfer, 'types'> | null): 'files' | 'text' | null => {
	const types = [...(transfer?.types ?? [])]
	// A picture or a link dragged within the browser comes with an address as well.
	if (types.includes('Files') && !types.includes('text/uri-list')) return 'files'
	return types.includes('text/uri-list') || types.includes('text/plain') ? 'text' : null
}

/** Lines of a `text/uri-list` (RFC 2483), where `#` begins a remark. */
const linesOfList = (list: string): readonly string[] =>
	list.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))

/** In one line, as a field holds it: links of several lines stand apart by spaces. Empty: none. */
export const textIn = (transfer: Pick<DataTransfer, 'getData'> | null): string => {
	const list = linesOfList(transfer?.getData('text/uri-list') ?? '')
	const text = list.length > 0 ? list.join(' ') : (transfer?.getData('text/plain') ?? '')
	return text.replace(/[\r\n]+/g, ' ').trim()
}

/** Where text is typed: what is pasted there is meant for there. */
export const isTextPlace = (target: EventTarget | null): boolean =>
	target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null

type PickerWindow = Window & {
	readonly showOpenFilePicker?: (options: {
		readonly multiple: boolean
		readonly id: string
		readonly startIn: string
	}) => Promise<readonly { readonly name: string; getFile(): Promise<File> }[]>
}

/**
 * Files by the browser's own dialog, with what lets them be found again after a reload; empty where the person closed
 * it. Null: this browser has no such dialog, and an input of type file does.
 */
export const pickFiles = async (window: Window) => {
	const { showOpenFilePicker } = window as PickerWindow
	if (showOpenFilePicker === undefined) return null
	try {
		const options = { multiple: true, id: 'matinee-first', startIn: 'videos' }
		const handles = await showOpenFilePicker.call(window, options)
		return await Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), handle })))
	} catch (error) {
		if (error instanceof DOMException && error.name === 'AbortError') return []
		// Forbidden in some embedded pages: the input is not.
		return null
	}
}
