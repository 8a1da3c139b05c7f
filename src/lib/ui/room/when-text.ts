/** A moment as the second half of a sentence. */
import type { Millis } from '#lib/core/units.ts'
import { timesWords } from '#lib/words/times.ts'
import { dayText, dayTime } from '../time-text.ts'

/** Today only the time, "20:16"; before that with its day, "Yesterday, 20:16". */
export const whenText = (atMs: Millis, nowMs: Millis): string => {
	const day = dayText(atMs, nowMs)
	return day === dayText(nowMs, nowMs) ? dayTime(atMs) : timesWords().dayAt(day, dayTime(atMs))
}
