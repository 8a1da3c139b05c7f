/** How far somebody is from the room's moment, in words; null where nobody knows. */
import { extensionWords } from '#lib/words/extension.ts'
import { formatNumber } from '#lib/words/number-words.ts'

const IN_STEP_S = 0.05

/** `driftS`: behind is negative. */
export const driftText = (driftS: number | null): string | null => {
	if (driftS === null) return null
	const words = extensionWords()
	const away = Math.abs(driftS)
	if (away < IN_STEP_S) return words.inStep
	const seconds = formatNumber(away, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
	return driftS < 0 ? words.behind(seconds) : words.ahead(seconds)
}
