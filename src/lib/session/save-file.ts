import type { Millis } from '#lib/core/units.ts'

/** "matinee-sunday-matinee-2026-11-21.json"; `what` stands before the room's title. */
export const fileNameOf = (title: string, atMs: Millis, what = ''): string => {
	const plain = title
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}]+/gu, '-')
		.replaceAll(/^-+|-+$/g, '')
		.slice(0, 40)
	const day = new Date(atMs).toISOString().slice(0, 10)
	return ['matinee', what, plain === '' ? 'room' : plain, `${day}.json`].filter(Boolean).join('-')
}

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
