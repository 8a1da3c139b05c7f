/**
 * Plays HLS: by the browser itself where it says it can, else by hls.js, which is its own chunk and is loaded only
 * then. Where the browser's own player fails on a playlist, hls.js gets its turn too.
 */
import type HlsJs from 'hls.js'
import { bySource, securedAddress } from './html5.ts'
import { createMediaElementPlayer, type Attachment, type MediaElementDeps } from './media-element.ts'
import type { PlayerFailure, PlayerLoader } from './player.ts'
import { probeFailure } from './probe-failure.ts'

type HlsClass = typeof HlsJs

/** The light build, as its own chunk. */
const loadHlsJs = async (): Promise<HlsClass> => (await import('hls.js/light')).default

/** What hls.js calls fatal, told apart; null: it is worth a probe of the address. */
export const failureOf = (data: {
	readonly type: string
	readonly details: string
	readonly response?: { readonly code?: number } | undefined
}): PlayerFailure | null => {
	const status = data.response?.code
	if (status !== undefined && status >= 400) return { type: 'not-found', status }
	if (data.details === 'manifestParsingError') return { type: 'not-media' }
	if (data.details === 'manifestIncompatibleCodecsError' || data.type === 'mediaError')
		return { type: 'codec', detail: data.details }
	return data.type === 'networkError' ? null : { type: 'unknown', detail: data.details }
}

const byHlsJs = (url: string, Hls: () => Promise<HlsClass>, deps: MediaElementDeps): Attachment => {
	let hls: HlsJs | null = null
	let isWanted = false
	return {
		attach(element, report) {
			isWanted = true
			hls?.destroy()
			hls = null
			void Hls().then(
				(HlsHere) => {
					if (!isWanted) return
					if (!HlsHere.isSupported()) {
						report({ type: 'codec', detail: 'no Media Source Extensions' })
						return
					}
					let hasRecovered = false
					// One controller is enough: live latency is the follow loop's business, not hls.js's.
					const mine = new HlsHere({ maxLiveSyncPlaybackRate: 1, backBufferLength: 60 })
					hls = mine
					mine.on(HlsHere.Events.ERROR, (_name, data) => {
						if (!data.fatal) return
						if (data.type === HlsHere.ErrorTypes.MEDIA_ERROR && !hasRecovered) {
							hasRecovered = true
							mine.recoverMediaError()
							return
						}
						const found = failureOf(data)
						if (found) report(found)
						else void probeFailure(url, data.details, deps).then(report)
					})
					mine.loadSource(url)
					mine.attachMedia(element)
				},
				(error: unknown) => report({ type: 'unknown', detail: `hls.js did not load (${String(error)})` }),
			)
		},
		detach() {
			isWanted = false
			hls?.destroy()
			hls = null
		},
	}
}

export const createHlsLoader = (
	deps: MediaElementDeps,
	loadHls: () => Promise<HlsClass> = loadHlsJs,
): PlayerLoader => ({
	kind: 'hls',
	canPlay: (media) => media.kind === 'hls',
	async load(stage, media) {
		if (media.kind !== 'hls') throw new Error(`hls cannot play ${media.kind}`)
		const url = securedAddress(media.url, deps.pageIsSecure)
		const isNative =
			stage.ownerDocument.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== ''
		const script = byHlsJs(url, loadHls, deps)
		return createMediaElementPlayer('hls', stage, url, isNative ? [bySource(url), script] : [script], deps)
	},
})
