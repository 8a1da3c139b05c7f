/**
 * What is read of a file on disk to know it again: all of a small one, 16 samples of a large one. Pure; whoever has
 * the file reads the places and takes SHA-256 over the head and them.
 *
 *   hash = base64url(SHA-256("matinee-file-1" | u64 size | bytes of the places, in order))
 */

export const SAMPLE_BYTES = 64 * 1024
export const SAMPLES = 16
/** Up to this size a file is hashed whole. */
export const WHOLE_MAX_BYTES = SAMPLES * SAMPLE_BYTES
/** 256 TiB: 15 times as much can still be counted exactly. */
export const FILE_SIZE_MAX_BYTES = 2 ** 48 - 1
/** 32 bytes as base64url: 43 characters, the last with two bits that are zero. */
export const FILE_HASH_PATTERN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** Bytes `from` to `to` (not counted in). */
export interface SamplePlace {
	readonly from: number
	readonly to: number
}

/**
 * In order and never overlapping; the first begins at 0 and the last ends at `size`. A large file's samples begin at
 * floor(i · (size − 65,536) / 15) for i = 0 … 15. Throws on a size that is no file's: a bug of the caller.
 */
export const samplePlaces = (size: number): readonly SamplePlace[] => {
	if (!Number.isInteger(size) || size < 1 || size > FILE_SIZE_MAX_BYTES)
		throw new Error('not the size of a file')
	const count = size <= WHOLE_MAX_BYTES ? Math.ceil(size / SAMPLE_BYTES) : SAMPLES
	return Array.from({ length: count }, (_, i) => {
		const from =
			size <= WHOLE_MAX_BYTES ? i * SAMPLE_BYTES : Math.floor((i * (size - SAMPLE_BYTES)) / (SAMPLES - 1))
		return { from, to: Math.min(size, from + SAMPLE_BYTES) }
	})
}

const CONTEXT = new TextEncoder().encode('matinee-file-1')

/** What is hashed before the samples: the domain, and the size as eight bytes, highest first. */
export const fileHashHead = (size: number): Uint8Array<ArrayBuffer> => {
	const head = new Uint8Array(CONTEXT.length + 8)
	head.set(CONTEXT)
	new DataView(head.buffer).setBigUint64(CONTEXT.length, BigInt(size))
	return head
}
