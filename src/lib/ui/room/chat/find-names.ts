/** Finds names in messages and keeps what was found, until people or their names change. */
import type { Member } from '#lib/core/state.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import type { NamePlace } from '../../message-parts.ts'

/** The room's rule: `core/mentions.ts`. */
export type FindNames = (text: string, members: readonly Member[]) => readonly NamePlace[]

const KEPT_MAX = 2_000

/** All that the rule looks at. */
const facesOf = (members: readonly Member[]): string =>
	members
		.map(({ device, subject, name, role, isVerified }) => [device, subject, name, role, isVerified].join(' '))
		.join('\n')

export const keepNames = (find: FindNames): FindNames => {
	let known = new Map<string, readonly NamePlace[]>()
	let of: readonly Member[] = []
	let faces = ''
	return (text, members) => {
		if (members !== of) {
			of = members
			const seen = facesOf(members)
			if (seen !== faces) known = new Map()
			faces = seen
		}
		if (known.size >= KEPT_MAX) known = new Map()
		const found = known.get(text) ?? find(text, members)
		known.set(text, found)
		return found
	}
}

/** Of all who are in `subjects`. */
export const devicesOf = (
	members: readonly Member[],
	subjects: readonly (SubjectId | undefined)[],
): ReadonlySet<DeviceId> => {
	const wanted = new Set(subjects)
	return new Set(members.filter(({ subject }) => wanted.has(subject)).map(({ device }) => device))
}

export const withDevice = (devices: ReadonlySet<DeviceId>, device: DeviceId): ReadonlySet<DeviceId> =>
	new Set([...devices, device])

/** Each name once, in order. */
export const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)]
