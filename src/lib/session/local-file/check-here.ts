/**
 * Whether this browser plays a file, asked before there is a room for it.
 */
import type { FileProblem } from '#lib/core/own-files.ts'
import { createProbe, objectUrls } from './browser-files.ts'
import { checkFile } from './check-file.ts'

/** Null: it does. Nothing of the file is kept. */
export const checkHere =
	({ subtle }: { readonly subtle: SubtleCrypto }) =>
	async (file: File): Promise<FileProblem | null> => {
		const checked = await checkFile(file, {
			signal: new AbortController().signal,
			onProgress: () => undefined,
			urls: objectUrls,
			digest: (bytes) => subtle.digest('SHA-256', bytes),
			probe: createProbe({
				document,
				fetch: (input, init) => window.fetch(input, init),
				setTimer: (fn, ms) => {
					const id = window.setTimeout(fn, ms)
					return () => window.clearTimeout(id)
				},
			}),
		})
		return checked.type === 'refused' ? checked.problem : null
	}
