/**
 * Introducing oneself: the first act of everybody in a room, and so with the room from the start.
 */
import type { BodyValue } from './body.ts'
import { NOTHING_TO_DO, type Plan, type PlanContext } from './plan.ts'
import { compareBytes } from './records.ts'
import type { CommandOutcome, Profile } from './room.ts'
import { cleanName, NAME_MAX_CHARS } from './text.ts'

export const planIntroduce = (
	context: PlanContext,
	publicKey: Uint8Array,
	profile: Profile,
): Plan | CommandOutcome => {
	const name = cleanName(profile.name)
	if (name.length > NAME_MAX_CHARS) return { type: 'too-big', what: 'name', limit: NAME_MAX_CHARS }
	if (name === '') return { type: 'failed', why: 'a name has at least one visible character' }
	const own = context.own('id', 0)
	const before = own?.kind === 'id' ? own.body : null
	const isNewToken = profile.token !== null && profile.token !== before?.token
	const box = profile.boxKey ?? before?.box
	const isNewBox = box !== undefined && (before?.box === undefined || compareBytes(box, before.box) !== 0)
	if (before?.name === name && !isNewToken && !isNewBox) return NOTHING_TO_DO
	const body = (seq: number): BodyValue => ({
		key: publicKey,
		name,
		box,
		// Offline there is no new token: the one shown before still says who this is.
		token: isNewToken ? (profile.token ?? undefined) : before?.token,
		tokenAt: isNewToken ? context.ms : before?.tokenAt,
		since: before?.since ?? context.ms,
		first: before?.first ?? seq,
	})
	return { drafts: [{ kind: 'id', slot: 0, body }] }
}
