/** WatchParty: whoever is behind hurries a little; nobody ever slows down or seeks. */
import type { Rule } from './rule-follower.ts'

export const watchParty: Rule = {
	name: 'WatchParty',
	intervalMs: 1_000,
	seeksByItself: false,
	begin: () => (look, hands) => {
		hands.rate(look.errorMs > 500 ? Math.min(1.1, 1 + (0.01 * look.errorMs) / 100) : 1)
	},
}
