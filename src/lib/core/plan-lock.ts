/**
 * Changing the lock: what is said in the room that is left, and what the owner says again in the new one, so that
 * everything stands there as it stood.
 */
import type { BodyValue } from './body.ts'
import { encodeBody } from './body.ts'
import type { Fold } from './fold.ts'
import { GRANTED_DEVICES_MAX, SPANS_MAX } from './grants.ts'
import { KINDS, type Bodies } from './kinds.ts'
import { NOTHING_TO_DO, refusal, type Draft, type Plan, type PlanContext } from './plan.ts'
import { saidAgain } from './plan-settings.ts'
import type { ParsedRecord } from './records.ts'
import type { CommandOutcome } from './room.ts'
import { grantSlot, personSlot } from './slots.ts'
import type { DeviceId, SubjectId } from './units.ts'

type GrantBody = Bodies['grant']
type Listed = GrantBody['devices'][number]
type Span = Listed['s'][number]

const TOO_MUCH: CommandOutcome = { type: 'too-big', what: 'record', limit: KINDS.grant.slots }

/** The sealed notes, one body a slot; what an earlier change left in other slots is emptied. */
export const planMoved = (
	context: PlanContext,
	bodies: readonly Bodies['moved'][],
): Plan | CommandOutcome => {
	const notAllowed = refusal(context, 'change-lock')
	if (notAllowed) return notAllowed
	if (bodies.length > KINDS.moved.slots) return { type: 'too-big', what: 'record', limit: KINDS.moved.slots }
	// Nobody to be moved: the room is left all the same, and says so.
	const said: readonly Bodies['moved'][] = bodies.length > 0 ? bodies : [{ e: new Uint8Array(32), notes: [] }]
	const drafts: Draft[] = said.map((body, slot) => ({ kind: 'moved', slot, body: { ...body } }))
	for (let slot = said.length; slot < KINDS.moved.slots; slot++)
		if (context.own('moved', slot)?.body) drafts.push({ kind: 'moved', slot, body: null })
	return { drafts }
}

/** Spans in which a device owned the old room, as an operator's: what it did by that right goes on counting. */
const formerOwnersSpans = (
	old: Fold,
	now: Fold,
	authors: ReadonlySet<DeviceId>,
): Map<DeviceId, readonly Span[]> => {
	const spans = new Map<DeviceId, readonly Span[]>()
	for (const device of authors) {
		if (now.authority.owners.spansOf(device).length > 0) continue
		const owned = old.authority.owners.spansOf(device).map(({ after, to }): Span => ({
			r: 'operator',
			a: after + 1,
			...(Number.isFinite(to) ? { b: to } : {}),
		}))
		if (owned.length > 0) spans.set(device, owned)
	}
	return spans
}

const isSame = (a: unknown, b: unknown): boolean =>
	encodeBody(a as BodyValue).toString() === encodeBody(b as BodyValue).toString()

/**
 * First step in the new room: roles as they were given in the old one, where the records that gave them do not count
 * in the new (another owner's, or older than a room remembers).
 */
export const planGrantsAgain = (
	context: PlanContext,
	old: Fold,
	authors: ReadonlySet<DeviceId>,
): Plan | CommandOutcome => {
	const now = context.fold
	// The new room may not have checked any identity yet; the old one has.
	const own = old.people.subjectOf(context.me)
	const bodies = new Map<SubjectId, Pick<GrantBody, 'subject' | 'role' | 'devices'>>()
	for (const [subject, { body }] of old.authority.grants.winners)
		if (body !== null) bodies.set(subject, { subject, role: body.role, devices: body.devices })
	for (const [device, owned] of formerOwnersSpans(old, now, authors)) {
		const subject = old.people.subjectOf(device)
		if (subject === own) continue
		const body = bodies.get(subject) ?? { subject, role: 'member', devices: [] }
		const listed = body.devices.find(({ d }) => d === device)
		// Not listed, it had the person's role in all that it did not do as owner.
		const rest: readonly Span[] = listed?.s ?? (body.role === 'member' ? [] : [{ r: body.role, a: 0 }])
		const entry: Listed = { d: device, s: [...owned, ...rest].slice(0, SPANS_MAX) }
		const devices = [...body.devices.filter(({ d }) => d !== device), entry].sort((a, b) =>
			a.d < b.d ? -1 : 1,
		)
		if (devices.length <= GRANTED_DEVICES_MAX) bodies.set(subject, { ...body, devices })
	}
	const taken = new Set<number>()
	const drafts: Draft[] = []
	for (const body of bodies.values()) {
		if (body.subject === own) continue
		const there = now.authority.grants.winnerOf(body.subject)?.body
		if (there && isSame({ ...body }, { subject: there.subject, role: there.role, devices: there.devices }))
			continue
		const slot = grantSlot(context, body.subject, taken)
		if (slot === null) return TOO_MUCH
		taken.add(slot)
		drafts.push({ kind: 'grant', slot, body: { ...body, same: true } })
	}
	return drafts.length > 0 ? { drafts } : NOTHING_TO_DO
}

/** Second step, with the roles in place: who is out, and the rules, where they would not hold by themselves. */
export const planRestAgain = (context: PlanContext, old: Fold): Plan | CommandOutcome => {
	const now = context.fold
	const taken = new Set<number>()
	const drafts: Draft[] = []
	for (const [subject, { body }] of old.authority.removals.winners) {
		if (body.t !== 'out') continue
		const there = now.authority.removals.winnerOf(subject)?.body
		if (there?.t === 'out' && isSame(there.cuts, body.cuts)) continue
		const slot = personSlot(context, subject, taken)
		if (slot === null) return TOO_MUCH
		taken.add(slot)
		drafts.push({
			kind: 'mod',
			slot,
			body: { t: 'out', subject, cuts: body.cuts, same: true },
		})
	}
	const isAsItWas =
		isSame({ ...now.settings.settings }, { ...old.settings.settings }) &&
		isSame(limitsOf(now), limitsOf(old)) &&
		now.settings.title === old.settings.title
	if (!isAsItWas) drafts.push(saidAgain({ ...context, fold: { ...now, settings: old.settings } }))
	return drafts.length > 0 ? { drafts } : NOTHING_TO_DO
}

/** What was void or not at earlier times hangs on these too. */
const limitsOf = ({ settings }: Fold): BodyValue => {
	const body = settings.rulesBy?.body
	return { limits: body?.limits as BodyValue, slow: body?.slow as BodyValue | undefined }
}

export const authorsOf = (records: Iterable<ParsedRecord>): ReadonlySet<DeviceId> =>
	new Set(Array.from(records, ({ author }) => author))
