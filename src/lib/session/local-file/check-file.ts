/**
 * A picked file from first look to facts: what it is, its hash, and whether this browser plays it.
 */
import type { FileFacts, FileProblem } from '#lib/core/own-files.ts'
import type { ObjectUrls, ProbeFile } from './port.ts'
import { fileName } from './file-name.ts'
import { readFile, type ReadDeps } from './read-file.ts'

export interface CheckDeps extends ReadDeps {
	readonly probe: ProbeFile
	readonly urls: ObjectUrls
}

export type Checked =
	| { readonly type: 'checked'; readonly facts: FileFacts }
	| { readonly type: 'refused'; readonly problem: FileProblem }
	| { readonly type: 'cancelled' }

/** A file that was checked before: found to be the same, it is not tried in a player again. */
export type KnownFile = Pick<FileFacts, 'size' | 'hash' | 'durationS'>

/** Of the progress this much is reading; the rest is the player's first look. */
const READING = 0.9

/** Never rejects. */
export const checkFile = async (file: File, deps: CheckDeps, known?: KnownFile): Promise<Checked> => {
	const { signal, urls } = deps
	const read = await readFile(file, { ...deps, onProgress: (done) => deps.onProgress(done * READING) })
	if (read.type !== 'read') return read
	const { hash, format } = read
	const facts = { name: fileName(file.name), size: file.size, hash }
	if (known?.hash === hash && known.size === file.size)
		return { type: 'checked', facts: { ...facts, durationS: known.durationS } }
	const url = urls.create(file)
	try {
		const probed = await deps.probe(url, signal)
		if (signal.aborted) return { type: 'cancelled' }
		switch (probed.type) {
			case 'playable':
				return { type: 'checked', facts: { ...facts, durationS: probed.durationS } }
			case 'unreadable':
				return { type: 'refused', problem: probed }
			case 'unplayable':
				return { type: 'refused', problem: { type: 'unplayable', format, detail: probed.detail } }
		}
	} finally {
		urls.revoke(url)
	}
}
