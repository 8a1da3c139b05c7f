/**
 * Giving roles, putting people out and letting them in.
 */
import type { BodyValue } from './body.ts'
import { nextGrant } from './grants.ts'
import { KINDS } from './kinds.ts'
import {
	NOTHING_TO_DO,
	refusal,
	refused,
	type Draft,
	type Plan,
	type PlanContext,
	type UndoTag,
} from './plan.ts'
import { reassertion } from './plan-playback.ts'
import { saidAgain } from './plan-settings.ts'
import { can, isHigh, ROLES, type Role } from './roles.ts'
import type { CommandOutcome } from './room.ts'
import { grantSlot, personSlot } from './slots.ts'
import type { DeviceId, SubjectId } from './units.ts'

/** Devices named in one removal; of more, those that wrote least are out entirely. */
const CUTS_MAX = 32

const RECORD_FULL: CommandOutcome = { type: 'too-big', what: 'record', limit: KINDS.mod.slots }

/**
 * What others of these devices had said that must outlast their right to say it: an author can always overwrite
 * their own slots, with what is void by then.
 */
const takenOver = (context: PlanContext, devices: readonly DeviceId[], taken: Set<number>): Draft[] => {
	const { authority, settings } = context.fold
	const drafts: Draft[] = []
	for (const { author, body } of authority.removals.winners.values()) {
		if (body.t !== 'out' || !devices.includes(author)) continue
		const slot = personSlot(context, body.subject, taken)
		if (slot === null) continue
		taken.add(slot)
		drafts.push({ kind: 'mod', slot, body: { ...body, same: true } })
	}
	const isTheirs = (author: DeviceId | undefined): boolean => author !== undefined && devices.includes(author)
	if (isTheirs(settings.rulesBy?.author) || isTheirs(settings.titleBy?.author))
		drafts.push(saidAgain(context))
	return drafts
}

const devicesEverOf = (context: PlanContext, subject: SubjectId): DeviceId[] => {
	const { people, authority } = context.fold
	const listed = authority.grants.winnerOf(subject)?.body?.devices.map(({ d }) => d) ?? []
	return [...new Set([...people.devicesOf(subject), ...listed])]
}

export const planGrant = (
	context: PlanContext,
	subject: SubjectId,
	role: Role,
	undo?: UndoTag,
): Plan | CommandOutcome => {
	const notAllowed = refusal(context, 'grant')
	if (notAllowed) return notAllowed
	if (role === 'owner') return refused('hand-over')
	const { authority, people, state } = context.fold
	const { grants } = authority
	const devices = people.devicesOf(subject)
	const before = grants.winnerOf(subject)?.body ?? null
	if (authority.rankOf(subject) === 'owner' || (devices.length === 0 && before === null)) return NOTHING_TO_DO
	const rolesNow = new Set<Role>(devices.map((device) => grants.roleAt(device, Infinity)))
	rolesNow.add(before?.role ?? 'member')
	if (rolesNow.size === 1 && rolesNow.has(role)) return NOTHING_TO_DO
	const next = nextGrant(before, subject, role, devices, context.lastSeqOf)
	const slot = grantSlot(context, subject)
	if (next === null || slot === null) return { type: 'too-big', what: 'record', limit: KINDS.grant.slots }
	const body: BodyValue = { ...next, prev: before?.role ?? 'member', undo: undo && { ...undo } }
	// Whoever loses the right to control may have written the vector that holds: the owner says it again.
	const isLowered = [...rolesNow].some((now) => ROLES.indexOf(role) < ROLES.indexOf(now))
	const again =
		isLowered && can(state.myRole, 'control', state.settings)
			? [...reassertion(context), ...takenOver(context, devices, new Set())]
			: []
	return { drafts: [{ kind: 'grant', slot, body }, ...again] }
}

export const planRemovePerson = (context: PlanContext, subject: SubjectId): Plan | CommandOutcome => {
	const notAllowed = refusal(context, 'remove-person')
	if (notAllowed) return notAllowed
	const { authority, people, playback, state } = context.fold
	const rank = authority.rankOf(subject)
	if (people.subjectOf(context.me) === subject) return refused('yourself')
	if (rank === 'owner') return refused('owner')
	if (isHigh(rank) && state.myRole !== 'owner') return refused('operator')
	const devices = devicesEverOf(context, subject)
	if (devices.length === 0) return refused('no-such-person')
	const isOut = devices.every((device) => authority.roleAt(device, Infinity) === 'banned')
	if (isOut) return NOTHING_TO_DO
	const taken = new Set<number>()
	const slot = personSlot(context, subject, taken)
	if (slot === null) return RECORD_FULL
	taken.add(slot)
	const cuts = devices
		.map((d) => ({ d, s: Math.max(0, context.lastSeqOf(d)) }))
		.sort((a, b) => b.s - a.s)
		.slice(0, CUTS_MAX)
	const holds = playback.vector.by !== null && devices.includes(playback.vector.by)
	return {
		drafts: [
			{ kind: 'mod', slot, body: { t: 'out', subject, cuts } },
			...(holds ? reassertion(context) : []),
			...takenOver(context, devices, taken),
		],
	}
}

/** Takes back a removal and, for the owner, a ban. */
export const planLetIn = (
	context: PlanContext,
	subject: SubjectId,
	undo?: UndoTag,
): Plan | CommandOutcome => {
	const notAllowed = refusal(context, 'remove-person')
	if (notAllowed) return notAllowed
	const { authority, state } = context.fold
	const isOwner = state.myRole === 'owner'
	const isBanned = authority.grants.winnerOf(subject)?.body?.role === 'banned'
	const isOut = authority.removals.winnerOf(subject)?.body.t === 'out'
	if (isBanned && !isOwner) return refused('banned')
	if (isOut && isHigh(authority.rankOf(subject)) && !isOwner) return refused('operator-in')
	const drafts: Draft[] = []
	if (isOut) {
		const slot = personSlot(context, subject, new Set(), 'in')
		if (slot === null) return RECORD_FULL
		drafts.push({ kind: 'mod', slot, body: { t: 'in', subject, undo: undo && { ...undo } } })
	}
	if (isBanned) {
		const plan = planGrant(context, subject, 'member')
		if ('type' in plan) return plan
		drafts.push(...plan.drafts)
	}
	return drafts.length > 0 ? { drafts } : NOTHING_TO_DO
}

/** All that stands by the word of these devices, said again by the one who follows them as owner. */
export const inheritance = (context: PlanContext, devices: readonly DeviceId[]): Draft[] => {
	const taken = new Set<number>()
	const drafts: Draft[] = []
	const { people, authority } = context.fold
	for (const { author, body } of authority.grants.winners.values()) {
		if (body === null || !devices.includes(author) || body.subject === people.subjectOf(context.me)) continue
		const slot = grantSlot(context, body.subject, taken)
		if (slot === null) continue
		taken.add(slot)
		const { subject, role, devices: listed } = body
		drafts.push({ kind: 'grant', slot, body: { subject, role, devices: listed, same: true } })
	}
	return [...drafts, ...reassertion(context), ...takenOver(context, devices, new Set())]
}
