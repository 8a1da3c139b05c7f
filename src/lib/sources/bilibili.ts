/**
 * Bilibili: BV and av ids with their page and time, from the site, its phone pages, festivals, lists and embeds;
 * short links that only Bilibili can resolve; and what its player does not show on other pages.
 */
import type { MediaRef } from '#lib/core/media.ts'
import { found, isUnder, page, pageOf, segments, startAt, startIn, type Source } from './source.ts'

const BV = /^bv([A-Za-z0-9]{10})$/i
const AV = /^av([1-9]\d{0,17})$/i
const SHORT_HOSTS = ['b23.tv', 'bili2233.cn', 'bili22.cn', 'bili23.cn', 'bili33.cn'] as const
const ONLY_THERE = 'Bilibili shows it only on its own site.'

/** "bv1xx411c7mD" → "BV1xx411c7mD", "AV170001" → "av170001"; null for anything else. */
const tidyId = (text: string | null | undefined): string | null => {
	if (!text) return null
	const bv = BV.exec(text)
	return bv ? `BV${bv[1] ?? ''}` : AV.test(text) ? text.toLowerCase() : null
}

/** A number alone, as people tell it to each other. */
export const isBilibiliId = (text: string): boolean => /^(?:BV1[A-Za-z0-9]{9}|av[1-9]\d{2,17})$/i.test(text)

const idOf = (url: URL): string | null => {
	const aid = url.searchParams.get('aid')
	const asked = [url.searchParams.get('bvid'), aid === null ? null : `av${aid.replace(/^av/i, '')}`]
	for (const part of [...segments(url), ...asked]) {
		const id = tidyId(part)
		if (id !== null) return id
	}
	return null
}

/** Parts count from 1; old addresses wrote `index_2.html` or `#page=2`. */
const pageOfVideo = (url: URL): number => {
	const behind = new URLSearchParams(url.hash.slice(1))
	const old = /^index_(\d{1,5})\.html$/.exec(segments(url).at(-1) ?? '')?.[1]
	const text = url.searchParams.get('p') ?? url.searchParams.get('page') ?? behind.get('page') ?? old
	const asked = Number(text ?? 1)
	return Number.isInteger(asked) && asked >= 1 && asked <= 10_000 ? asked : 1
}

const startOf = (url: URL): { readonly startS?: number } => {
	const time = startIn(url, 't')
	if (time.startS !== undefined) return time
	// Phones share the place in milliseconds.
	const progress = url.searchParams.get('start_progress')
	return progress !== null && /^\d{4,9}$/.test(progress) ? startAt(progress.slice(0, -3)) : {}
}

const describePage = (url: URL): ReturnType<typeof page> => {
	const [first, second] = segments(url)
	const name = url.hostname.split('.')[0] ?? ''
	if (first === 'bangumi' || /^(?:ep|ss|md)\d+$/.test(first ?? ''))
		return page(
			'an episode of a series or a film on Bilibili, which cannot be shown elsewhere',
			`${ONLY_THERE} Videos whose number begins with BV or av play here.`,
		)
	if (first === 'cheese') return page('a course on Bilibili, which cannot be shown elsewhere', ONLY_THERE)
	if (name === 'live') return page('a live stream on Bilibili, which cannot be shown elsewhere', ONLY_THERE)
	if (first === 'festival') return pageOf('a festival on Bilibili')
	if (name === 'space' || first === 'space') return pageOf('a channel on Bilibili')
	if (name === 'search' || first === 'search') return pageOf('a search on Bilibili')
	if (first === 'medialist' || first === 'list' || first === 'playlist' || second === 'favlist')
		return pageOf('a list on Bilibili')
	if (first === 'read' || first === 'opus' || name === 't') return page('a post on Bilibili')
	if (first === 'audio') return page('a song on Bilibili, which cannot be shown elsewhere', ONLY_THERE)
	return pageOf('a page on Bilibili, not one of its videos')
}

export const bilibili: Source = {
	site: 'Bilibili',
	kinds: ['bilibili'],
	parse(url) {
		if (isUnder(url, 'bilibili.tv'))
			return page(
				'a page on bilibili.tv, Bilibili’s other site',
				'Its videos cannot be shown elsewhere; those of bilibili.com play here.',
			)
		const isShort = isUnder(url, ...SHORT_HOSTS)
		if (!isShort && !isUnder(url, 'bilibili.com')) return null
		const id = idOf(url)
		if (id !== null) {
			const media: MediaRef = { kind: 'bilibili', id, page: pageOfVideo(url), ...startOf(url) }
			return found(media, 'A Bilibili video')
		}
		const [first, second] = segments(url)
		if (
			isShort &&
			second === undefined &&
			/^[A-Za-z0-9]{4,16}$/.test(first ?? '') &&
			!/^(?:ep|ss|md)\d+$/.test(first ?? '')
		)
			return { type: 'short', site: 'Bilibili', url: `https://${url.hostname}/${first ?? ''}` }
		return describePage(url)
	},
}
