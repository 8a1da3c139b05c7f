/**
 * Imitations of the sites on which the extension plays, on loopback: their markup, their ways of changing the film, and
 * their ads, around the project's own film. Each has its page in this folder and its script in `scripts/`, served as
 * JavaScript. Nothing here knows the extension.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { biliPage } from './bili.ts'
import { framePage, framedPage } from './frame.ts'
import { hostilePage } from './hostile.ts'
import { emptyPage, filmPage, manyPage, protectedPage, strictPage } from './plain.ts'
import { tubePage } from './tube.ts'

export interface SitePage {
	readonly html: string
	readonly headers?: Readonly<Record<string, string>>
}
export interface Asked {
	/** Without the site's own folder: `/watch`. */
	readonly path: string
	readonly query: URLSearchParams
	/** The second port: pages of another origin. */
	readonly otherOrigin: string
}
type Site = (asked: Asked) => SitePage | null

/** What may be opened by name. */
const PAGES = {
	/** YouTube's: one video element for all films, ads within it. `&ad=pre|mid|both`, see scripts/tube.ts. */
	tube: '/tube/watch?v=saltmarsh01',
	'tube-second': '/tube/watch?v=saltmarsh02',
	'tube-ads': '/tube/watch?v=saltmarsh01&ad=both',
	'tube-pre': '/tube/watch?v=saltmarsh01&ad=pre',
	'tube-mid': '/tube/watch?v=saltmarsh01&ad=mid',
	'tube-home': '/tube/',
	'tube-live': '/tube/watch?v=livemarsh01',
	/** Bilibili's: another element for each film; parts; `&ad=pre`, `&element=bwp`. */
	bili: '/bili/video/BV1xx411c7mD/',
	'bili-second': '/bili/video/BV1GJ411x7h7/',
	'bili-part': '/bili/video/BV1xx411c7mD/?p=2',
	'bili-ad': '/bili/video/BV1xx411c7mD/?ad=pre',
	'bili-shadow': '/bili/video/BV1xx411c7mD/?element=bwp',
	/** A plain file with the browser's controls. */
	film: '/plain/film',
	/** The film among a decoration, an advertisement and a preview. */
	many: '/plain/many',
	/** The video is in a frame of the other origin. */
	frame: '/plain/frame',
	/** Under copy protection; `?refuses=seek|play` sets back what it is told. */
	protected: '/plain/protected',
	'protected-seek': '/plain/protected?refuses=seek',
	none: '/plain/none',
	/** A policy that forbids nearly everything; `isolated` cuts off what is of other origins too. */
	strict: '/plain/strict',
	isolated: '/plain/isolated',
	hostile: '/plain/hostile',
} as const
export type SiteName = keyof typeof PAGES

const SITES: Readonly<Record<string, Site>> = {
	'/tube': tubePage,
	'/bili': biliPage,
	'/plain': ({ path, query, otherOrigin }) => {
		switch (path) {
			case '/film':
				return filmPage()
			case '/many':
				return manyPage()
			case '/frame':
				return framePage(otherOrigin)
			case '/framed':
				return framedPage()
			case '/protected':
				return protectedPage(query.get('refuses'))
			case '/none':
				return emptyPage()
			case '/strict':
				return strictPage()
			case '/isolated':
				return strictPage(true)
			case '/hostile':
				return hostilePage()
			default:
				return null
		}
	},
}

export interface Sites {
	readonly origin: string
	readonly otherOrigin: string
	url(name: SiteName): string
	/** Where the server has a page that a browser believes at `real`; null where `real` is of none of the sites. */
	behind(real: string): string | null
	close(): Promise<void>
}

/** The hosts that may be imitated by name (`answerAs` in answer-as.ts). */
const REAL_HOSTS: Readonly<Record<string, string>> = {
	'www.youtube.com': '/tube',
	'www.bilibili.com': '/bili',
}
const SHARED = /^\/(?:scripts|film)\b/

const FILMS: Readonly<Record<string, string>> = {
	'/film.webm': 'video/webm',
	'/film.mp4': 'video/mp4',
	'/film.jpg': 'image/jpeg',
}
const read = new Map<string, Promise<Buffer>>()
const film = (path: string): Promise<Buffer> => {
	const name = `saltmarsh${path.slice('/film'.length)}`
	const known = read.get(name) ?? readFile(new URL(`../../../static/film/${name}`, import.meta.url))
	read.set(name, known)
	return known
}

const sendFilm = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
	const bytes = await film(path)
	const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
	const from = Math.min(Number(range?.[1] ?? 0), bytes.length - 1)
	const to = Math.min(range?.[2] ? Number(range[2]) : Infinity, bytes.length - 1)
	response.writeHead(range === null ? 200 : 206, {
		'content-type': FILMS[path],
		'accept-ranges': 'bytes',
		'access-control-allow-origin': '*',
		'content-length': to - from + 1,
		...(range === null
			? {}
			: { 'content-range': `bytes ${String(from)}-${String(to)}/${String(bytes.length)}` }),
	})
	response.end(bytes.subarray(from, to + 1))
}
const sendScript = async (response: ServerResponse, path: string): Promise<void> => {
	const name = /^\/scripts\/([a-z-]+)\.ts$/.exec(path)?.[1]
	if (name === undefined) return void response.writeHead(404).end()
	const source = await readFile(new URL(`./scripts/${name}.ts`, import.meta.url), 'utf8')
	response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' })
	response.end(stripTypeScriptTypes(source))
}
const sendPage = (response: ServerResponse, page: SitePage | null): void => {
	if (page === null) return void response.writeHead(404).end()
	response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers })
	response.end(page.html)
}

const originOf = (address: AddressInfo | string | null): string => {
	if (address === null || typeof address === 'string') throw new Error('the sites have no port')
	return `http://127.0.0.1:${String(address.port)}`
}

/** Two servers on free ports of loopback, with the same pages: the second one's are of another origin. */
export const startSites = async (): Promise<Sites> => {
	let otherOrigin = ''
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const url = new URL(request.url ?? '/', 'http://localhost')
		if (url.pathname === '/favicon.ico') return void response.writeHead(204).end()
		if (url.pathname in FILMS) return sendFilm(request, response, url.pathname)
		if (url.pathname.startsWith('/scripts/')) return sendScript(response, url.pathname)
		const folder = /^\/[a-z]+(?=\/)/.exec(url.pathname)?.[0] ?? ''
		const asked = { path: url.pathname.slice(folder.length), query: url.searchParams, otherOrigin }
		sendPage(response, SITES[folder]?.(asked) ?? null)
	}
	const servers = [0, 1].map(() =>
		createServer((request, response) => {
			answer(request, response).catch((error: unknown) => {
				console.error(error)
				response.destroy()
			})
		}),
	)
	await Promise.all(
		servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
	)
	const [origin = '', other = ''] = servers.map((server) => originOf(server.address()))
	otherOrigin = other
	return {
		origin,
		otherOrigin,
		url: (name) => origin + PAGES[name],
		behind(real) {
			const url = new URL(real)
			const folder = REAL_HOSTS[url.host]
			if (folder === undefined) return null
			return origin + (SHARED.test(url.pathname) ? '' : folder) + url.pathname + url.search
		},
		close: async () => {
			await Promise.all(
				servers.map(
					(server) =>
						new Promise<void>((resolve) => {
							server.close(() => resolve())
							server.closeAllConnections()
						}),
				),
			)
		},
	}
}
