/**
 * For tests: a player whose `play()` lets virtual time pass until it is answered, since nothing else does meanwhile.
 */
import type { Player } from '#lib/players/player.ts'
import type { VirtualTime } from '#lib/players/virtual-time.ts'

const STEP_MS = 5
const STEPS = 1_000

export const pumped = (player: Player, time: VirtualTime): Player =>
	Object.create(player, {
		play: {
			value: async () => {
				let isAnswered = false
				const answer = player.play().finally(() => (isAnswered = true))
				for (let step = 0; step < STEPS && !isAnswered; step++) {
					await Promise.resolve()
					if (!isAnswered) await time.advance(STEP_MS)
				}
				return answer
			},
		},
	}) as Player
