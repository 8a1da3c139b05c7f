import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import { desiredNeighbours, FULL_MESH_MAX, LINKS_MAX } from './overlay.ts'
import { createSeededRandom } from './seeded-random.ts'

const peersOf = (count: number, seed: number): PeerId[] => {
	const random = createSeededRandom(seed)
	return Array.from({ length: count }, () => Buffer.from(random.bytes(16)).toString('base64url') as PeerId)
}

/** Everybody's wishes granted, in turn, with the cap held on both sides: the ring first, then the long links. */
const buildGraph = (peers: readonly PeerId[], salt: string): Map<PeerId, Set<PeerId>> => {
	const links = new Map(peers.map((peer) => [peer, new Set<PeerId>()] as const))
	const of = (peer: PeerId) => links.get(peer) ?? new Set<PeerId>()
	const wishes = new Map(peers.map((peer) => [peer, desiredNeighbours(peer, peers, salt)] as const))
	const link = (a: PeerId, b: PeerId) => {
		if (of(a).has(b) || of(a).size >= LINKS_MAX || of(b).size >= LINKS_MAX) return
		of(a).add(b)
		of(b).add(a)
	}
	for (const [peer, { mutual }] of wishes) for (const other of mutual) link(peer, other)
	for (const [peer, { long }] of wishes) for (const other of long) link(peer, other)
	return links
}

const hopsFrom = (links: Map<PeerId, Set<PeerId>>, start: PeerId): Map<PeerId, number> => {
	const hops = new Map([[start, 0]])
	for (const [peer, count] of hops)
		for (const next of links.get(peer) ?? []) if (!hops.has(next)) hops.set(next, count + 1)
	return hops
}

const roomSize = fc.integer({ min: 13, max: 200 })

describe('the overlay', () => {
	it('[TR11] up to twelve members, everybody wants a link to everybody', () => {
		for (let count = 1; count <= FULL_MESH_MAX; count++) {
			const peers = peersOf(count, count)
			for (const peer of peers) {
				const { mutual, long } = desiredNeighbours(peer, peers, 'room')
				expect([...mutual].sort()).toEqual(peers.filter((other) => other !== peer).sort())
				expect(long).toEqual([])
			}
		}
	})

	it('[TR11] in larger rooms all are connected, nobody has more than 14 links, and 5 hops reach everybody', () => {
		fc.assert(
			fc.property(roomSize, fc.integer(), (count, seed) => {
				const peers = peersOf(count, seed)
				const links = buildGraph(peers, 'room')
				for (const linked of links.values()) expect(linked.size).toBeLessThanOrEqual(LINKS_MAX)
				const hops = hopsFrom(links, peers[0] as PeerId)
				expect(hops.size).toBe(count)
				expect(Math.max(...hops.values())).toBeLessThanOrEqual(5)
			}),
			{ numRuns: 40 },
		)
	})

	it('[TR11] ring links are wanted by both ends, long ones by one', () => {
		const peers = peersOf(60, 7)
		const wishes = new Map(peers.map((peer) => [peer, desiredNeighbours(peer, peers, 'room')]))
		for (const [peer, { mutual, long }] of wishes) {
			expect(mutual.length).toBe(4)
			expect(long.length).toBe(2)
			for (const other of mutual) expect(wishes.get(other)?.mutual).toContain(peer)
		}
	})

	it('[TR11] a member more changes at most a few wishes of each, and none of most', () => {
		const peers = peersOf(80, 8)
		const [newcomer, ...before] = peers
		let changed = 0
		for (const peer of before) {
			const old = desiredNeighbours(peer, before, 'room')
			const fresh = new Set(
				Object.values(desiredNeighbours(peer, [...before, newcomer as PeerId], 'room')).flat(),
			)
			const lost = [...old.mutual, ...old.long].filter((other) => !fresh.has(other)).length
			expect(lost).toBeLessThanOrEqual(2)
			if (lost > 0) changed++
		}
		expect(changed).toBeLessThan(20)
	})

	it('[TR11] whatever the size, one more gives few a new wish', () => {
		const all = peersOf(321, 5)
		for (const count of [60, 149, 150, 151, 199, 200, 201, 299, 300, 320]) {
			let gained = 0
			for (const peer of all.slice(0, count)) {
				const before = new Set(Object.values(desiredNeighbours(peer, all.slice(0, count), 'room')).flat())
				const after = Object.values(desiredNeighbours(peer, all.slice(0, count + 1), 'room')).flat()
				gained += after.filter((other) => !before.has(other)).length
			}
			expect(gained).toBeGreaterThan(0)
			expect(gained).toBeLessThanOrEqual(20)
		}
	})

	it('[TR11] a frame forwarded once by each reaches twenty peers in at most 160 sends', () => {
		for (let seed = 0; seed < 50; seed++) {
			const links = buildGraph(peersOf(20, seed), `room ${seed}`)
			const ends = [...links.values()].reduce((sum, linked) => sum + linked.size, 0)
			expect(ends - 19).toBeLessThanOrEqual(160)
		}
	})

	it('[TR11] with three in ten gone at once, nearly all of the rest still reach one another', () => {
		const random = createSeededRandom(9)
		let reached = 0
		let left = 0
		for (let run = 0; run < 20; run++) {
			const peers = peersOf(200, run)
			const links = buildGraph(peers, 'room')
			const alive = new Set(peers.filter(() => random.unit() > 0.3))
			for (const linked of links.values())
				for (const peer of linked) if (!alive.has(peer)) linked.delete(peer)
			const [start] = alive
			reached += hopsFrom(links, start as PeerId).size
			left += alive.size
		}
		expect(reached / left).toBeGreaterThan(0.99)
	})
})
