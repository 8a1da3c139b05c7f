/**
 * What is half written in a room, the message and the link: it outlives the field it was typed in, and the page too.
 * Kept in this tab's own storage under the room's code; what was sent is kept no more.
 */
const KEYS = { message: 'matinee.draft.message', link: 'matinee.draft.link' } as const

const createDraft = (key: string) => {
	const read = (): string => {
		try {
			return sessionStorage.getItem(key) ?? ''
		} catch {
			return '' // a browser that refuses storage has kept none
		}
	}
	const keep = (text: string): void => {
		try {
			if (text === '') sessionStorage.removeItem(key)
			else sessionStorage.setItem(key, text)
		} catch {
			// Refused, or full: the text stands in its field as long as the page does.
			return
		}
	}
	let text = $state(read())
	return {
		get text() {
			return text
		},
		set text(next: string) {
			text = next
			keep(next)
		},
	}
}

export const createDrafts = (code: string) => ({
	message: createDraft(`${KEYS.message} ${code}`),
	link: createDraft(`${KEYS.link} ${code}`),
})
