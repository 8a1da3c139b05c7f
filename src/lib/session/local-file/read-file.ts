/**
 * Reads as much of a file as its hash needs (`core/file-hash.ts`): at most 1 MiB, in samples, however large it is.
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import { FILE_SIZE_MAX_BYTES, fileHashHead, samplePlaces } from '#lib/core/file-hash.ts'
import type { FileFormat, FileProblem } from '#lib/core/own-files.ts'
import { filesWords } from '#lib/words/files.ts'
import { sniff } from './sniff.ts'

export interface ReadDeps {
	readonly digest: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>
	readonly signal: AbortSignal
	/** 0 to 1. */
	readonly onProgress: (progress: number) => void
}

export type ReadOutcome =
	| { readonly type: 'read'; readonly hash: string; readonly format: FileFormat }
	| { readonly type: 'refused'; readonly problem: FileProblem }
	| { readonly type: 'cancelled' }

const refused = (problem: FileProblem): ReadOutcome => ({ type: 'refused', problem })

/** What the first bytes say against it; null where it is a film or sound. */
const problemOf = (head: Uint8Array): FileProblem | { readonly isMedia: FileFormat } => {
	const found = sniff(head)
	switch (found.type) {
		case 'media':
			return { isMedia: found.format }
		case 'not-media':
			return found
		case 'zeros':
			return { type: 'zeros' }
		case 'unknown':
			return { type: 'unknown-kind' }
	}
}

/** Never rejects. What is no film is refused after its first sample. */
export const readFile = async (
	file: Blob,
	{ digest, signal, onProgress }: ReadDeps,
): Promise<ReadOutcome> => {
	const { size } = file
	if (size === 0) return refused({ type: 'empty' })
	if (size > FILE_SIZE_MAX_BYTES) return refused({ type: 'too-big' })
	const places = samplePlaces(size)
	const head = fileHashHead(size)
	const all = new Uint8Array(places.reduce((sum, { from, to }) => sum + to - from, head.length))
	all.set(head)
	let at = head.length
	let format: FileFormat | null = null
	try {
		for (const [i, { from, to }] of places.entries()) {
			const bytes = new Uint8Array(await file.slice(from, to).arrayBuffer())
			if (signal.aborted) return { type: 'cancelled' }
			// Shorter than it said it was: cut off since it was picked.
			if (bytes.length !== to - from)
				return refused({ type: 'unreadable', detail: filesWords().becameShorter })
			if (i === 0) {
				const found = problemOf(bytes)
				if (!('isMedia' in found)) return refused(found)
				format = found.isMedia
			}
			all.set(bytes, at)
			at += bytes.length
			onProgress((i + 1) / places.length)
		}
		const hash = bytesToBase64url(new Uint8Array(await digest(all)))
		if (signal.aborted || format === null) return { type: 'cancelled' }
		return { type: 'read', hash, format }
	} catch (error) {
		if (signal.aborted) return { type: 'cancelled' }
		// NotReadableError, NotFoundError, NotAllowedError: what browsers call it differs, what can be done does not.
		return refused({ type: 'unreadable', detail: error instanceof Error ? error.name : String(error) })
	}
}
