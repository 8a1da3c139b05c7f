/**
 * The room's rules and its name, as the latest of those who may write them has them. A device has one slot for both,
 * so each says when it was changed, and neither takes the other along. Each limit remembers the times for which it
 * stood, so that what people did before a rule was made tighter stays done.
 */
import type { Bodies } from './kinds.ts'
import { compareRecords, type RecordOf } from './records.ts'
import { DEFAULT_SETTINGS, type Audience, type Settings } from './roles.ts'
import type { Millis } from './units.ts'

export const LIMITED = ['control', 'add', 'reorder', 'chat'] as const
export type Limited = (typeof LIMITED)[number]
type SettingsBody = Bodies['settings']
type Limits = SettingsBody['limits']
type SlowTimes = NonNullable<SettingsBody['slow']>

/** As many changes of mind as one record remembers. */
export const INTERVALS_MAX = 8

type Rules = Pick<
	SettingsBody,
	'limits' | 'waits' | 'slow' | 'onLeave' | 'titles' | 'history' | 'order' | 'loop'
>

type SettingsRecord = RecordOf<'settings'>

export interface SettingsFold {
	readonly settings: Settings
	readonly title: string
	/** Whose word the rules are, and the name. */
	readonly rulesBy: SettingsRecord | null
	readonly titleBy: SettingsRecord | null
	readonly counted: readonly SettingsRecord[]
	/** The rules for something done at that time. */
	at(ms: Millis): Settings
}

const isLimited = (intervals: Limits[Limited], ms: Millis): boolean =>
	intervals?.some(({ a, b }) => ms >= a && (b === undefined || ms < b)) ?? false

/** Of several at one time, the one that began last. */
const chatEveryAt = (times: SlowTimes | undefined, ms: Millis): number =>
	times?.reduce<SlowTimes[number] | null>(
		(best, time) =>
			ms >= time.a && (time.b === undefined || ms < time.b) && time.a >= (best?.a ?? 0) ? time : best,
		null,
	)?.s ?? 0

const settingsAt = (rules: Rules, ms: Millis): Settings => {
	const { limits, waits, slow, onLeave, titles, history, order, loop } = rules
	const audience = (what: Limited): Audience => (isLimited(limits[what], ms) ? 'operators' : 'everyone')
	return Object.freeze({
		control: audience('control'),
		add: audience('add'),
		reorder: audience('reorder'),
		chat: audience('chat'),
		waits,
		pausesOnLeave: onLeave ?? false,
		fetchesTitles: titles ?? true,
		keepsHistory: history ?? false,
		chatEveryS: chatEveryAt(slow, ms),
		order: order ?? 'list',
		loop: loop ?? 'off',
	})
}

/** The rules as a record leaves them. */
export const lastSettingsIn = (rules: Rules): Settings => settingsAt(rules, Number.MAX_SAFE_INTEGER)

/**
 * The record with the latest time. Of several with one time, the last that made the change; where only repetitions
 * of it are left, the first.
 */
const latest = (
	records: readonly SettingsRecord[],
	what: SettingsBody['what'],
	timeOf: (body: SettingsBody) => Millis | undefined,
): SettingsRecord | null => {
	let best: SettingsRecord | null = null
	let bestMs = -1
	for (const record of records) {
		const claimed = record.body === null ? undefined : timeOf(record.body)
		if (claimed === undefined) continue
		// Nobody changed anything later than they say they wrote it.
		const ms = Math.min(claimed, record.ms)
		if (ms > bestMs || (ms === bestMs && record.body?.what === what)) [best, bestMs] = [record, ms]
	}
	return best
}

export const foldSettings = (
	records: readonly SettingsRecord[],
	mayChange: (record: SettingsRecord) => boolean,
	founded: { readonly title: string },
): SettingsFold => {
	const counted = records.filter((record) => record.body !== null && mayChange(record)).sort(compareRecords)
	const rulesBy = latest(counted, 'settings', ({ rulesAt }) => rulesAt)
	const titleBy = latest(counted, 'title', ({ title, titleAt }) =>
		title === undefined ? undefined : titleAt,
	)
	const title = titleBy?.body?.title ?? founded.title
	const rules = rulesBy?.body
	if (!rules)
		return { settings: DEFAULT_SETTINGS, title, rulesBy, titleBy, counted, at: () => DEFAULT_SETTINGS }
	const now = lastSettingsIn(rules)
	const hasTimes =
		(rules.slow?.length ?? 0) > 0 || LIMITED.some((what) => (rules.limits[what]?.length ?? 0) > 0)
	const at = hasTimes ? (ms: Millis) => settingsAt(rules, ms) : () => now
	return { settings: now, title, rulesBy, titleBy, counted, at }
}
