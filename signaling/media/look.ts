/**
 * What stands at an address that tells nothing: short links are followed one hop at a time, and only from hosts that
 * are nothing but short links; of any other page the head is read.
 */
import { isMediaUrl } from '#lib/core/media.ts'
import { MEDIA_URL_MAX_CHARS, type LookAnswer } from '#lib/protocol/media.ts'
import { factsOf, plainHref, thumbnailOf } from './facts.ts'
import { readOpenGraph, type PageFacts } from './open-graph.ts'
import { publicUrl } from './public-url.ts'
import type { Upstreams } from './upstreams.ts'

export type Look = Exclude<LookAnswer, { type: 'away' }> | { readonly type: 'failed' }

const HOPS_MAX = 3
/** Hosts of short links, and the sites they may lead to. */
const SHORT_HOSTS: Readonly<Record<string, string>> = {
	'b23.tv': 'bilibili.com',
	'bili22.cn': 'bilibili.com',
	'bili23.cn': 'bilibili.com',
	'bili33.cn': 'bilibili.com',
	'bili2233.cn': 'bilibili.com',
	'on.soundcloud.com': 'soundcloud.com',
}

const siteOf = (hostname: string): string | null =>
	Object.hasOwn(SHORT_HOSTS, hostname) ? (SHORT_HOSTS[hostname] ?? null) : null

const isAt = (hostname: string, site: string): boolean => hostname === site || hostname.endsWith(`.${site}`)

const followShort = async (from: URL, site: string, upstreams: Upstreams): Promise<Look> => {
	let url = from
	for (let hops = 0; hops < HOPS_MAX; hops++) {
		url.protocol = 'https:'
		const answer = await upstreams.hop(url.href)
		if (answer.type === 'failed') return { type: 'failed' }
		const { to } = answer
		if (to === null) return { type: 'nothing' }
		if (siteOf(to.hostname) === site) {
			url = to
			continue
		}
		// There it is; what stands behind the question mark beyond page and time is who shared it.
		if (!isAt(to.hostname, site)) return { type: 'nothing' }
		const kept = new URLSearchParams()
		for (const name of ['p', 't', 'bvid', 'aid', 'secret_token']) {
			const value = to.searchParams.get(name)
			if (value !== null) kept.set(name, value)
		}
		to.search = kept.toString()
		to.hash = ''
		to.protocol = 'https:'
		const href = plainHref(to)
		return href.length <= MEDIA_URL_MAX_CHARS ? { type: 'leads-to', url: href } : { type: 'nothing' }
	}
	return { type: 'nothing' }
}

const kindOfType = (contentType: string): 'file' | 'hls' | null => {
	const type = (contentType.split(';')[0] ?? '').trim().toLowerCase()
	if (/^(?:application|audio)\/(?:vnd\.apple\.mpegurl|x-mpegurl|mpegurl)$/.test(type)) return 'hls'
	return /^(?:video|audio)\/[a-z0-9.+-]+$/.test(type) || type === 'application/ogg' ? 'file' : null
}

const kindOfName = (url: URL): 'file' | 'hls' | null => {
	if (/\.m3u8?$/i.test(url.pathname)) return 'hls'
	return /\.(?:mp4|m4v|webm|ogv|mov|mp3|m4a|aac|ogg|opus|flac|wav)$/i.test(url.pathname) ? 'file' : null
}

/** What a page hands to players elsewhere; players of its own (`text/html`) are not ours to show. */
const videoOf = (facts: PageFacts, page: URL): { kind: 'file' | 'hls'; url: string } | null => {
	if (facts.video === null) return null
	const url = publicUrl(facts.video.url, page)
	if (url === null || url.protocol !== 'https:') return null
	const kind = facts.video.type === '' ? kindOfName(url) : kindOfType(facts.video.type)
	const href = plainHref(url)
	return kind !== null && isMediaUrl(href) ? { kind, url: href } : null
}

const lookAtPage = async (from: URL, upstreams: Upstreams): Promise<Look> => {
	const answer = await upstreams.pageOfAny(from.href)
	if (answer.type === 'failed') return { type: 'failed' }
	const { status, url, contentType, text } = answer
	// A page that wants a sign-in says so to the server; to the person's browser it may say more.
	if (status !== 200) return { type: 'nothing' }
	const kind = kindOfType(contentType)
	if (kind !== null) return { type: 'media', kind }
	const facts = readOpenGraph(text)
	if (facts.title === null) return { type: 'nothing' }
	return {
		type: 'page',
		...factsOf({
			title: facts.title,
			author: facts.site ?? url.hostname.replace(/^www\./, ''),
			durationS: facts.durationS,
			thumbnailUrl: thumbnailOf(facts.imageUrl, [url.hostname.replace(/^www\./, '')], url.href),
			isLive: facts.isLive,
		}),
		video: videoOf(facts, url),
	}
}

export const lookAt = async (text: string, upstreams: Upstreams): Promise<Look> => {
	const url = publicUrl(text)
	if (url === null) return { type: 'nothing' }
	const site = siteOf(url.hostname)
	return site === null ? lookAtPage(url, upstreams) : followShort(url, site, upstreams)
}
