/**
 * The room's rules and its name: the latest record of somebody who may write them. Each limit remembers the times
 * for which it stood, so that what people did before a rule was made tighter stays done.
 */
import type { Bodies } from './kinds.ts'
import { compareRecords, type RecordOf } from './records.ts'
import { DEFAULT_SETTINGS, type Audience, type Settings } from './roles.ts'
import type { Millis } from './units.ts'

export const LIMITED = ['control', 'add', 'reorder', 'chat'] as const
export type Limited = (typeof LIMITED)[number]
type SettingsBody = Bodies['settings']
type Limits = SettingsBody['limits']

/** As many changes of mind as one record remembers. */
const INTERVALS_MAX = 8

export interface SettingsFold {
	readonly settings: Settings
	readonly title: string
	readonly winner: RecordOf<'settings'> | null
	readonly counted: readonly RecordOf<'settings'>[]
	/** The rules for something done at that time. */
	at(ms: Millis): Settings
}

const isLimited = (intervals: Limits[Limited], ms: Millis): boolean =>
	intervals?.some(({ a, b }) => ms >= a && (b === undefined || ms < b)) ?? false

const settingsAt = (limits: Limits, waits: boolean, ms: Millis): Settings => {
	const audience = (what: Limited): Audience => (isLimited(limits[what], ms) ? 'operators' : 'everyone')
	return Object.freeze({
		control: audience('control'),
		add: audience('add'),
		reorder: audience('reorder'),
		chat: audience('chat'),
		waits,
	})
}

export const foldSettings = (
	records: readonly RecordOf<'settings'>[],
	mayChange: (record: RecordOf<'settings'>) => boolean,
	founded: { readonly title: string },
): SettingsFold => {
	const counted = records.filter((record) => record.body !== null && mayChange(record)).sort(compareRecords)
	const winner = counted.at(-1) ?? null
	const body = winner?.body
	if (!winner || !body) {
		return {
			settings: DEFAULT_SETTINGS,
			title: founded.title,
			winner: null,
			counted,
			at: () => DEFAULT_SETTINGS,
		}
	}
	const { limits, waits } = body
	const now = settingsAt(limits, waits, Number.MAX_SAFE_INTEGER)
	const hasLimits = LIMITED.some((what) => (limits[what]?.length ?? 0) > 0)
	return {
		settings: now,
		title: body.title ?? founded.title,
		winner,
		counted,
		at: hasLimits ? (ms) => settingsAt(limits, waits, ms) : () => now,
	}
}

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
					: intervals.map((interval) => (interval.b === undefined ? { ...interval, b: ms } : interval))
		if (changed.length > 0) next[what] = changed.slice(-INTERVALS_MAX)
	}
	return next
}
