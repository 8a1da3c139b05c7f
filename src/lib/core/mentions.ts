/**
 * Whom a message means: `@` and a name. Names have spaces, begin with each other, are written in scripts without
 * spaces, and are imitated: the longest that fits is meant, and of several who bear one name those who are vouched for.
 * Loaded when a message is shown.
 */
import { lookAlikes } from './look-alikes.ts'
import type { Member } from './state.ts'
import { NAME_MAX_CHARS } from './text.ts'
import type { DeviceId, SubjectId } from './units.ts'

export interface Mention {
	/** Where `@` stands, and the first place behind the name, in UTF-16 units. */
	readonly start: number
	readonly end: number
	/** All devices of all who are meant. */
	readonly devices: readonly DeviceId[]
}

/** The same for one name in any case or width. Letters of other scripts that look alike stay what they are. */
const folded = (name: string): string => name.normalize('NFKC').toLowerCase()

/** Scripts that put no spaces between words: a name in them, or before them, ends where it ends. */
const UNSPACED =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const WORD = /[\p{L}\p{N}\p{M}_]/u

const isWordOn = (before: string, after: string): boolean =>
	WORD.test(after) && (/\p{M}/u.test(after) || (!UNSPACED.test(before) && !UNSPACED.test(after)))

const lastOf = (text: string): string => [...text].at(-1) ?? ''
const firstOf = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 32)

/** Who is called so. Whoever only looks like somebody else, letter for letter, is meant only where nobody is vouched for. */
const bearersByName = (members: readonly Member[]): ReadonlyMap<string, ReadonlySet<SubjectId>> => {
	const imitations = lookAlikes(members)
	const byName = new Map<string, Member[]>()
	for (const member of members) {
		if (member.role === 'banned') continue
		const name = folded(member.name)
		const bearers = byName.get(name)
		if (bearers === undefined) byName.set(name, [member])
		else bearers.push(member)
	}
	const meant = new Map<string, Set<SubjectId>>()
	for (const [name, bearers] of byName) {
		const isVouchedFor = bearers.some(({ isVerified }) => isVerified)
		const those = isVouchedFor ? bearers.filter(({ device }) => !imitations.has(device)) : bearers
		meant.set(name, new Set(those.map(({ subject }) => subject)))
	}
	return meant
}

/** From left to right, none inside another. Nobody is meant by an address (`bob@alice.example`) or by part of a word. */
export const mentionsOf = (text: string, members: readonly Member[]): readonly Mention[] => {
	const at = /[@\uff20]/g
	if (!at.test(text)) return []
	at.lastIndex = 0
	const meant = bearersByName(members)
	const mentions: Mention[] = []
	for (let sign = at.exec(text); sign !== null; sign = at.exec(text)) {
		const start = sign.index
		const before = lastOf(text.slice(Math.max(0, start - 2), start))
		if (WORD.test(before) && !UNSPACED.test(before)) continue
		for (let length = Math.min(NAME_MAX_CHARS, text.length - start - 1); length > 0; length--) {
			const end = start + 1 + length
			const name = text.slice(start + 1, end)
			const subjects = meant.get(folded(name))
			if (subjects === undefined || isWordOn(lastOf(name), firstOf(text.slice(end, end + 2)))) continue
			const devices = members.filter(({ subject }) => subjects.has(subject)).map(({ device }) => device)
			mentions.push({ start, end, devices })
			at.lastIndex = end
			break
		}
	}
	return mentions
}
