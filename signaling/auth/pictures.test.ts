import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { createPictureMaker } from './pictures.ts'

const make = createPictureMaker()
const canvas = (width: number, height: number, background = '#c03020') =>
	sharp({ create: { width, height, channels: 3, background } })
const noise = (width: number, height: number) =>
	sharp({
		create: {
			width,
			height,
			channels: 3,
			background: '#000',
			noise: { type: 'gaussian', mean: 128, sigma: 80 },
		},
	})

const madeOf = async (bytes: Uint8Array) => {
	const outcome = await make(bytes)
	if (outcome.type !== 'picture') throw new Error(JSON.stringify(outcome))
	return { ...outcome.picture, ...(await sharp(outcome.picture.bytes).metadata()) }
}

describe('a picture', () => {
	it.each(['png', 'jpeg', 'webp'] as const)(
		'[AU18] of %s is drawn anew, 256 pixels square',
		async (format) => {
			const picture = await madeOf(await canvas(800, 500).toFormat(format).toBuffer())
			expect(picture).toMatchObject({ format: 'webp', width: 256, height: 256, type: 'image/webp' })
			expect(picture.id).toMatch(/^[A-Za-z0-9_-]{22}$/)
		},
	)

	it('[AU18] is 64 KB at most, whatever it shows', async () => {
		const picture = await madeOf(await noise(1_200, 1_200).png().toBuffer())
		expect(picture.bytes.length).toBeLessThanOrEqual(64 * 1024)
	})

	it('[AU18] brings nothing along: place, camera and profile stay behind', async () => {
		const withExif = await canvas(300, 300)
			.withExif({ IFD0: { Copyright: 'canary-owner' }, IFD3: { GPSLatitude: '48/1 12/1 0/1' } })
			.jpeg()
			.toBuffer()
		expect(withExif.includes('canary-owner')).toBe(true)
		const picture = await madeOf(withExif)
		expect(picture.exif ?? picture.icc ?? picture.xmp).toBeUndefined()
		expect(Buffer.from(picture.bytes).includes('canary')).toBe(false)
	})

	it('[AU18] stands the right way up when the camera says how it was held', async () => {
		// The left half red, the right half blue, to be turned by a quarter: red above.
		const halves = await canvas(200, 200, '#0000ff')
			.composite([{ input: await canvas(100, 200, '#ff0000').png().toBuffer(), left: 0, top: 0 }])
			.withMetadata({ orientation: 6 })
			.jpeg()
			.toBuffer()
		const { bytes } = await madeOf(halves)
		const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
		const at = (x: number, y: number) => [data[(y * 256 + x) * 3] ?? 0, data[(y * 256 + x) * 3 + 2] ?? 0]
		expect(at(128, 20)[0]).toBeGreaterThan(200)
		expect(at(128, 235)[1]).toBeGreaterThan(200)
	})

	it('[AU18] that moves stands still', async () => {
		const frames = await sharp(
			[await canvas(64, 64).png().toBuffer(), await canvas(64, 64, '#00f').png().toBuffer()],
			{
				join: { animated: true },
			},
		)
			.webp({ delay: [100, 100] })
			.toBuffer()
		expect((await sharp(frames).metadata()).pages).toBe(2)
		expect((await madeOf(frames)).pages).toBeUndefined()
	})

	const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
	it.each([
		['SVG', Buffer.from(svg), /send PNG, JPEG or WebP/],
		['GIF', Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'), /send PNG/],
		['nothing', Buffer.alloc(0), /send PNG/],
		['a page', Buffer.from('<!doctype html><script>1</script>'), /send PNG/],
		['only the beginning of a PNG', Buffer.from('89504e470d0a1a0a', 'hex'), /damaged/],
		[
			'SVG behind the first bytes of a JPEG',
			Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.from(svg)]),
			/damaged/,
		],
	])('[AU18] %s is refused by what it is', async (_name, bytes, why) => {
		expect(await make(bytes)).toMatchObject({ type: 'bad', why: expect.stringMatching(why) as string })
	})

	it('[AU18] cut off in the middle is refused', async () => {
		const whole = await noise(400, 400).jpeg().toBuffer()
		expect(await make(whole.subarray(0, whole.length / 2))).toMatchObject({ type: 'bad' })
	})

	it('[AU18] of more than 24 megapixels is refused before it is drawn', async () => {
		const big = await canvas(6_000, 4_001).png({ compressionLevel: 9 }).toBuffer()
		expect(big.length).toBeLessThan(4 * 1024 * 1024)
		expect(await make(big)).toMatchObject({
			type: 'bad',
			why: expect.stringMatching(/24 megapixels/) as string,
		})
	})

	it('[AU20] pictures of very many at once are turned away', async () => {
		const bytes = await canvas(300, 300).png().toBuffer()
		const outcomes = await Promise.all(Array.from({ length: 12 }, () => make(bytes)))
		expect(outcomes.filter(({ type }) => type === 'busy').length).toBe(3)
	})
})
