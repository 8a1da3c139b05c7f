/**
 * Introducing oneself, the room's name and rules, roles, chat, and the evidence against a forked device.
 */
import type { BodyValue } from './body.ts'
import { nextGrant } from './grants.ts'
import { isDue } from './hlc.ts'
import { KINDS, type Bodies } from './kinds.ts'
import { NOTHING_TO_DO, refusal, type Draft, type Plan, type PlanContext, type UndoTag } from './plan.ts'
import { reassertion } from './plan-playback.ts'
import type { ParsedRecord } from './records.ts'
import { can, ROLES, type Role, type Settings } from './roles.ts'
import type { CommandOutcome } from './room.ts'
import { ROOM_TITLE_MAX_CHARS } from './root.ts'
import { LIMITED, nextLimits } from './settings.ts'
import { forkSlot, grantSlot, modSlot, ringSlot } from './slots.ts'
import { CHAT_MAX_CHARS, cleanChat, cleanName, cleanTitle, NAME_MAX_CHARS, roomTitleText } from './text.ts'
import type { DeviceId, MessageId, Millis, Seconds, SubjectId } from './units.ts'

export const planIntroduce = (
	context: PlanContext,
	publicKey: Uint8Array,
	profile: { readonly name: string; readonly token: string | null },
): Plan | CommandOutcome => {
	const name = cleanName(profile.name)
	if (name.length > NAME_MAX_CHARS) return { type: 'too-big', what: 'name', limit: NAME_MAX_CHARS }
	if (name === '') return { type: 'failed', why: 'a name has at least one visible character' }
	const own = context.own('id', 0)
	const before = own?.kind === 'id' ? own.body : null
	const isNewToken = profile.token !== null && profile.token !== before?.token
	if (before?.name === name && !isNewToken) return NOTHING_TO_DO
	const body = (seq: number): BodyValue => ({
		key: publicKey,
		name,
		// Offline there is no new token: the one shown before still says who this is.
		token: isNewToken ? (profile.token ?? undefined) : before?.token,
		tokenAt: isNewToken ? context.ms : before?.tokenAt,
		since: before?.since ?? context.ms,
		first: before?.first ?? seq,
	})
	return { drafts: [{ kind: 'id', slot: 0, body }] }
}

/** The whole settings record: it is one slot, so what does not change is said again. */
const settingsPlan = (
	context: PlanContext,
	change: Partial<Settings>,
	title: string | undefined,
	what: 'title' | 'settings',
	undo?: UndoTag,
): Plan => {
	const { settings, title: oldTitle, rulesBy, titleBy } = context.fold.settings
	const limits = nextLimits(rulesBy?.body?.limits ?? {}, settings, change, context.ms)
	const body: BodyValue = {
		limits: limits as BodyValue,
		waits: change.waits ?? settings.waits,
		rulesAt: what === 'settings' ? context.ms : (rulesBy?.body?.rulesAt ?? 0),
		title: title ?? titleBy?.body?.title,
		titleAt: title === undefined ? titleBy?.body?.titleAt : context.ms,
		what,
		prev: { ...settings, title: roomTitleText.parse(oldTitle) },
		undo: undo && { ...undo },
	}
	const isTightened = change.control === 'operators' && settings.control === 'everyone'
	return {
		drafts: [{ kind: 'settings', slot: 0, body }, ...(isTightened ? reassertion(context) : [])],
	}
}

export const planRename = (context: PlanContext, title: string, undo?: UndoTag): Plan | CommandOutcome => {
	const refused = refusal(context, 'rename-room')
	if (refused) return refused
	const cleaned = cleanTitle(title)
	if (cleaned.length > ROOM_TITLE_MAX_CHARS)
		return { type: 'too-big', what: 'title', limit: ROOM_TITLE_MAX_CHARS }
	if (cleaned === '') return { type: 'failed', why: 'a title has at least one visible character' }
	if (cleaned === context.fold.settings.title) return NOTHING_TO_DO
	return settingsPlan(context, {}, cleaned, 'title', undo)
}

export const planSettings = (
	context: PlanContext,
	change: Partial<Settings>,
	undo?: UndoTag,
): Plan | CommandOutcome => {
	const refused = refusal(context, 'change-settings')
	if (refused) return refused
	const now = context.fold.settings.settings
	const isNew =
		LIMITED.some((what) => change[what] !== undefined && change[what] !== now[what]) ||
		(change.waits !== undefined && change.waits !== now.waits)
	return isNew ? settingsPlan(context, change, undefined, 'settings', undo) : NOTHING_TO_DO
}

export const planSetBack = (
	context: PlanContext,
	what: 'title' | 'settings',
	prev: Bodies['settings']['prev'],
	undo: UndoTag,
): Plan | CommandOutcome => {
	const { title, ...settings } = prev
	if (what === 'settings') return planSettings(context, settings, undo)
	return title === undefined ? NOTHING_TO_DO : planRename(context, title, undo)
}

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
