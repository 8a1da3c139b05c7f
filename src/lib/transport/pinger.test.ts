import { expect, it } from 'vitest'
import type { LinkMessage } from '#lib/protocol/peer.ts'
import { createPinger } from './pinger.ts'
import { createSimClock } from './sim-clock.ts'

const setUp = () => {
	const clock = createSimClock()
	const pings: number[] = []
	const pinger = createPinger(clock, (message: LinkMessage) => {
		if (message.type === 'ping') pings.push(message.id)
	})
	/** A tick a second. */
	const live = async (seconds: number, onSecond: () => void = () => undefined) => {
		for (let i = 0; i < seconds; i++) {
			await clock.run(1_000)
			onSecond()
			if (pinger.tick() === 'silent') return 'silent'
		}
		return 'alive'
	}
	return { clock, pings, pinger, live }
}

it('[TR13] pings every 5 s and calls the peer silent after 15 s without any word', async () => {
	const { pings, live } = setUp()
	expect(await live(14)).toBe('alive')
	expect(pings.length).toBe(3)
	expect(await live(2)).toBe('silent')
})

it('[TR13] while the peer speaks, a ping every 20 s is enough', async () => {
	const { pings, pinger, live } = setUp()
	expect(await live(61, () => pinger.hear())).toBe('alive')
	expect(pings.length).toBe(4)
})

it('[TR13] any word keeps the peer alive, pongs or not', async () => {
	const { pinger, live } = setUp()
	expect(await live(120, () => pinger.hear())).toBe('alive')
})

it('[TR13] on a machine whose ticks are late silence is judged by ticks', async () => {
	const { clock, pinger } = setUp()
	let ticks = 0
	do {
		await clock.run(4_000)
		ticks++
	} while (pinger.tick() === 'alive')
	expect(ticks).toBe(10)
})

it('[TR13] after our own sleep the peer gets the time of one more ping to speak', async () => {
	const { clock, pinger, live } = setUp()
	expect(await live(3, () => pinger.hear())).toBe('alive')
	await clock.run(3_600_000)
	expect(pinger.tick()).toBe('alive')
	expect(await live(3)).toBe('alive')
	expect(await live(3)).toBe('silent')
})

it('[TR20] the round trip is the smallest of the last minute; answers nobody asked for do not count', async () => {
	const { clock, pings, pinger } = setUp()
	expect(pinger.rttMs()).toBeNull()
	const trip = async (tookMs: number) => {
		pinger.tick()
		const id = pings.at(-1) ?? -1
		await clock.run(tookMs)
		pinger.hear()
		pinger.takePong(id)
		pinger.takePong(id)
		pinger.takePong(id + 1_000)
		await clock.run(7_000 - tookMs)
	}
	await trip(80)
	await trip(30)
	await trip(50)
	expect(pinger.rttMs()).toBe(30)
	for (let i = 0; i < 9; i++) await trip(60)
	pinger.tick()
	expect(pinger.rttMs()).toBe(60)
})

it('[TR15] a peer that pings more than 20 times a second is too much', async () => {
	const { clock, pinger } = setUp()
	for (let i = 0; i < 20; i++) expect(pinger.countPing()).toBe('fine')
	expect(pinger.countPing()).toBe('too-many')
	await clock.run(1_000)
	expect(pinger.countPing()).toBe('fine')
})
