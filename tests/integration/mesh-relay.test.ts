/**
 * The real mesh on a simulated network, through a server that relays: pairs that cannot connect, channels that break,
 * links that move back to a channel, and a server that lies.
 */
import { describe, expect, it } from 'vitest'
import { MEMORY_RELAY_LIMITS } from '#lib/transport/memory-signaling.ts'
import { describeTransportContract } from '#lib/transport/contract.ts'
import type { PeerId } from '#lib/core/units.ts'
import type { ChannelMaker } from '#lib/transport/channel.ts'
import type { TransportEvent } from '#lib/transport/transport.ts'
import { createMeshRoom, type MeshPeer, type MeshRoom } from '../support/mesh-room.ts'

const createRelayRoom = (seed: number, more: { signalingDelayMs?: number } = {}): MeshRoom =>
	createMeshRoom({ seed, hasRelay: true, ...more })

describeTransportContract(
	'mesh through the server',
	async () => {
		const room = createRelayRoom(1)
		const party = () => {
			const { peer, device, mesh } = room.addPeer({ isStarted: false, mayDirect: () => false })
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
	// 8 MB at 56 KiB a second.
	{ hasBackPressure: true, patienceMs: 200_000 },
)

const of = <Type extends TransportEvent['type']>(peer: MeshPeer, type: Type) =>
	peer.events.filter((event): event is Extract<TransportEvent, { type: Type }> => event.type === type)
const pathTo = (from: MeshPeer, to: MeshPeer) =>
	from.mesh.links().find(({ peer }) => peer === to.peer)?.path ?? null
const pair = (room: MeshRoom, options: Parameters<MeshRoom['addPeer']>[0] = {}) => {
	const [a, b] = [room.addPeer(options), room.addPeer(options)]
	return a.peer < b.peer ? { dialer: a, accepter: b } : { dialer: b, accepter: a }
}
const expectBytesToFlow = async (room: MeshRoom, a: MeshPeer, b: MeshPeer) => {
	const [beforeA, beforeB] = [of(a, 'frame').length, of(b, 'frame').length]
	expect(a.mesh.send(Uint8Array.of(1), b.peer, 'ordered')).not.toBe('no-such-peer')
	expect(b.mesh.send(Uint8Array.of(2), a.peer, 'ordered')).not.toBe('no-such-peer')
	await room.clock.run(1_000)
	expect(of(a, 'frame').slice(beforeA)).toMatchObject([{ frame: Uint8Array.of(2) }])
	expect(of(b, 'frame').slice(beforeB)).toMatchObject([{ frame: Uint8Array.of(1) }])
}

describe('a pair that cannot connect', () => {
	it('[TR29] is linked through the server after 12 s, and bytes flow both ways', async () => {
		const room = createRelayRoom(2)
		const { dialer, accepter } = pair(room)
		room.network.block(dialer.peer, accepter.peer)
		await room.clock.run(11_500)
		expect(pathTo(dialer, accepter)).toBe(null)
		await room.clock.run(3_500)
		expect([pathTo(dialer, accepter), pathTo(accepter, dialer)]).toEqual(['relayed', 'relayed'])
		await expectBytesToFlow(room, dialer, accepter)
		expect(of(dialer, 'peer-up')).toMatchObject([{ path: 'relayed', device: accepter.device }])
	})

	it('[TR29] where channels cannot be made at all, at one end or both, is linked through the server at once', async () => {
		for (const seed of [3, 4, 5]) {
			const room = createRelayRoom(seed)
			const without = { mayDirect: () => false }
			const [a, b] = [room.addPeer(without), room.addPeer(seed === 3 ? without : {})]
			await room.clock.run(2_500)
			expect([pathTo(a, b), pathTo(b, a)]).toEqual(['relayed', 'relayed'])
			await room.clock.run(120_000)
			expect(of(a, 'peer-down')).toEqual([])
		}
	})

	it('[TR29] is not linked where the server does not relay, and nothing of it is tried', async () => {
		const room = createMeshRoom({ seed: 6 })
		const { dialer, accepter } = pair(room)
		room.network.block(dialer.peer, accepter.peer)
		await room.clock.run(60_000)
		expect(dialer.linked()).toEqual([])
		expect(room.switchboard.counts.relayedBytes).toBe(0)
	})

	it('[TR29] is linked again once the server is back; what it lost with the server is a link lost', async () => {
		const room = createRelayRoom(7)
		const { dialer, accepter } = pair(room, { mayDirect: () => false })
		await room.clock.run(3_000)
		room.switchboard.stopServer()
		await room.clock.run(500)
		expect([...dialer.linked(), ...accepter.linked()]).toEqual([])
		room.switchboard.startServer()
		await room.clock.run(8_000)
		await expectBytesToFlow(room, dialer, accepter)
		expect(of(dialer, 'peer-down')).toMatchObject([{ reason: 'error' }])
	})
})

describe('somebody who makes no channels', () => {
	it('[TR41] says so when asked for one: nobody waits for it, and none is tried again', async () => {
		for (const seed of [60, 61, 62, 63]) {
			const room = createRelayRoom(seed)
			const a = room.addPeer()
			const b = room.addPeer({ mayDirect: () => false })
			const isLinked = () => pathTo(a, b) === 'relayed' && pathTo(b, a) === 'relayed'
			expect(await room.clock.runUntil(isLinked, 2_500)).toBe(true)
			const attempts = () => a.mesh.counts.attempts + b.mesh.counts.attempts
			const before = attempts()
			// One for the link, and at most two that crossed it.
			expect(before).toBeLessThanOrEqual(4)
			await room.clock.run(500_000)
			expect(attempts()).toBe(before)
			expect([...of(a, 'peer-down'), ...of(b, 'peer-down')]).toEqual([])
		}
	})

	it('[TR45] is on the roster as such: nobody dials it, until it asks for a channel', async () => {
		const room = createRelayRoom(65)
		let mayDirect = false
		const shy = room.addPeer({ mayDirect: () => mayDirect, saysRelayOnly: true })
		const others = Array.from({ length: 20 }, () => room.addPeer())
		const dialled = new Set<string>()
		for (const { mesh } of others)
			mesh.on((event) => {
				if (event.type === 'peer-up' && event.peer === shy.peer) dialled.add(event.path)
			})
		await room.clock.run(20_000)
		expect(shy.mesh.links().map(({ path }) => path)).toEqual(['relayed', 'relayed'])
		expect(shy.mesh.counts.attempts).toBeLessThanOrEqual(8)
		expect(dialled).toEqual(new Set(['relayed']))
		expect(others.reduce((sum, { mesh }) => sum + mesh.counts.failed, 0)).toBe(0)
		mayDirect = true
		shy.mesh.redial()
		await room.clock.run(20_000)
		const paths = shy.mesh.links().map(({ path }) => path)
		expect(paths.length).toBeGreaterThanOrEqual(4)
		expect(new Set(paths)).toEqual(new Set(['direct']))
	})

	it('[TR45] is tried again once it has joined without saying so', async () => {
		const room = createRelayRoom(66)
		let opened = 0
		const counting = (channels: ChannelMaker): ChannelMaker => ({
			open: (request) => {
				opened++
				return channels.open(request)
			},
		})
		const shy = room.addPeer({ mayDirect: () => false, saysRelayOnly: true, isStarted: false })
		room.addPeer({ peer: 'AAAAAAAAAAAAAAAAAAAAAA' as PeerId, wrapChannels: counting })
		await room.clock.run(30_000)
		expect(opened).toBe(0)
		const { relayOnly: _, ...entry } = shy.entry
		room.switchboard.forge(entry)
		await room.clock.run(1_000)
		expect(opened).toBe(1)
	})

	it('[TR41] is tried no more by those it has no place for either, and is found when it makes some again', async () => {
		const room = createRelayRoom(64)
		let mayDirect = false
		const shy = room.addPeer({ mayDirect: () => mayDirect })
		for (let i = 0; i < 20; i++) room.addPeer()
		await room.clock.run(20_000)
		expect(shy.mesh.links().map(({ path }) => path)).toEqual(['relayed', 'relayed'])
		const attempts = () => room.peers.reduce((sum, { mesh }) => sum + mesh.counts.attempts, 0)
		const before = attempts()
		await room.clock.run(300_000)
		expect(attempts()).toBe(before)
		mayDirect = true
		shy.mesh.redial()
		await room.clock.run(20_000)
		const paths = shy.mesh.links().map(({ path }) => path)
		expect(paths.length).toBeGreaterThanOrEqual(4)
		expect(new Set(paths)).toEqual(new Set(['direct']))
	})
})

describe('a server that lost its way to another for a while', () => {
	it('[TR42] announces people anew: what was under way to them then is begun again at once', async () => {
		for (const seed of [70, 71, 72]) {
			const room = createRelayRoom(seed)
			const { dialer, accepter } = pair(room, { mayDirect: () => false })
			await room.clock.run(3_000)
			expect(pathTo(dialer, accepter)).toBe('relayed')
			room.switchboard.tamper = () => []
			await room.clock.run(30_000)
			expect([pathTo(dialer, accepter), pathTo(accepter, dialer)]).toEqual([null, null])
			room.switchboard.tamper = (frame) => [frame]
			for (const { entry } of [dialer, accepter]) room.switchboard.forge(entry)
			const isLinked = () => pathTo(dialer, accepter) !== null && pathTo(accepter, dialer) !== null
			expect(await room.clock.runUntil(isLinked, 3_000)).toBe(true)
			await expectBytesToFlow(room, dialer, accepter)
		}
	})
})

describe('a channel that breaks', () => {
	it('[TR30] is replaced through the server at once, and by a channel again seconds later', async () => {
		for (const seed of [10, 11, 12]) {
			const room = createRelayRoom(seed)
			const { dialer, accepter } = pair(room)
			await room.clock.run(2_000)
			expect(pathTo(dialer, accepter)).toBe('direct')
			room.network.breakLink(dialer.peer, accepter.peer)
			await room.clock.run(1_000)
			expect([pathTo(dialer, accepter), pathTo(accepter, dialer)]).toEqual(['relayed', 'relayed'])
			await room.clock.run(10_000)
			expect([pathTo(dialer, accepter), pathTo(accepter, dialer)]).toEqual(['direct', 'direct'])
			for (const peer of [dialer, accepter]) {
				expect(of(peer, 'peer-down').length).toBe(1)
				expect(of(peer, 'path-changed')).toMatchObject([{ path: 'direct' }])
			}
			await expectBytesToFlow(room, dialer, accepter)
		}
	})

	it('[TR30] with the server away too, ends the link as ever; it comes back with the server', async () => {
		const room = createRelayRoom(13)
		const { dialer, accepter } = pair(room)
		await room.clock.run(2_000)
		room.switchboard.stopServer()
		room.network.breakLink(dialer.peer, accepter.peer)
		await room.clock.run(20_000)
		expect(dialer.linked()).toEqual([])
		room.switchboard.startServer()
		await room.clock.run(10_000)
		await expectBytesToFlow(room, dialer, accepter)
	})
})

describe('the way back to a channel', () => {
	it('[TR31] is tried after 30 s, 2 min and 10 min, in the background', async () => {
		const room = createRelayRoom(20)
		const { dialer, accepter } = pair(room)
		room.network.block(dialer.peer, accepter.peer)
		await room.clock.run(15_000)
		const triesIn = async (ms: number) => {
			const before = dialer.mesh.counts.attempts
			await room.clock.run(ms)
			return dialer.mesh.counts.attempts - before
		}
		expect(await triesIn(25_000)).toBe(0)
		expect(await triesIn(5_000)).toBe(1)
		expect(await triesIn(110_000)).toBe(0)
		expect(await triesIn(30_000)).toBe(1)
		expect(await triesIn(560_000)).toBe(0)
		expect(await triesIn(60_000)).toBe(1)
		expect(of(dialer, 'peer-down')).toEqual([])
		room.network.block(dialer.peer, accepter.peer, false)
		await room.clock.run(640_000)
		expect([pathTo(dialer, accepter), pathTo(accepter, dialer)]).toEqual(['direct', 'direct'])
		expect(of(accepter, 'peer-down')).toEqual([])
	})

	it('[TR31] where it failed at once is tried after 2 s and 8 s more already; failing on, as rarely as ever', async () => {
		for (const [failures, limitMs] of [
			[1, 4_000],
			[2, 13_000],
			[3, 45_000],
		] as const) {
			const room = createRelayRoom(24)
			const opens: number[] = []
			const wrapChannels = (channels: ChannelMaker): ChannelMaker => ({
				open: (request) => {
					opens.push(room.clock.nowMs())
					if (opens.length > failures) return channels.open(request)
					room.clock.setTimeout(() => request.onFailed('no way'), 50)
					return { receive: () => undefined, cancel: () => undefined }
				},
			})
			const [a, b] = [
				room.addPeer({ peer: 'AAAAAAAAAAAAAAAAAAAAAA' as PeerId, wrapChannels }),
				room.addPeer(),
			]
			await room.clock.run(1_500)
			expect(pathTo(a, b)).toBe('relayed')
			const isDirect = () => pathTo(a, b) === 'direct' && pathTo(b, a) === 'direct'
			expect(await room.clock.runUntil(isDirect, limitMs), String(failures)).toBe(true)
			expect(opens.length).toBe(failures + 1)
			expect([...of(a, 'peer-down'), ...of(b, 'peer-down')]).toEqual([])
		}
	})

	it('[TR32] loses, doubles and reorders nothing: 10,000 numbered frames each way over twenty moves', async () => {
		const room = createRelayRoom(21)
		const { dialer, accepter } = pair(room)
		room.network.block(dialer.peer, accepter.peer)
		await room.clock.run(15_000)
		expect(pathTo(dialer, accepter)).toBe('relayed')
		const heard = { atDialer: [] as number[], atAccepter: [] as number[] }
		const note = (list: number[]) => (event: TransportEvent) => {
			if (event.type === 'frame' && event.lane === 'ordered')
				list.push(new DataView(event.frame.buffer, event.frame.byteOffset).getUint32(0))
		}
		dialer.mesh.on(note(heard.atDialer))
		accepter.mesh.on(note(heard.atAccepter))
		/** Some over one message of 16 KiB, so that a move falls into the middle of frames. */
		const sizeOf = (n: number) => (n % 50 === 0 ? 40_000 : 4 + (n % 200))
		const sent = { dialer: 0, accepter: 0 }
		const send = (from: MeshPeer, to: MeshPeer, n: number): boolean => {
			const frame = new Uint8Array(sizeOf(n))
			new DataView(frame.buffer).setUint32(0, n)
			const outcome = from.mesh.send(frame, to.peer, 'ordered')
			return outcome === 'sent' || outcome === 'queued'
		}
		let moves = 0
		const TOTAL = 10_000
		for (let round = 0; round < 20; round++) {
			// Traffic while it goes through the server, while it moves, and after.
			room.network.block(dialer.peer, accepter.peer, false)
			dialer.mesh.redial() // nothing is direct: a channel is tried now
			const target = Math.ceil((TOTAL / 20) * (round + 1))
			const isMoved = () =>
				of(dialer, 'path-changed').length > moves && of(accepter, 'path-changed').length > moves
			for (let step = 0; step < 400; step++) {
				for (let i = 0; i < 5; i++) {
					if (sent.dialer < target && send(dialer, accepter, sent.dialer)) sent.dialer++
					if (sent.accepter < target && send(accepter, dialer, sent.accepter)) sent.accepter++
				}
				await room.clock.run(20)
				if (isMoved() && sent.dialer === target && sent.accepter === target) break
			}
			expect(isMoved(), `round ${String(round)}`).toBe(true)
			moves++
			// All of it is there before the channel breaks: what breaks may lose what is on its way.
			await room.clock.runUntil(
				() => heard.atAccepter.length === target && heard.atDialer.length === target,
				60_000,
			)
			expect(heard.atAccepter.length).toBe(target)
			room.network.block(dialer.peer, accepter.peer)
			room.network.breakLink(dialer.peer, accepter.peer)
			await room.clock.run(3_000)
			expect(pathTo(dialer, accepter)).toBe('relayed')
		}
		const inOrder = Array.from({ length: TOTAL }, (_, n) => n)
		expect(heard.atAccepter).toEqual(inOrder)
		expect(heard.atDialer).toEqual(inOrder)
	})

	it('[TR32] a move that cannot be finished ends the link at both ends, which comes back', async () => {
		const room = createRelayRoom(22)
		const { dialer, accepter } = pair(room)
		room.network.block(dialer.peer, accepter.peer)
		await room.clock.run(15_000)
		// From now on the server swallows what it is to relay.
		room.switchboard.tamper = () => []
		room.network.block(dialer.peer, accepter.peer, false)
		dialer.mesh.redial()
		await room.clock.run(30_000)
		for (const peer of [dialer, accepter]) expect(of(peer, 'peer-down').length).toBeGreaterThan(0)
		await room.clock.run(20_000)
		expect([pathTo(dialer, accepter), pathTo(accepter, dialer)]).toEqual(['direct', 'direct'])
		await expectBytesToFlow(room, dialer, accepter)
	})

	it('[TR32] who was refused before the move may send again after it', async () => {
		const room = createRelayRoom(23)
		const { dialer, accepter } = pair(room)
		room.network.block(dialer.peer, accepter.peer)
		await room.clock.run(15_000)
		let sent = 0
		while (dialer.mesh.send(new Uint8Array(60_000).fill(sent), accepter.peer, 'ordered') !== 'full') sent++
		room.network.block(dialer.peer, accepter.peer, false)
		dialer.mesh.redial()
		await room.clock.run(10_000)
		expect(of(dialer, 'drained').length).toBe(1)
		expect(of(accepter, 'frame').map(({ frame }) => frame[0])).toEqual(
			Array.from({ length: sent }, (_, i) => i & 0xff),
		)
	})
})

describe('a server that lies', () => {
	type Tamper = MeshRoom['switchboard']['tamper']
	const flip = (frame: Uint8Array, at: number) => {
		const bent = frame.slice()
		bent[at] = (bent[at] ?? 0) ^ 1
		return bent
	}
	let held: Uint8Array | null = null
	const LIES: readonly (readonly [string, Tamper])[] = [
		['changes a sealed byte', (frame) => [flip(frame, frame.length - 1)]],
		['changes the counter', (frame) => [flip(frame, 17 + 12)]],
		['changes the lane', (frame) => [flip(flip(frame, 17), 17)].map((bent) => ((bent[17] = 2), bent))],
		['sends everything twice', (frame) => [frame, frame.slice()]],
		['cuts frames short', (frame) => [frame.slice(0, -3)]],
		[
			'drops every third frame',
			(() => {
				let count = 0
				return (frame) => (++count % 3 === 0 ? [] : [frame])
			})(),
		],
		[
			'swaps neighbours',
			(frame) => {
				if (held === null) {
					held = frame
					return []
				}
				const first = held
				held = null
				return [frame, first]
			},
		],
		['sends each back to its sender', (frame, from, to) => (from < to ? [flip(frame, 1)] : [frame])],
	]

	it.each(LIES)('[TR33] %s: nothing false is ever heard, and the link ends', async (_, tamper) => {
		held = null
		const room = createRelayRoom(30)
		const { dialer, accepter } = pair(room, { mayDirect: () => false })
		await room.clock.run(3_000)
		expect(pathTo(dialer, accepter)).toBe('relayed')
		room.switchboard.tamper = tamper
		for (let n = 0; n < 40; n++) {
			dialer.mesh.send(Uint8Array.of(n, 77), accepter.peer, 'ordered')
			await room.clock.run(500)
		}
		const heard = of(accepter, 'frame').map(({ frame }) => [...frame])
		for (const [n, mark, ...more] of heard) {
			expect(mark).toBe(77)
			expect(more).toEqual([])
			expect(n).toBeLessThan(40)
		}
		// In order, and none twice.
		const numbers = heard.map(([n]) => n ?? 0)
		expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
		expect(of(accepter, 'peer-down').length + of(dialer, 'peer-down').length).toBeGreaterThan(0)
		room.switchboard.tamper = (frame) => [frame]
		await room.clock.run(60_000)
		await expectBytesToFlow(room, dialer, accepter)
	})

	it('[TR33] plays yesterday’s frames into today’s link: they are for no link that is', async () => {
		const room = createRelayRoom(31)
		const { dialer, accepter } = pair(room, { mayDirect: () => false })
		const recorded: [Uint8Array, string][] = []
		room.switchboard.tamper = (frame, _, to) => {
			recorded.push([frame.slice(), to])
			return [frame]
		}
		await room.clock.run(3_000)
		dialer.mesh.send(Uint8Array.of(1), accepter.peer, 'ordered')
		await room.clock.run(500)
		const old = recorded.splice(0)
		expect(old.length).toBeGreaterThan(6)
		dialer.mesh.drop(accepter.peer, 'error')
		await room.clock.run(8_000)
		expect(pathTo(dialer, accepter)).toBe('relayed')
		const before = of(accepter, 'frame').length
		room.switchboard.tamper = (frame, _, to) => [
			...old.filter(([, was]) => was === to).map(([bytes]) => bytes),
			frame,
		]
		await expectBytesToFlow(room, dialer, accepter)
		expect(of(accepter, 'frame').length).toBe(before + 1)
	})

	it('[TR33] a peer with another relay key, or another room key, is not linked', async () => {
		for (const wrong of [{ relayKey: new Uint8Array(32).fill(1) }, { roomKey: 'another' }]) {
			const room = createRelayRoom(32)
			const alice = room.addPeer({ mayDirect: () => false })
			const mallory = room.addPeer({ mayDirect: () => false, ...wrong })
			await room.clock.run(30_000)
			expect([...alice.linked(), ...mallory.linked()]).toEqual([])
			expect([...alice.events, ...mallory.events]).toEqual([])
		}
	})
})

describe('rooms', () => {
	it('[TR34] somebody whom nobody reaches has two relayed links in a room of twelve, and reaches all', async () => {
		const room = createRelayRoom(40)
		for (let i = 0; i < 12; i++) room.addPeer()
		const [lonely] = room.peers
		if (lonely === undefined) throw new Error('nobody')
		for (const other of room.peers) if (other !== lonely) room.network.block(lonely.peer, other.peer)
		await room.clock.run(90_000)
		expect(lonely.mesh.links().map(({ path }) => path)).toEqual(['relayed', 'relayed'])
		for (const peer of room.peers) expect(room.reachFrom(peer)).toBe(12)
		for (const peer of room.peers)
			if (peer !== lonely) expect(peer.mesh.links().filter(({ path }) => path === 'direct').length).toBe(10)
		// And then it is quiet: no more than a few signals a minute for everybody together.
		const before = room.switchboard.counts.framesIn
		room.switchboard.tamper = (frame) => {
			room.switchboard.counts.framesIn--
			return [frame]
		}
		await room.clock.run(300_000)
		expect(room.switchboard.counts.framesIn - before).toBeLessThan(200)
	})

	it('[TR34] people nobody reaches prefer those who reach others', async () => {
		const room = createRelayRoom(41)
		for (let i = 0; i < 9; i++) room.addPeer()
		const lonely = room.peers.slice(0, 4)
		for (const one of lonely)
			for (const other of room.peers) if (other !== one) room.network.block(one.peer, other.peer)
		await room.clock.run(180_000)
		for (const one of lonely) {
			const links = one.mesh.links()
			expect(links.length).toBeLessThanOrEqual(3)
			expect(links.some(({ peer }) => !lonely.some((other) => other.peer === peer))).toBe(true)
		}
		for (const peer of room.peers) expect(room.reachFrom(peer)).toBe(9)
	})

	it('[TR34] rooms are in one piece whoever cannot reach whom: nobody at all, two islands, a fifth of all pairs', async () => {
		for (const [seed, count, shape] of [
			[42, 12, 'none'],
			[43, 16, 'none'],
			[44, 10, 'islands'],
			[45, 18, 'islands'],
			[46, 20, 'pairs'],
			[47, 9, 'pairs'],
		] as const) {
			const room = createRelayRoom(seed)
			for (let i = 0; i < count; i++) room.addPeer(shape === 'none' ? { mayDirect: () => false } : {})
			room.peers.forEach((a, i) =>
				room.peers.forEach((b, k) => {
					const isCut = shape === 'islands' ? i % 2 !== k % 2 : room.random.unit() < 0.2
					if (i < k && isCut) room.network.block(a.peer, b.peer)
				}),
			)
			const isWhole = () => room.peers.every((peer) => room.reachFrom(peer) === count)
			expect(await room.clock.runUntil(isWhole, 90_000), `${shape} ${String(count)}`).toBe(true)
			await room.clock.run(45_000)
			expect(isWhole(), `${shape} ${String(count)} later`).toBe(true)
			for (const peer of room.peers)
				expect(peer.mesh.links().filter(({ path }) => path === 'relayed').length).toBeLessThanOrEqual(6)
		}
	})

	it('[TR34] what relayed links send stays below what the server takes', async () => {
		const room = createRelayRoom(48)
		const { dialer, accepter } = pair(room, { mayDirect: () => false })
		await room.clock.run(3_000)
		for (let i = 0; i < 60; i++) dialer.mesh.send(new Uint8Array(60_000), accepter.peer, 'ordered')
		const startedAtMs = room.clock.nowMs()
		await room.clock.runUntil(() => of(accepter, 'frame').length === 60, 120_000)
		expect(of(accepter, 'frame').length).toBe(60)
		expect(room.switchboard.counts.relayRefused).toBe(0)
		const bytesPerSecond = (60 * 60_000 * 1_000) / (room.clock.nowMs() - startedAtMs)
		expect(bytesPerSecond).toBeGreaterThan(MEMORY_RELAY_LIMITS.bytesPerSecond * 0.75)
	})
})
