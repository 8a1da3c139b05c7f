/**
 * The icons of app and extension as PNG, from static/favicon.svg: `node scripts/make-icons.ts`. Their output is
 * committed; run it again when the mark changes.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

const STATIC = join(import.meta.dirname, '..', 'static')
const OUT = join(STATIC, 'icons')
const EXTENSION_OUT = join(import.meta.dirname, '..', 'extension', 'public', 'icon')
const GROUND_COLOUR = '#141010'
const GROUND = /<rect [^>]*\/>/

const mark = await readFile(join(STATIC, 'favicon.svg'), 'utf8')

/** The mark in the middle of a ground without corners, `scale` of its size: systems cut their own shape out of it. */
const onFullGround = (scale: number): string => {
	const [ground] = GROUND.exec(mark) ?? []
	if (ground === undefined) throw new Error('favicon.svg has no ground any more')
	const shift = String(16 * (1 - scale))
	return mark
		.replace(
			ground,
			`${ground.replace(/ rx="[^"]*"/, '')}<g transform="translate(${shift} ${shift}) scale(${String(scale)})">`,
		)
		.replace('</svg>', '</g></svg>')
}

const draw = async (name: string, svg: string, size: number, out = OUT): Promise<void> => {
	const image = sharp(Buffer.from(svg), { density: (72 * size) / 32 }).resize(size, size)
	// Drawn ground ends in half-clear pixels at some sizes.
	const png = await (svg === mark ? image : image.flatten({ background: GROUND_COLOUR }))
		.png({ compressionLevel: 9, palette: true })
		.toBuffer()
	await writeFile(join(out, name), png)
	console.log(`${name}: ${String(png.length)} bytes`)
}

await mkdir(OUT, { recursive: true })
await draw('192.png', mark, 192)
await draw('512.png', mark, 512)
// All of the mark within the circle of 80 % that every shape leaves.
await draw('maskable-192.png', onFullGround(0.85), 192)
await draw('maskable-512.png', onFullGround(0.85), 512)
await draw('apple-touch.png', onFullGround(0.94), 180)

await mkdir(EXTENSION_OUT, { recursive: true })
for (const size of [16, 32, 48, 128]) await draw(`${String(size)}.png`, mark, size, EXTENSION_OUT)
