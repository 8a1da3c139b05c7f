/** Texts and files that people paste and drop: whether they are a list of links. Pure, but for reading a file. */

/** What looks like an address, with or without its scheme; numbers of Bilibili are one too. */
const ADDRESS = /:\/\/|^[\w-]+(?:\.[\w-]+)+(?:[/:?]|$)|^(?:BV1|av\d)/i
/** More is read nowhere: bytes, at four a character. */
const FILE_MAX_BYTES = 4_000_000

/** Several lines with an address each: one link within the words of a share text is none. */
export const isLinkList = (text: string): boolean => {
	let count = 0
	for (const line of text.slice(0, 100_000).split(/\r\n|\r|\n/))
		if (ADDRESS.test(line.trim()) && ++count > 1) return true
	return false
}

/** Null where it cannot be read, or is longer than any list. */
export const readListFile = async (file: File): Promise<string | null> => {
	if (file.size > FILE_MAX_BYTES) return null
	try {
		return await file.text()
	} catch (error) {
		console.warn('A file that was chosen could not be read.', error)
		return null
	}
}
