/**
 * Subtitles as records carry them: deflate-raw. What comes from others unpacks to as much as its giver said and no
 * more: a bomb is put down half unpacked.
 */

export const canPack = (): boolean =>
	typeof CompressionStream === 'function' && typeof DecompressionStream === 'function'

export type Unpacked =
	{ readonly type: 'unpacked'; readonly bytes: Uint8Array<ArrayBuffer> } | { readonly type: 'damaged' }

const streamOf = (bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> =>
	new Blob([bytes]).stream()

export const pack = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> => {
	const packed = streamOf(bytes).pipeThrough(new CompressionStream('deflate-raw'))
	return new Uint8Array(await new Response(packed).arrayBuffer())
}

/** `size`: the bytes that it may come to. Never rejects. */
export const unpack = async (packed: Uint8Array<ArrayBuffer>, size: number): Promise<Unpacked> => {
	const bytes = new Uint8Array(size)
	let length = 0
	try {
		const reader = streamOf(packed).pipeThrough(new DecompressionStream('deflate-raw')).getReader()
		for (;;) {
			const { done, value } = await reader.read()
			if (done) break
			if (length + value.length > size) {
				await reader.cancel()
				return { type: 'damaged' }
			}
			bytes.set(value, length)
			length += value.length
		}
	} catch {
		return { type: 'damaged' } // no deflate at all is one of the ways to be damaged
	}
	return length === size ? { type: 'unpacked', bytes } : { type: 'damaged' }
}
