/**
 * The body of an answer, unpacked, with a limit on what comes in and on what comes out of it.
 */
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** Packed as it comes, and unpacked. */
export const BODY_MAX_BYTES = 1024 * 1024

type BodyOutcome =
	| { readonly type: 'body'; readonly bytes: Uint8Array }
	| { readonly type: 'failed'; readonly why: 'too-big' | 'unreachable' }

class TooBig extends Error {}

/** Null: not packed. Undefined: in a way nobody asked for. */
const unpackerOf = (encoding: string) => {
	switch (encoding.trim().toLowerCase()) {
		case '':
		case 'identity':
			return null
		case 'gzip':
		case 'x-gzip':
			return createGunzip()
		case 'deflate':
			return createInflate()
		case 'br':
			return createBrotliDecompress()
		default:
			return undefined
	}
}

export const readBody = async (
	response: IncomingMessage,
	tooBig: 'fail' | 'cut',
	signal: AbortSignal,
): Promise<BodyOutcome> => {
	const unpacker = unpackerOf(response.headers['content-encoding'] ?? '')
	if (unpacker === undefined) {
		response.destroy()
		return { type: 'failed', why: 'unreachable' }
	}
	const chunks: Uint8Array[] = []
	let size = 0
	let isCut = false
	const count = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
		let packed = 0
		for await (const chunk of source) {
			packed += chunk.length
			// Many empty packets unpack to nothing for ever.
			if (packed > BODY_MAX_BYTES && unpacker !== null) throw new TooBig()
			yield chunk
		}
	}
	const collect = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
		for await (const chunk of source) {
			chunks.push(chunk.subarray(0, BODY_MAX_BYTES - size))
			size += chunk.length
			if (size > BODY_MAX_BYTES) {
				isCut = true
				throw new TooBig()
			}
		}
	}
	try {
		if (unpacker === null) await pipeline(response, count, collect, { signal })
		else await pipeline(response, count, unpacker, collect, { signal })
	} catch (error) {
		const isTooBig = error instanceof TooBig
		if (!(isTooBig && isCut && tooBig === 'cut'))
			return { type: 'failed', why: isTooBig ? 'too-big' : 'unreachable' }
	} finally {
		response.destroy()
	}
	return { type: 'body', bytes: Buffer.concat(chunks) }
}
