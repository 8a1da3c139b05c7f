/**
 * Makes the sample film: static/film/saltmarsh.webm, .mp4 and .jpg (the poster). `npm run film`.
 * Needs Chromium (CHROMIUM, /usr/bin/chromium) to draw and ffmpeg (FFMPEG) to encode; the results are committed,
 * so nobody else needs either. `npm run film -- --stills DIR 10 45` only writes PNGs of those seconds.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { DURATION_S, FPS, FRAMES, HEIGHT, WIDTH } from './film/scene.ts'
import { renderSound, SAMPLE_RATE } from './film/sound.ts'

const HERE = import.meta.dirname
const OUT = join(HERE, '../static/film')
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const FFMPEG = process.env['FFMPEG'] ?? 'ffmpeg'
const POSTER_S = 24
const RAW = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${WIDTH}x${HEIGHT}`, '-r', String(FPS)]

const PAGE = `<!doctype html><script type="module">
import { drawFrame, WIDTH, HEIGHT } from '/scene.js'
const context = () => Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT }).getContext('2d', { willReadFrequently: true })
const main = context(), spare = context()
await document.fonts.ready
window.render = async (from, to, step) => {
	for (let frame = from; frame < to; frame += step) {
		drawFrame(main, spare, frame)
		await fetch('/frame/' + frame, { method: 'POST', body: main.getImageData(0, 0, WIDTH, HEIGHT).data })
	}
}
</script>`

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
	const parts: Buffer[] = []
	for await (const part of request) parts.push(part as Buffer)
	return Buffer.concat(parts)
}
const ended = (child: ChildProcess): Promise<void> =>
	new Promise((resolve, reject) => {
		child.on('error', reject)
		child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}`))))
	})
const ffmpeg = (args: readonly string[]): ChildProcess =>
	spawn(FFMPEG, ['-hide_banner', '-loglevel', 'error', '-y', ...args], {
		stdio: ['pipe', 'inherit', 'inherit'],
	})
const run = (args: readonly string[]): Promise<void> => {
	const child = ffmpeg(args)
	child.stdin?.end()
	return ended(child)
}

/** Draws frames in a page and hands each one's RGBA bytes to `take`, in order. */
const draw = async (
	ranges: readonly (readonly [from: number, to: number])[],
	take: (frame: number, rgba: Buffer) => Promise<void> | void,
): Promise<void> => {
	const scene = stripTypeScriptTypes(readFileSync(join(HERE, 'film/scene.ts'), 'utf8'))
	const server = createServer((request, response) => {
		void (async () => {
			const path = request.url ?? ''
			if (path.startsWith('/frame/')) {
				await take(Number(path.slice(7)), await bodyOf(request))
				response.end()
			} else if (path === '/scene.js') {
				response.setHeader('content-type', 'text/javascript').end(scene)
			} else {
				response.setHeader('content-type', 'text/html').end(PAGE)
			}
		})()
	})
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
	const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
	try {
		const page = await browser.newPage()
		page.on('pageerror', (error) => console.error(error))
		await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
		await page.waitForFunction('window.render')
		for (const [from, to] of ranges) await page.evaluate(`window.render(${from}, ${to}, 1)`)
	} finally {
		await browser.close()
		server.close()
	}
}

const still = async (rgba: Buffer, path: string, args: readonly string[] = []): Promise<void> => {
	const child = ffmpeg([...RAW, '-i', '-', '-frames:v', '1', '-update', '1', ...args, path])
	child.stdin?.end(rgba)
	await ended(child)
}

const wav = (samples: Int16Array): Buffer => {
	const head = Buffer.alloc(44)
	head.write('RIFF', 0)
	head.writeUInt32LE(36 + samples.byteLength, 4)
	head.write('WAVEfmt ', 8)
	head.writeUInt32LE(16, 16)
	head.writeUInt16LE(1, 20)
	head.writeUInt16LE(2, 22)
	head.writeUInt32LE(SAMPLE_RATE, 24)
	head.writeUInt32LE(SAMPLE_RATE * 4, 28)
	head.writeUInt16LE(4, 32)
	head.writeUInt16LE(16, 34)
	head.write('data', 36)
	head.writeUInt32LE(samples.byteLength, 40)
	return Buffer.concat([head, Buffer.from(samples.buffer)])
}

