/** Slow mode's step in words: 10 → "10 s", 300 → "5 min"; what is no whole minute stays in seconds. */
import type { Seconds } from '#lib/core/units.ts'
import { timesWords } from '#lib/words/times.ts'

export const everyText = (seconds: Seconds): string =>
	seconds >= 60 && seconds % 60 === 0 ? timesWords().minutes(seconds / 60) : timesWords().seconds(seconds)
