/**
 * Days as people say them, by this device's clock and time zone.
 */
import { formatDate } from './number-words.ts'
import { timesWords } from './times.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const midnight = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0)

/**
 * "Today", "Yesterday", "Last Thursday", "2 November", "2 November 2025"; in the midst of a sentence "today", "last
 * Thursday".
 */
export const dayText = (atMs: number, nowMs: number, where: 'alone' | 'amidst' = 'alone'): string => {
	const words = timesWords()
	const near = where === 'alone' ? words : words.amidst
	// Rounded, for a day with a clock change has 23 or 25 hours.
	const days = Math.round((midnight(nowMs) - midnight(atMs)) / DAY_MS)
	if (days <= 0) return near.today
	if (days === 1) return near.yesterday
	if (days < 7) return near.lastDay(formatDate(atMs, { weekday: 'long' }))
	const date = new Date(atMs)
	const year = date.getFullYear()
	return words.date({
		day: date.getDate(),
		month: date.getMonth() + 1,
		monthName: formatDate(atMs, { month: 'long' }),
		year: year === new Date(nowMs).getFullYear() ? null : year,
	})
}
