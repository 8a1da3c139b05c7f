/**
 * Chat, and the evidence against a forked device.
 */
import type { BodyValue } from './body.ts'
import { ringSlot } from './free-slot.ts'
import { isDue } from './hlc.ts'
import { KINDS } from './kinds.ts'
import { NOTHING_TO_DO, refusal, type Draft, type Plan, type PlanContext } from './plan.ts'
import type { ParsedRecord } from './records.ts'
import { isHigh } from './roles.ts'
import type { CommandOutcome } from './room.ts'
import { forkSlot, modSlot } from './slots.ts'
import { CHAT_MAX_CHARS, cleanChat } from './text.ts'
import type { DeviceId, MessageId, Millis, Seconds } from './units.ts'

/** Whole seconds until this person may write again; others would not count it sooner. */
const slowWaitS = ({ fold, me, ms }: PlanContext): number => {
	const { chatEveryS } = fold.settings.at(ms)
	if (chatEveryS === 0 || isHigh(fold.state.myRole)) return 0
	const lastMs = fold.chat.lastSaidMs(fold.people.subjectOf(me)) ?? -Infinity
	return Math.max(0, Math.ceil((lastMs + chatEveryS * 1_000 - ms) / 1_000))
}

export const planSay = (
	context: PlanContext,
	text: string,
	at?: { readonly positionS: Seconds; readonly replyTo?: MessageId },
): Plan | CommandOutcome => {
	const refused = refusal(context, 'chat')
	if (refused) return refused
	const cleaned = cleanChat(text)
	if (cleaned === '') return NOTHING_TO_DO
	if (cleaned.length > CHAT_MAX_CHARS) return { type: 'too-big', what: 'text', limit: CHAT_MAX_CHARS }
	const waitS = slowWaitS(context)
	if (waitS > 0) return { type: 'too-soon', waitS }
	const item = context.fold.playback.vector.itemId
	const body: BodyValue = {
		text: cleaned,
		item: at === undefined || item === null ? undefined : item,
		pos: at === undefined || item === null ? undefined : Math.max(0, at.positionS),
		reply: at?.replyTo,
	}
	return {
		drafts: [{ kind: 'chat', slot: ringSlot(context, 'chat'), body }],
		outcome: ([ref = '']) => ({ type: 'done', message: ref as MessageId }),
	}
}

export const planUnsay = (context: PlanContext, id: MessageId): Plan | CommandOutcome => {
	const message = context.fold.state.chat.find((other) => other.id === id)
	if (message === undefined) return NOTHING_TO_DO
	const outcome = (): CommandOutcome => ({ type: 'done', message: id })
	if (message.from === context.me) {
		for (let slot = 0; slot < KINDS.chat.slots; slot++)
			if (context.own('chat', slot)?.ref === id)
				return { drafts: [{ kind: 'chat', slot, body: null }], outcome }
		return NOTHING_TO_DO
	}
	const refused = refusal(context, 'moderate')
	if (refused) return refused
	const slot = modSlot(context, id)
	if (slot === null) return { type: 'too-big', what: 'record', limit: KINDS.mod.slots }
	return { drafts: [{ kind: 'mod', slot, body: { t: 'hide', message: id } }], outcome }
}

/** Null where the room knows of it already. */
export const planEvidence = (
	context: PlanContext,
	author: DeviceId,
	seq: number,
	pair: readonly [Uint8Array, Uint8Array],
): Plan | CommandOutcome => {
	const key = context.publicKeyOf(author)
	if (key === undefined || (context.fold.forkedAt.get(author) ?? Infinity) <= seq) return NOTHING_TO_DO
	return { drafts: [{ kind: 'fork', slot: forkSlot(context), body: { key, a: pair[0], b: pair[1] } }] }
}

/** Own records from a clock that ran ahead, once more. Nobody has seen the playback among them, so that goes. */
export const planRedate = (
	records: Iterable<ParsedRecord>,
	me: DeviceId,
	nowMs: Millis,
): Plan | CommandOutcome => {
	const ahead = [...records]
		.filter(({ author, hlc }) => author === me && !isDue(hlc, nowMs))
		.sort((a, b) => a.seq - b.seq)
	const drafts = ahead.flatMap(({ kind, slot, body, isDeleted }): Draft[] => {
		if (kind === 'playback') return [{ kind, slot, body: null }]
		return body === null && !isDeleted ? [] : [{ kind, slot, body: body }]
	})
	return drafts.length > 0 ? { drafts } : NOTHING_TO_DO
}
