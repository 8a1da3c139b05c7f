/**
 * A list of links, one a line, or an M3U playlist: what can be queued of it, and line by line what cannot.
 */
import type { NewItem } from '#lib/core/room.ts'
import { cleanTitle, ITEM_TITLE_MAX_CHARS, shorten } from '#lib/core/text.ts'
import { parseLink, type ParseOptions } from './parse-link.ts'
import type { ParsedLink } from './source.ts'

export const LIST_MAX_LINKS = 500
/** What is behind is not read. */
export const LIST_MAX_CHARS = 500_000
const SHOWN_MAX_CHARS = 80
const DURATION_MAX_S = 1e7

export interface RefusedLine {
	/** From 1. */
	readonly line: number
	/** Its beginning, for showing. */
	readonly text: string
	/** Why; also what is no video but leads to some (a playlist, a short link). `describeProblem` has the words. */
	readonly link: Exclude<ParsedLink, { readonly type: 'media' }>
}

export interface LinkList {
	/** In the order of the lines. */
	readonly items: readonly NewItem[]
	/** The line of each item, from 1. */
	readonly lines: readonly number[]
	readonly refused: readonly RefusedLine[]
	/** Lines with something on them beyond the limit. */
	readonly leftOut: number
	/** It is not a list of videos but the parts of one: the playlist of an HLS stream, whose address would do. */
	readonly isStream: boolean
}

/** `#EXTINF:123 key="value",The title`: seconds (-1 for a stream) and title. */
const INFO = /^#EXTINF:\s*(-?\d{1,9}(?:\.\d{1,9})?)?([^,]*)(?:,(.*))?$/i

interface Info {
	readonly title: string
	readonly durationS: number
}
const infoIn = (line: string): Info | null => {
	const found = INFO.exec(line)
	if (found === null) return null
	return { title: cleanTitle(found[3] ?? ''), durationS: Number(found[1] ?? 0) }
}

const itemOf = (link: Extract<ParsedLink, { type: 'media' }>, info: Info | null): NewItem => {
	const durationS = info?.durationS ?? 0
	const isLength = durationS > 0 && durationS <= DURATION_MAX_S
	return {
		media: link.media,
		title: shorten(info?.title ?? '', ITEM_TITLE_MAX_CHARS) || link.title,
		...(isLength && { durationS }),
	}
}

/** Never throws; the same text and options always give the same answer. */
export const parseLinkList = (text: string, options: ParseOptions): LinkList => {
	const lines = text
		.slice(0, LIST_MAX_CHARS)
		.replace(/^\ufeff/, '')
		.split(/\r\n|\r|\n/)
	const items: NewItem[] = []
	const itemLines: number[] = []
	const refused: RefusedLine[] = []
	let info: Info | null = null
	let leftOut = 0
	let isStream = false
	for (const [at, raw] of lines.entries()) {
		const line = raw.trim()
		if (line === '') continue
		if (line.startsWith('#')) {
			isStream ||= /^#EXT-X-(?:TARGETDURATION|STREAM-INF|MEDIA-SEQUENCE)/i.test(line)
			info = infoIn(line) ?? info
			continue
		}
		if (items.length + refused.length >= LIST_MAX_LINKS) leftOut++
		else {
			const link = parseLink(line, options)
			if (link.type === 'media') {
				items.push(itemOf(link, info))
				itemLines.push(at + 1)
			} else refused.push({ line: at + 1, text: shorten(cleanTitle(line), SHOWN_MAX_CHARS), link })
		}
		// What was said of one line is not said of the next.
		info = null
	}
	return isStream
		? { items: [], lines: [], refused: [], leftOut: 0, isStream }
		: { items, lines: itemLines, refused, leftOut, isStream }
}
