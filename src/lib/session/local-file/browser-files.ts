/**
 * The browser's side of people's own files: its dialogs and drops, addresses for files, and a media element that shows
 * whether a file plays.
 */
import type { FileHandle, PickedFile } from '#lib/core/own-files.ts'
import { filesWords } from '#lib/words/files.ts'
import type { ObjectUrls, Probed, ProbeFile } from './port.ts'

/** As much of the File System Access API as is used; Chromium has it. */
type PickerWindow = Window & {
	readonly showOpenFilePicker?: (options: object) => Promise<readonly FileHandle[]>
}

/** Endings and types that a dialog shows first; what a file is its bytes tell. */
const ACCEPT = 'video/*,audio/*,.mkv,.m4a,.flac,.ogg,.opus'
const picker = () => ({
	id: 'matinee-film',
	startIn: 'videos',
	types: [
		{
			description: filesWords().filmsAndSound,
			accept: {
				'video/*': ['.mp4', '.m4v', '.mov', '.webm', '.mkv', '.ogv', '.avi'],
				'audio/*': ['.mp3', '.m4a', '.m4b', '.aac', '.flac', '.ogg', '.oga', '.opus', '.wav', '.weba'],
			},
		},
	],
})

const pickByInput = (page: Document): Promise<PickedFile | null> =>
	new Promise((resolve) => {
		const input = page.createElement('input')
		input.type = 'file'
		input.accept = ACCEPT
		const answer = (file: File | undefined) => {
			resolve(file === undefined ? null : { file })
			input.remove()
		}
		input.addEventListener('change', () => answer(input.files?.[0]))
		input.addEventListener('cancel', () => answer(undefined))
		// Safari shows no dialog for an element that is nowhere.
		input.hidden = true
		page.body.append(input)
		input.click()
	})

/** One file by the browser's own dialog, from a click; with a handle where there are such. Null: it was closed. */
export const pickFile = async (window: Window): Promise<PickedFile | null> => {
	const { showOpenFilePicker } = window as PickerWindow
	if (showOpenFilePicker === undefined) return pickByInput(window.document)
	try {
		const [handle] = await showOpenFilePicker.call(window, picker())
		return handle === undefined ? null : { file: await handle.getFile(), handle }
	} catch (error) {
		if (error instanceof DOMException && error.name === 'AbortError') return null
		// Forbidden in some embedded pages and by some policies: the old dialog is not.
		return pickByInput(window.document)
	}
}

export const objectUrls: ObjectUrls = {
	create: (file) => URL.createObjectURL(file),
	revoke: (url) => URL.revokeObjectURL(url),
}

/** A file of many gigabytes on a slow disk has its index at its end. */
const PROBE_MS = 20_000

export interface ProbeEnv {
	readonly document: Document
	readonly fetch: typeof fetch
	readonly setTimer: (fn: () => void, ms: number) => () => void
}

const whatBrowserSays = (error: MediaError | null): string =>
	(error?.message ?? '')
		.replace(/^(?:PipelineStatus::|MEDIA_ELEMENT_ERROR: )/, '')
		.split(/: | \(0x| - /)[0] ?? ''

/** Its length is known and its beginning is decoded, or it is not playable here. */
export const createProbe =
	({ document, fetch, setTimer }: ProbeEnv): ProbeFile =>
	(url, signal) =>
		new Promise((resolve) => {
			const element = document.createElement('video')
			const stops: (() => void)[] = []
			let isDone = false
			const done = (probed: Probed) => {
				if (isDone) return
				isDone = true
				for (const stop of stops) stop()
				element.removeAttribute('src')
				element.load()
				resolve(probed)
			}
			const on = (name: string, fn: () => void) => {
				element.addEventListener(name, fn)
				stops.push(() => element.removeEventListener(name, fn))
			}
			/** Not understood, or not to be read? A media element says the same of both. */
			const refuse = (detail: string) => {
				const readOn = async () => {
					const reader = (await fetch(url, { headers: { Range: 'bytes=0-1' } })).body?.getReader()
					await reader?.read()
					void reader?.cancel().catch(() => undefined) // the first bytes were all that was wanted
				}
				readOn().then(
					() => done({ type: 'unplayable', detail }),
					(error: unknown) =>
						done({ type: 'unreadable', detail: error instanceof Error ? error.name : String(error) }),
				)
			}
			const abort = () => done({ type: 'unplayable', detail: '' })
			signal.addEventListener('abort', abort)
			stops.push(
				() => signal.removeEventListener('abort', abort),
				setTimer(() => refuse(filesWords().doesNotBegin), PROBE_MS),
			)
			on('loadeddata', () => {
				const { duration } = element
				done({ type: 'playable', durationS: Number.isFinite(duration) && duration > 0 ? duration : null })
			})
			on('error', () => refuse(whatBrowserSays(element.error)))
			element.muted = true
			element.playsInline = true
			element.preload = 'auto'
			element.src = url
			if (signal.aborted) abort()
			else element.load()
		})
