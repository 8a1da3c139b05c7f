/**
 * Chooses the player: the first loader that can play a MediaRef. No component asks which site it is.
 * Loaders come by dynamic import, so that a room's page carries none it does not need.
 */
import type { MediaKind, MediaRef } from '#lib/core/media.ts'
import type { EmbedDeps } from './embed-frame.ts'
import type { MediaElementDeps } from './media-element.ts'
import type { Player, PlayerLoader } from './player.ts'

export interface LazyLoader {
	readonly kind: string
	readonly plays: readonly MediaKind[]
	readonly import: () => Promise<PlayerLoader>
}

export type LoadOutcome =
	| { readonly type: 'loaded'; readonly player: Player }
	/** No player for this kind of source. */
	| { readonly type: 'no-player'; readonly kind: MediaKind }
	/** Its code could not be fetched: offline, or a new version was deployed. */
	| { readonly type: 'not-fetched'; readonly why: string }

export interface PlayerRegistry {
	canPlay(media: MediaRef): boolean
	load(stage: HTMLElement, media: MediaRef): Promise<LoadOutcome>
}

export const createRegistry = (loaders: readonly LazyLoader[]): PlayerRegistry => {
	const loaded = new Map<LazyLoader, PlayerLoader>()
	const entryFor = (media: MediaRef) => loaders.find(({ plays }) => plays.includes(media.kind))
	return {
		canPlay: (media) => entryFor(media) !== undefined,
		async load(stage, media) {
			const entry = entryFor(media)
			if (!entry) return { type: 'no-player', kind: media.kind }
			try {
				const loader = loaded.get(entry) ?? (await entry.import())
				loaded.set(entry, loader)
				if (!loader.canPlay(media)) return { type: 'no-player', kind: media.kind }
				return { type: 'loaded', player: await loader.load(stage, media) }
			} catch (error) {
				return { type: 'not-fetched', why: error instanceof Error ? error.message : String(error) }
			}
		},
	}
}

export type LoaderDeps = MediaElementDeps & EmbedDeps

/** The players there are today. */
export const createBrowserLoaders = (deps: LoaderDeps): readonly LazyLoader[] => [
	{
		kind: 'html5',
		plays: ['file'],
		import: async () => (await import('./html5.ts')).createHtml5Loader(deps),
	},
	{ kind: 'hls', plays: ['hls'], import: async () => (await import('./hls.ts')).createHlsLoader(deps) },
	{
		kind: 'youtube',
		plays: ['youtube'],
		import: async () => (await import('./youtube.ts')).createYouTubeLoader(deps),
	},
	{
		kind: 'vimeo',
		plays: ['vimeo'],
		import: async () => (await import('./vimeo.ts')).createVimeoLoader(deps),
	},
	{
		kind: 'bilibili',
		plays: ['bilibili'],
		import: async () => (await import('./bilibili.ts')).createBilibiliLoader(deps),
	},
	{
		kind: 'twitch',
		plays: ['twitch', 'twitch-live'],
		import: async () => (await import('./twitch.ts')).createTwitchLoader(deps),
	},
	{
		kind: 'peertube',
		plays: ['peertube'],
		import: async () => (await import('./peertube.ts')).createPeerTubeLoader(deps),
	},
	{
		kind: 'soundcloud',
		plays: ['soundcloud'],
		import: async () => (await import('./soundcloud.ts')).createSoundCloudLoader(deps),
	},
	{
		kind: 'dailymotion',
		plays: ['dailymotion'],
		import: async () => (await import('./dailymotion.ts')).createDailymotionLoader(deps),
	},
]

/** The browser's own clock, timers and network, for `createBrowserLoaders`. */
export const browserDeps = (window: Window & typeof globalThis): LoaderDeps => ({
	local: () => window.performance.timeOrigin + window.performance.now(),
	setTimer: (fn, ms) => {
		const id = window.setTimeout(fn, ms)
		return () => window.clearTimeout(id)
	},
	fetch: (input, init) => window.fetch(input, init),
	isOnline: () => window.navigator.onLine,
	timeoutSignal: (ms) => AbortSignal.timeout(ms),
	pageIsSecure: window.location.protocol === 'https:',
	wall: () => Date.now(),
	pageOrigin: window.location.origin,
	language: window.navigator.language,
})
