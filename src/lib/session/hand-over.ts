/**
 * Files that a room is started with, from the front page to the room. A file does not fit into the tab's storage, so it
 * goes by memory, and only over a change of page that loads nothing anew; the names stand in the storage, so that the
 * room can say what did not arrive.
 */
import type { PickedFile } from '#lib/core/own-files.ts'

export interface FirstFiles {
	/** Checked. */
	readonly films: readonly PickedFile[]
	/** For the first of the films. */
	readonly subtitles: readonly PickedFile[]
}

export type TakenFiles =
	| ({ readonly type: 'files' } & FirstFiles)
	/** The page was loaded anew on the way. */
	| { readonly type: 'lost'; readonly names: readonly string[] }
	| { readonly type: 'none' }

export interface HandOver {
	leave(code: string, files: FirstFiles): void
	/** Once. */
	take(code: string): TakenFiles
}

const keyOf = (code: string): string => `matinee-first-files-${code}`

const namesIn = (text: string): readonly string[] => {
	try {
		const names: unknown = JSON.parse(text)
		return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
	} catch {
		return [] // somebody else's text under our key
	}
}

export const createHandOver = (storage: () => Storage): HandOver => {
	const held = new Map<string, FirstFiles>()
	return {
		leave: (code, files) => {
			held.set(code, files)
			try {
				const names = [...files.films, ...files.subtitles].map(({ file }) => file.name)
				storage().setItem(keyOf(code), JSON.stringify(names))
			} catch (error) {
				// Then nobody could say that they were lost; they are here all the same.
				console.warn('The names of the first files could not be kept.', error)
			}
		},
		take: (code) => {
			const files = held.get(code)
			held.delete(code)
			let text: string | null = null
			try {
				text = storage().getItem(keyOf(code))
				storage().removeItem(keyOf(code))
			} catch (error) {
				console.warn('The names of the first files could not be read.', error)
			}
			if (files !== undefined) return { type: 'files', ...files }
			const names = text === null ? [] : namesIn(text)
			return names.length > 0 ? { type: 'lost', names } : { type: 'none' }
		},
	}
}
