/**
 * Which neighbours a peer should have: everybody in a small room; in a larger one a ring with shortcuts, so that a
 * frame reaches all in a few hops while nobody carries more than a handful of links. Pure.
 */
import type { PeerId } from '#lib/core/units.ts'

/** With us: up to here everybody has a link to everybody. */
export const FULL_MESH_MAX = 12
/** Links of one peer, those asked for by others included. */
export const LINKS_MAX = 14
/** The ring's neighbours on each side. */
const RING_REACH = 2
const LONG_LINKS = 2
const LONG_LINKS_LARGE = 3
/** From here on some take one more, and in rooms so much larger all do: nobody's coming changes more than a few. */
const LARGE_ROOM = 150
const LARGE_ROOM_SPAN = 150

export interface Neighbours {
	/** The other side wants these links as well: everybody in a small room, else the ring. */
	readonly mutual: readonly PeerId[]
	/** Shortcuts that this peer alone asks for. */
	readonly long: readonly PeerId[]
}

/**
 * A number for a text, spread over 53 bits (cyrb53, a mix of two multiplicative hashes). Not secret: whoever picks
 * ids can pick a place on the ring, but the long links differ for every peer.
 */
const hash = (text: string): number => {
	let a = 0xdeadbeef
	let b = 0x41c6ce57
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i)
		a = Math.imul(a ^ code, 0x9e3779b1)
		b = Math.imul(b ^ code, 0x5f356495)
	}
	a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
	b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
	return 0x100000000 * (b & 0x1fffff) + (a >>> 0)
}

const byRank = (a: readonly [number, PeerId], b: readonly [number, PeerId]): number =>
	a[0] - b[0] || (a[1] < b[1] ? -1 : 1)

/** Places on the ring are below this. */
const RING_SIZE = 2 ** 53
/** Peers whose numbers are kept: those of a whole room, and some that have left. */
const KEPT_MAX = 4_000

/**
 * The overlay of one peer in one room; `salt` is the room's id. The returned function gives its neighbours among
 * `members` (which may or may not hold `self`). Every peer of a room that sees the same members comes to fitting
 * answers. A member more or less changes few of them. `roomSize` decides between full mesh and ring where some members
 * are left out because they do not answer: counting them out would make a room of thirteen flicker between the two.
 */
export const createOverlay = (salt: string) => {
	/** Hashing them all anew at each look would be most of what a large room costs. */
	const kept = new Map<PeerId, { readonly place: number; readonly draw: number }>()
	let keptFor: PeerId | null = null

	const numbersOf = (self: PeerId, peer: PeerId) => {
		const known = kept.get(peer)
		if (known !== undefined) return known
		const numbers = { place: hash(`${salt} ${peer}`), draw: hash(`${salt} ${self} ${peer}`) }
		if (kept.size >= KEPT_MAX) kept.clear()
		kept.set(peer, numbers)
		return numbers
	}

	return (self: PeerId, members: Iterable<PeerId>, roomSize?: number): Neighbours => {
		const others = new Set(members)
		others.delete(self)
		const size = roomSize ?? others.size + 1
		if (size <= FULL_MESH_MAX || others.size <= 2 * RING_REACH) return { mutual: [...others], long: [] }
		if (keptFor !== self) kept.clear()
		keptFor = self

		const own = hash(`${salt} ${self}`)
		const turn = hash(`${salt} ${self} ${self}`) / RING_SIZE
		const longLinks = size > LARGE_ROOM + turn * LARGE_ROOM_SPAN ? LONG_LINKS_LARGE : LONG_LINKS
		const after = createNearest(RING_REACH)
		const before = createNearest(RING_REACH)
		for (const peer of others) {
			const ahead = (numbersOf(self, peer).place - own + RING_SIZE) % RING_SIZE
			after.offer(ahead, peer)
			before.offer(RING_SIZE - ahead, peer)
		}
		const mutual = [...after.list(), ...before.list()]

		// Rendezvous hashing: each peer draws its own shortcuts, and keeps them while they are there.
		const long = createNearest(longLinks)
		for (const peer of others) if (!mutual.includes(peer)) long.offer(numbersOf(self, peer).draw, peer)
		return { mutual, long: long.list() }
	}
}

/** Places in the room's ring, and what one peer draws for another, kept as long as they may be asked again. */
export const createRanks = (salt: string) => {
	const places = new Map<PeerId, number>()
	const placeOf = (peer: PeerId): number => {
		const known = places.get(peer)
		if (known !== undefined) return known
		const place = hash(`${salt} ${peer}`)
		if (places.size >= KEPT_MAX) places.clear()
		places.set(peer, place)
		return place
	}
	return {
		/** How far on from `from` in the room's ring. */
		ahead: (from: PeerId, to: PeerId): number => (placeOf(to) - placeOf(from) + RING_SIZE) % RING_SIZE,
		/** Of several, whoever has the least is taken. */
		draw: (self: PeerId, peer: PeerId): number => hash(`${salt} ${self} ${peer}`),
	}
}

/** The few with the least ranks of all that are offered. */
const createNearest = (count: number) => {
	let best: (readonly [number, PeerId])[] = []
	return {
		offer: (rank: number, peer: PeerId): void => {
			if (best.length === count && rank > (best.at(-1)?.[0] ?? 0)) return
			best = [...best, [rank, peer] as const].sort(byRank).slice(0, count)
		},
		list: (): PeerId[] => best.map(([, peer]) => peer),
	}
}

export type Overlay = ReturnType<typeof createOverlay>

/** The same, once. */
export const desiredNeighbours = (
	self: PeerId,
	members: Iterable<PeerId>,
	salt: string,
	roomSize?: number,
): Neighbours => createOverlay(salt)(self, members, roomSize)
