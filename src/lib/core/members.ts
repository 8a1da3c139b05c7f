/**
 * Who has ever left a record here, and which person each device belongs to.
 */
import { fnv1a } from './position.ts'
import type { RecordOf } from './records.ts'
import type { Role } from './roles.ts'
import type { IdentityClaims } from './room.ts'
import type { Member } from './state.ts'
import type { DeviceId, SubjectId } from './units.ts'

export const SEATS = 8

export interface People {
	readonly subjectOf: (device: DeviceId) => SubjectId
	devicesOf(subject: SubjectId): readonly DeviceId[]
}

export const subjectOfUnknown = (device: DeviceId): SubjectId => `d_${device}` as SubjectId

export const seatOf = (subject: SubjectId): number => 1 + (fnv1a(subject) % SEATS)

export const foldPeople = (
	ids: readonly RecordOf<'id'>[],
	identityOf: (device: DeviceId) => IdentityClaims | null,
): People => {
	const subjects = new Map<DeviceId, SubjectId>()
	const devices = new Map<SubjectId, DeviceId[]>()
	for (const { author } of ids) {
		const subject = identityOf(author)?.subject ?? subjectOfUnknown(author)
		subjects.set(author, subject)
		const known = devices.get(subject)
		if (known === undefined) devices.set(subject, [author])
		else known.push(author)
	}
	const subjectOf = (device: DeviceId): SubjectId => subjects.get(device) ?? subjectOfUnknown(device)
	return {
		subjectOf,
		devicesOf: (subject) => devices.get(subject) ?? [],
	}
}

export const foldMembers = (
	ids: readonly RecordOf<'id'>[],
	people: People,
	identityOf: (device: DeviceId) => IdentityClaims | null,
	roleOf: (device: DeviceId) => Role,
): readonly Member[] => {
	const members: Member[] = []
	for (const { author, body, ms } of ids) {
		if (body === null) continue
		const claims = identityOf(author)
		const subject = people.subjectOf(author)
		members.push(
			Object.freeze({
				device: author,
				subject,
				name: body.name,
				seat: seatOf(subject),
				role: roleOf(author),
				// The server vouches for the name it knows, not for another one worn over it.
				isVerified: claims !== null && claims.isAccount && claims.name === body.name,
				isAccount: claims?.isAccount ?? false,
				pictureId: claims?.pictureId ?? null,
				firstSeenAtMs: Math.min(body.since, ms),
			}),
		)
	}
	members.sort((a, b) => a.firstSeenAtMs - b.firstSeenAtMs || (a.device < b.device ? -1 : 1))
	return Object.freeze(members)
}
