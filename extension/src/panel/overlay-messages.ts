/** What the panel's frame sends to the frame of the chat over a full screen: the last lines, as they are drawn. */
import { integer, list, object, real, text, type Parsed } from '#lib/core/schema.ts'
import type { ChatMessage } from '#lib/core/state.ts'
import type { NameOf } from '#lib/ui/props.ts'

const NAME_MAX_CHARS = 200
const TEXT_MAX_CHARS = 300
const LINES_MAX = 4
const REACTIONS_MAX = 3

const line = object({
	id: text(200),
	name: text(NAME_MAX_CHARS),
	seat: integer(1, 8),
	text: text(TEXT_MAX_CHARS),
	reactions: list(text(64), REACTIONS_MAX),
})
export const overlayLines = object({
	lines: list(line, LINES_MAX),
	/** Of the ground behind the words. */
	opacity: real(0, 1),
})
export type OverlayLines = Parsed<typeof overlayLines>

const cut = (words: string, max: number): string => words.slice(0, max).toWellFormed()

export const toOverlay = (
	messages: readonly ChatMessage[],
	nameOf: NameOf,
	opacity: number,
): OverlayLines => ({
	lines: messages.slice(-LINES_MAX).map((message) => {
		const { name, seat } = nameOf(message.from)
		return {
			id: message.id,
			name: cut(name, NAME_MAX_CHARS),
			seat,
			text: cut(message.text, TEXT_MAX_CHARS),
			reactions: message.reactions.slice(0, REACTIONS_MAX).map(({ emoji }) => emoji),
		}
	}),
	opacity,
})
