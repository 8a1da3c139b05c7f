/** Vimeo: plain, channel, group, album, unlisted (`/id/hash`) and embed addresses. */
import { found, isUnder, page, segments, startAt, type Source } from './source.ts'

export const vimeo: Source = {
	site: 'Vimeo',
	parse(url) {
		if (!isUnder(url, 'vimeo.com')) return null
		if (url.hostname.endsWith('vod-progressive.akamaized.net')) return null
		const parts = segments(url)
		const at = parts.findIndex((part) => /^\d{5,12}$/.test(part))
		const id = parts[at]
		if (id === undefined) return page('a page on Vimeo, not one of its videos')
		const unlisted = url.searchParams.get('h') ?? parts[at + 1]
		const hash = unlisted !== undefined && /^[0-9a-f]{6,20}$/i.test(unlisted) ? { hash: unlisted } : {}
		const time = /(?:^#|&)t=([\dhms:]+)/.exec(url.hash)?.[1]
		return found({ kind: 'vimeo', id, ...hash, ...startAt(time) }, 'A Vimeo video')
	},
}
