import { afterEach, describe, expect, it } from 'vitest'
import { createSimClock } from '#lib/transport/sim-clock.ts'
import { createTwoMembers, type TwoMembers } from './two-members.ts'

let members: TwoMembers
afterEach(() => members.stop())

const begin = async () => {
	const clock = createSimClock({ startMs: 0 })
	members = createTwoMembers({ timers: clock, wallNowMs: () => 1_800_000_000_000, seed: 7 })
	await clock.run(5_000)
	await members.whenReady
	await clock.run(2_000)
	return clock
}
const errors = () => members.now().map(({ errorMs }) => Math.abs(errorMs))

describe('the playground’s two members', () => {
	it('[DV1] keep step over a slow, lossy network, with a clock that is off and a player that runs fast', async () => {
		const clock = await begin()
		members.setNetwork({ delayMs: 150, jitterMs: 60, lossRate: 0.05 })
		members.setSkew(1, 300)
		expect(await members.play(0)).toBeNull()
		await clock.run(30_000)
		expect(members.now().map(({ doing }) => doing)).toEqual(['tracking', 'tracking'])
		expect(Math.max(...errors())).toBeLessThan(40)
		expect(await members.seek(1, 600)).toBeNull()
		await clock.run(10_000)
		expect(members.now().every(({ positionS }) => positionS > 605)).toBe(true)
		expect(Math.max(...errors())).toBeLessThan(40)
	})

	it('[DV1] a set-back is repaired, and what is said apart is merged', async () => {
		const clock = await begin()
		await members.play(0)
		await clock.run(8_000)
		members.setBack(1, 400)
		expect(Math.max(...errors())).toBeGreaterThan(300)
		await clock.run(8_000)
		expect(Math.max(...errors())).toBeLessThan(40)
		members.setApart(true)
		expect(await members.say(0, 'Are you there?')).toBeNull()
		expect(await members.pause(1)).toBeNull()
		await clock.run(20_000)
		expect(members.now().map(({ chat }) => chat.length)).toEqual([1, 0])
		members.setApart(false)
		await clock.run(20_000)
		expect(members.now().map(({ chat }) => chat)).toEqual([['Are you there?'], ['Are you there?']])
		expect(members.now().map(({ doing }) => doing)).toEqual(['paused', 'paused'])
	})
})
