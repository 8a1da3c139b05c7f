/**
 * What a browser lacks, in words for people.
 */
import { browserLacksWords } from '#lib/words/browser-lacks.ts'
import type { MissingPart } from './browser-needs.ts'

/** What a part is called, and where it is to be had. */
export const partWords = (part: MissingPart): { readonly name: string; readonly since: string } =>
	browserLacksWords().parts[part]

/** A title: what a room cannot do without. */
export const roomNeeds = (name: string): string => browserLacksWords().roomNeeds(name)

/** One sentence or two for the place where a room was to be started; null when nothing is missing. */
export const describeMissing = (missing: readonly MissingPart[]): string | null => {
	const [first] = missing
	if (first === undefined) return null
	const { name, since } = partWords(first)
	return browserLacksWords().missing(name, since)
}
