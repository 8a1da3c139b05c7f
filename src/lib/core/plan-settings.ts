/**
 * Changing the room's name and rules: both stand in one record, and each rule keeps the times for which it stood.
 */
import type { BodyValue } from './body.ts'
import { ringSlot } from './free-slot.ts'
import { CHAT_EVERY_MAX_S, type Bodies } from './kinds.ts'
import { NOTHING_TO_DO, refusal, type Draft, type Plan, type PlanContext, type UndoTag } from './plan.ts'
import { reassertion } from './plan-playback.ts'
import type { Settings } from './roles.ts'
import type { CommandOutcome } from './room.ts'
import { ROOM_TITLE_MAX_CHARS } from './root.ts'
import { INTERVALS_MAX, LIMITED } from './settings.ts'
import { cleanTitle, roomTitleText } from './text.ts'
import type { Millis } from './units.ts'

type Limits = Bodies['settings']['limits']
type SlowTimes = NonNullable<Bodies['settings']['slow']>

const closedAt = <T extends { readonly b?: Millis }>(times: readonly T[], ms: Millis): T[] =>
	times.map((time) => (time.b === undefined ? { ...time, b: ms } : time))

/** Rules that only hold or do not: unlike limits they keep no times. */
const SINGLE = [
	...(['waits', 'pausesOnLeave', 'fetchesTitles', 'keepsHistory'] as const),
	...(['chatEveryS', 'order', 'loop'] as const),
]

/** The limits after `change` made at `ms`. */
export const nextLimits = (
	before: Limits,
	current: Settings,
	change: Partial<Settings>,
	ms: Millis,
): Limits => {
	const next: Limits = {}
	for (const what of LIMITED) {
		const intervals = before[what] ?? []
		const wanted = change[what] ?? current[what]
		const changed =
			wanted === current[what]
				? intervals
				: wanted === 'operators'
					? [...intervals, { a: ms }]
					: closedAt(intervals, ms)
		if (changed.length > 0) next[what] = changed.slice(-INTERVALS_MAX)
	}
	return next
}

/** Slow mode's times after it was set to `wantedS` (0: off) at `ms`. */
export const nextSlow = (before: SlowTimes, currentS: number, wantedS: number, ms: Millis): SlowTimes => {
	if (wantedS === currentS) return before
	const closed = closedAt(before, ms)
	return (wantedS > 0 ? [...closed, { a: ms, s: wantedS }] : closed).slice(-INTERVALS_MAX)
}

/** What a record says of the rules that held before it; defaults are left out where older versions know of none. */
const heldBefore = (settings: Settings): Bodies['settings']['prev'] => {
	const { control, add, reorder, chat, waits, pausesOnLeave, fetchesTitles, keepsHistory } = settings
	const { chatEveryS, order, loop } = settings
	return {
		...{ control, add, reorder, chat, waits },
		onLeave: pausesOnLeave,
		titles: fetchesTitles,
		...(keepsHistory && { history: true }),
		...(order !== 'list' && { order }),
		...(loop !== 'off' && { loop }),
		slow: chatEveryS,
	}
}

/** The whole settings record: the latest alone counts, so what does not change is said again. */
const settingsPlan = (
	context: PlanContext,
	change: Partial<Settings>,
	title: string | undefined,
	what: 'title' | 'settings',
	undo?: UndoTag,
): Plan => {
	const { settings, title: oldTitle, rulesBy, titleBy } = context.fold.settings
	const { chatEveryS, pausesOnLeave, fetchesTitles, keepsHistory } = settings
	const [order, loop] = [change.order ?? settings.order, change.loop ?? settings.loop]
	const limits = nextLimits(rulesBy?.body?.limits ?? {}, settings, change, context.ms)
	const slow = nextSlow(rulesBy?.body?.slow ?? [], chatEveryS, change.chatEveryS ?? chatEveryS, context.ms)
	const body: BodyValue = {
		limits: limits as BodyValue,
		waits: change.waits ?? settings.waits,
		onLeave: (change.pausesOnLeave ?? pausesOnLeave) || undefined,
		titles: (change.fetchesTitles ?? fetchesTitles) ? undefined : false,
		history: (change.keepsHistory ?? keepsHistory) || undefined,
		order: order === 'list' ? undefined : order,
		loop: loop === 'off' ? undefined : loop,
		slow: slow.length > 0 ? slow : undefined,
		rulesAt: what === 'settings' ? context.ms : (rulesBy?.body?.rulesAt ?? 0),
		title: title ?? titleBy?.body?.title,
		titleAt: title === undefined ? titleBy?.body?.titleAt : context.ms,
		what,
		prev: { ...heldBefore(settings), title: roomTitleText.parse(oldTitle) },
		undo: undo && { ...undo },
	}
	const isTightened = change.control === 'operators' && settings.control === 'everyone'
	return {
		drafts: [
			{ kind: 'settings', slot: ringSlot(context, 'settings'), body },
			...(isTightened ? reassertion(context) : []),
		],
	}
}

/** Rules and name as they hold, by another author: nothing changes, also when whoever wrote them forgets them. */
export const saidAgain = (context: PlanContext): Draft => {
	const { rulesBy, titleBy, settings } = context.fold.settings
	const rules = rulesBy?.body
	const body = {
		limits: rules?.limits ?? {},
		waits: settings.waits,
		onLeave: rules?.onLeave,
		titles: rules?.titles,
		history: rules?.history,
		slow: rules?.slow,
		order: rules?.order,
		loop: rules?.loop,
		rulesAt: Math.min(rules?.rulesAt ?? 0, rulesBy?.ms ?? 0),
		title: titleBy?.body?.title,
		titleAt: titleBy?.body?.titleAt && Math.min(titleBy.body.titleAt, titleBy.ms),
		what: 'settings',
		prev: heldBefore(settings),
	}
	return { kind: 'settings', slot: ringSlot(context, 'settings'), body: body }
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
	const { chatEveryS } = change
	if (
		chatEveryS !== undefined &&
		(!Number.isInteger(chatEveryS) || chatEveryS < 0 || chatEveryS > CHAT_EVERY_MAX_S)
	)
		return { type: 'failed', why: `slow mode takes 0 to ${CHAT_EVERY_MAX_S} whole seconds` }
	const now = context.fold.settings.settings
	const all = [...LIMITED, ...SINGLE] as const
	const isNew = all.some((what) => change[what] !== undefined && change[what] !== now[what])
	return isNew ? settingsPlan(context, change, undefined, 'settings', undo) : NOTHING_TO_DO
}

export const planSetBack = (
	context: PlanContext,
	what: 'title' | 'settings',
	prev: Bodies['settings']['prev'],
	undo: UndoTag,
): Plan | CommandOutcome => {
	const { title, slow, onLeave, titles, history, order, loop, ...held } = prev
	if (what === 'settings') {
		const change = {
			...held,
			pausesOnLeave: onLeave ?? false,
			fetchesTitles: titles ?? true,
			keepsHistory: history ?? false,
			chatEveryS: slow ?? 0,
			order: order ?? 'list',
			loop: loop ?? 'off',
		}
		return planSettings(context, change, undo)
	}
	return title === undefined ? NOTHING_TO_DO : planRename(context, title, undo)
}
