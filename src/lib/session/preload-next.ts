/**
 * Fetches the beginning of what comes next while the end of what is on still plays, so that the change from one to the
 * other does not wait for the network. A file's first part through a hidden player, a stream's lists and first piece,
 * and for a site of others only the way to its server: nothing is loaded from it before it is on.
 */
import type { MediaRef } from '#lib/core/media.ts'

export interface PreloadDeps {
	readonly document: Document
	readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

/** The server that an embedded player comes from. */
const HOSTS: Partial<Record<MediaRef['kind'], string>> = {
	youtube: 'https://www.youtube-nocookie.com',
	vimeo: 'https://player.vimeo.com',
	twitch: 'https://player.twitch.tv',
	'twitch-live': 'https://player.twitch.tv',
	bilibili: 'https://player.bilibili.com',
	dailymotion: 'https://geo.dailymotion.com',
	soundcloud: 'https://w.soundcloud.com',
}
const PLAYLIST_MAX_CHARS = 2_000_000
/** One piece of a stream is let go on beyond this only by its player. */
const PIECE_MAX_BYTES = 8_000_000

/** The first address in a playlist, from the playlist's own; null where there is none. */
export const firstAddressIn = (playlist: string, base: string): string | null => {
	if (!playlist.startsWith('#EXTM3U')) return null
	const line = playlist.split(/\r?\n/).find((one) => one.trim() !== '' && !one.startsWith('#'))
	return line === undefined ? null : (URL.parse(line.trim(), base)?.href ?? null)
}

const preloadFile = (document: Document, url: string): (() => void) => {
	const video = document.createElement('video')
	// As its player will ask for it, so that what is fetched is the same to the browser.
	video.preload = 'auto'
	video.muted = true
	video.hidden = true
	video.setAttribute('aria-hidden', 'true')
	video.src = url
	document.body.append(video)
	return () => {
		video.removeAttribute('src')
		video.load()
		video.remove()
	}
}

const readText = async (response: Response): Promise<string> =>
	(await response.text()).slice(0, PLAYLIST_MAX_CHARS)

const preloadStream = (fetch: PreloadDeps['fetch'], url: string): (() => void) => {
	const ending = new AbortController()
	const { signal } = ending
	const walk = async (): Promise<void> => {
		let address: string | null = url
		// From the list of qualities to the list of one, and from there to its first piece.
		for (let step = 0; step < 3 && address !== null; step++) {
			const response = await fetch(address, { signal })
			const isList =
				/mpegurl/i.test(response.headers.get('content-type') ?? '') || /\.m3u8?(?:$|\?)/i.test(address)
			if (!response.ok) return
			if (!isList) {
				if (Number(response.headers.get('content-length') ?? 0) <= PIECE_MAX_BYTES)
					await response.arrayBuffer()
				return
			}
			address = firstAddressIn(await readText(response), response.url || address)
		}
	}
	// reason: whatever keeps it from being fetched now, its player will meet and tell.
	walk().catch(() => undefined)
	return () => {
		ending.abort()
	}
}

const preconnect = (document: Document, host: string): (() => void) => {
	const link = document.createElement('link')
	link.rel = 'preconnect'
	link.href = host
	document.head.append(link)
	return () => {
		link.remove()
	}
}

/** Returns what lets go of it. A file on the own disk and another site's page need nothing. */
export const preloadNext = ({ document, fetch }: PreloadDeps, media: MediaRef): (() => void) => {
	switch (media.kind) {
		case 'file':
			return preloadFile(document, media.url)
		case 'hls':
			return preloadStream(fetch, media.url)
		case 'peertube':
			return preconnect(document, media.origin)
		case 'local-file':
		case 'page':
			return () => undefined
		default: {
			const host = HOSTS[media.kind]
			return host === undefined ? () => undefined : preconnect(document, host)
		}
	}
}
