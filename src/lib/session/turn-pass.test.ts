import { describe, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import type { ChannelMaker, ChannelRequest } from '#lib/transport/channel.ts'
import { createSimClock } from '#lib/transport/sim-clock.ts'
import { createTurnPass } from './turn-pass.ts'

const passOf = (username: string) => ({ urls: ['turn:t'], username, credential: 'c', lifetimeS: 600 })
const request: ChannelRequest = {
	self: 'a' as PeerId,
	peer: 'b' as PeerId,
	role: 'dial',
	sendSignals: () => undefined,
	onOpen: () => undefined,
	onFailed: () => undefined,
}

const setUp = () => {
	const clock = createSimClock()
	const asked: (() => void)[] = []
	const turn = createTurnPass({
		timers: clock,
		localNowMs: () => clock.nowMs(),
		renew: () => new Promise<void>((resolve) => void asked.push(resolve)),
	})
	const begun: { username: string | undefined; received: string[]; isCancelled: boolean }[] = []
	const maker: ChannelMaker = {
		open: () => {
			const one = {
				username: turn.iceServers()[0]?.username,
				received: [] as string[],
				isCancelled: false,
			}
			begun.push(one)
			return {
				receive: (signals) => void one.received.push(...signals),
				cancel: () => {
					one.isCancelled = true
				},
			}
		},
	}
	return { clock, asked, turn, begun, fresh: turn.fresh(maker) }
}

describe('a channel', () => {
	it('[TN4] begins at once while the pass is good, and where there is none', () => {
		const { turn, begun, fresh, asked } = setUp()
		fresh.open(request)
		turn.take(passOf('first'))
		fresh.open(request)
		expect(begun.map(({ username }) => username)).toEqual([undefined, 'first'])
		turn.take(undefined)
		expect(turn.iceServers()).toEqual([])
		expect(asked).toEqual([])
	})

	it('[TN4] waits for a new pass once the last has run out, one question for all that wait, and loses no signal', async () => {
		const { clock, asked, turn, begun, fresh } = setUp()
		turn.take(passOf('first'))
		await clock.run(569_000)
		fresh.open(request)
		expect(begun).toHaveLength(1)
		await clock.run(1_000)
		const [one, two] = [fresh.open(request), fresh.open(request)]
		one.receive(['offer'])
		one.receive(['candidate'])
		expect([begun.length, asked.length]).toEqual([1, 1])
		turn.take(passOf('second'))
		asked[0]?.()
		await clock.run(1)
		one.receive(['more'])
		expect(begun.slice(1)).toEqual([
			{ username: 'second', received: ['offer', 'candidate', 'more'], isCancelled: false },
			{ username: 'second', received: [], isCancelled: false },
		])
		two.cancel()
		expect(begun[2]?.isCancelled).toBe(true)
		await clock.run(10_000)
		expect(begun).toHaveLength(3)
	})

	it('[TN4] is tried with the old pass when no new one comes within 4 s, and not at all once given up', async () => {
		const { clock, asked, turn, begun, fresh } = setUp()
		turn.take(passOf('first'))
		await clock.run(600_000)
		fresh.open(request)
		const givenUp = fresh.open(request)
		await clock.run(3_999)
		expect(begun).toEqual([])
		givenUp.cancel()
		await clock.run(1)
		expect(begun.map(({ username }) => username)).toEqual(['first'])
		asked[0]?.()
		await clock.run(1)
		expect(begun).toHaveLength(1)
		fresh.open(request)
		expect(asked).toHaveLength(2)
	})

	it('[TN4] of a stranger fills no memory while it waits', async () => {
		const { clock, turn, begun, fresh, asked } = setUp()
		turn.take(passOf('first'))
		await clock.run(600_000)
		const one = fresh.open(request)
		for (let i = 0; i < 1_000; i++) one.receive([String(i)])
		asked[0]?.()
		await clock.run(1)
		expect(begun[0]?.received).toHaveLength(32)
	})
})
