/** Hands a file to the person, by the browser's own way of saving. */
export const saveFile = (name: string, text: string): void => {
	const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
	const link = document.createElement('a')
	link.href = url
	link.download = name
	link.click()
	// The browser reads the file after the press; a minute is more than it takes.
	setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
