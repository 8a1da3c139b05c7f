/**
 * The sample film over http with byte ranges, which seeking needs.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { ROOT } from '../source-files.ts'

const FILMS = { mp4: 'saltmarsh.mp4', webm: 'saltmarsh.webm' } as const

/** `kind` by the ending of the path asked for; mp4 where it says nothing. */
export const sendFilm = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
	const kind = new URL(request.url ?? '/', 'https://any').pathname.endsWith('.webm') ? 'webm' : 'mp4'
	const path = join(ROOT, 'static/film', FILMS[kind])
	const { size } = await stat(path)
	const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
	const from = Number(range?.[1] ?? 0)
	const to = Math.min(size - 1, range?.[2] ? Number(range[2]) : size - 1)
	if (from > to) {
		response.writeHead(416, { 'content-range': `bytes */${String(size)}` }).end()
		return
	}
	response.writeHead(range ? 206 : 200, {
		'content-type': `video/${kind}`,
		'content-length': String(to - from + 1),
		'accept-ranges': 'bytes',
		'access-control-allow-origin': '*',
		...(range ? { 'content-range': `bytes ${String(from)}-${String(to)}/${String(size)}` } : {}),
	})
	createReadStream(path, { start: from, end: to })
		.on('error', () => response.destroy())
		.pipe(response)
}
