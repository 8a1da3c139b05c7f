/**
 * Names that look like somebody else's. Two names are alike where their skeletons are equal: composed and lower case,
 * letters of other scripts and digits read as the Latin letters they look like, spaces and signs left out (after
 * Unicode TS 39, with a table of what keyboards have). Loaded when there is more than one to show.
 */
import type { Member } from './state.ts'
import type { DeviceId, SubjectId } from './units.ts'

/** Each group reads as its first letter. */
const ALIKE = [
	'aаαɑ',
	'bьвβ',
	'cсϲ',
	'dԁ',
	'eеєёεҽ',
	'gԍɡ',
	'hнһηћ',
	'iіιїıl1|ӏ!jјϳ',
	'kкκĸ',
	'mмμ',
	'nпոи',
	'oоοσ0ө',
	'pрρ',
	'qԛ',
	'rгя',
	'sѕ5$ʂ',
	'tтτ',
	'uυցʋ',
	'vѵν',
	'wԝшωщ',
	'xхχ×',
	'yуүγ',
	'zʐ2з3',
	'fғ',
]
const LATIN = new Map(ALIKE.flatMap((group) => [...group].map((letter) => [letter, group[0] ?? letter])))
/** Two letters that are read as one. */
const PAIRS: readonly (readonly [RegExp, string])[] = [
	[/rn/g, 'm'],
	[/vv/g, 'w'],
]

/** What a name looks like, whatever it is written with; may be empty. */
export const skeleton = (name: string): string => {
	const plain = name.normalize('NFKD').toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')
	const letters = [...plain].map((letter) => LATIN.get(letter) ?? letter).join('')
	const kept = letters.replace(/[^\p{L}\p{N}]/gu, '')
	return PAIRS.reduce((text, [pair, one]) => text.replace(pair, one), kept)
}

/** Who is real among several who look alike: whom the server vouches for, then who answers for the room. */
const realness = (member: Member): number =>
	member.isVerified
		? 4
		: member.role === 'owner'
			? 3
			: member.role === 'operator'
				? 2
				: member.isAccount
					? 1
					: 0

/**
 * For each device whose name looks like another person's, and is not the real one of them, that person's name.
 * A person's own devices are never alike to each other.
 */
export const lookAlikes = (members: readonly Member[]): ReadonlyMap<DeviceId, string> => {
	const groups = new Map<string, Member[]>()
	for (const member of members) {
		const shape = skeleton(member.name)
		if (shape === '') continue
		const group = groups.get(shape)
		if (group === undefined) groups.set(shape, [member])
		else group.push(member)
	}
	const marked = new Map<DeviceId, string>()
	for (const group of groups.values()) {
		const subjects = new Set<SubjectId>(group.map(({ subject }) => subject))
		if (subjects.size < 2) continue
		const [real] = group.toSorted(
			(a, b) =>
				realness(b) - realness(a) || a.firstSeenAtMs - b.firstSeenAtMs || (a.device < b.device ? -1 : 1),
		)
		for (const { device, subject } of group)
			if (real !== undefined && subject !== real.subject) marked.set(device, real.name)
	}
	return marked
}
