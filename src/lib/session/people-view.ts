/**
 * Who is in the room, as the People tab shows them: members of the document that are present, with what each told
 * of itself and how we reach them. Pure.
 */
import { subjectOfUnknown } from '#lib/core/members.ts'
import type { Member, RoomState } from '#lib/core/state.ts'
import type { DeviceId, Millis } from '#lib/core/units.ts'
import type { PersonView } from '#lib/core/view.ts'
import { whoWords } from '#lib/words/who.ts'

/** What is known of one device that is here (or was a moment ago). */
export interface Presence {
	readonly device: DeviceId
	/** As the server has it, for somebody whose records have not come yet. */
	readonly name: string | null
	readonly isLeaving: boolean
	readonly isAway: boolean
	readonly doing: PersonView['doing']
	readonly isMuted: boolean
	/** + = behind, as `follow/` signs it; null when nothing is known. */
	readonly driftMs: Millis | null
	readonly path: PersonView['path']
	readonly rttMs: number | null
	/** What it told last; null before its first word. */
	readonly status: {
		readonly readyFor: string | null
		readonly isRemote?: boolean | undefined
		readonly hasOwnCopy?: boolean | undefined
	} | null
}

/** A seat cover for somebody the document does not know yet; the fold's own rule takes over when it does. */
const seatOf = (device: DeviceId): number =>
	(Array.from(device).reduce((sum, character) => sum + character.charCodeAt(0), 0) % 8) + 1

const personOf = (
	presence: Presence,
	member: Member | undefined,
	me: DeviceId,
	/** The vector of the ready check that goes on. */
	check: string | null,
	pictureUrlOf: (id: string) => string,
): PersonView => ({
	device: presence.device,
	name: member?.name ?? presence.name ?? whoWords().somebody,
	seat: member?.seat ?? seatOf(presence.device),
	role: member?.role ?? 'member',
	isMe: presence.device === me,
	subject: member?.subject ?? subjectOfUnknown(presence.device),
	isVerified: member?.isVerified ?? false,
	isAccount: member?.isAccount ?? false,
	pictureUrl: member === undefined || member.pictureId === null ? null : pictureUrlOf(member.pictureId),
	presence: presence.isLeaving ? 'leaving' : presence.isAway ? 'away' : 'here',
	doing: presence.doing,
	isMuted: presence.isMuted,
	// Screens say "behind" with a minus sign, the follow loop says it with a plus.
	driftS: presence.driftMs === null ? null : -presence.driftMs / 1000,
	path: presence.path,
	rttMs: presence.rttMs === null ? null : Math.round(presence.rttMs),
	isReady: check === null ? null : presence.status?.readyFor === check,
	...(presence.status?.isRemote === true && { isRemote: true }),
	...(presence.status?.hasOwnCopy === true && { hasOwnCopy: true }),
})

/** The reader first, then by name; one entry a device, however many tabs it has open. */
export const peopleView = (
	state: RoomState,
	presences: readonly Presence[],
	pictureUrlOf: (id: string) => string,
): readonly PersonView[] => {
	const check = state.playback.cause.type === 'check' ? state.playback.rev : null
	const members = new Map(state.members.map((member) => [member.device, member]))
	const byDevice = new Map<DeviceId, PersonView>()
	for (const presence of presences) {
		const known = byDevice.get(presence.device)
		if (
			known === undefined ||
			(known.path !== 'direct' && presence.path === 'direct') ||
			presence.path === 'self'
		) {
			byDevice.set(
				presence.device,
				personOf(presence, members.get(presence.device), state.me, check, pictureUrlOf),
			)
		}
	}
	return [...byDevice.values()].toSorted(
		(a, b) =>
			Number(b.isMe) - Number(a.isMe) || a.name.localeCompare(b.name) || (a.device < b.device ? -1 : 1),
	)
}
