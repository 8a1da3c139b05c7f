import { describe, expect, it } from 'vitest'
import type { DeviceId, PeerId } from '#lib/core/units.ts'
import { createBroadcastChannelTransport, TAB_TTL_MS } from './broadcast-channel.ts'
import { describeTransportContract } from './contract.ts'
import { createSimClock } from './sim-clock.ts'
import { createSystemTimers } from './timers.ts'
import type { TransportEvent } from './transport.ts'

const ALICE = 'alice_________________A' as PeerId
const PEERS = ['aliceAAAAAAAAAAAAAAAAA', 'bobbobAAAAAAAAAAAAAAAA'] as const
const DEVICE = 'deviceAAAAAAAAAAAAAAAA' as DeviceId

let roomCount = 0
const sleep = (forMs: number) => new Promise<void>((resolve) => setTimeout(resolve, forMs))

describeTransportContract(
	'BroadcastChannel',
	async () => {
		const name = `contract-${roomCount++}`
		const party = (peer: string) => ({
			peer: peer as PeerId,
			device: DEVICE,
			transport: createBroadcastChannelTransport({
				open: (channelName) => new BroadcastChannel(channelName),
				name,
				device: DEVICE,
				timers: createSystemTimers(globalThis),
			}),
		})
		return {
			alice: party(PEERS[0]),
			bob: party(PEERS[1]),
			waitUntil: async (isDone, limitMs) => {
				const untilMs = performance.now() + limitMs
				while (!isDone() && performance.now() < untilMs) await sleep(5)
				return isDone()
			},
			pass: (forMs) => sleep(Math.min(forMs, 200)),
			close: async () => undefined,
		}
	},
	{ hasBackPressure: false, patienceMs: 10_000 },
)

describe('tabs of one browser', () => {
	/** Channels in memory, so that a tab can vanish or post rubbish. */
	const createTabs = () => {
		const clock = createSimClock()
		const open = new Set<(data: unknown) => void>()
		const createTab = (peer: string) => {
			const events: TransportEvent[] = []
			let fn: ((data: unknown) => void) | undefined
			const transport = createBroadcastChannelTransport({
				open: () => ({
					postMessage: (data) => {
						for (const other of [...open]) if (other !== fn) clock.setTimeout(() => other(data), 1)
					},
					addEventListener: (_, listener) => {
						fn = (data) => listener({ data })
						open.add(fn)
					},
					close: () => void (fn && open.delete(fn)),
				}),
				name: 'tabs',
				device: DEVICE,
				timers: clock,
			})
			transport.on((event) => events.push(event))
			transport.start(peer as PeerId)
			/** As a crash: no bye, and nothing heard or said. */
			const vanish = () => {
				if (fn) open.delete(fn)
				transport.stop()
			}
			return { transport, events, vanish }
		}
		return { clock, createTab, post: (data: unknown) => open.forEach((fn) => fn(data)) }
	}

	it('[TR10] a tab that vanishes without a word is gone after its time to live', async () => {
		const { clock, createTab } = createTabs()
		const alice = createTab(PEERS[0])
		const bob = createTab(PEERS[1])
		await clock.run(100)
		expect(alice.transport.links().length).toBe(1)
		const gone = new Set<unknown>()
		bob.transport.on((event) => gone.add(event))
		bob.vanish()
		await clock.run(TAB_TTL_MS + 30_000)
		expect(alice.transport.links()).toEqual([])
	})

	it('[TR10] what another page posts there and is no message of ours is ignored', async () => {
		const { clock, createTab, post } = createTabs()
		const alice = createTab(PEERS[0])
		await clock.run(10)
		for (const rubbish of [
			null,
			'x',
			5,
			{ v: 1, type: 'hello' },
			{ v: 1, type: 'hello', from: ALICE, device: 'short', to: null },
			{ v: 1, type: 'frame', from: PEERS[1], to: PEERS[0], lane: 'ordered', frame: new Uint8Array(3) },
			{ v: 1, type: 'hello', from: PEERS[1], device: DEVICE, to: null, extra: 1 },
		])
			post(rubbish)
		await clock.run(10)
		expect(alice.events).toEqual([])
	})

	it('[TR10] a tab dropped without blame comes back with its next word', async () => {
		const { clock, createTab } = createTabs()
		const alice = createTab(PEERS[0])
		const bob = createTab(PEERS[1])
		await clock.run(100)
		alice.transport.drop(PEERS[1] as PeerId, 'error')
		await clock.run(100)
		expect(bob.transport.links()).toEqual([])
		await clock.run(45_000)
		expect(alice.transport.links().length).toBe(1)
		expect(bob.transport.links().length).toBe(1)
	})
})
