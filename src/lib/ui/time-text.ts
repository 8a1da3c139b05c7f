/** Times as people read them and as screen readers say them. English; other languages come with their own file. */
import type { Millis, Seconds } from '#lib/core/units.ts'

const two = (n: number): string => String(n).padStart(2, '0')

/** 724 → "12:04", 3725 → "1:02:05". Nothing known: "–:––". */
export const clockText = (seconds: Seconds | null): string => {
	if (seconds === null || !Number.isFinite(seconds)) return '–:––'
	const s = Math.max(0, Math.floor(seconds))
	const h = Math.floor(s / 3600)
	const m = Math.floor(s / 60) % 60
	return h > 0 ? `${String(h)}:${two(m)}:${two(s % 60)}` : `${String(m)}:${two(s % 60)}`
}

const unit = (n: number, word: string): string => `${String(n)} ${word}${n === 1 ? '' : 's'}`

/** 724 → "12 minutes 4 seconds". */
export const spokenTime = (seconds: Seconds): string => {
	const s = Math.max(0, Math.floor(seconds))
	const parts = [
		[Math.floor(s / 3600), 'hour'],
		[Math.floor(s / 60) % 60, 'minute'],
		[s % 60, 'second'],
	] as const
	const said = parts.filter(([n]) => n > 0).map(([n, word]) => unit(n, word))
	return said.length > 0 ? said.join(' ') : '0 seconds'
}

/** The length of several videos: "1 h 2 min", "4 min", "40 s". */
export const lengthText = (seconds: Seconds): string => {
	const minutes = Math.round(seconds / 60)
	if (seconds < 60) return `${String(Math.round(seconds))} s`
	if (minutes < 60) return `${String(minutes)} min`
	return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`
}

/** Time of day on this device, 24 hours: "20:16". */
export const dayTime = (atMs: Millis): string => {
	const date = new Date(atMs)
	return `${two(date.getHours())}:${two(date.getMinutes())}`
}

const DAY_MS = 24 * 60 * 60 * 1000
const midnight = (ms: Millis): Millis => new Date(ms).setHours(0, 0, 0, 0)

/** "Today", "Yesterday", "Last Thursday", "2 November", "2 November 2025". */
export const dayText = (atMs: Millis, nowMs: Millis): string => {
	// Rounded, for a day with a clock change has 23 or 25 hours.
	const days = Math.round((midnight(nowMs) - midnight(atMs)) / DAY_MS)
	if (days <= 0) return 'Today'
	if (days === 1) return 'Yesterday'
	const date = new Date(atMs)
	if (days < 7) return `Last ${date.toLocaleDateString('en', { weekday: 'long' })}`
	const day = `${String(date.getDate())} ${date.toLocaleDateString('en', { month: 'long' })}`
	return date.getFullYear() === new Date(nowMs).getFullYear() ? day : `${day} ${String(date.getFullYear())}`
}

/** Signed seconds with two decimals and a real minus: "−0.04 s", "+0.31 s", "0.00 s". */
export const driftText = (driftS: Seconds): string => {
	const shown = Math.abs(driftS).toFixed(2)
	if (Number(shown) === 0) return '0.00 s'
	return `${driftS < 0 ? '−' : '+'}${shown} s`
}

/** "0.04 seconds behind", "in step". */
export const spokenDrift = (driftS: Seconds): string => {
	const shown = Math.abs(driftS).toFixed(2)
	return Number(shown) === 0 ? 'in step' : `${shown} seconds ${driftS < 0 ? 'behind' : 'ahead'}`
}

/** "Ana", "Ana and Bo", "Ana, Bo and Tomas". */
export const listText = (names: readonly string[]): string => {
	const last = names.at(-1)
	if (last === undefined) return ''
	return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}
