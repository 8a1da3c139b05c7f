/**
 * Serves the sample film with Range, as it is or (to browsers that call themselves silent) without its sound track:
 * players with and without sound start and seek quite differently. `node film-server.ts PORT HOST` runs it alone.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'

export const SILENT_MARK = 'MatineeSilent'
export const FILM_PATH = '/film.mp4'
export const FILM_S = 120
const FILM = join(import.meta.dirname, '../../static/film/saltmarsh.mp4')

/** The boxes of an MP4 between two places: [type, where its content begins, where it ends]. */
const boxes = (file: Buffer, from: number, to: number): (readonly [string, number, number])[] => {
	const found: (readonly [string, number, number])[] = []
	for (let at = from; at + 8 <= to;) {
		const size = file.readUInt32BE(at)
		if (size < 8) break
		found.push([file.toString('latin1', at + 4, at + 8), at + 8, at + size])
		at += size
	}
	return found
}

/** The same bytes with each sound track's box renamed to `free`: all offsets stay, and no player finds it. */
export const withoutSound = (film: Buffer): Buffer => {
	const copy = Buffer.from(film)
	for (const [type, from, to] of boxes(film, 0, film.length)) {
		if (type !== 'moov') continue
		for (const [inner, start, end] of boxes(film, from, to))
			if (inner === 'trak' && film.subarray(start, end).includes('soun'))
				copy.write('free', start - 4, 'latin1')
	}
	if (copy.equals(film)) throw new Error('the film has no sound track to take away')
	return copy
}

export const createFilmServer = async (): Promise<Server> => {
	const film = await readFile(FILM)
	const silent = withoutSound(film)
	return createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://film')
		if (url.pathname !== FILM_PATH) {
			response.writeHead(404).end()
			return
		}
		const isSilent = request.headers['user-agent']?.includes(SILENT_MARK) === true
		const body = isSilent ? silent : film
		const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
		const from = Number(range?.[1] ?? 0)
		const to = Math.min(body.length - 1, range?.[2] ? Number(range[2]) : body.length - 1)
		response.writeHead(range ? 206 : 200, {
			'content-type': 'video/mp4',
			'accept-ranges': 'bytes',
			'content-length': to - from + 1,
			'cache-control': 'no-store',
			'access-control-allow-origin': '*',
			...(range ? { 'content-range': `bytes ${String(from)}-${String(to)}/${String(body.length)}` } : {}),
		})
		response.end(body.subarray(from, to + 1))
	})
}

if (import.meta.main) {
	const [port, host] = process.argv.slice(2)
	const server = await createFilmServer()
	server.listen(Number(port), host)
}
