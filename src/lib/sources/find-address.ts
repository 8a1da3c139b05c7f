/**
 * Finds the addresses in what a person pasted: a bare link, a sentence or a share text around it in any script, a
 * piece of HTML, a domain without https, a path on the same site.
 */
export type Address =
	| { readonly type: 'url'; readonly url: URL }
	| { readonly type: 'scheme'; readonly scheme: string }
	| { readonly type: 'none' }

const NONE: Address = { type: 'none' }
/** Invisible characters that come along when copying from chats and documents. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g
const SCHEME = /^([a-z][a-z0-9+.-]{1,20}):/i
/** Schemes that hold another address. */
const WRAPPING = new Set(['blob', 'view-source', 'filesystem', 'javascript', 'data', 'intent'])
const MEDIA_ENDING = /\.(?:mp4|m4v|webm|og[gva]|mov|mkv|m3u8?|mp3|m4a|aac|wav|flac|opus)(?:[?#]\S*)?$/i
/** A name with dots whose last part is letters (any script) or punycode; perhaps a port; perhaps a path. */
const BARE =
	/^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+(?:\p{L}{2,24}|xn--[a-z0-9-]{2,40})(?::\d{1,5})?(?:[/?#]\S*)?$/iu
const LOCAL = /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/\S*)?$/i

/** Sites whose links are plain ASCII, so that a link ends where another script begins. */
const PLAIN_SITES =
	'(?:[a-z0-9-]+\\.)*(?:youtube(?:-nocookie)?\\.com|youtu\\.be|bilibili\\.com|b23\\.tv|bili(?:22|23|33|2233)\\.cn|vimeo\\.com|twitch\\.tv|dailymotion\\.com|dai\\.ly|soundcloud\\.com)'
const ON_PLAIN_SITE = new RegExp(`^(?:https?:)?(?://)?${PLAIN_SITES}(?::\\d{1,5})?(?:[/?#]|$)`, 'i')
/**
 * Every link with its scheme up to the next space, quote or link, and those of the plain sites without a scheme,
 * which must not stand inside another link.
 */
const LINKS = new RegExp(
	`https?://(?:(?![^!-~]https?://)[^\\s<>"\`])+|(?<![!#-&*-;=?-Z\\\\^_a-z|~])(?://)?${PLAIN_SITES}/[!#-;=?-_a-z|~]+`,
	'gi',
)

const CLOSERS: Readonly<Record<string, string>> = {
	')': '(',
	']': '[',
	'}': '{',
	'）': '（',
	'】': '【',
	'」': '「',
	'』': '『',
	'》': '《',
	'〉': '〈',
}
const STOPS = '.,;:!?\'"’”»*|_。，、；：！？…～'
/** In the middle of a link these end it, unless it ends as a file does: names of files may hold them. */
const FULL_WIDTH = /[，。；！？、：“”「」『』【】《》〈〉]/

/** Drops what a sentence puts behind a link, but keeps brackets that the link itself opened. */
export const trimTail = (link: string, stops: string = STOPS): string => {
	// By index and with counts, so that a long row of brackets costs no more than its length.
	const counts = new Map<string, number>()
	for (const sign of link) counts.set(sign, (counts.get(sign) ?? 0) + 1)
	let end = link.length
	for (; end > 0; end--) {
		const last = link[end - 1] ?? ''
		const opener = CLOSERS[last]
		if (opener !== undefined) {
			const left = counts.get(last) ?? 0
			if ((counts.get(opener) ?? 0) >= left) break
			counts.set(last, left - 1)
		} else if (!stops.includes(last)) break
	}
	return link.slice(0, end)
}

/** No name in the DNS is longer. */
const HOST_MAX_CHARS = 253

const asUrl = (text: string, base?: URL): Address => {
	const url = URL.parse(text, base)
	return url && url.hostname !== '' && url.hostname.length <= HOST_MAX_CHARS ? { type: 'url', url } : NONE
}

/** `before`: the character in front of it: an underline closes what an underline opened. */
const tidyLink = (run: string, before: string): string => {
	if (ON_PLAIN_SITE.test(run)) {
		// Ids end in underlines too. `&amp;` comes from pages' source.
		const plain = run.replace(/[^!-~].*$/su, '').replaceAll('&amp;', '&')
		return trimTail(plain, before === '_' ? STOPS : STOPS.replace('_', ''))
	}
	const whole = trimTail(run)
	return MEDIA_ENDING.test(whole) ? whole : trimTail(whole.split(FULL_WIDTH)[0] ?? '')
}

/** All links in the text that need no guessing, in their order; those that cannot be read are `none`. */
function* linksIn(text: string): Generator<Address> {
	for (const match of text.matchAll(LINKS)) {
		const link = tidyLink(match[0], text[match.index - 1] ?? '')
		yield asUrl(/^https?:/i.test(link) ? link : `https://${link.replace(/^\/\//, '')}`)
	}
}

const tidyText = (pasted: string): string => pasted.normalize('NFC').replace(UNSEEN, '').trim()

/** What the text begins with, where that is no web address. */
const schemeOf = (text: string): Address | null => {
	// `javascript:…//https://x` and `view-source:https://…` begin with another scheme: judged by that one.
	const scheme = SCHEME.exec(text)?.[1]?.toLowerCase()
	const isBareWithPort = BARE.test(text) || LOCAL.test(text)
	if (scheme !== undefined && scheme !== 'http' && scheme !== 'https' && !isBareWithPort) {
		if (/^[a-z]$/i.test(scheme) || /^[a-z]:[\\/]/i.test(text)) return { type: 'scheme', scheme: 'file' }
		// "Tonight: https://…" is a sentence, not a scheme; so is "Film:https://…", where no scheme wraps another.
		const isWord = /^[a-z][a-z0-9+.-]*:(?:\s|$|https?:\/\/)/i.test(text) && !WRAPPING.has(scheme)
		if (!isWord) return { type: 'scheme', scheme }
	}
	return /^(?:[a-z]:[\\/]|\\\\|~\/)/i.test(text) ? { type: 'scheme', scheme: 'file' } : null
}

/** Where no link has a scheme: a domain, an address of this machine, a path. */
const guess = (text: string, base: URL | null): Address => {
	if (/^\/\/[^/\s]+\.[^/\s]/.test(text)) return asUrl(`https:${text}`)
	if (text.startsWith('/') && !/\s/.test(text))
		return base && MEDIA_ENDING.test(text) ? asUrl(text, base) : NONE
	for (const word of text.split(/[\s<>"，。；、！？“”【】「」『』《》]+/)) {
		const bare = trimTail(word.replace(/^[([{'"“«*_（]+/, ''))
		if (LOCAL.test(bare)) return asUrl(`http://${bare}`)
		// "film.mp4" alone is a file's name, though .mov and .zip are domains too.
		const isOnlyName = MEDIA_ENDING.test(bare) && !bare.includes('/')
		// Inside a sentence "now.Then" is no address: only what has a path counts there.
		if (BARE.test(bare) && !isOnlyName && (bare === trimTail(text) || bare.includes('/')))
			return asUrl(`https://${bare}`)
	}
	return NONE
}

/** The first address. `base`: where the page is served; a path such as `/film/saltmarsh.webm` is taken relative to it. */
export const findAddress = (pasted: string, base: URL | null): Address => {
	const text = tidyText(pasted)
	if (text === '') return NONE
	const scheme = schemeOf(text)
	if (scheme) return scheme
	const first = linksIn(text).next()
	return first.done === true ? guess(text, base) : first.value
}

/** All of them, line by line; a line without a link is read as `findAddress` does. */
export function* findAddresses(
	pasted: string,
	base: URL | null,
): Generator<Exclude<Address, { type: 'none' }>> {
	for (const line of pasted.split(/[\r\n\u2028\u2029]+/)) {
		const text = tidyText(line)
		if (text === '') continue
		const scheme = schemeOf(text)
		const addresses = scheme ? [scheme] : [...linksIn(text)]
		if (addresses.length === 0) addresses.push(guess(text, base))
		for (const address of addresses) if (address.type !== 'none') yield address
	}
}
