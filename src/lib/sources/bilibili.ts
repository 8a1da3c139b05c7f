/** Bilibili: BV and av ids with a page, the embed player, and b23.tv short links that carry an id. */
import { found, isUnder, page, segments, startAt, type Source } from './source.ts'

const BV = /^BV[A-Za-z0-9]{10}$/
const AV = /^av\d{1,18}$/i

export const bilibili: Source = {
	site: 'Bilibili',
	parse(url) {
		if (!isUnder(url, 'bilibili.com', 'b23.tv', 'bilibili.tv')) return null
		const query = url.searchParams
		const aid = query.get('aid')
		const ids = [...segments(url), query.get('bvid'), aid === null ? null : `av${aid}`]
		const id = ids.find((part): part is string => part !== null && (BV.test(part) || AV.test(part)))
		if (id === undefined)
			return page(
				url.hostname === 'b23.tv'
					? 'a short link; open it and paste the address of the video itself'
					: 'a page on Bilibili, not one of its videos',
			)
		const asked = Number(query.get('p') ?? query.get('page') ?? 1)
		const number = Number.isInteger(asked) && asked >= 1 && asked <= 10_000 ? asked : 1
		const name = AV.test(id) ? id.toLowerCase() : id
		return found({ kind: 'bilibili', id: name, page: number, ...startAt(query.get('t')) }, 'A Bilibili video')
	},
}
