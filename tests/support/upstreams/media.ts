/**
 * A server of films over plain http on loopback, with everything that films on the web suffer from as switches: files
 * with byte ranges, and HLS streams. `add` gives each its own address; its switches may be turned while it runs.
 * The addresses are on `localhost`, so a page on 127.0.0.1 is another site to it.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { ROOT } from '../source-files.ts'
import { answerStream, streamSwitches, type StreamSwitches } from './media-hls.ts'
import { mediaPage } from './media-page.ts'

export interface FileSwitches {
	body: Buffer
	contentType: string
	/** Other than 200: nothing else is sent. */
	status: number
	/** Whether other sites may read it. */
	cors: boolean
	ranges: boolean
	throttleBytesPerS: number
	/** Nothing more comes after so many bytes of the file, until `stallForMs` have gone by since the first came there. */
	stallAtByte: number
	stallForMs: number
	/** The connection breaks at so many bytes of the file. */
	breakAtByte: number
	/** Never answers, or answers and sends nothing. */
	hang: 'no' | 'before-head' | 'after-head'
	/** Random bytes, for ever. */
	endless: boolean
	redirect: 'no' | 'loop'
}

export interface MediaUpstream {
	/** Of the page in which players are tried: another site than the films. */
	readonly pageUrl: string
	addFile(name: string, switches?: Partial<FileSwitches>): { url: string; switches: FileSwitches }
	addStream(switches?: Partial<StreamSwitches & Pick<FileSwitches, 'cors' | 'hang'>>): {
		url: string
		switches: StreamSwitches & Pick<FileSwitches, 'cors' | 'hang'>
	}
	/** Every request since the start, `METHOD path range`. */
	readonly log: readonly string[]
	close(): Promise<void>
}

const film = (name: string): Buffer => readFileSync(join(ROOT, 'static/film', name))
const TYPES: Record<string, string> = {
	webm: 'video/webm',
	mp4: 'video/mp4',
	ogg: 'audio/ogg',
	m3u8: 'application/vnd.apple.mpegurl',
}
const CHUNK_BYTES = 16 * 1024
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const headers = ({ cors }: Pick<FileSwitches, 'cors'>): Record<string, string> => ({
	'cache-control': 'no-store',
	...(cors ? { 'access-control-allow-origin': '*' } : {}),
})

/** Room for more, or nobody there any more. */
const drained = (response: ServerResponse): Promise<void> =>
	new Promise((resolve) => {
		const done = (): void => {
			response.off('drain', done).off('close', done)
			resolve()
		}
		response.on('drain', done).on('close', done)
	})

/** Bytes `from` to `to` of a file, as slowly and as far as its switches let them. */
const sendBody = async (
	file: FileSwitches,
	response: ServerResponse,
	[from, to]: readonly [number, number],
	stalls: Map<FileSwitches, number>,
): Promise<void> => {
	for (let at = from; at < to && !response.destroyed;) {
		if (at >= file.breakAtByte) {
			response.destroy()
			return
		}
		if (at >= file.stallAtByte) {
			const sinceMs = stalls.get(file) ?? Date.now()
			stalls.set(file, sinceMs)
			if (Date.now() - sinceMs < file.stallForMs) {
				await wait(20)
				continue
			}
		}
		const isSlow = file.throttleBytesPerS !== Infinity
		const most = isSlow ? Math.max(1, Math.ceil(file.throttleBytesPerS / 20)) : CHUNK_BYTES
		const next = Math.min(to, at + most, Math.max(at + 1, at < file.stallAtByte ? file.stallAtByte : to))
		if (!response.write(file.body.subarray(at, next))) await drained(response)
		at = next
		if (isSlow) await wait(50)
	}
	response.end()
}

