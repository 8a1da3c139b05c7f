/** Splits a chat message into words, times that seek and links that open. Text from strangers stays text. */
import type { Seconds } from '#lib/core/units.ts'

export type MessagePart =
	| { readonly type: 'text'; readonly text: string }
	| { readonly type: 'time'; readonly text: string; readonly positionS: Seconds }
	| { readonly type: 'link'; readonly text: string; readonly href: string }

// A time is not part of a longer number or of another time; a link ends before closing punctuation.
const PATTERN =
	/(?<link>https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'’”])|(?<![\d:.])(?:(?<h>\d{1,2}):)?(?<m>\d{1,3}):(?<s>[0-5]\d)(?![\d:])/giu

export const messageParts = (message: string): MessagePart[] => {
	const parts: MessagePart[] = []
	let end = 0
	const pushText = (text: string): void => {
		if (text !== '') parts.push({ type: 'text', text })
	}
	for (const match of message.matchAll(PATTERN)) {
		const { link, h, m, s } = match.groups ?? {}
		const minutes = Number(m)
		if (link === undefined && h !== undefined && minutes > 59) continue
		pushText(message.slice(end, match.index))
		end = match.index + match[0].length
		if (link !== undefined) parts.push({ type: 'link', text: link, href: link })
		else
			parts.push({
				type: 'time',
				text: match[0],
				positionS: Number(h ?? 0) * 3600 + minutes * 60 + Number(s),
			})
	}
	pushText(message.slice(end))
	return parts
}
