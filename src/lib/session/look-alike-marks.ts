/**
 * Marks names that resemble another member's. What compares them is fetched when there are two people to confuse, and
 * the room is up.
 */
import type { Member } from '#lib/core/state.ts'
import type { DeviceId } from '#lib/core/units.ts'

type Compare = (members: readonly Member[]) => ReadonlyMap<DeviceId, string>

const NOBODY: ReadonlyMap<DeviceId, string> = new Map()

/** `onChange` runs when the marks can be had. */
export const createLookAlikes = (onChange: () => void) => {
	let compare: Compare | null = null
	let hasBegun = false
	let isFetching = false
	let known: { readonly members: readonly Member[]; readonly marks: ReadonlyMap<DeviceId, string> } | null =
		null

	const fetchIt = (): void => {
		if (isFetching || !hasBegun) return
		isFetching = true
		import('#lib/core/look-alikes.ts').then(
			({ lookAlikes }) => {
				compare = lookAlikes
				onChange()
			},
			(error: unknown) => {
				// Offline: names stand unmarked until a later look.
				console.warn('What compares names could not be fetched.', error)
				isFetching = false
			},
		)
	}

	return {
		/** From now on it may be fetched. */
		begin: () => {
			hasBegun = true
			onChange()
		},
		marks: (members: readonly Member[]): ReadonlyMap<DeviceId, string> => {
			if (members.length < 2) return NOBODY
			if (compare === null) {
				fetchIt()
				return NOBODY
			}
			if (known?.members !== members) known = { members, marks: compare(members) }
			return known.marks
		},
	}
}
