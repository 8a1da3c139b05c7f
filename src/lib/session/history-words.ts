/** What is told of a room's history at the server, in sentences. */
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

export const historyWords = {
	notOffered: 'This server keeps no histories: the room stays on its members’ devices.',
	damaged: 'What the server kept of this room cannot be opened. Nothing on your device is lost.',
	newer: 'What the server keeps of this room was written by a newer version of this page. Reload to read it.',
	full: 'The server has no room for more. It still has this room as it was when it last fitted.',
	tooBig: (bytes: number, maxBytes: number): string =>
		`This room has grown too large for the server to keep: ${megabytes(bytes)} sealed, ${megabytes(maxBytes)} fit. It still has the room as it was when it last fitted.`,
} as const
