/**
 * In which role a device wrote each of its records: the owner by the chain of hand-overs, then what owners granted,
 * then who was put out. Each layer hangs on those before it only, so nothing can lift itself.
 */
import { foldGrants, type Grants } from './grants.ts'
import type { People } from './members.ts'
import { foldOwners, type Owners } from './owners.ts'
import type { RecordOf } from './records.ts'
import { foldRemovals, type Removals } from './removals.ts'
import { isHigh, type Role } from './roles.ts'
import type { RoomRoot } from './room.ts'
import type { DeviceId, SubjectId } from './units.ts'

export interface Authority {
	/** The role in which a device wrote its record `seq`; Infinity asks for the role it has now. */
	roleAt(device: DeviceId, seq: number): Role
	/** The highest role of a person now, whether or not they are out. */
	rankOf(subject: SubjectId): Role
	readonly owners: Owners
	readonly grants: Grants
	readonly removals: Removals
}

export const foldAuthority = (
	records: {
		readonly handover: readonly RecordOf<'handover'>[]
		readonly grant: readonly RecordOf<'grant'>[]
		readonly mod: readonly RecordOf<'mod'>[]
	},
	root: RoomRoot,
	people: People,
): Authority => {
	const owners = foldOwners(records.handover, root, people)
	const isOwnerAt = (device: DeviceId, seq: number): boolean => {
		for (const { after, to } of owners.spansOf(device)) if (seq > after && seq <= to) return true
		return false
	}
	const grants = foldGrants(records.grant, people, isOwnerAt)

	const rankOf = (subject: SubjectId): Role => {
		const devices = people.devicesOf(subject)
		if (subject === owners.subject || devices.some((device) => isOwnerAt(device, Infinity))) return 'owner'
		if (devices.some((device) => grants.roleAt(device, Infinity) === 'operator')) return 'operator'
		return grants.winnerOf(subject)?.body?.role ?? 'member'
	}
	const removals = foldRemovals(records.mod, {
		isOwnerAt,
		isOperatorAt: (device, seq) => grants.roleAt(device, seq) === 'operator',
		isHighBeyond: (device, seq) =>
			grants.isOperatorBeyond(device, seq) || owners.spansOf(device).some(({ to }) => to > seq),
		isHighNow: (subject) => isHigh(rankOf(subject)),
		devicesOf: people.devicesOf,
		subjectOf: people.subjectOf,
	})

	return {
		roleAt: (device, seq) => {
			if (isOwnerAt(device, seq)) return 'owner'
			// Now is behind every cut.
			return seq > removals.cutOf(device) ? 'banned' : grants.roleAt(device, seq)
		},
		rankOf,
		owners,
		grants,
		removals,
	}
}
