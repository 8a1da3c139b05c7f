/** Splits a chat message into words, times that seek, links that open and names. Text from strangers stays text. */
import type { DeviceId, Seconds } from '#lib/core/units.ts'

export type MessagePart =
	| { readonly type: 'text'; readonly text: string }
	| { readonly type: 'time'; readonly text: string; readonly positionS: Seconds }
	/** `host`: where it really leads, of an address that is easily misread. */
	| { readonly type: 'link'; readonly text: string; readonly href: string; readonly host?: string }
	| { readonly type: 'name'; readonly text: string; readonly devices: readonly DeviceId[] }

/** Where a name stands, as `core/mentions.ts` finds it. */
export interface NamePlace {
	readonly start: number
	readonly end: number
	readonly devices: readonly DeviceId[]
}

// A time is not part of a longer number or of another time; a link ends before closing punctuation.
const PATTERN =
	/(?<link>https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'’”])|(?<![\d:.])(?:(?<h>\d{1,2}):)?(?<m>\d{1,3}):(?<s>[0-5]\d)(?![\d:])/giu

/** Letters of other scripts, marks that are not seen, somebody's name before the host: read at a glance it is another. */
const ODD = /[^\x21-\x7e]|xn--/i

/** Null where it is no address at all: then it stays text. */
const linkOf = (text: string): MessagePart | null => {
	if (!URL.canParse(text)) return null
	const url = new URL(text)
	const written = text.slice(text.indexOf('//') + 2).split(/[/?#]/, 1)[0] ?? ''
	const isOdd = ODD.test(written) || url.username !== '' || url.password !== '' || /[\\@]/.test(written)
	return { type: 'link', text, href: url.href, ...(isOdd ? { host: url.host } : {}) }
}

const withoutNames = (message: string): MessagePart[] => {
	const parts: MessagePart[] = []
	let end = 0
	const pushText = (text: string): void => {
		if (text !== '') parts.push({ type: 'text', text })
	}
	for (const match of message.matchAll(PATTERN)) {
		const { link, h, m, s } = match.groups ?? {}
		const minutes = Number(m)
		if (link === undefined && h !== undefined && minutes > 59) continue
		const part: MessagePart | null =
			link === undefined
				? { type: 'time', text: match[0], positionS: Number(h ?? 0) * 3600 + minutes * 60 + Number(s) }
				: linkOf(link)
		if (part === null) continue
		pushText(message.slice(end, match.index))
		end = match.index + match[0].length
		parts.push(part)
	}
	pushText(message.slice(end))
	return parts
}

/** `names` from left to right, none inside another. */
export const messageParts = (message: string, names: readonly NamePlace[] = []): MessagePart[] => {
	const parts: MessagePart[] = []
	let end = 0
	for (const { start, end: behind, devices } of names) {
		parts.push(...withoutNames(message.slice(end, start)))
		parts.push({ type: 'name', text: message.slice(start, behind), devices })
		end = behind
	}
	return [...parts, ...withoutNames(message.slice(end))]
}
