/**
 * Saying things, saying them better, taking them back, and reacting to what others say.
 */
import type { BodyValue } from './body.ts'
import { emojiKey, emojiText } from './emoji.ts'
import { ownRecords, ringSlot } from './free-slot.ts'
import { KINDS } from './kinds.ts'
import { NOTHING_TO_DO, refusal, type Draft, type Plan, type PlanContext } from './plan.ts'
import { isHigh } from './roles.ts'
import type { CommandOutcome } from './room.ts'
import { modSlot, reactionSlot } from './slots.ts'
import type { ChatMessage } from './state.ts'
import { CHAT_MAX_CHARS, cleanChat } from './text.ts'
import type { DeviceId, MessageId, Seconds } from './units.ts'

/** Whole seconds until this person may write again; others would not count it sooner. */
const slowWaitS = ({ fold, me, ms }: PlanContext): number => {
	const { chatEveryS } = fold.settings.at(ms)
	if (chatEveryS === 0 || isHigh(fold.state.myRole)) return 0
	const lastMs = fold.chat.lastSaidMs(fold.people.subjectOf(me)) ?? -Infinity
	return Math.max(0, Math.ceil((lastMs + chatEveryS * 1_000 - ms) / 1_000))
}

/** The text as it is written, or why it is not. */
const sayable = (context: PlanContext, text: string): { readonly text: string } | CommandOutcome => {
	const refused = refusal(context, 'chat')
	if (refused) return refused
	const cleaned = cleanChat(text)
	if (cleaned === '') return NOTHING_TO_DO
	if (cleaned.length > CHAT_MAX_CHARS) return { type: 'too-big', what: 'text', limit: CHAT_MAX_CHARS }
	const waitS = slowWaitS(context)
	return waitS > 0 ? { type: 'too-soon', waitS } : { text: cleaned }
}

const done = (message: MessageId) => (): CommandOutcome => ({ type: 'done', message })

const messageOf = ({ fold }: PlanContext, id: MessageId): ChatMessage | undefined =>
	fold.state.chat.find((message) => message.id === id)

const isMine = ({ fold: { people }, me }: PlanContext, author: DeviceId): boolean =>
	people.subjectOf(author) === people.subjectOf(me)

export const planSay = (
	context: PlanContext,
	text: string,
	at?: { readonly positionS: Seconds; readonly replyTo?: MessageId },
): Plan | CommandOutcome => {
	const said = sayable(context, text)
	if ('type' in said) return said
	const item = context.fold.playback.vector.itemId
	const body: BodyValue = {
		text: said.text,
		item: at === undefined || item === null ? undefined : item,
		pos: at === undefined || item === null ? undefined : Math.max(0, at.positionS),
		reply: at?.replyTo,
	}
	return {
		drafts: [{ kind: 'chat', slot: ringSlot(context, 'chat'), body }],
		outcome: ([ref = '']) => ({ type: 'done', message: ref as MessageId }),
	}
}

/** Another text for a message of this person's, from whichever of their devices. */
export const planEdit = (context: PlanContext, id: MessageId, text: string): Plan | CommandOutcome => {
	const message = messageOf(context, id)
	if (message === undefined || !isMine(context, message.from)) return NOTHING_TO_DO
	if (cleanChat(text) === message.text) return NOTHING_TO_DO
	const said = sayable(context, text)
	if ('type' in said) return said
	const own = ownRecords(context, 'chat')
	const before = own.find(({ body }) => body?.edit === id)
	// The ring must not take the message itself to make room for its edit.
	const spared = own.find(({ ref }) => ref === id)?.slot
	const slot = before?.slot ?? ringSlot(context, 'chat', spared)
	return { drafts: [{ kind: 'chat', slot, body: { text: said.text, edit: id } }], outcome: done(id) }
}

export const planUnsay = (context: PlanContext, id: MessageId): Plan | CommandOutcome => {
	const message = messageOf(context, id)
	if (message === undefined) return NOTHING_TO_DO
	const isOwn = isMine(context, message.from)
	const refused = isOwn ? null : refusal(context, 'moderate')
	if (refused) return refused
	// Own words go for good, with what they were before; what is left says who took them back.
	const emptied = isOwn
		? ownRecords(context, 'chat')
				.filter(({ ref, body }) => ref === id || body?.edit === id)
				.map(({ slot }): Draft => ({ kind: 'chat', slot, body: null }))
		: []
	const slot = modSlot(context, id)
	const hide: Draft[] = slot === null ? [] : [{ kind: 'mod', slot, body: { t: 'hide', message: id } }]
	if (emptied.length + hide.length === 0) return { type: 'too-big', what: 'record', limit: KINDS.mod.slots }
	return { drafts: [...emptied, ...hide], outcome: done(id) }
}

/** One emoji of this person's on a message, or no longer. */
export const planReact = (
	context: PlanContext,
	id: MessageId,
	emoji: string,
	isOn: boolean,
): Plan | CommandOutcome => {
	const refused = refusal(context, 'react')
	if (refused) return refused
	const e = emojiText.parse(emoji)
	if (e === undefined) return { type: 'failed', why: 'a reaction is one emoji' }
	const message = messageOf(context, id)
	if (message === undefined) return NOTHING_TO_DO
	const held = message.reactions.find((reaction) => emojiKey(reaction.emoji) === emojiKey(e))
	if ((held?.isMine ?? false) === isOn) return NOTHING_TO_DO
	const { people } = context.fold
	const { slot, isAboutIt } = reactionSlot(context, id, e)
	// Another device of this person's may have said it too: only a word of its own takes that back.
	const isAlone = people.devicesOf(people.subjectOf(context.me)).length < 2
	const body = !isOn && isAlone && isAboutIt ? null : { m: id, e, on: isOn }
	return { drafts: [{ kind: 'reaction', slot, body }], outcome: done(id) }
}
