/** OpenTogetherTube and VideoTogether: more than a second off is sought, everything else is left alone. */
import type { Rule } from './rule-follower.ts'

export const seekIfFar: Rule = {
	name: 'OpenTogetherTube, VideoTogether',
	intervalMs: 250,
	seeksByItself: false,
	begin: () => (look, hands) => {
		if (Math.abs(look.errorMs) > 1_000) hands.seek(look.targetS)
	},
}
