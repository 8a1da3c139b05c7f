/**
 * Finds the one address in what a person pasted: a bare link, a sentence around it, a domain without https,
 * a path on the same site.
 */
export type Address =
	| { readonly type: 'url'; readonly url: URL }
	| { readonly type: 'scheme'; readonly scheme: string }
	| { readonly type: 'none' }

const NONE: Address = { type: 'none' }
/** Invisible characters that come along when copying from chats and documents. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g
const HTTP = /https?:\/\/[^\s<>"`]+/i
const SCHEME = /^([a-z][a-z0-9+.-]{1,20}):/i
const MEDIA_ENDING = /\.(?:mp4|m4v|webm|og[gva]|mov|mkv|m3u8?|mp3|m4a|aac|wav|flac|opus)(?:[?#]\S*)?$/i
/** A name with dots whose last part is letters (any script) or punycode; perhaps a port; perhaps a path. */
const BARE =
	/^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+(?:\p{L}{2,24}|xn--[a-z0-9-]{2,40})(?::\d{1,5})?(?:[/?#]\S*)?$/iu
const LOCAL = /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/\S*)?$/i

const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
/** Drops what a sentence puts behind a link, but keeps brackets that the link itself opened. */
export const trimTail = (link: string): string => {
	let text = link
	for (;;) {
		const last = text.at(-1)
		if (last === undefined) return text
		const opener = CLOSERS[last]
		if (opener !== undefined) {
			if (text.split(opener).length >= text.split(last).length) return text
		} else if (!'.,;:!?\'"’”»*_|'.includes(last)) return text
		text = text.slice(0, -1)
	}
}

const asUrl = (text: string, base?: URL): Address => {
	const url = URL.parse(text, base)
	return url && url.hostname !== '' ? { type: 'url', url } : NONE
}

/** `base`: where the page is served; a path such as `/film/saltmarsh.webm` is taken relative to it. */
export const findAddress = (pasted: string, base: URL | null): Address => {
	const text = pasted.normalize('NFC').replace(UNSEEN, '').trim()
	if (text === '') return NONE
	const linked = HTTP.exec(text)
	// `javascript:…//https://x` and `view-source:https://…` begin with another scheme: judged by that one.
	const scheme = SCHEME.exec(text)?.[1]?.toLowerCase()
	const isBareWithPort = BARE.test(text) || LOCAL.test(text)
	if (scheme !== undefined && scheme !== 'http' && scheme !== 'https' && !isBareWithPort) {
		if (/^[a-z]$/i.test(scheme) || /^[a-z]:[\\/]/i.test(text)) return { type: 'scheme', scheme: 'file' }
		// "Tonight: https://…" is a sentence, not a scheme.
		if (!/^[a-z][a-z0-9+.-]*:\s/i.test(text)) return { type: 'scheme', scheme }
	}
	if (/^(?:[a-z]:[\\/]|\\\\|~\/)/i.test(text)) return { type: 'scheme', scheme: 'file' }
	if (linked) return asUrl(trimTail(linked[0]))
	if (/^\/\/[^/\s]+\.[^/\s]/.test(text)) return asUrl(`https:${text}`)
	if (text.startsWith('/') && !/\s/.test(text))
		return base && MEDIA_ENDING.test(text) ? asUrl(text, base) : NONE
	for (const word of text.split(/[\s<>"]+/)) {
		const bare = trimTail(word.replace(/^[([{'"“«*_]+/, ''))
		if (LOCAL.test(bare)) return asUrl(`http://${bare}`)
		// "film.mp4" alone is a file's name, though .mov and .zip are domains too.
		const isOnlyName = MEDIA_ENDING.test(bare) && !bare.includes('/')
		// Inside a sentence "now.Then" is no address: only what has a path counts there.
		if (BARE.test(bare) && !isOnlyName && (bare === trimTail(text) || bare.includes('/')))
			return asUrl(`https://${bare}`)
	}
	return NONE
}