const sendFile = async (
	file: FileSwitches,
	request: IncomingMessage,
	response: ServerResponse,
	stalls: Map<FileSwitches, number>,
): Promise<void> => {
	if (file.hang === 'before-head') return
	if (file.redirect === 'loop') {
		response.writeHead(302, { ...headers(file), location: request.url ?? '/' }).end()
		return
	}
	if (file.status !== 200) {
		response.writeHead(file.status, headers(file)).end()
		return
	}
	const size = file.body.length
	const head = { ...headers(file), 'content-type': file.contentType }
	if (file.endless) {
		response.writeHead(200, head)
		const garbage = Buffer.from(Array.from({ length: 16 * CHUNK_BYTES }, (_, i) => (i * 7919 + 13) % 251))
		while (!response.destroyed) {
			if (!response.write(garbage)) await drained(response)
			await wait(20)
		}
		return
	}
	const range = file.ranges ? /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') : null
	const from = Number(range?.[1] ?? 0)
	const to = Math.min(size, range?.[2] ? Number(range[2]) + 1 : size)
	if (range && from >= size) {
		response.writeHead(416, { ...headers(file), 'content-range': `bytes */${String(size)}` }).end()
		return
	}
	response.writeHead(range ? 206 : 200, {
		...head,
		'content-length': String(to - from),
		...(file.ranges ? { 'accept-ranges': 'bytes' } : {}),
		...(range ? { 'content-range': `bytes ${String(from)}-${String(to - 1)}/${String(size)}` } : {}),
	})
	if (request.method === 'HEAD') response.end()
	else if (file.hang === 'after-head') response.flushHeaders()
	else await sendBody(file, response, [from, to], stalls)
}

export const startMedia = async (): Promise<MediaUpstream> => {
	const log: string[] = []
	const files = new Map<string, FileSwitches>()
	const streams = new Map<string, StreamSwitches & Pick<FileSwitches, 'cors' | 'hang'>>()
	const stalls = new Map<FileSwitches, number>()
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const path = new URL(request.url ?? '/', 'http://any').pathname
		log.push(`${request.method ?? 'GET'} ${path} ${request.headers.range ?? ''}`.trim())
		const file = files.get(path)
		if (file) {
			await sendFile(file, request, response, stalls)
			return
		}
		const [, id = '', name = ''] = /^\/(stream-\d+)\/([^/]+)$/.exec(path) ?? []
		const stream = streams.get(id)
		if (!stream) {
			await mediaPage(path, response)
			return
		}
		if (stream.hang !== 'no') return
		const told = answerStream(stream, name, Date.now())
		if (told.type === 'hang') return
		if (told.type === 'status') response.writeHead(told.status, headers(stream)).end()
		else {
			const [contentType, body] =
				told.type === 'playlist' ? ['application/vnd.apple.mpegurl', told.text] : ['video/mp4', told.bytes]
			response.writeHead(200, { ...headers(stream), 'content-type': contentType }).end(body)
		}
	}
	const server = createServer((request, response) => {
		answer(request, response).catch((error: unknown) => {
			if (response.headersSent) response.destroy()
			else response.writeHead(500).end(String(error))
		})
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	const address = server.address()
	if (address === null || typeof address === 'string') throw new Error('no port')
	const films = `http://localhost:${String(address.port)}`
	let count = 0
	return {
		pageUrl: `http://127.0.0.1:${String(address.port)}/`,
		addFile(name, given = {}) {
			count += 1
			const path = `/file-${String(count)}/${name}`
			const ending = name.split('.').at(-1) ?? ''
			const switches: FileSwitches = {
				body: given.body ?? film('saltmarsh.webm'),
				contentType: TYPES[ending] ?? 'application/octet-stream',
				status: 200,
				cors: true,
				ranges: true,
				throttleBytesPerS: Infinity,
				stallAtByte: Infinity,
				stallForMs: 0,
				breakAtByte: Infinity,
				hang: 'no',
				endless: false,
				redirect: 'no',
				...given,
			}
			files.set(path, switches)
			return { url: films + path, switches }
		},
		addStream(given = {}) {
			count += 1
			const switches = {
				...streamSwitches(given),
				cors: given.cors ?? true,
				hang: given.hang ?? ('no' as const),
			}
			streams.set(`stream-${String(count)}`, switches)
			return { url: `${films}/stream-${String(count)}/index.m3u8`, switches }
		},
		log,
		async close() {
			server.closeAllConnections()
			server.close()
			await once(server, 'close')
		},
	}
}
