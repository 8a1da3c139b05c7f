/**
 * The real mesh on a simulated network: what it does when peers come, go, vanish, lie and hold the wrong key.
 */
import { describe, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import type { ChannelMaker } from '#lib/transport/channel.ts'
import { describeTransportContract } from '#lib/transport/contract.ts'
import { FULL_MESH_MAX, LINKS_MAX } from '#lib/transport/overlay.ts'
import { createMeshRoom, type MeshPeer, type MeshRoom } from '../support/mesh-room.ts'

describeTransportContract(
	'mesh over memory channels',
	async () => {
		const room = createMeshRoom({ seed: 1 })
		const party = () => {
			const { peer, device, mesh } = room.addPeer({ isStarted: false })
			return { peer, device, transport: mesh }
		}
		return {
			alice: party(),
			bob: party(),
			waitUntil: (isDone, limitMs) => room.clock.runUntil(isDone, limitMs),
			pass: (forMs) => room.clock.run(forMs),
			close: async () => undefined,
		}
	},
	{ hasBackPressure: true, patienceMs: 20_000 },
)

const downsOf = (peer: MeshPeer) => peer.events.filter((event) => event.type === 'peer-down')
const framesOf = (peer: MeshPeer) =>
	peer.events.flatMap((event) => (event.type === 'frame' ? [event.frame[0] ?? -1] : []))

/** Lower id first: the one who dials. */
const createPair = async (room: MeshRoom) => {
	const [a, b] = [room.addPeer(), room.addPeer()]
	await room.clock.run(2_000)
	return a.peer < b.peer ? { dialer: a, accepter: b } : { dialer: b, accepter: a }
}

/** Bytes both ways, not flags. */
const expectBytesToFlow = async (room: MeshRoom, a: MeshPeer, b: MeshPeer) => {
	const [beforeA, beforeB] = [framesOf(a).length, framesOf(b).length]
	expect(a.mesh.send(Uint8Array.of(1), b.peer, 'ordered')).toBe('sent')
	expect(b.mesh.send(Uint8Array.of(2), a.peer, 'ordered')).toBe('sent')
	await room.clock.run(1_000)
	expect(framesOf(a).slice(beforeA)).toEqual([2])
	expect(framesOf(b).slice(beforeB)).toEqual([1])
}

describe('links come back', () => {
	it('[TR12] one side drops the link, signals take 100 ms: bytes flow again, whichever side it was', async () => {
		for (const seed of [1, 2, 3, 4]) {
			const room = createMeshRoom({ seed, signalingDelayMs: 100 })
			const { dialer, accepter } = await createPair(room)
			const [one, other] = seed % 2 === 0 ? [dialer, accepter] : [accepter, dialer]
			one.mesh.drop(other.peer, 'error')
			await room.clock.run(10_000)
			await expectBytesToFlow(room, dialer, accepter)
		}
	})

	it('[TR12] a link that broke for one side only is replaced when that side asks', async () => {
		const room = createMeshRoom({ seed: 5 })
		const { dialer, accepter } = await createPair(room)
		// The accepter loses its state without a goodbye reaching the dialer.
		room.network.partition([dialer.peer], [accepter.peer])
		accepter.mesh.drop(dialer.peer, 'error')
		await room.clock.run(1_000)
		room.network.heal()
		await room.clock.run(12_000)
		await expectBytesToFlow(room, dialer, accepter)
	})

	it('[TR13] a peer that vanishes without closing is gone within 20 s', async () => {
		const room = createMeshRoom({ seed: 6 })
		const { dialer, accepter } = await createPair(room)
		room.network.kill(accepter.peer)
		await room.clock.run(20_000)
		expect(dialer.linked()).toEqual([])
		expect(downsOf(dialer)).toMatchObject([{ reason: 'timeout' }])
	})

	it('[TR14] the server dies: links stay; peers who meet after its return are linked within 5 s', async () => {
		const room = createMeshRoom({ seed: 7 })
		const { dialer, accepter } = await createPair(room)
		room.switchboard.stopServer()
		await room.clock.run(120_000)
		expect(downsOf(dialer)).toEqual([])
		await expectBytesToFlow(room, dialer, accepter)
		room.switchboard.startServer()
		const third = room.addPeer()
		await room.clock.run(5_000)
		expect(third.linked().sort()).toEqual([dialer.peer, accepter.peer].sort())
		expect(downsOf(dialer)).toEqual([])
	})

	it('[TR13] an offer that nobody answers frees its slot within 15 s and is tried again later', async () => {
		const room = createMeshRoom({ seed: 8 })
		const alice = room.addPeer({ peer: 'AAAAAAAAAAAAAAAAAAAAAA' as PeerId })
		await room.clock.run(100)
		const ghost = room.newEntry()
		room.switchboard.forge(ghost)
		await room.clock.run(1_000)
		expect(alice.mesh.counts.attempts).toBe(1)
		await room.clock.run(15_000)
		expect(alice.mesh.counts.failed).toBe(1)
		await room.clock.run(60_000)
		expect(alice.mesh.counts.attempts).toBeGreaterThan(1)
		expect(alice.mesh.counts.attempts).toBeLessThan(6)
	})
})

describe('proof', () => {
	/** Both ends of each channel made through it see another binding: somebody sits in the middle. */
	const swapBinding = (channels: ChannelMaker): ChannelMaker => ({
		open: (request) =>
			channels.open({
				...request,
				onOpen: (channel) => request.onOpen({ ...channel, binding: new Uint8Array(64).fill(1) }),
			}),
	})

	it('[TR15] swapped fingerprints are refused at both ends, every time', async () => {
		for (let seed = 0; seed < 10; seed++) {
			const room = createMeshRoom({ seed })
			const alice = room.addPeer({ wrapChannels: swapBinding })
			const bob = room.addPeer()
			await room.clock.run(20_000)
			expect([...alice.linked(), ...bob.linked()]).toEqual([])
			expect(alice.mesh.counts.proofsFailed + bob.mesh.counts.proofsFailed).toBeGreaterThan(0)
			expect([...alice.events, ...bob.events]).toEqual([])
		}
	})

	it('[TR15] who does not hold the room key is refused, and nothing of theirs is heard', async () => {
		const room = createMeshRoom({ seed: 11 })
		const alice = room.addPeer()
		const mallory = room.addPeer({ roomKey: 'another key' })
		const bob = room.addPeer()
		await room.clock.run(20_000)
		expect(alice.linked()).toEqual([bob.peer])
		expect(mallory.linked()).toEqual([])
		expect(mallory.events).toEqual([])
	})

	it('[TR15] a device that is not the one the roster names is refused', async () => {
		const room = createMeshRoom({ seed: 12 })
		const alice = room.addPeer()
		const mallory = room.addPeer({ claimedDevice: room.newEntry().device })
		await room.clock.run(20_000)
		expect(alice.linked()).toEqual([])
		expect(mallory.linked()).toEqual([])
	})

	it('[TR15] frames before the proof end the attempt; the same frames after it arrive', async () => {
		const room = createMeshRoom({ seed: 13 })
		const eager = (channels: ChannelMaker): ChannelMaker => ({
			open: (request) =>
				channels.open({
					...request,
					onOpen: (channel) => {
						channel.send(Uint8Array.of(6, 66), 'ordered')
						request.onOpen(channel)
					},
				}),
		})
		const alice = room.addPeer()
		const mallory = room.addPeer({ wrapChannels: eager })
		await room.clock.run(20_000)
		expect(alice.events).toEqual([])
		expect(alice.mesh.counts.proofsFailed).toBeGreaterThan(0)
		expect(mallory.linked()).toEqual([])
	})

	it('[TR15] rubbish on an open link ends it, on the ordered and on the lossy lane', async () => {
		for (const [lane, rubbish] of [
			['ordered', Uint8Array.of(99)],
			['ordered', Uint8Array.of(8, 1, 2)],
			['ordered', new Uint8Array(0)],
			['ordered', new Uint8Array(20_000).fill(6)],
			['ordered', Uint8Array.of(1, 1)],
			['lossy', Uint8Array.of(4, 0, 0, 0, 1)],
		] as const) {
			const room = createMeshRoom({ seed: 14 })
			let pipe: { send(bytes: Uint8Array, lane: 'ordered' | 'lossy'): unknown } | undefined
			const keep = (channels: ChannelMaker): ChannelMaker => ({
				open: (request) =>
					channels.open({
						...request,
						onOpen: (channel) => {
							pipe = channel
							request.onOpen(channel)
						},
					}),
			})
			const alice = room.addPeer()
			const mallory = room.addPeer({ wrapChannels: keep })
			await room.clock.run(2_000)
			expect(alice.linked()).toEqual([mallory.peer])
			pipe?.send(rubbish, lane)
			await room.clock.run(500)
			expect(downsOf(alice)).toMatchObject([{ reason: 'misbehaved' }])
		}
	})
})

describe('forgeries through signaling', () => {
	it('[TR16] 60 forged members do not keep the real ones apart, at first or later', async () => {
		for (let seed = 100; seed < 110; seed++) {
			const room = createMeshRoom({ seed })
			for (let i = 0; i < 60; i++) room.switchboard.forge(room.newEntry())
			const real = Array.from({ length: 6 }, () => room.addPeer())
			const isWhole = () => real.every((peer) => room.reachFrom(peer) === 6)
			expect(await room.clock.runUntil(isWhole, 30_000), `seed ${seed}`).toBe(true)
			await room.clock.run(60_000)
			expect(isWhole(), `seed ${seed}`).toBe(true)
		}
	})

	it('[TR11] rooms of many sizes are whole, and again soon after half of them have gone', async () => {
		for (let seed = 0; seed < 12; seed++) {
			const count = 5 + ((seed * 11) % 60)
			const room = createMeshRoom({ seed, conditions: { delayMs: 40, jitterMs: 40 } })
			for (let i = 0; i < count; i++) {
				room.addPeer()
				if (seed % 2 === 0) await room.clock.run(300)
			}
			const isWhole = () => room.peers.every((peer) => room.reachFrom(peer) === room.peers.length)
			expect(await room.clock.runUntil(isWhole, 15_000), `seed ${seed}`).toBe(true)
			for (const peer of room.peers.slice(0, Math.floor(count / 2))) {
				if (seed % 3 === 0) room.network.kill(peer.peer)
				peer.stop()
			}
			expect(await room.clock.runUntil(isWhole, 30_000), `seed ${seed}`).toBe(true)
			await room.clock.run(30_000)
			expect(isWhole(), `seed ${seed}`).toBe(true)
			for (const peer of room.peers) expect(peer.linked().length).toBeLessThanOrEqual(LINKS_MAX)
		}
	})

	it('[TR16] forged signals of every kind change nothing for a link that is open', async () => {
		const room = createMeshRoom({ seed: 22 })
		const { dialer, accepter } = await createPair(room)
		const nobody = room.newEntry().peer
		const id = 'AAAAAAAAAAAAAAAAAAAAAA'
		for (const target of [dialer, accepter])
			for (const from of [dialer.peer, accepter.peer, nobody])
				for (const data of [
					'',
					'null',
					'{"type":"call"}',
					'{"type":"redirect","others":[]}',
					`{"type":"redirect","others":["${nobody}"]}`,
					`{"type":"parcel","id":"${id}","signals":["memory-offer 1.2.3"]}`,
					`{"type":"parcel","id":"${id}","signals":["x","{}"]}`,
					`{"type":"parcel","id":"${id}","signals":[],"__proto__":{}}`,
					'['.repeat(10_000),
				])
					room.switchboard.forgeSignal(from, target.peer, data)
		await room.clock.run(60_000)
		expect(downsOf(dialer)).toEqual([])
		expect(downsOf(accepter)).toEqual([])
		await expectBytesToFlow(room, dialer, accepter)
	})

	it('[TR16] an offer played back later does not start another attempt', async () => {
		const room = createMeshRoom({ seed: 23 })
		const { dialer, accepter } = await createPair(room)
		const offer = `{"type":"parcel","id":"BBBBBBBBBBBBBBBBBBBBBA","signals":["memory-offer 9.9"]}`
		room.switchboard.forgeSignal(dialer.peer, accepter.peer, offer)
		await room.clock.run(1_000)
		const attempts = accepter.mesh.counts.attempts
		await room.clock.run(20_000)
		for (let i = 0; i < 20; i++) room.switchboard.forgeSignal(dialer.peer, accepter.peer, offer)
		await room.clock.run(1_000)
		expect(accepter.mesh.counts.attempts).toBe(attempts)
	})
})

describe('rooms of every size', () => {
	const expectWhole = (room: MeshRoom, count: number) => {
		expect(room.peers.length).toBe(count)
		for (const peer of room.peers) {
			expect(peer.linked().length).toBeLessThanOrEqual(LINKS_MAX)
			expect(room.reachFrom(peer)).toBe(count)
		}
	}

	it('[TR11] twelve members are a full mesh', async () => {
		const room = createMeshRoom({ seed: 31 })
		for (let i = 0; i < FULL_MESH_MAX; i++) room.addPeer()
		await room.clock.run(10_000)
		for (const peer of room.peers) expect(peer.linked().length).toBe(FULL_MESH_MAX - 1)
	})

	it.each([13, 20, 36, 100])('[TR11] %i peers who come one after another are connected', async (count) => {
		const room = createMeshRoom({ seed: count, conditions: { delayMs: 20, jitterMs: 10 } })
		for (let i = 0; i < count; i++) {
			room.addPeer()
			await room.clock.run(200)
		}
		await room.clock.run(40_000)
		expectWhole(room, count)
		const ends = room.peers.reduce((sum, peer) => sum + peer.linked().length, 0)
		expect(ends / count).toBeLessThan(9)
	})

	it('[TR11] forty peers who come at once are connected, also after a third vanished at once', async () => {
		const room = createMeshRoom({ seed: 33, conditions: { delayMs: 30, jitterMs: 20 } })
		for (let i = 0; i < 40; i++) room.addPeer()
		await room.clock.run(30_000)
		expectWhole(room, 40)
		const victims = room.peers.slice(0, 13)
		for (const victim of victims) {
			room.network.kill(victim.peer)
			victim.stop()
		}
		await room.clock.run(60_000)
		expectWhole(room, 27)
	})

	it('[TR17] twenty joins cost the server at most 3,000 frames, and an update at most 160 sends', async () => {
		const room = createMeshRoom({ seed: 34 })
		for (let i = 0; i < 20; i++) {
			room.addPeer()
			await room.clock.run(500)
		}
		await room.clock.run(30_000)
		expectWhole(room, 20)
		const { framesIn, framesOut } = room.switchboard.counts
		expect(framesIn + framesOut).toBeLessThanOrEqual(3_000)
		const ends = room.peers.reduce((sum, peer) => sum + peer.linked().length, 0)
		expect(ends - 19).toBeLessThanOrEqual(160)
	})

	it('[TR28] somebody removed from the room is dropped at once, and not linked again until let in', async () => {
		const room = createMeshRoom({ seed: 36 })
		const out = new Set<string>()
		const judge = room.addPeer({ isOutcast: (device, subject) => out.has(device) || out.has(subject ?? '') })
		const bo = room.addPeer()
		await room.clock.run(5_000)
		expect(judge.linked()).toEqual([bo.peer])
		out.add(bo.entry.subject)
		judge.mesh.reviewOutcasts()
		expect(judge.linked()).toEqual([])
		expect(judge.events.at(-1)).toEqual({ type: 'peer-down', peer: bo.peer, reason: 'removed' })
		await room.clock.run(60_000)
		expect(judge.linked()).toEqual([])
		expect(bo.events).toContainEqual({ type: 'peer-down', peer: judge.peer, reason: 'removed' })
		out.clear()
		judge.mesh.reviewOutcasts()
		await room.clock.run(60_000)
		expect(judge.linked()).toEqual([bo.peer])
	})

	it('[TR7] a banned device stays out under another peer id too', async () => {
		const room = createMeshRoom({ seed: 35 })
		const { dialer, accepter } = await createPair(room)
		dialer.mesh.drop(accepter.peer, 'misbehaved')
		const { device } = accepter
		accepter.stop()
		room.switchboard.forge(room.newEntry(device))
		const before = dialer.mesh.counts.attempts
		await room.clock.run(30_000)
		expect(dialer.mesh.counts.attempts).toBe(before)
		expect(dialer.linked()).toEqual([])
	})
})
