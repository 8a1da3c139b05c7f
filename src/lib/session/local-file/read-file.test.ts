import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readFile } from './read-file.ts'
import { createFakeFile } from './test-files.ts'

const digest = async (bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> => {
	const hash = createHash('sha256').update(bytes).digest()
	return new Uint8Array(hash).buffer
}
const read = (
	file: Blob,
	signal = new AbortController().signal,
	onProgress: (to: number) => void = () => undefined,
) => readFile(file, { digest, signal, onProgress })

describe('reading a file', () => {
	it('[LF5] of 5 GB at most 1 MiB is read, in 16 samples, with progress after each', async () => {
		const file = createFakeFile({ size: 5_000_000_000 })
		const progress: number[] = []
		const outcome = await read(file, undefined, (to) => progress.push(to))
		expect(outcome).toMatchObject({ type: 'read', format: 'webm' })
		expect(file.log).toHaveLength(16)
		expect(file.bytesRead()).toBe(1_048_576)
		expect(progress).toHaveLength(16)
		expect(progress.at(-1)).toBe(1)
		expect(progress).toEqual(progress.toSorted((a, b) => a - b))
	})

	it('[LF5] the same file has the same hash, and one byte in a sample makes another', async () => {
		const hash = async (seed?: number) => {
			const outcome = await read(
				createFakeFile({ size: 5_000_000_000, ...(seed === undefined ? {} : { seed }) }),
			)
			return outcome.type === 'read' ? outcome.hash : outcome
		}
		expect(await hash()).toBe(await hash())
		expect(await hash()).not.toBe(await hash(1))
	})

	it('[LF5] ended by the person, nothing more is read', async () => {
		const file = createFakeFile({ size: 5_000_000_000 })
		const abort = new AbortController()
		const outcome = await read(file, abort.signal, (to) => (to > 0.3 ? abort.abort() : undefined))
		expect(outcome).toEqual({ type: 'cancelled' })
		expect(file.log.length).toBeLessThan(8)
	})

	it('[LF4] what is no film is refused after its first sample', async () => {
		const file = createFakeFile({ size: 5_000_000_000, head: new TextEncoder().encode('%PDF-1.7\n') })
		expect(await read(file)).toEqual({
			type: 'refused',
			problem: { type: 'not-media', what: 'document', format: 'PDF' },
		})
		expect(file.log).toHaveLength(1)
	})

	it('[LF4] an empty file is said to be empty, and nothing is read of it', async () => {
		const file = createFakeFile({ size: 0 })
		expect(await read(file)).toEqual({ type: 'refused', problem: { type: 'empty' } })
		expect(file.log).toEqual([])
	})

	it('[LF6] a file that was moved, or became shorter, cannot be read', async () => {
		const gone = createFakeFile({ size: 9_000_000, failAt: 3_000_000 })
		expect(await read(gone)).toEqual({
			type: 'refused',
			problem: { type: 'unreadable', detail: 'NotReadableError' },
		})
		const shorter = createFakeFile({ size: 9_000_000, endsAt: 3_000_000 })
		expect(await read(shorter)).toEqual({
			type: 'refused',
			problem: { type: 'unreadable', detail: 'it has become shorter' },
		})
	})
})
