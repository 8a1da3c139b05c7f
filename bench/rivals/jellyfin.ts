/** Jellyfin SyncPlay with its correction turned on (it comes turned off): one burst of another speed, then a rest. */
import type { Rule } from './rule-follower.ts'

const REST_MS = 1_500
const BURST_MS = 1_000
const SLOWEST = 0.2

export const jellyfin: Rule = {
	name: 'Jellyfin (correction on)',
	intervalMs: 50,
	seeksByItself: false,
	begin: () => {
		let lastMs = -Infinity
		let burstUntilMs: number | null = null
		return (look, hands) => {
			if (burstUntilMs !== null) {
				if (look.localMs < burstUntilMs) return
				burstUntilMs = null
				hands.rate(1)
			}
			if (look.localMs - lastMs < REST_MS || look.playingForMs < REST_MS) return
			const off = Math.abs(look.errorMs)
			if (off >= 60 && off < 3_000) {
				const isTooSlow = look.errorMs <= -BURST_MS * SLOWEST
				const forMs = isTooSlow ? off / (1 - SLOWEST) : BURST_MS
				hands.rate(1 + look.errorMs / forMs)
				burstUntilMs = look.localMs + forMs
				lastMs = look.localMs
			} else if (off >= 400) {
				hands.seek(look.targetS)
				lastMs = look.localMs
			}
		}
	},
}
