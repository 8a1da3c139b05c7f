/** Times as people read them and as screen readers say them, in the language in force. */
import type { Millis, Seconds } from '#lib/core/units.ts'
import { formatList } from '#lib/words/number-words.ts'
import { timesWords } from '#lib/words/times.ts'

export { dayText } from '#lib/words/day-words.ts'

const two = (n: number): string => String(n).padStart(2, '0')

/** 724 → "12:04", 3725 → "1:02:05". Nothing known: "–:––". */
export const clockText = (seconds: Seconds | null): string => {
	if (seconds === null || !Number.isFinite(seconds)) return '–:––'
	const s = Math.max(0, Math.floor(seconds))
	const h = Math.floor(s / 3600)
	const m = Math.floor(s / 60) % 60
	return h > 0 ? `${String(h)}:${two(m)}:${two(s % 60)}` : `${String(m)}:${two(s % 60)}`
}

/** 724 → "12 minutes 4 seconds". */
export const spokenTime = (seconds: Seconds): string => {
	const s = Math.max(0, Math.floor(seconds))
	return timesWords().spoken(Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60)
}

/** The length of several videos: "1 h 2 min", "4 min", "40 s". */
export const lengthText = (seconds: Seconds): string => {
	const words = timesWords()
	const minutes = Math.round(seconds / 60)
	if (seconds < 60) return words.seconds(Math.round(seconds))
	if (minutes < 60) return words.minutes(minutes)
	return words.hoursMinutes(Math.floor(minutes / 60), minutes % 60)
}

/** Time of day on this device, 24 hours: "20:16". */
export const dayTime = (atMs: Millis): string => {
	const date = new Date(atMs)
	return `${two(date.getHours())}:${two(date.getMinutes())}`
}

/** Signed seconds with two decimals and a real minus: "−0.04 s", "+0.31 s", "0.00 s". */
export const driftText = (driftS: Seconds): string => {
	const { seconds } = timesWords()
	const shown = Math.abs(driftS).toFixed(2)
	if (Number(shown) === 0) return seconds('0.00')
	return seconds(`${driftS < 0 ? '−' : '+'}${shown}`)
}

/** "0.04 seconds behind", "in step". */
export const spokenDrift = (driftS: Seconds): string => {
	const words = timesWords()
	const shown = Math.abs(driftS).toFixed(2)
	if (Number(shown) === 0) return words.inStep
	return driftS < 0 ? words.behind(shown) : words.ahead(shown)
}

/** "Ana", "Ana and Bo", "Ana, Bo and Tomas". */
export const listText = (names: readonly string[]): string => formatList(names)
