/**
 * Plays a file by its address in the browser's own `<video>`. No `crossorigin`: playing needs no CORS, reading would.
 */
import type { Seconds } from '#lib/core/units.ts'
import type { QuirkyVideo, Timeline } from './media-element-facts.ts'
import { createMediaElementPlayer, type Attachment, type MediaElementDeps } from './media-element.ts'
import type { PlayerLoader } from './player.ts'

/** `src` in, and out again so that the browser lets go of the connection. */
export const bySource = (url: string): Attachment => ({
	attach(element) {
		element.src = url
		element.load()
	},
	detach(element) {
		element.removeAttribute('src')
		element.load()
	},
})

/** How far behind the end that the browser offers it is safe to stay: some for the next part to come. */
const NATIVE_MARGIN_S = 4
const NATIVE_STEP_MS = 1_000

/** The browser's own HLS player. Safari tells the date of its media time 0; others do not. */
export const byNativeHls = (url: string, local: () => number): Attachment => {
	const source = bySource(url)
	let video: QuirkyVideo | null = null
	let latencyMs: number | null = null
	const startS = (): Seconds | null => {
		const ms = video?.getStartDate?.().getTime() ?? Number.NaN
		return Number.isFinite(ms) ? ms / 1000 : null
	}
	const dated: Omit<Timeline, 'liveLatencyMs'> = {
		type: 'date',
		toRoom(mediaS) {
			const fromS = startS()
			return fromS === null ? null : mediaS + fromS
		},
		toMedia(roomS) {
			const [fromS, seekable] = [startS(), video?.seekable]
			if (fromS === null || !seekable || seekable.length === 0) return null
			return Math.min(seekable.end(seekable.length - 1), Math.max(seekable.start(0), roomS - fromS))
		},
	}
	return {
		attach(element, port) {
			video = element
			latencyMs = null
			source.attach(element, port)
		},
		detach(element) {
			video = null
			source.detach(element)
		},
		timeline() {
			if (video?.duration !== Infinity) return null
			const [fromS, seekable] = [startS(), video.seekable]
			if (fromS === null || seekable.length === 0)
				return { type: 'none', liveLatencyMs: null, toRoom: () => null, toMedia: () => null }
			const endMs = (fromS + seekable.end(seekable.length - 1) - NATIVE_MARGIN_S) * 1000
			const needMs = Math.ceil((local() - endMs) / NATIVE_STEP_MS) * NATIVE_STEP_MS
			if (latencyMs === null || needMs > latencyMs) latencyMs = needMs
			return { ...dated, liveLatencyMs: latencyMs }
		},
	}
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/
export const isPlainHttp = (url: string): boolean => {
	const parsed = URL.parse(url)
	return parsed?.protocol === 'http:' && !LOOPBACK.test(parsed.hostname)
}

/** An https page may not load plain http: the same address over https is tried instead. */
export const securedAddress = (url: string, pageIsSecure: boolean): string =>
	pageIsSecure && isPlainHttp(url) ? `https:${new URL(url).href.slice('http:'.length)}` : url

export const createHtml5Loader = (deps: MediaElementDeps): PlayerLoader => ({
	kind: 'html5',
	canPlay: (media) => media.kind === 'file',
	async load(stage, media) {
		if (media.kind !== 'file') throw new Error(`html5 cannot play ${media.kind}`)
		const url = securedAddress(media.url, deps.pageIsSecure)
		const source = { url, wasPlainHttp: url !== media.url && isPlainHttp(media.url) }
		return createMediaElementPlayer('html5', stage, source, [bySource(url)], deps)
	},
})
