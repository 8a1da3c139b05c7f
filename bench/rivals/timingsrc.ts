/** timingsrc: a rate that would close the gap in half a second, tolerance 25 ms; seeks with the delay it has learned. */
import type { Rule } from './rule-follower.ts'

/** Rates nearer to 1 are ignored by browsers that keep the pitch. */
const DEAF = 882 / 881

export const timingsrc: Rule = {
	name: 'timingsrc',
	intervalMs: 16,
	seeksByItself: true,
	begin: () => {
		let delayS = 0
		let hasSought = false
		return (look, hands) => {
			const offS = Math.abs(look.errorMs) / 1000
			if (hasSought) {
				hasSought = false
				delayS = Math.max(0, delayS + look.errorMs / 1000)
			}
			if (offS > 1) {
				hands.rate(1)
				hands.seek(look.targetS + delayS)
				hasSought = true
			} else if (offS > 0.025) {
				const faster = Math.max(DEAF, (offS + 0.5) / 0.5)
				hands.rate(look.errorMs > 0 ? faster : 1 / faster)
			} else hands.rate(1)
		}
	},
}
