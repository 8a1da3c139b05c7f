/** A room's history at the server. */
import { formatNumber } from './number-words.ts'
import { subject } from './subject.ts'

const megabytes = (bytes: number): string =>
	`${formatNumber(bytes / 1024 / 1024, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`

const english = {
	notOffered: 'This server keeps no histories: the room stays on its members’ devices.',
	damaged: 'What the server kept of this room cannot be opened. Nothing on your device is lost.',
	newer: 'What the server keeps of this room was written by a newer version of this page. Reload to read it.',
	full: 'The server has no room for more. It still has this room as it was when it last fitted.',
	tooBig: (bytes: number, maxBytes: number) =>
		`This room has grown too large for the server to keep: ${megabytes(bytes)} sealed, ${megabytes(maxBytes)} fit. It still has the room as it was when it last fitted.`,
}
export type HistoryWords = typeof english
export const historyWords = subject('history', english)
