/** Times, lengths and days. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

export interface DayOfYear {
	readonly day: number
	/** From 1. */
	readonly month: number
	readonly monthName: string
	/** Null: this one. */
	readonly year: number | null
}

const unit = (n: number, one: string): string => `${String(n)} ${plural(n, { one, other: `${one}s` })}`

const english = {
	/** As screen readers say it; parts of 0 are left out. */
	spoken: (hours: number, minutes: number, seconds: number): string =>
		[
			hours > 0 ? unit(hours, 'hour') : '',
			minutes > 0 ? unit(minutes, 'minute') : '',
			seconds > 0 || hours + minutes === 0 ? unit(seconds, 'second') : '',
		]
			.filter((part) => part !== '')
			.join(' '),
	seconds: (seconds: string | number) => `${String(seconds)} s`,
	minutes: (minutes: number) => `${String(minutes)} min`,
	hoursMinutes: (hours: number, minutes: number) => `${String(hours)} h ${String(minutes)} min`,
	today: 'Today',
	yesterday: 'Yesterday',
	/** A day of the last week. */
	lastDay: (weekday: string) => `Last ${weekday}`,
	/** In the midst of a sentence. */
	amidst: {
		today: 'today',
		yesterday: 'yesterday',
		lastDay: (weekday: string) => `last ${weekday}`,
	},
	date: ({ day, monthName, year }: DayOfYear) =>
		`${String(day)} ${monthName}${year === null ? '' : ` ${String(year)}`}`,
	dayAt: (day: string, time: string) => `${day}, ${time}`,
	inStep: 'in step',
	behind: (seconds: string) => `${seconds} seconds behind`,
	ahead: (seconds: string) => `${seconds} seconds ahead`,
	/** When to try again. */
	inSeconds: (seconds: number) => `in ${String(seconds)} s`,
	inMinutes: (minutes: number) => `in ${String(minutes)} minutes`,
	inHours: (hours: number) => `in ${String(hours)} hours`,
}
export type TimesWords = typeof english
export const timesWords = subject('times', english)
