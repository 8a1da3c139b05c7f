/**
 * Who is what: giving roles, putting people out and letting them in, handing the room over.
 */
import { nextGrant } from './grants.ts'
import { KINDS } from './kinds.ts'
import { NOTHING_TO_DO, refusal, type Plan, type PlanContext } from './plan.ts'
import { reassertion } from './plan-playback.ts'
import { can, ROLES, type Role } from './roles.ts'
import type { CommandOutcome } from './room.ts'
import { grantSlot } from './slots.ts'
import type { SubjectId } from './units.ts'

export const planGrant = (context: PlanContext, subject: SubjectId, role: Role): Plan | CommandOutcome => {
	const refused = refusal(context, 'grant')
	if (refused) return refused
	if (role === 'owner') return { type: 'failed', why: 'a room has the owner it was made by' }
	const { grants, people, state } = context.fold
	const devices = people.devicesOf(subject)
	const before = grants.winnerOf(subject)?.body ?? null
	if (devices.some(people.isOwner) || (devices.length === 0 && before === null)) return NOTHING_TO_DO
	const rolesNow = new Set<Role>(devices.map((device) => grants.roleAt(device, Infinity)))
	rolesNow.add(before?.role ?? 'member')
	if (rolesNow.size === 1 && rolesNow.has(role)) return NOTHING_TO_DO
	const body = nextGrant(before, subject, role, devices, context.lastSeqOf)
	const slot = grantSlot(context, subject)
	if (body === null || slot === null) return { type: 'too-big', what: 'record', limit: KINDS.grant.slots }
	// Whoever loses the right to control may have written the vector that holds: the owner says it again.
	const isLowered = [...rolesNow].some((now) => ROLES.indexOf(role) < ROLES.indexOf(now))
	const again = isLowered && can(state.myRole, 'control', state.settings) ? reassertion(context) : []
	return { drafts: [{ kind: 'grant', slot, body: body }, ...again] }
}
