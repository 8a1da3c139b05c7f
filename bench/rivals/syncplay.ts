/** Syncplay: slows down when far ahead, goes back when very far ahead, goes on when long and far behind. */
import type { Rule } from './rule-follower.ts'

export const syncplay: Rule = {
	name: 'Syncplay',
	intervalMs: 100,
	seeksByItself: false,
	begin: () => {
		let isSlow = false
		let behindSinceMs: number | null = null
		return (look, hands) => {
			const aheadMs = -look.errorMs
			if (aheadMs > 4_000) return hands.seek(look.targetS)
			if (aheadMs > 1_500) isSlow = true
			else if (aheadMs < 100) isSlow = false
			hands.rate(isSlow ? 0.95 : 1)
			if (look.errorMs <= 1_750) behindSinceMs = null
			else behindSinceMs ??= look.localMs
			const isLong = behindSinceMs !== null && look.localMs - behindSinceMs > 3_250
			if (isLong && look.errorMs > 5_000) hands.seek(look.targetS + 0.25)
		}
	},
}
