/**
 * Plays a file by its address in the browser's own `<video>`. No `crossorigin`: playing needs no CORS, reading would.
 */
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

/** An https page may not load plain http: the same address over https is tried instead. */
export const securedAddress = (url: string, pageIsSecure: boolean): string => {
	const parsed = URL.parse(url)
	if (!parsed || !pageIsSecure || parsed.protocol !== 'http:') return url
	const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(parsed.hostname)
	return isLoopback ? url : `https:${parsed.href.slice('http:'.length)}`
}

export const createHtml5Loader = (deps: MediaElementDeps): PlayerLoader => ({
	kind: 'html5',
	canPlay: (media) => media.kind === 'file',
	async load(stage, media) {
		if (media.kind !== 'file') throw new Error(`html5 cannot play ${media.kind}`)
		const url = securedAddress(media.url, deps.pageIsSecure)
		return createMediaElementPlayer('html5', stage, url, [bySource(url)], deps)
	},
})
