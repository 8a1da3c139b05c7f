/** MediaSync (webtiming): mean of three looks, a rate in proportion with a gain and a cap for each distance. */
import type { Rule } from './rule-follower.ts'

const STEPS = [
	{ overS: 0.5, gain: 0.75, cap: 0.5 },
	{ overS: 0.1, gain: 0.75, cap: 0.4 },
	{ overS: 0.025, gain: 0.6, cap: 0.3 },
	{ overS: 0, gain: 0.07, cap: 0.02 },
] as const
const SKIP_GAP_MS = 150
const THRASH_MS = 1_500

export const mediaSync: Rule = {
	name: 'MediaSync',
	intervalMs: 100,
	seeksByItself: true,
	begin: () => {
		let looks: number[] = []
		let adjustS = 0
		let skippedMs = -Infinity
		let quickSkips = 0
		let targetS = 0.025
		let isLanding = false
		return (look, hands) => {
			looks = [...looks, look.errorMs / 1000].slice(-3)
			if (isLanding) {
				isLanding = false
				adjustS += look.errorMs / 1000
			}
			if (looks.length < 3) return
			const offS = looks.reduce((sum, value) => sum + value, 0) / 3
			if (Math.abs(offS) > 1) {
				if (look.localMs - skippedMs < SKIP_GAP_MS) return
				quickSkips = look.localMs - skippedMs < THRASH_MS ? quickSkips + 1 : 0
				if (quickSkips > 3) targetS = Math.min(1, targetS * 2)
				skippedMs = look.localMs
				looks = []
				isLanding = true
				hands.rate(1)
				hands.seek(look.targetS + adjustS)
				return
			}
			const step = STEPS.find(({ overS }) => Math.abs(offS) > (overS === 0.025 ? targetS : overS)) ?? STEPS[3]
			hands.rate(1 + Math.max(-step.cap, Math.min(step.cap, step.gain * offS)))
		}
	},
}
