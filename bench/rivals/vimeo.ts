/** Vimeo's connector to a timing object: a fifth faster or slower beyond 300 ms, and never back to 1 by itself. */
import type { Rule } from './rule-follower.ts'

export const vimeo: Rule = {
	name: 'Vimeo connector',
	intervalMs: 1_000,
	seeksByItself: true,
	begin: () => (look, hands) => {
		if (Math.abs(look.errorMs) > 1_000) hands.seek(look.targetS)
		else if (Math.abs(look.errorMs) > 300) hands.rate(look.errorMs > 0 ? 1.2 : 0.8)
	},
}
