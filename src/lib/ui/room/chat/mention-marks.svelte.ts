/** Where messages name somebody: found by the room's own rule, which is fetched with the first `@`. */
import type { Member } from '#lib/core/state.ts'
import type { NamePlace } from '../../message-parts.ts'
import { keepNames, type FindNames } from './find-names.ts'

const NONE: readonly NamePlace[] = []

export const createMentionMarks = (members: () => readonly Member[]) => {
	let find = $state.raw<FindNames | null>(null)
	let isAsked = false
	const load = (): void => {
		if (isAsked) return
		isAsked = true
		import('#lib/core/mentions.ts').then(
			({ mentionsOf }) => (find = keepNames(mentionsOf)),
			(error: unknown) => {
				// Names stay plain text until somebody is mentioned again.
				console.warn('What finds names in messages could not be fetched.', error)
				isAsked = false
			},
		)
	}
	return (text: string): readonly NamePlace[] => {
		if (!/[@\uff20]/.test(text)) return NONE
		if (find !== null) return find(text, members())
		load()
		return NONE
	}
}

export type MentionMarks = ReturnType<typeof createMentionMarks>
