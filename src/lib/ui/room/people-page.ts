/**
 * Which of the people in a room are listed: a page of them, or those whose name holds what is looked for. Pure.
 */
import type { PersonView } from '#lib/core/view.ts'

/** Listed at first, and more with each asking. */
export const PEOPLE_PAGE = 100
/** Of so many people and more somebody can be looked for by name. */
export const FIND_FROM = 20

/** Without case and marks: whoever looks for "zoe" means Zoë too. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()

export interface PeoplePage {
	readonly rows: readonly PersonView[]
	/** Not listed, though they fit. */
	readonly more: number
}

export const peoplePage = (people: readonly PersonView[], wanted: string, limit: number): PeoplePage => {
	const part = plain(wanted)
	const found = part === '' ? people : people.filter(({ name }) => plain(name).includes(part))
	return { rows: found.slice(0, limit), more: Math.max(0, found.length - limit) }
}
