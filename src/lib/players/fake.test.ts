import { describe, expect, it } from 'vitest'
import { PLAYER_CONTRACT } from './contract.ts'
import { createFakePlayer } from './fake.ts'
import { createVirtualTime } from './virtual-time.ts'

describe('the fake player keeps the contract', () => {
	const { can } = createFakePlayer({ local: () => 0, after: () => () => undefined, random: () => 0.5 })
	for (const check of PLAYER_CONTRACT.filter(({ holdsFor }) => holdsFor?.(can) !== false))
		it(check.name, async () => {
			const time = createVirtualTime()
			await expect(
				check.run({
					open: async () =>
						createFakePlayer({
							local: time.now,
							after: time.after,
							random: () => 0.5,
							loadMs: 30,
							lagSigmaMs: 0,
						}),
					wait: (ms) => time.advance(ms),
					toleranceS: 0.2,
				}),
			).resolves.toBeUndefined()
		})
})
