/**
 * The mesh over real data channels (@roamhq/wrtc) with real keys.
 */
import { describe, expect, it } from 'vitest'
import type { ChannelMaker } from '#lib/transport/channel.ts'
import { describeTransportContract } from '#lib/transport/contract.ts'
import type { TransportEvent } from '#lib/transport/transport.ts'
import { createWrtcRoom, cryptoRandom, sleep, waitUntil } from '../support/wrtc.ts'

describeTransportContract(
	'mesh over data channels',
	async () => {
		const room = createWrtcRoom()
		const [alice, bob] = [await room.createPeer(), await room.createPeer()]
		return {
			alice,
			bob,
			waitUntil,
			pass: (forMs) => sleep(Math.min(forMs, 1_000)),
			close: async () => {
				alice.signaling.stop()
				bob.signaling.stop()
			},
		}
	},
	// A quick network may take 8 MB as fast as they are pushed; the simulated ones always make somebody wait.
	{ hasBackPressure: false, patienceMs: 15_000 },
)

const createPair = async (options: Parameters<typeof createWrtcRoom>[0] = {}) => {
	const room = createWrtcRoom(options)
	const peers = await Promise.all([room.createPeer(), room.createPeer()])
	const heard = peers.map(({ transport }) => {
		const events: TransportEvent[] = []
		transport.on((event) => events.push(event))
		return events
	})
	for (const { transport, peer } of peers) transport.start(peer)
	const stop = () => {
		for (const { transport, signaling } of peers) {
			transport.stop()
			signaling.stop()
		}
	}
	return { room, peers, heard, stop }
}

describe('data channels', () => {
	it('[TR12] one side drops the link, signals take 100 ms: bytes flow again', async () => {
		const { peers, heard, stop } = await createPair({ signalingDelayMs: 100 })
		const [alice, bob] = peers
		const count = (events: TransportEvent[] | undefined, type: string) =>
			events?.filter((event) => event.type === type).length ?? 0
		expect(await waitUntil(() => heard.every((events) => count(events, 'peer-up') === 1), 10_000)).toBe(true)
		alice.transport.drop(bob.peer, 'error')
		expect(await waitUntil(() => heard.every((events) => count(events, 'peer-up') === 2), 15_000)).toBe(true)
		alice.transport.send(Uint8Array.of(1), bob.peer, 'ordered')
		bob.transport.send(Uint8Array.of(2), alice.peer, 'ordered')
		expect(await waitUntil(() => heard.every((events) => count(events, 'frame') === 1), 5_000)).toBe(true)
		stop()
	})

	it('[TR15] somebody in the middle, or with another key, is refused', async () => {
		const swap = (channels: ChannelMaker): ChannelMaker => ({
			open: (request) =>
				channels.open({
					...request,
					onOpen: (channel) => request.onOpen({ ...channel, binding: cryptoRandom.bytes(64) }),
				}),
		})
		const room = createWrtcRoom()
		const alice = await room.createPeer()
		const mallory = await room.createPeer({ wrapChannels: swap })
		const eve = await room.createPeer({ roomKey: cryptoRandom.bytes(32) })
		for (const { transport, peer } of [alice, mallory, eve]) transport.start(peer)
		expect(await waitUntil(() => alice.transport.counts.proofsFailed >= 2, 10_000)).toBe(true)
		expect(alice.transport.links()).toEqual([])
		for (const { transport, signaling } of [alice, mallory, eve]) {
			transport.stop()
			signaling.stop()
		}
	})

	it('[TR17] a pair meets with at most four signaling frames in and four out', async () => {
		const { room, peers, stop } = await createPair()
		expect(
			await waitUntil(() => peers.every(({ transport }) => transport.links().length === 1), 10_000),
		).toBe(true)
		// Two joins in; two rosters and one newcomer out: the rest are signals.
		const { framesIn, framesOut } = room.switchboard.counts
		expect(framesIn - 2).toBeLessThanOrEqual(4)
		expect(framesOut - 3).toBeLessThanOrEqual(4)
		stop()
	})
})
