/**
 * Pictures of people: whatever camera or program made them, what is kept is drawn anew as a small WebP, without
 * anything that came along with the pixels. What a file is, its first bytes say, not its name or header.
 */
import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { PICTURE_MAX_BYTES } from '#lib/protocol/accounts.ts'
import type { Picture } from '../store/store.ts'
import { createWorkQueue } from './work-queue.ts'

const SIDE_PX = 256
const PIXELS_MAX = 24_000_000
const DECODE_TIMEOUT_S = 10
/** The first that fits is kept. */
const QUALITIES = [82, 70, 55, 40, 25, 10]

// What is not one of these three is not even looked at: decoders are where image libraries have their holes.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
	operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
})
sharp.cache(false)
sharp.concurrency(1)

const startsWith = (bytes: Uint8Array, at: number, ...expected: number[]): boolean =>
	expected.every((byte, index) => bytes[at + index] === byte)

const isKnownFormat = (bytes: Uint8Array): boolean =>
	startsWith(bytes, 0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) ||
	startsWith(bytes, 0, 0xff, 0xd8, 0xff) ||
	(startsWith(bytes, 0, 0x52, 0x49, 0x46, 0x46) && startsWith(bytes, 8, 0x57, 0x45, 0x42, 0x50))

export type PictureOutcome =
	| { readonly type: 'picture'; readonly picture: Picture }
	/** `why`: a sentence. */
	| { readonly type: 'bad'; readonly why: string }
	| { readonly type: 'busy' }

const bad = (why: string): PictureOutcome => ({ type: 'bad', why })

const redraw = async (bytes: Uint8Array): Promise<PictureOutcome> => {
	if (!isKnownFormat(bytes)) return bad('This is no picture that can be taken: send PNG, JPEG or WebP.')
	try {
		const source = sharp(bytes, { limitInputPixels: PIXELS_MAX, failOn: 'error', pages: 1 })
		const { width, height } = await source.metadata()
		if (width * height > PIXELS_MAX) return bad('This picture is too big: 24 megapixels at most.')
		const { data, info } = await source
			.timeout({ seconds: DECODE_TIMEOUT_S })
			.autoOrient()
			.resize(SIDE_PX, SIDE_PX, { fit: 'cover' })
			.toColourspace('srgb')
			.raw()
			.toBuffer({ resolveWithObject: true })
		for (const quality of QUALITIES) {
			const webp = await sharp(data, { raw: info }).webp({ quality }).toBuffer()
			if (webp.length > PICTURE_MAX_BYTES) continue
			const id = createHash('sha256').update(webp).digest().subarray(0, 16).toString('base64url')
			return { type: 'picture', picture: { id, type: 'image/webp', bytes: new Uint8Array(webp) } }
		}
		return bad('This picture cannot be made small enough; choose another.')
	} catch (error) {
		// sharp throws plain Errors for everything that is wrong with a file, and there is nothing else here to fail.
		const text = error instanceof Error ? error.message : ''
		return bad(
			/pixel limit/i.test(text)
				? 'This picture is too big: 24 megapixels at most.'
				: 'This picture is damaged and cannot be read; choose another.',
		)
	}
}

export type PictureMaker = ReturnType<typeof createPictureMaker>

/** One at a time: 24 megapixels are 100 MB while they are drawn. */
export const createPictureMaker = () => {
	const queue = createWorkQueue({ atOnce: 1, waiting: 8 })
	return async (bytes: Uint8Array): Promise<PictureOutcome> => {
		const outcome = await queue.run(() => redraw(bytes))
		return outcome.type === 'full' ? { type: 'busy' } : outcome.value
	}
}
