/**
 * Roles as owners gave them: per device, the seqs within which a role held. A record counts by its own seq, so
 * what comes after a cut is void everywhere, however it is dated and whenever it arrives.
 */
import type { Bodies } from './kinds.ts'
import type { People } from './members.ts'
import { compareRecords, type RecordOf } from './records.ts'
import type { DeviceId, SubjectId } from './units.ts'

export const SPANS_MAX = 16
export const GRANTED_DEVICES_MAX = 64

type GrantBody = Bodies['grant']
type Spans = GrantBody['devices'][number]['s']
export type GrantedRole = GrantBody['role']

export interface Grants {
	/** The role granted to a device for its record `seq`; Infinity asks for the role it has now. */
	roleAt(device: DeviceId, seq: number): GrantedRole
	/** Whether it was or is operator in anything above `seq`. */
	isOperatorBeyond(device: DeviceId, seq: number): boolean
	winnerOf(subject: SubjectId): RecordOf<'grant'> | null
	readonly winners: ReadonlyMap<SubjectId, RecordOf<'grant'>>
	/** All that count, in order. */
	readonly counted: readonly RecordOf<'grant'>[]
}

/** Where several grants speak of one device (it was known by another name once), the strictest holds. */
const STRICTEST: readonly GrantedRole[] = ['banned', 'viewer', 'operator', 'member']

const roleInSpans = (spans: Spans, seq: number): GrantedRole => {
	for (const span of spans) if (seq >= span.a && (span.b === undefined || seq <= span.b)) return span.r
	return 'member'
}

export const foldGrants = (
	records: readonly RecordOf<'grant'>[],
	people: People,
	isOwnerAt: (device: DeviceId, seq: number) => boolean,
): Grants => {
	const counted = records
		.filter((record) => record.body !== null && isOwnerAt(record.author, record.seq))
		.sort(compareRecords)
	const winners = new Map<SubjectId, RecordOf<'grant'>>()
	for (const record of counted) if (record.body !== null) winners.set(record.body.subject, record)

	const listed = new Map<DeviceId, Spans[]>()
	for (const { body } of winners.values())
		for (const { d, s } of body?.devices ?? []) listed.set(d, [...(listed.get(d) ?? []), s])

	/** A device that came after the grant has the person's role from its first record on. */
	const roleOfUnlisted = (device: DeviceId): GrantedRole | null => {
		const own = winners.get(people.subjectOf(device))?.body
		return own && !own.devices.some(({ d }) => d === device) ? own.role : null
	}

	return {
		roleAt: (device, seq) => {
			if (winners.size === 0) return 'member'
			const roles = (listed.get(device) ?? []).map((spans) => roleInSpans(spans, seq))
			const own = roleOfUnlisted(device)
			if (own !== null) roles.push(own)
			return STRICTEST.find((role) => roles.includes(role)) ?? 'member'
		},
		isOperatorBeyond: (device, seq) =>
			roleOfUnlisted(device) === 'operator' ||
			(listed.get(device) ?? []).some((spans) =>
				spans.some(({ r, b }) => r === 'operator' && (b === undefined || b > seq)),
			),
		winnerOf: (subject) => winners.get(subject) ?? null,
		winners,
		counted,
	}
}

/**
 * The next grant for a subject: each device's open span is closed at the last seq seen of it, and the new role
 * begins behind it. Null where the subject has too many devices for one record.
 */
export const nextGrant = (
	before: GrantBody | null,
	subject: SubjectId,
	role: GrantedRole,
	devices: readonly DeviceId[],
	lastSeqOf: (device: DeviceId) => number,
): Pick<GrantBody, 'subject' | 'role' | 'devices'> | null => {
	const all = [...new Set([...(before?.devices.map(({ d }) => d) ?? []), ...devices])].sort()
	if (all.length > GRANTED_DEVICES_MAX) return null
	return {
		subject,
		role,
		devices: all.map((d) => {
			const last = Math.max(0, lastSeqOf(d))
			const kept = before?.devices.find((entry) => entry.d === d)?.s
			// Not listed before, the device had the person's role in everything it wrote until now.
			const spans: Spans = kept ?? (before && before.role !== 'member' ? [{ r: before.role, a: 0 }] : [])
			const closed = spans.map((span) => (span.b === undefined ? { ...span, b: last } : span))
			const next = role === 'member' ? closed : [...closed, { r: role, a: last + 1 }]
			return { d, s: next.filter((span) => span.b === undefined || span.b >= span.a).slice(-SPANS_MAX) }
		}),
	}
}