const film = async (): Promise<void> => {
	mkdirSync(OUT, { recursive: true })
	const work = mkdtempSync(join(tmpdir(), 'film-'))
	try {
		const [lossless, sound] = [join(work, 'film.mkv'), join(work, 'film.wav')]
		writeFileSync(sound, wav(renderSound(DURATION_S)))
		const writer = ffmpeg([
			...RAW,
			'-i',
			'-',
			'-c:v',
			'libx264rgb',
			'-preset',
			'ultrafast',
			'-qp',
			'0',
			lossless,
		])
		const written = ended(writer)
		let poster: Promise<void> = Promise.resolve()
		await draw([[0, FRAMES]], async (frame, rgba) => {
			if (frame === POSTER_S * FPS) poster = still(rgba, join(OUT, 'saltmarsh.jpg'), ['-q:v', '5'])
			if (frame % 250 === 0) console.log(`frame ${frame} of ${FRAMES}`)
			if (!writer.stdin?.write(rgba)) await new Promise((resolve) => writer.stdin?.once('drain', resolve))
		})
		writer.stdin?.end()
		await Promise.all([written, poster])

		const common = ['-i', lossless, '-i', sound, '-map', '0:v', '-map', '1:a', '-pix_fmt', 'yuv420p']
		const colour = [
			'-vf',
			'scale=out_color_matrix=bt709:out_range=tv,setsar=1',
			'-colorspace',
			'bt709',
			'-color_primaries',
			'bt709',
			'-color_trc',
			'bt709',
			'-color_range',
			'tv',
		]
		const title = ['-metadata', 'title=The Four-Ten to Saltmarsh']
		const mp4 = [
			'-c:v',
			'libx264',
			'-preset',
			'slower',
			'-tune',
			'animation',
			'-profile:v',
			'high',
			'-crf',
			'29',
			'-g',
			'50',
			'-c:a',
			'aac',
			'-b:a',
			'48k',
			'-movflags',
			'+faststart',
		]
		await run([...common, ...colour, ...title, ...mp4, join(OUT, 'saltmarsh.mp4')])
		const vp9 = [
			'-c:v',
			'libvpx-vp9',
			'-b:v',
			'0',
			'-crf',
			'41',
			'-g',
			'50',
			'-row-mt',
			'1',
			'-tile-columns',
			'1',
			'-auto-alt-ref',
			'1',
			'-lag-in-frames',
			'25',
			'-c:a',
			'libopus',
			'-b:a',
			'40k',
		]
		const log = join(work, 'pass')
		await run([
			...common,
			...colour,
			...vp9,
			'-deadline',
			'good',
			'-cpu-used',
			'4',
			'-pass',
			'1',
			'-passlogfile',
			log,
			'-an',
			'-f',
			'null',
			'/dev/null',
		])
		await run([
			...common,
			...colour,
			...title,
			...vp9,
			'-deadline',
			'good',
			'-cpu-used',
			'2',
			'-pass',
			'2',
			'-passlogfile',
			log,
			join(OUT, 'saltmarsh.webm'),
		])
	} finally {
		rmSync(work, { recursive: true, force: true })
	}
	for (const name of ['saltmarsh.webm', 'saltmarsh.mp4', 'saltmarsh.jpg'])
		console.log(`${name}  ${(statSync(join(OUT, name)).size / 1e6).toFixed(2)} MB`)
}

const [flag, folder, ...seconds] = process.argv.slice(2)
if (flag === '--stills' && folder) {
	mkdirSync(folder, { recursive: true })
	const frames = seconds.map((s) => Math.round(Number(s) * FPS))
	await draw(
		frames.map((frame) => [frame, frame + 1] as const),
		(frame, rgba) => still(rgba, join(folder, `${String(frame).padStart(4, '0')}.png`)),
	)
} else {
	await film()
}
