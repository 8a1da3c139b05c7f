/**
 * Handing the room over: the owner offers, the one named takes it.
 */
import type { BodyValue } from './body.ts'
import { KINDS } from './kinds.ts'
import { NOTHING_TO_DO, refusal, refused, type Draft, type Plan, type PlanContext } from './plan.ts'
import { inheritance } from './plan-people.ts'
import type { CommandOutcome } from './room.ts'
import { handoverSlot } from './slots.ts'
import type { DeviceId, SubjectId } from './units.ts'

const OFFER_SLOT = 0
/** Devices of either side named in one offer. */
const CUTS_MAX = 16

const ownersDevices = ({ fold }: PlanContext): DeviceId[] =>
	fold.state.members.filter(({ role }) => role === 'owner').map(({ device }) => device)

export const planOffer = (context: PlanContext, subject: SubjectId): Plan | CommandOutcome => {
	const notAllowed = refusal(context, 'hand-over')
	if (notAllowed) return notAllowed
	const { people, authority } = context.fold
	const { offer } = authority.owners
	if (authority.rankOf(subject) === 'owner') return refused('yourself')
	const theirs = people.devicesOf(subject)
	if (theirs.length === 0) return refused('no-such-person')
	if (theirs.some((device) => authority.roleAt(device, Infinity) === 'banned')) return refused('is-out')
	if (offer?.author === context.me && offer.body.subject === subject) return NOTHING_TO_DO
	const mine = ownersDevices(context).filter((device) => device !== context.me)
	if (mine.length >= CUTS_MAX) return { type: 'too-big', what: 'record', limit: CUTS_MAX }
	const cut = (d: DeviceId) => ({ d, s: Math.max(0, context.lastSeqOf(d)) })
	// Devices left out here are owner's from their first record on.
	const to = theirs
		.map(cut)
		.sort((a, b) => b.s - a.s)
		.slice(0, CUTS_MAX)
	const body = (seq: number): BodyValue => ({
		t: 'offer',
		subject,
		from: [{ d: context.me, s: seq }, ...mine.map(cut)],
		to,
	})
	return { drafts: [{ kind: 'handover', slot: OFFER_SLOT, body }] }
}

export const planWithdraw = (context: PlanContext): Plan | CommandOutcome => {
	const notAllowed = refusal(context, 'hand-over')
	if (notAllowed) return notAllowed
	const { offer } = context.fold.authority.owners
	if (offer === null) return NOTHING_TO_DO
	if (offer.author !== context.me) return refused('other-device')
	return { drafts: [{ kind: 'handover', slot: OFFER_SLOT, body: null }] }
}

/** How those before came to the room, kept by the new owner: they could forget it, and it would fall back. */
const keptDrafts = (context: PlanContext, taken: Set<number>): Draft[] => {
	const drafts: Draft[] = []
	for (const { accept } of context.fold.authority.owners.chain) {
		const key = context.publicKeyOf(accept.author)
		if (accept.author === context.me || key === undefined) continue
		const slot = handoverSlot(context, taken)
		taken.add(slot)
		drafts.push({ kind: 'handover', slot, body: { t: 'kept', key, accept: accept.bytes } })
	}
	return drafts
}

export const planAccept = (context: PlanContext): Plan | CommandOutcome => {
	const { authority, people, state } = context.fold
	const { offer } = authority.owners
	if (offer === null) return refused('no-offer')
	const { subject, from, to } = offer.body
	const isForMe = people.subjectOf(context.me) === subject || to.some(({ d }) => d === context.me)
	if (!isForMe) return refused('no-offer')
	if (state.myRole === 'banned') return refused('is-out')
	const key = context.publicKeyOf(offer.author)
	// Cut in the future, its maker would stay owner.
	if (key === undefined || from.some(({ d, s }) => s > context.lastSeqOf(d))) return refused('bad-offer')
	const taken = new Set<number>([OFFER_SLOT])
	const slot = handoverSlot(context, taken)
	taken.add(slot)
	return {
		drafts: [
			{ kind: 'handover', slot, body: { t: 'accept', key, offer: offer.bytes } },
			...keptDrafts(context, taken).slice(0, KINDS.handover.slots - 2),
			...inheritance(context, ownersDevices(context)),
		],
	}
}
