/** Figures as people read them: milliseconds, distances, bytes. */
import type { Millis } from '#lib/core/units.ts'
import { inStepWords } from '#lib/words/in-step.ts'
import { formatNumber } from '#lib/words/number-words.ts'
import { statsWords } from '#lib/words/stats.ts'

/** "4.2 ms", "31 ms"; "–" for nothing. */
export const msText = (ms: Millis | null): string =>
	ms === null
		? '–'
		: inStepWords().ms(
				`${ms < 0 ? '−' : ''}${Math.abs(ms) < 10 ? Math.abs(ms).toFixed(1) : String(Math.round(Math.abs(ms)))}`,
			)

/** "in step", "1800 ms behind"; `driftMs`: + = behind. */
export const distanceText = (driftMs: Millis | null): string => {
	const words = inStepWords()
	if (driftMs === null) return '–'
	if (Math.abs(driftMs) < 0.5) return words.inStep
	return (driftMs > 0 ? words.behind : words.ahead)(msText(Math.abs(driftMs)))
}

/** In thousands: "512 B", "48.2 KB", "1.3 MB". */
export const bytesText = (bytes: number): string => {
	const words = statsWords()
	const tenth = (value: number): string => formatNumber(value, { maximumFractionDigits: 1 })
	if (bytes < 1_000) return words.bytes(String(bytes))
	return bytes < 1_000_000 ? words.kilobytes(tenth(bytes / 1_000)) : words.megabytes(tenth(bytes / 1_000_000))
}
