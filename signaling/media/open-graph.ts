/**
 * What a web page says of itself in its head: Open Graph, Twitter cards, its title. Reads once from left to right, in
 * time that grows with the page and no faster; nothing in it is run or fetched.
 */

export interface PageFacts {
	readonly title: string | null
	readonly site: string | null
	readonly imageUrl: string | null
	/** A file or playlist that the page offers to players elsewhere, with its type. */
	readonly video: { readonly url: string; readonly type: string } | null
	readonly durationS: number | null
	readonly isLive: boolean
}

const READ_MAX_CHARS = 512 * 1024
const META_MAX = 400
const VALUE_MAX_CHARS = 2_000

const NAMED: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: '\u00a0',
	ndash: '–',
	mdash: '—',
	hellip: '…',
	lsquo: '‘',
	rsquo: '’',
	ldquo: '“',
	rdquo: '”',
	middot: '·',
	bull: '•',
	raquo: '»',
	laquo: '«',
}

const letterOf = (code: number): string =>
	Number.isInteger(code) && code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
		? String.fromCodePoint(code)
		: '\ufffd'

const withoutEntities = (text: string): string =>
	text.replace(
		/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,6}));/gi,
		(whole, hex?: string, decimal?: string, name?: string) => {
			if (hex !== undefined) return letterOf(parseInt(hex, 16))
			if (decimal !== undefined) return letterOf(Number(decimal))
			const known = name?.toLowerCase() ?? ''
			return Object.hasOwn(NAMED, known) ? (NAMED[known] ?? whole) : whole
		},
	)

const valueOf = (raw: string): string => withoutEntities(raw.slice(0, VALUE_MAX_CHARS)).trim()

/** `name = "value"`, one after the other, from inside a tag. */
const ATTRIBUTE = /([a-z][a-z0-9:_-]{0,40})\s{0,10}=\s{0,10}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi

const attributesOf = (tag: string): ReadonlyMap<string, string> => {
	const found = new Map<string, string>()
	for (const [, name = '', double, single, bare] of tag.matchAll(ATTRIBUTE))
		if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), valueOf(double ?? single ?? bare ?? ''))
	return found
}

/** Where the tag that begins at `start` ends: a `>` in quotes is not its end. -1: never. */
const endOfTag = (html: string, start: number): number => {
	let quote = ''
	for (let i = start; i < html.length; i++) {
		const letter = html[i]
		if (quote !== '') {
			if (letter === quote) quote = ''
		} else if (letter === '"' || letter === "'") quote = letter
		else if (letter === '>') return i
	}
	return -1
}

/** Elements whose inside is no markup: skipped whole. */
const RAW = /^<(script|style|noscript|template|svg|textarea|iframe)[\s/>]/i

interface Head {
	readonly metas: ReadonlyMap<string, string>
	readonly title: string | null
}

const readHead = (page: string): Head => {
	const html = page.slice(0, READ_MAX_CHARS)
	// Of ASCII only: other letters change their number of units.
	const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
	const metas = new Map<string, string>()
	let title: string | null = null
	let here = 0
	while (metas.size < META_MAX) {
		const start = lower.indexOf('<', here)
		if (start < 0) break
		const begin = lower.slice(start, start + 16)
		if (begin.startsWith('<!--')) {
			const end = lower.indexOf('-->', start + 4)
			if (end < 0) break
			here = end + 3
			continue
		}
		// Some pages put them behind their head; past the first of the body there are seldom any.
		if (begin.startsWith('</head') && metas.size > 0) break
		const raw = RAW.exec(begin)?.[1]
		if (raw !== undefined) {
			const end = lower.indexOf(`</${raw.toLowerCase()}`, start)
			if (end < 0) break
			here = end + raw.length + 2
			continue
		}
		if (begin.startsWith('<title') && title === null) {
			const open = endOfTag(html, start)
			const close = open < 0 ? -1 : lower.indexOf('</title', open)
			if (close < 0) break
			title = valueOf(html.slice(open + 1, close))
			here = close
			continue
		}
		if (/^<meta[\s/]/.test(begin)) {
			const end = endOfTag(html, start)
			if (end < 0) break
			const attributes = attributesOf(html.slice(start + 5, end))
			const name = (attributes.get('property') ?? attributes.get('name'))?.toLowerCase()
			const content = attributes.get('content')
			// The first of a name is the one meant.
			if (name !== undefined && content !== undefined && content !== '' && !metas.has(name))
				metas.set(name, content)
			here = end
			continue
		}
		here = start + 1
	}
	return { metas, title }
}

const firstOf = (metas: ReadonlyMap<string, string>, ...names: readonly string[]): string | null => {
	for (const name of names) {
		const value = metas.get(name)
		if (value !== undefined) return value
	}
	return null
}

export const readOpenGraph = (page: string): PageFacts => {
	const { metas, title } = readHead(page)
	const seconds = Number(firstOf(metas, 'og:video:duration', 'video:duration', 'music:duration') ?? NaN)
	const videoUrl = firstOf(metas, 'og:video:secure_url', 'og:video:url', 'og:video')
	return {
		title: firstOf(metas, 'og:title', 'twitter:title') ?? (title === '' ? null : title),
		site: firstOf(metas, 'og:site_name', 'application-name'),
		imageUrl: firstOf(metas, 'og:image:secure_url', 'og:image:url', 'og:image', 'twitter:image'),
		video:
			videoUrl === null
				? null
				: { url: videoUrl, type: (firstOf(metas, 'og:video:type') ?? '').toLowerCase() },
		durationS: Number.isFinite(seconds) && seconds > 0 ? seconds : null,
		isLive: firstOf(metas, 'og:video:live') === 'true',
	}
}
