/**
 * Where messages name somebody: found by the room's own rule, which is fetched with the first `@`. What was found stays
 * found until people or their names change.
 */
import type { Member } from '#lib/core/state.ts'
import type { NamePlace } from '../../message-parts.ts'

type Find = (text: string, members: readonly Member[]) => readonly NamePlace[]

const NONE: readonly NamePlace[] = []
const KEPT_MAX = 2_000

/** All that the rule looks at. */
const facesOf = (members: readonly Member[]): string =>
	members
		.map(({ device, subject, name, role, isVerified }) => [device, subject, name, role, isVerified].join(' '))
		.join('\n')

export const createMentionMarks = (members: () => readonly Member[]) => {
	let find = $state.raw<Find | null>(null)
	let isAsked = false
	let known = new Map<string, readonly NamePlace[]>()
	let of: readonly Member[] = []
	let faces = ''
	const load = (): void => {
		if (isAsked) return
		isAsked = true
		import('#lib/core/mentions.ts').then(
			({ mentionsOf }) => (find = mentionsOf),
			(error: unknown) => {
				// Names stay plain text until somebody is mentioned again.
				console.warn('What finds names in messages could not be fetched.', error)
				isAsked = false
			},
		)
	}
	return (text: string): readonly NamePlace[] => {
		if (!/[@\uff20]/.test(text)) return NONE
		if (find === null) {
			load()
			return NONE
		}
		const now = members()
		if (now !== of) {
			of = now
			const seen = facesOf(now)
			if (seen !== faces || known.size > KEPT_MAX) known = new Map()
			faces = seen
		}
		const found = known.get(text) ?? find(text, now)
		known.set(text, found)
		return found
	}
}

export type MentionMarks = ReturnType<typeof createMentionMarks>
